with

states as (
    select
        ticket,
        max(occurred_at) as updated_at,
        arg_max(value, event) filter (where field = 'status') as status,
        arg_max(agent, event) filter (where field = 'assignee_id') as assignee,
        arg_max(value, event) filter (where field = 'satisfaction_score') as score
    from events
    group by ticket
)

select
    ticket_number(asked.ticket) as id,
    {
        'channel': asked.channel,
        'source': {
            'rel': case
                when asked.follows is not null then 'follow_up'
                when asked.merged_into is not null then 'merge'
            end,
            'from': {'ticket_id': ticket_number(asked.follows)},
            'to': {'ticket_id': ticket_number(asked.merged_into)}
        }
    } as via,
    utc(asked.created_at) as created_at,
    utc(states.updated_at) as updated_at,
    getvariable('subjects')[list_position(getvariable('reasons'), asked.reason)] as subject,
    asked.priority as priority,
    states.status as status,
    {
        'id': people.requester_id,
        'name': people.first_name || ' ' || people.last_name,
        -- who calls is known by the number alone, unless they have written before
        'email': case when asked.channel <> 'voice' or asked.ticket % 2 = 0 then people.email end
    } as requester,
    states.assignee as assignee_id,
    {'id': 500 + list_position(getvariable('groups'), asked."group"), 'name': asked."group"}
        as "group",
    ['reason_' || asked.reason] as tags,
    [
        {'id': 360001, 'value': cast(order_number(asked."order") as varchar)},
        {'id': 360002, 'value': asked.reason}
    ] as custom_fields,
    {'score': coalesce(states.score, 'unoffered')} as satisfaction_rating
from tickets as asked
inner join states on asked.ticket = states.ticket
inner join people on asked.customer = people.customer
order by id

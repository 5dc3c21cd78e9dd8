select
    900000001 + happened.event as id,
    ticket_number(happened.ticket) as ticket_id,
    utc(happened.occurred_at) as created_at,
    {
        'id': case happened.role
            when 'agent' then happened.agent
            when 'end-user' then people.requester_id
            else -1
        end,
        'role': happened.role
    } as author,
    case when happened.field is null then 'Comment' else 'Change' end as type,
    happened.field as field_name,
    coalesce(happened.previous_value, cast(happened.previous_agent as varchar)) as previous_value,
    case happened.field
        when 'assignee_id' then cast(happened.agent as varchar)
        else happened.value
    end as value,
    case when happened.field is null then happened.is_public end as public,
    case happened.body
        when 'question'
            then getvariable('questions')[list_position(getvariable('reasons'), tickets.reason)]
        when 'receipt' then getvariable('auto_reply')
        when 'note' then getvariable('note')
        when 'follow_up' then getvariable('follow_ups')[1 + happened.event % 3]
        when 'reply' then getvariable('replies')[1 + happened.event % 2]
        when 'solution' then getvariable('replies')[3 + happened.event % 2]
    end as body
from rows_to_write as happened
inner join tickets on happened.ticket = tickets.ticket
inner join people on tickets.customer = people.customer
order by id

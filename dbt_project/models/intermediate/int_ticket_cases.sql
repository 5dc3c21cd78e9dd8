with

tickets as (
    select * from {{ ref('stg_tickets') }}
),

-- A merged ticket goes on as the one it was merged into, a follow-up is part of the original.
parents as (
    select
        ticket_id,
        coalesce(merged_into_ticket_id, follow_up_of_ticket_id) as parent_ticket_id
    from tickets
    where coalesce(merged_into_ticket_id, follow_up_of_ticket_id) <> ticket_id
),

-- Five steps up: no helpdesk seen so far chains tickets deeper.
chains as (
    select
        parents.ticket_id,
        coalesce(
            fifth.parent_ticket_id,
            fourth.parent_ticket_id,
            third.parent_ticket_id,
            second.parent_ticket_id,
            parents.parent_ticket_id
        ) as case_id
    from parents
    left join parents as second
        on parents.parent_ticket_id = second.ticket_id
    left join parents as third
        on second.parent_ticket_id = third.ticket_id
    left join parents as fourth
        on third.parent_ticket_id = fourth.ticket_id
    left join parents as fifth
        on fourth.parent_ticket_id = fifth.ticket_id
)

select * from chains

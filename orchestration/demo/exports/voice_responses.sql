select
    hashed('R_', answered.response) as "ResponseId",
    survey_code(answered.survey) as "SurveyId",
    local_without_offset(answered.opened_at) as "StartDate",
    local_without_offset(answered.completed_at) as "EndDate",
    local_without_offset(answered.completed_at) as "RecordedDate",
    case when answered.is_partial then 50 else 100 end as "Progress",
    cast(epoch(answered.completed_at) - epoch(answered.opened_at) as bigint)
        as "Duration (in seconds)",
    not answered.is_partial as "Finished",
    case when answered.invitation is null then 'anonymous' else 'email' end
        as "DistributionChannel",
    hashed('EMD_', answered.invitation) as "DistributionId",
    people.contact_id as "ContactId",
    people.email as "RecipientEmail",
    order_number(answered."order") as "order_number",
    ticket_number(answered.ticket) as "ticket_id",
    answered.nps as "Q1_NPS",
    answered.csat as "Q2_CSAT",
    answered.ces as "Q3_CES",
    -- some write down how to reach them, though nobody asked
    comments.text || case
        when answered.has_address then ' Please write to ' || people.email || '.' else ''
    end as "Q4_COMMENT"
from rows_to_write as answered
left join people on answered.customer = people.customer
left join comments on answered.survey = comments.survey and answered.comment = comments.place
order by answered.response

select
    hashed('EMD_', invited.invitation) as "DistributionId",
    survey_code(invited.survey) as "SurveyId",
    people.contact_id as "ContactId",
    people.email as "RecipientEmail",
    local_without_offset(invited.sent_at) as "SentDate",
    case
        when invited.is_bounced then 'HardBounce'
        when invited.completed_at is not null and invited.is_partial then 'SurveyPartiallyFinished'
        when invited.completed_at is not null then 'SurveyFinished'
        when invited.opened_at is not null then 'EmailOpened'
        else 'EmailSent'
    end as "Status",
    local_without_offset(invited.opened_at) as "OpenedDate",
    local_without_offset(invited.completed_at) as "FinishedDate",
    'Email' as "Method"
from rows_to_write as invited
inner join people on invited.customer = people.customer
order by invited.invitation

-- When something last arrived at a webhook after a failure: failures that ended before say nothing any more. One whose outcome
-- another transaction has held up is written after what has arrived since.
alter table waybill.webhooks add column failures_from timestamptz;

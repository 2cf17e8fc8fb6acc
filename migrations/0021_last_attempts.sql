-- Finds the last attempt for a webhook, also for one that has been quiet for weeks.

create index attempt_statistics_by_webhook on waybill.attempt_statistics (account_id, webhook_id, bucket_at desc);

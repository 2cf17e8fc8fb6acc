-- What a webhook has missed ends when it is enabled: what it didn't want since then it never missed.

-- when it was enabled last; null: it is disabled, or never was, or was enabled before this column was there
alter table waybill.webhooks add column missed_until timestamptz;

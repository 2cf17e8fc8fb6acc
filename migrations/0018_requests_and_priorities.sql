-- What was sent can be told from what would be sent now, and what waits can be told to go before the others.

alter table waybill.attempts
  -- the first 64 bits of a SHA-256 of what was sent: URL, headers without credentials, body; null: nothing was, or
  -- nobody wrote it down
  add column request_fingerprint bigint;
-- What went in one request. Only what went in batches is in it.
create index attempts_by_batch on waybill.attempts (batch_id) where batch_id is not null;

alter table waybill.deliveries
  -- 9 goes first, 0 last, among those of its webhook; null: as its webhook says
  add column priority smallint,
  add constraint deliveries_priority_range check (priority between 0 and 9);
create index deliveries_with_priority on waybill.deliveries (webhook_id, priority)
  where status = 'pending' and priority is not null;

-- Several events in one request: what a webhook wants of it, and what went together.

alter table waybill.webhooks
  -- events in a request at most, how long the first of them waits for others, and a path into their data whose value they
  -- have in common; null: each event goes alone
  add column batch_max_items smallint,
  add column batch_max_wait_ms integer,
  add column batch_by text,
  add constraint webhooks_batch_items_range check (batch_max_items between 1 and 1000),
  add constraint webhooks_batch_wait_range check (batch_max_wait_ms between 0 and 86400000),
  add constraint webhooks_batch_by_length check (length(batch_by) between 1 and 256),
  add constraint webhooks_batch_is_whole check (
    (batch_max_items is null) = (batch_max_wait_ms is null) and (batch_by is null or batch_max_items is not null)
  );

alter table waybill.deliveries
  -- the batch it went with last, and goes with until it has ended; its own id: it goes alone, to a webhook with batches
  add column batch_id uuid,
  -- how many there were in that batch
  add column batch_items smallint,
  add constraint deliveries_batch_has_items check (
    (batch_id is null) = (batch_items is null) and batch_items between 1 and 1000
  );
create index deliveries_by_batch on waybill.deliveries (batch_id) where batch_id is not null;

-- the batch whose request it was
alter table waybill.attempts add column batch_id uuid;

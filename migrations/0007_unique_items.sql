-- What there may be one of that waits, one row for each webhook and key. Whoever makes a delivery wait writes the row of its key
-- first, and so waits for whoever else is doing that; a transaction that can't see what they made, as its snapshot is
-- older, fails to write it (serialization_failure). Deliveries alone can't hold this: they are partitioned by their id,
-- so that no unique index spans them, and an old snapshot doesn't show the one to replace. Locks of no table can't
-- either: their order is seen by everybody, what was made under them isn't; and there is memory for a few thousand only.
-- Rows of which nothing waits any more are removed after an hour.
create table waybill.unique_items (
  webhook_id uuid not null,
  -- as in waybill.deliveries
  unique_key text not null,
  written_at timestamptz not null default now(),
  primary key (webhook_id, unique_key)
) with (fillfactor = 50); -- written anew beside the old row, with no change to the index

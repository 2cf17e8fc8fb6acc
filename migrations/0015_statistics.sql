-- What became of attempts, counted in spans of five minutes: for charts and health, which must not read every attempt.

create table waybill.attempt_statistics (
  account_id text not null,
  bucket_at timestamptz not null,
  webhook_id uuid not null,
  -- Each node adds to rows of its own, so that none waits for another.
  node_id uuid not null,
  delivered integer not null,
  failed integer not null,
  -- how many attempts took how long; the bounds are those of src/observe/durations.ts
  durations integer[] not null,
  last_attempt_at timestamptz not null,
  primary key (account_id, bucket_at, webhook_id, node_id),
  constraint attempt_statistics_bucket_is_five_minutes check (extract(epoch from bucket_at)::bigint % 300 = 0),
  constraint attempt_statistics_counts_not_negative check (delivered >= 0 and failed >= 0),
  constraint attempt_statistics_has_durations check (cardinality(durations) = 13)
);
create index attempt_statistics_by_time on waybill.attempt_statistics (bucket_at);

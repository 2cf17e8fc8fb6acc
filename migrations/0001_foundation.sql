-- The foundation: accounts and their webhooks, events, deliveries, attempts, and who dispatches what.
--
-- Hot tables (events, deliveries, attempts) are narrow and partitioned by their UUIDv7 key, which is time:
-- retention drops a partition instead of deleting rows. They carry account_id first in the primary key, so
-- that they can be distributed by account. They have no foreign keys: each would cost a lookup and a row
-- lock an insert, and would forbid dropping partitions.

create table waybill.accounts (
  id text primary key,
  name text,
  -- Moves with every change that decides which webhooks want an event. A publish states the version it
  -- matched against, so that it can match in memory and still never miss a webhook made on another node.
  webhooks_version integer not null default 1,
  created_at timestamptz not null default now(),
  constraint accounts_id_shape check (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  constraint accounts_name_length check (length(name) between 1 and 200)
);

create table waybill.api_keys (
  id uuid primary key,
  -- null: the platform's key, which sees every account
  account_id text references waybill.accounts (id) on delete cascade,
  name text not null,
  -- SHA-256 of the key. The key itself has 256 random bits, so that a slow hash would add nothing.
  hash bytea not null unique,
  hint text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  constraint api_keys_hash_is_sha256 check (octet_length(hash) = 32),
  constraint api_keys_name_length check (length(name) between 1 and 200)
);
create index api_keys_by_account on waybill.api_keys (account_id);

create table waybill.event_types (
  name text primary key,
  event_group text,
  title text,
  description text,
  sample json,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint event_types_name_shape check (
    name ~ '^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$' and length(name) <= 128
  )
);

create table waybill.webhooks (
  id uuid primary key,
  account_id text not null references waybill.accounts (id),
  name text not null,
  url text not null,
  events text[] not null,
  channels text[] not null default '{}',
  status text not null default 'active',
  -- why a webhook is disabled: 'gone' (the receiver answered 410) or 'request' (somebody asked)
  disabled_reason text,
  health text not null default 'healthy',
  failing_since timestamptz,
  profile text not null default 'standard-webhooks',
  headers json not null default '{}',
  -- seconds before each retry, exact; null: the default schedule, with jitter
  retry_schedule integer[],
  timeout_ms integer not null,
  lane smallint not null,
  -- Moves with every change, so that an owner knows whether what it holds in memory is still true.
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- A deleted webhook keeps its row: its deliveries stay readable.
  deleted_at timestamptz,
  constraint webhooks_name_length check (length(name) between 1 and 200),
  constraint webhooks_url_length check (length(url) between 1 and 2048),
  constraint webhooks_events_some check (cardinality(events) between 1 and 100),
  constraint webhooks_status_known check (status in ('active', 'paused', 'disabled')),
  constraint webhooks_disabled_has_reason check ((status = 'disabled') = (disabled_reason is not null)),
  constraint webhooks_health_known check (health in ('healthy', 'failing')),
  constraint webhooks_failing_has_time check ((health = 'failing') = (failing_since is not null)),
  constraint webhooks_timeout_range check (timeout_ms between 100 and 120000),
  constraint webhooks_lane_range check (lane between 0 and 63)
);
create index webhooks_by_account on waybill.webhooks (account_id, id) where deleted_at is null;
create index webhooks_by_lane on waybill.webhooks (lane) where deleted_at is null;

create table waybill.webhook_secrets (
  id uuid primary key,
  webhook_id uuid not null references waybill.webhooks (id) on delete cascade,
  -- which encryption key sealed it, so that keys can be rotated
  key_id text not null,
  -- AES-256-GCM: 12 bytes nonce, ciphertext, 16 bytes tag; the webhook's id is authenticated with it
  sealed bytea not null,
  created_at timestamptz not null default now(),
  -- null: the current secret; otherwise it still signs until then
  expires_at timestamptz,
  constraint webhook_secrets_sealed_length check (octet_length(sealed) > 28)
);
create unique index webhook_secrets_one_current on waybill.webhook_secrets (webhook_id)
  where expires_at is null;
create index webhook_secrets_by_webhook on waybill.webhook_secrets (webhook_id);

create table waybill.events (
  id uuid not null,
  account_id text not null,
  type text not null,
  subject text,
  channel text,
  version text,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- JSON as it was published, byte for byte; jsonb would reorder keys and round numbers
  data text not null,
  primary key (account_id, id),
  constraint events_type_length check (length(type) between 1 and 128),
  constraint events_subject_length check (length(subject) between 1 and 256),
  constraint events_channel_length check (length(channel) between 1 and 128)
) partition by range (id);
create index events_by_subject on waybill.events (account_id, subject, id) where subject is not null;
create index events_by_type on waybill.events (account_id, type, id);
create table waybill.events_default partition of waybill.events default;

create table waybill.deliveries (
  id uuid not null,
  account_id text not null,
  webhook_id uuid not null,
  event_id uuid not null,
  status text not null default 'pending',
  -- why it ended without being delivered: 'exhausted', 'gone', 'request', 'webhook_deleted', 'webhook_disabled'
  status_reason text,
  -- requests made in all, and those since it was published or last sent again by hand
  attempts smallint not null default 0,
  tries smallint not null default 0,
  -- how often it has been sent again by hand: an outcome of an earlier round no longer decides what is next
  round smallint not null default 0,
  -- when the next attempt may be made
  due_at timestamptz,
  settled_at timestamptz,
  last_attempt_at timestamptz,
  last_status_code smallint,
  primary key (account_id, id),
  constraint deliveries_status_known check (
    status in ('pending', 'delivered', 'failed', 'cancelled', 'superseded')
  ),
  constraint deliveries_pending_is_due check ((status = 'pending') = (due_at is not null)),
  constraint deliveries_ended_is_settled check ((status = 'pending') = (settled_at is null)),
  constraint deliveries_sent_was_tried check (status not in ('delivered', 'failed') or attempts > 0),
  constraint deliveries_tries_within_attempts check (tries between 0 and attempts),
  constraint deliveries_attempted_has_time check ((attempts = 0) = (last_attempt_at is null))
) partition by range (id);
-- The queue: what each webhook still has to get, in the order it falls due.
create index deliveries_due on waybill.deliveries (webhook_id, due_at, id) where status = 'pending';
create index deliveries_by_webhook on waybill.deliveries (webhook_id, id);
create index deliveries_by_event on waybill.deliveries (event_id);
-- What somebody looks for when things went wrong; small, as most deliveries arrive.
create index deliveries_not_delivered on waybill.deliveries (account_id, status, id)
  where status in ('failed', 'cancelled');
create table waybill.deliveries_default partition of waybill.deliveries default;

create table waybill.attempts (
  id uuid not null,
  account_id text not null,
  delivery_id uuid not null,
  number smallint not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  url text not null,
  outcome text not null,
  -- a stable code and a sentence for people; both null when it was delivered
  failure_code text,
  failure_reason text,
  status_code smallint,
  response_headers json,
  response_body bytea,
  response_truncated boolean not null default false,
  primary key (account_id, delivery_id, id),
  constraint attempts_number_positive check (number > 0),
  constraint attempts_outcome_known check (outcome in ('delivered', 'failed')),
  constraint attempts_failure_is_explained check (
    (outcome = 'failed') = (failure_code is not null and failure_reason is not null)
  ),
  constraint attempts_body_capped check (octet_length(response_body) <= 16384)
) partition by range (id);
create table waybill.attempts_default partition of waybill.attempts default;

create table waybill.idempotency_keys (
  account_id text not null,
  key text not null,
  -- SHA-256 of what was published under the key
  request_hash bytea not null,
  -- the answer that was given: [{"id": uuid, "deliveries": n}, …]
  answer json not null,
  created_at timestamptz not null,
  primary key (account_id, key),
  constraint idempotency_keys_length check (length(key) between 1 and 255),
  constraint idempotency_keys_hash_is_sha256 check (octet_length(request_hash) = 32)
);
create index idempotency_keys_by_age on waybill.idempotency_keys (created_at);

create table waybill.nodes (
  id uuid primary key,
  started_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);

create table waybill.lanes (
  lane smallint primary key,
  node_id uuid,
  -- Counts the owners the lane has had. Whoever settles states the fence it took the lane with,
  -- so that an owner that lost its lease without noticing can't settle anything.
  fence integer not null default 0,
  expires_at timestamptz,
  constraint lanes_range check (lane between 0 and 63),
  constraint lanes_leased_until check ((node_id is null) = (expires_at is null))
);
insert into waybill.lanes (lane) select generate_series(0, 63);

-- Makes the weekly partitions of the hot tables that cover the given span, if they aren't there yet.
-- Whoever may use Waybill may make them, without being their owner.
-- A week is a range of UUIDv7, whose first 48 bits are milliseconds since 1970 (RFC 9562, 5.7).
create function waybill.ensure_partitions(from_time timestamptz, until_time timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  week timestamptz := date_trunc('week', from_time at time zone 'utc') at time zone 'utc';
  hot text;
  name text;
  made integer := 0;
begin
  while week <= until_time loop
    foreach hot in array array['events', 'deliveries', 'attempts'] loop
      name := hot || '_' || to_char(week at time zone 'utc', 'YYYYMMDD');
      if to_regclass('waybill.' || name) is null then
        execute format('create table waybill.%I (like waybill.%I including all)', name, hot);
        -- Rows that came before their partition wait in the default one, which mustn't overlap with it; none may come
        -- while they are moved.
        execute format('lock table waybill.%I in access exclusive mode', hot || '_default');
        execute format(
          'with moved as (delete from waybill.%I where id >= %L and id < %L returning *)
           insert into waybill.%I select * from moved',
          hot || '_default', waybill.uuid_at(week), waybill.uuid_at(week + interval '7 days'), name
        );
        execute format(
          'alter table waybill.%I attach partition waybill.%I for values from (%L) to (%L)',
          hot, name, waybill.uuid_at(week), waybill.uuid_at(week + interval '7 days')
        );
        made := made + 1;
      end if;
    end loop;
    week := week + interval '7 days';
  end loop;
  return made;
end
$$;

-- The smallest UUIDv7-ordered value of a moment: 48 bits of milliseconds, the rest zero. Before 1970 there are none.
create function waybill.uuid_at(moment timestamptz) returns uuid
language sql immutable as $$
  select rpad(lpad(to_hex(greatest(0, extract(epoch from moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

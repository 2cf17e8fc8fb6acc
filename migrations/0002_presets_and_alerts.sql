-- Presets (a wire format, a catalog and policies under one name), the platform's own event types, what an event
-- breaks of its schema, and alerts.

-- Moves with every change of presets and event types, so that a node knows whether what it holds in memory is true.
create table waybill.catalog_state (
  is_one boolean primary key default true,
  version integer not null default 1,
  constraint catalog_state_is_one check (is_one)
);
insert into waybill.catalog_state default values;

create table waybill.presets (
  name text primary key,
  -- null: the preset of this name that comes along; its event types are known here since it was imported
  document json,
  imported_at timestamptz not null default now(),
  constraint presets_name_shape check (name ~ '^[a-z0-9][a-z0-9-]{0,63}$')
);

-- The platform's own event types. Those of presets are in their documents. The table had no writer before.
drop table waybill.event_types;
create table waybill.event_types (
  name text primary key,
  document json not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint event_types_name_shape check (
    name ~ '^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$' and length(name) <= 128
  )
);

-- null in each: as the preset says, which may be that of the instance
alter table waybill.accounts
  add column preset text,
  add column validation text,
  add column unknown_types text,
  add constraint accounts_validation_known check (validation in ('off', 'warn', 'reject')),
  add constraint accounts_unknown_types_known check (unknown_types in ('off', 'warn', 'reject'));

alter table waybill.webhooks
  -- the version of payloads it gets; null: the usual one of its profile
  add column payload_version text,
  -- deliveries that were given up since one last arrived
  add column exhausted integer not null default 0,
  add constraint webhooks_disabled_reason_known check (disabled_reason in ('gone', 'request', 'failing'));
create index webhooks_by_profile on waybill.webhooks (profile) where deleted_at is null;

-- of a private key, what receivers check its signatures with
alter table waybill.webhook_secrets add column public_key text;

-- what the data breaks of its schema, where the account's policy is to warn: [{"path", "rule", "message"}, …]
alter table waybill.events add column warnings json;

create table waybill.alerts (
  id uuid primary key,
  account_id text not null references waybill.accounts (id),
  webhook_id uuid not null references waybill.webhooks (id),
  -- 'deliveries_failing': retries were used up; 'webhook_disabled': by a 410, or by the rule of its profile
  kind text not null,
  message text not null,
  -- the delivery that raised it last, and how many did since it was opened
  delivery_id uuid not null,
  occurrences integer not null default 1,
  created_at timestamptz not null,
  last_at timestamptz not null,
  acknowledged_at timestamptz,
  -- when a delivery arrived again, or the webhook was enabled
  resolved_at timestamptz,
  constraint alerts_kind_known check (kind in ('deliveries_failing', 'webhook_disabled')),
  constraint alerts_occurrences_positive check (occurrences > 0)
);
create index alerts_by_account on waybill.alerts (account_id, id);
create unique index alerts_one_open on waybill.alerts (webhook_id, kind) where resolved_at is null;

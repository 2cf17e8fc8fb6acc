-- What a webhook can be told beside where to send what: conditions, limits, order, uniqueness, priority.

alter table waybill.webhooks
  -- {"mode", "all" | "any": [ … ]}; null: every event of its types and channels
  add column condition json,
  -- {"mimeType", "template"}; null: the body of its profile
  add column payload json,
  -- whether a newer event takes the place of one that waits, for the same type and subject
  add column is_unique boolean not null default false,
  -- 'subject': deliveries of one subject go one after the other
  add column ordering text not null default 'none',
  -- 9 goes first, 0 last
  add column priority smallint not null default 5,
  -- requests a second, and requests at once; null: as many as the receiver takes well
  add column rate_per_second double precision,
  add column max_in_flight smallint,
  add constraint webhooks_ordering_known check (ordering in ('none', 'subject')),
  add constraint webhooks_priority_range check (priority between 0 and 9),
  add constraint webhooks_rate_range check (rate_per_second > 0 and rate_per_second <= 10000),
  add constraint webhooks_max_in_flight_range check (max_in_flight between 1 and 1000);

alter table waybill.deliveries
  -- of an ordered webhook, what must keep its order: the subject
  add column order_key text,
  -- of a webhook with unique queue items, what there may be one of: type and subject
  add column unique_key text,
  -- the delivery that took the place of this one
  add column superseded_by uuid;
create index deliveries_by_order_key on waybill.deliveries (webhook_id, order_key, id)
  where status = 'pending' and order_key is not null;
create index deliveries_by_unique_key on waybill.deliveries (webhook_id, unique_key)
  where status = 'pending' and unique_key is not null;

-- Where in an account its events come from. They become known as events name them.
create table waybill.channels (
  account_id text not null references waybill.accounts (id) on delete cascade,
  name text not null,
  title text,
  first_seen_at timestamptz not null default now(),
  primary key (account_id, name),
  constraint channels_name_length check (length(name) between 1 and 128),
  constraint channels_title_length check (length(title) between 1 and 200)
);

-- Events sent again to one webhook, many at once. A node takes a step when it is due: it makes the next deliveries and
-- moves the cursor in one transaction, so that any node can go on after a crash.
create table waybill.replays (
  id uuid primary key,
  account_id text not null references waybill.accounts (id),
  webhook_id uuid not null references waybill.webhooks (id),
  -- which events: received from then on and before then; patterns of types, a channel, a subject, the status of the
  -- last delivery to this webhook ('missing': there is none); null or empty: any
  from_time timestamptz not null,
  until_time timestamptz not null,
  types text[] not null default '{}',
  channel text,
  subject text,
  last_status text,
  -- deliveries made a second at most; null: as fast as it goes
  rate_per_second double precision,
  status text not null default 'running',
  -- how many there were when it was begun, and how many have been made
  total integer not null,
  made integer not null default 0,
  -- the last event that has been looked at
  cursor uuid,
  next_at timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint replays_status_known check (status in ('running', 'paused', 'done', 'cancelled')),
  constraint replays_ended_has_time check ((status in ('done', 'cancelled')) = (ended_at is not null)),
  constraint replays_rate_positive check (rate_per_second > 0),
  constraint replays_last_status_known check (
    last_status in ('delivered', 'failed', 'cancelled', 'superseded', 'missing')
  )
);
create index replays_by_account on waybill.replays (account_id, id);
create index replays_running on waybill.replays (next_at) where status = 'running';
alter table waybill.deliveries add column replay_id uuid;

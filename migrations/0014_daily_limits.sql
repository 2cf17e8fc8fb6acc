-- How many events an account may publish a day, and how many it has.

alter table waybill.accounts
  -- by days of UTC; null: any number, which isn't counted
  add column events_per_day integer,
  add constraint accounts_events_per_day_range check (events_per_day >= 0);

-- In parts, so that a transaction that stays open holds one of them and nobody waits for it: what comes meanwhile goes
-- into another. There are as many as there were transactions at once. No foreign key: it would make whoever changes the
-- account wait for such a transaction.
create table waybill.daily_usage (
  account_id text not null,
  day date not null,
  part uuid not null,
  events integer not null,
  primary key (account_id, day, part),
  constraint daily_usage_events_positive check (events > 0)
);

alter table waybill.alerts
  alter column webhook_id drop not null,
  drop constraint alerts_kind_known,
  add constraint alerts_kind_known check (
    kind in (
      'deliveries_failing', 'webhook_disabled', 'webhook_will_be_disabled', 'webhook_disabled_by_failures',
      'certificate_expires', 'daily_limit_reached'
    )
  ),
  drop constraint alerts_raised_by_delivery,
  add constraint alerts_raised_by_delivery check (
    (kind in ('certificate_expires', 'daily_limit_reached')) = (delivery_id is null)
  ),
  add constraint alerts_about_webhook check ((kind = 'daily_limit_reached') = (webhook_id is null));
create unique index alerts_one_open_of_account on waybill.alerts (account_id, kind)
  where webhook_id is null and resolved_at is null;

-- Webhooks to which nothing but failures happens, when one was disabled, and what it has missed since.

alter table waybill.webhooks
  -- when the first attempt failed since one last arrived, and when somebody was warned of it
  add column first_failure_at timestamptz,
  add column failures_warned_at timestamptz,
  -- how long nothing but failures may last; 0: for ever; null: as the instance says
  add column disable_after_days double precision,
  -- when it was disabled last, by the clock that says when deliveries end
  add column disabled_at timestamptz,
  -- and from which events on it has missed those it was sent nothing of: by the clock that event ids are made by, and
  -- a minute early, as clocks differ
  add column missed_since timestamptz;
update waybill.webhooks
set disabled_at = updated_at, missed_since = updated_at - interval '1 minute'
where status = 'disabled';
alter table waybill.webhooks
  drop constraint webhooks_disabled_reason_known,
  add constraint webhooks_disabled_reason_known check (
    disabled_reason in ('gone', 'request', 'failing', 'only_failures')
  ),
  add constraint webhooks_disabled_has_time check (status <> 'disabled' or disabled_at is not null),
  add constraint webhooks_missed_since_disabled check ((disabled_at is null) = (missed_since is null)),
  add constraint webhooks_warned_of_failures check (
    failures_warned_at is null or first_failure_at is not null
  ),
  add constraint webhooks_disable_after_range check (disable_after_days between 0 and 365);

-- 'webhook_will_be_disabled': nothing but failures for half of the time that may last;
-- 'webhook_disabled_by_failures': for all of it
alter table waybill.alerts
  drop constraint alerts_kind_known,
  add constraint alerts_kind_known check (
    kind in (
      'deliveries_failing', 'webhook_disabled', 'webhook_will_be_disabled', 'webhook_disabled_by_failures'
    )
  );

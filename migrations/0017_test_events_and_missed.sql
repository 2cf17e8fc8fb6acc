-- Test events are for one webhook alone, and what a webhook has missed is remembered until it was sent or declined.

alter table waybill.events
  -- made to try one webhook: nobody else is sent it, nobody has missed it, and it counts for no limit
  add column is_test boolean not null default false;

alter table waybill.webhooks
  -- Beside missed_since: deliveries that disabling has cancelled from then on were missed, by the clock that says when
  -- deliveries end. null: since it was disabled last.
  add column cut_off_since timestamptz,
  -- Until it is disabled again nothing of what it had missed by then is: all of it was sent, or declined. It equals
  -- disabled_at then, so that whoever disables it needn't know of this column.
  add column missed_done_of timestamptz,
  add constraint webhooks_cut_off_since_disabled check (cut_off_since is null or disabled_at is not null),
  add constraint webhooks_missed_done_of_disabled check (missed_done_of is null or disabled_at is not null);

alter table waybill.replays
  -- It sends all that its webhook has missed: when that had been disabled last as it began. Once it is done nothing of it is
  -- missed any more, unless the webhook has been disabled since. null: it may leave some.
  add column missed_of timestamptz;

-- What a webhook missed while it was disabled can be sent to it again.

alter table waybill.replays
  drop constraint replays_last_status_known,
  -- 'missed': it was sent nothing of the event, or not all it takes, because it was disabled
  add constraint replays_last_status_known check (
    last_status in ('delivered', 'failed', 'cancelled', 'superseded', 'missing', 'missed')
  );
-- What disabling has cancelled, of each webhook in the order the events were published.
create index deliveries_missed on waybill.deliveries (webhook_id, event_id)
  where status = 'cancelled' and status_reason = 'webhook_disabled';

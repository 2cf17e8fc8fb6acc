-- A webhook can be disabled again before it was sent what it had missed: then it has missed several spans of time.
-- The version before still writes missed_until, which is of no use any more.

-- each from when it was disabled until it was enabled, the last one open while it is; empty where all was sent or declined
alter table waybill.webhooks add column missed_spans tstzmultirange not null default '{}';
update waybill.webhooks
set missed_spans = tstzmultirange(
  tstzrange(missed_since, case when status <> 'disabled'
    then greatest(missed_since, coalesce(missed_until + interval '5 seconds', now())) end))
where missed_since is not null;

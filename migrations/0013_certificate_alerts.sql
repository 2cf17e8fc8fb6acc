-- An alert before the client certificate of a webhook expires. No delivery raises it.

alter table waybill.alerts
  alter column delivery_id drop not null,
  drop constraint alerts_kind_known,
  add constraint alerts_kind_known check (
    kind in (
      'deliveries_failing', 'webhook_disabled', 'webhook_will_be_disabled', 'webhook_disabled_by_failures',
      'certificate_expires'
    )
  ),
  add constraint alerts_raised_by_delivery check ((kind = 'certificate_expires') = (delivery_id is null));

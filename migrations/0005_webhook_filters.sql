-- What a webhook has chosen of the filters its preset offers: {"NAME": {"field", "values": [ … ]}}. The field is the one
-- the preset named when it was chosen, so that publishing needs to look up no preset.

alter table waybill.webhooks
  add column filters json not null default '{}',
  add constraint webhooks_filters_are_object check (json_typeof(filters) = 'object');

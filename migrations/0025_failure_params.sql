-- Why attempts failed, in values that can be worded in any language. JSON, as it is only ever shown whole.

alter table waybill.attempts
  -- the values in `failure_reason`; null: it holds none, or was written before they were kept
  add column failure_params json;

-- What alerts say, in values that can be worded in any language; in which language somebody is mailed; and when users
-- last signed in, which their sessions forget.

alter table waybill.alerts
  -- the values in `message`; null: it was raised before they were kept
  add column params jsonb,
  -- the languages whose readers have been mailed
  add column mailed_in text[] not null default '{}',
  add constraint alerts_params_named check (jsonb_typeof(params) = 'object');

alter table waybill.alert_recipients
  add column language text not null default 'en',
  add constraint alert_recipients_language_known check (language in ('en', 'sv'));

alter table waybill.users add column last_signed_in_at timestamptz;
update waybill.users u
set last_signed_in_at = (select max(s.created_at) from waybill.user_sessions s where s.user_id = u.id);

-- Who is told of alerts by mail, and which of them wait for it.

create table waybill.alert_recipients (
  id uuid primary key,
  -- null: of all accounts
  account_id text references waybill.accounts (id),
  email text not null,
  -- null: all kinds
  kinds text[],
  created_at timestamptz not null,
  constraint alert_recipients_email_length check (length(email) between 3 and 254),
  constraint alert_recipients_some_kind check (cardinality(kinds) > 0)
);
create unique index alert_recipients_once on waybill.alert_recipients (coalesce(account_id, ''), email);

-- Those that are there already are mailed to nobody.
alter table waybill.alerts
  -- when it is to be mailed next; null: it has been, or there was nobody to mail
  add column mail_due_at timestamptz,
  add column mail_attempts integer not null default 0,
  add constraint alerts_mail_attempts_not_negative check (mail_attempts >= 0);
create index alerts_to_mail on waybill.alerts (mail_due_at) where mail_due_at is not null and resolved_at is null;

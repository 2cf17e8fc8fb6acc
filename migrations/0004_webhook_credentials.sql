-- What a webhook shows to its receiver beside signatures: a header, a client certificate; and whom it trusts.

create table waybill.webhook_credentials (
  webhook_id uuid not null references waybill.webhooks (id) on delete cascade,
  -- 'auth': what goes into a header; 'client_certificate': a certificate with its chain and key
  kind text not null,
  -- which encryption key sealed it, so that keys can be rotated
  key_id text not null,
  -- AES-256-GCM: 12 bytes nonce, ciphertext, 16 bytes tag; the webhook's id and the kind are authenticated with it
  sealed bytea not null,
  -- what the API shows of it: enough to recognise it by, never enough to use it
  view json not null,
  primary key (webhook_id, kind),
  constraint webhook_credentials_kind_known check (kind in ('auth', 'client_certificate')),
  constraint webhook_credentials_sealed_length check (octet_length(sealed) > 28),
  constraint webhook_credentials_view_is_object check (json_typeof(view) = 'object')
);

-- Authorities to trust beside the usual ones, in PEM. Certificates are public.
alter table waybill.webhooks
  add column tls_ca text,
  add constraint webhooks_tls_ca_length check (length(tls_ca) between 1 and 200000);

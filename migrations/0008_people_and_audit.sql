-- People who sign in, what they may do, links that let somebody in once, and who changed what.
--
-- Whatever opens a door (a session, an invitation, a portal link) is kept as SHA-256 of a token of 256 random bits:
-- who reads the database, or a copy of it, can't use it.

create table waybill.users (
  id uuid primary key,
  email text not null unique,
  name text not null,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint users_email_shape check (
    email = lower(email) and email like '_%@_%' and length(email) <= 254
  ),
  constraint users_name_length check (length(name) between 1 and 200)
);

-- How a user shows who they are. 'credential' is a password; account_id is then the user's own id.
create table waybill.user_credentials (
  id uuid primary key,
  user_id uuid not null references waybill.users (id) on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint user_credentials_one_of_a_kind unique (provider_id, account_id),
  constraint user_credentials_password_is_hashed check (
    provider_id <> 'credential' or (password is not null and length(password) >= 64)
  )
);
create index user_credentials_by_user on waybill.user_credentials (user_id);

create table waybill.user_sessions (
  id uuid primary key,
  user_id uuid not null references waybill.users (id) on delete cascade,
  token_hash bytea not null unique,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  constraint user_sessions_hash_is_sha256 check (octet_length(token_hash) = 32)
);
create index user_sessions_by_user on waybill.user_sessions (user_id);
create index user_sessions_by_expiry on waybill.user_sessions (expires_at);

create table waybill.user_roles (
  user_id uuid not null references waybill.users (id) on delete cascade,
  -- null: of the platform, and with it of every account
  account_id text references waybill.accounts (id) on delete cascade,
  role text not null,
  created_at timestamptz not null,
  constraint user_roles_one_each unique nulls not distinct (user_id, account_id),
  constraint user_roles_role_known check (role in ('owner', 'admin', 'viewer'))
);
create index user_roles_by_account on waybill.user_roles (account_id, user_id);

create table waybill.invitations (
  id uuid primary key,
  -- null: to the platform
  account_id text references waybill.accounts (id) on delete cascade,
  email text not null,
  role text not null,
  token_hash bytea not null unique,
  -- who invited, as the audit log names them
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  constraint invitations_email_shape check (
    email = lower(email) and email like '_%@_%' and length(email) <= 254
  ),
  constraint invitations_role_known check (role in ('owner', 'admin', 'viewer')),
  constraint invitations_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint invitations_expire_later check (expires_at > created_at),
  constraint invitations_end_once check (accepted_at is null or revoked_at is null)
);
create index invitations_open on waybill.invitations (account_id, id)
  where accepted_at is null and revoked_at is null;

-- The link that makes the first owner of the platform. Gone when it has been used.
create table waybill.owner_link (
  is_one boolean primary key default true,
  token_hash bytea not null,
  created_at timestamptz not null,
  constraint owner_link_is_one check (is_one),
  constraint owner_link_hash_is_sha256 check (octet_length(token_hash) = 32)
);

-- Links from the platform's own pages into one account, without a user or a password.
create table waybill.portal_links (
  id uuid primary key,
  account_id text not null references waybill.accounts (id) on delete cascade,
  role text not null,
  -- whom the platform says it is for
  name text,
  token_hash bytea not null unique,
  session_seconds integer not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint portal_links_role_known check (role in ('admin', 'viewer')),
  constraint portal_links_name_length check (length(name) between 1 and 200),
  constraint portal_links_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint portal_links_session_positive check (session_seconds > 0),
  constraint portal_links_expire_within_the_hour check (
    expires_at > created_at and expires_at <= created_at + interval '1 hour'
  )
);
create index portal_links_by_expiry on waybill.portal_links (expires_at);

create table waybill.portal_sessions (
  token_hash bytea primary key,
  link_id uuid not null unique references waybill.portal_links (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint portal_sessions_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint portal_sessions_expire_later check (expires_at > created_at)
);

-- How often somebody tried to sign in: by SHA-256 of an e-mail or of an address, so that neither is kept.
create table waybill.sign_in_attempts (
  key bytea primary key,
  window_started_at timestamptz not null,
  attempts integer not null,
  constraint sign_in_attempts_key_is_sha256 check (octet_length(key) = 32),
  constraint sign_in_attempts_positive check (attempts > 0)
);
create index sign_in_attempts_by_age on waybill.sign_in_attempts (window_started_at);

create table waybill.audit_log (
  id uuid primary key,
  -- null: a change of the platform's own. No foreign key: the log outlives what it tells of.
  account_id text,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  -- such as 'webhook.updated'
  action text not null,
  target_kind text not null,
  target_id text not null,
  -- what it was and what it became, without secrets; null: it wasn't there, or isn't any more
  before json,
  after json,
  constraint audit_log_actor_known check (actor_kind in ('key', 'user', 'portal', 'link')),
  constraint audit_log_action_shape check (action ~ '^[a-z]+(-[a-z]+)*[.][a-z]+(-[a-z]+)*$')
);
create index audit_log_by_account on waybill.audit_log (account_id, id);
create index audit_log_by_actor on waybill.audit_log (actor_id, id);
create index audit_log_by_target on waybill.audit_log (target_id, id);

-- Nothing that is in the log is changed or taken out of it, whoever tries.
create function waybill.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is append-only.' using errcode = 'restrict_violation';
end
$$;
create trigger audit_log_append_only before update or delete on waybill.audit_log
  for each row execute function waybill.refuse_change();
create trigger audit_log_not_emptied before truncate on waybill.audit_log
  for each statement execute function waybill.refuse_change();

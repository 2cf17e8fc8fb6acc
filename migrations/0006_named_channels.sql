-- Channels that events have named and that aren't in waybill.channels yet. Written with the events, so that what rolls
-- back has named nothing and what commits is never forgotten; and without a key that could be taken, so that a transaction
-- that stays open keeps nobody else from naming the same ones. Moved over within seconds of their commit.
create table waybill.named_channels (
  account_id text not null,
  name text not null,
  named_at timestamptz not null,
  constraint named_channels_name_length check (length(name) between 1 and 128)
);
create index named_channels_by_account on waybill.named_channels (account_id, name);

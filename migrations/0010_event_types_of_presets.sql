-- Event types of the platform's own belong to a preset, and deprecating one of a preset's is a mark on it.

alter table waybill.event_types
  drop constraint event_types_pkey,
  alter column name set not null,
  -- null: that of the instance, whichever it is
  add column preset text,
  add constraint event_types_preset_shape check (preset ~ '^[a-z0-9][a-z0-9-]{0,63}$');
create unique index event_types_one_of_a_name on waybill.event_types (preset, name) nulls not distinct;

-- They held for all presets. So that no receiver gets anything else from now on, those in use keep one each.
insert into waybill.event_types (preset, name, document, created_at, updated_at)
select used.preset, own.name, own.document, own.created_at, own.updated_at
from waybill.event_types own,
  (
    select profile as preset from waybill.webhooks where deleted_at is null
    union
    select preset from waybill.accounts where preset is not null
  ) used;

-- Of the event types in the documents of presets. The platform's own say it themselves.
create table waybill.event_type_deprecations (
  preset text not null,
  name text not null,
  -- false: it is in use, whatever the document says
  deprecated boolean not null,
  primary key (preset, name),
  constraint event_type_deprecations_preset_shape check (preset ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  constraint event_type_deprecations_name_shape check (
    name ~ '^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$' and length(name) <= 128
  )
);

update waybill.catalog_state set version = version + 1;

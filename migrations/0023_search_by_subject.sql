-- Finds an event by what its subject ends in, such as the number of an order, however old it is.

create index events_by_subject_end
  on waybill.events (account_id, lower(split_part(subject, '/', -1) collate "C"), id) where subject is not null;

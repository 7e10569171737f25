-- The customer's own ledger of machines: files as uploaded, their rows, and which device each row means (cloud/ledger).

create table ledger_upload (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  file_name text not null,
  sheet text not null,
  header_row integer not null,
  headers text[] not null,
  fields text[] not null,
  content bytea not null,
  content_hash bytea not null generated always as (sha256(content)) stored,
  uploaded_by bigint,
  uploaded_at timestamptz not null default now(),
  constraint ledger_upload_pk primary key (organization_id, id),
  constraint ledger_upload_columns check (cardinality(headers) = cardinality(fields)),
  constraint ledger_upload_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint ledger_upload_user_fk foreign key (uploaded_by) references app_user (id) on delete set null
);
comment on column ledger_upload.fields is 'what each column is (cloud/ledger/columns.toml); empty: kept under its header';
comment on column ledger_upload.content is 'the file itself: the workbook that is written back; of the newest upload of a site only';
create index ledger_upload_site on ledger_upload (organization_id, site_id, uploaded_at desc);

create table ledger_entry (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  upload_id bigint not null,
  key text not null,
  row_number integer not null,
  name text not null,
  macs macaddr[] not null,
  ips inet[] not null,
  texts jsonb not null,
  unknown jsonb not null,
  state text not null default 'only_ledger',
  device_id bigint,
  matched_by text not null default 'none',
  matched_value text not null default '',
  confidence integer not null default 0,
  others bigint[] not null default '{}',
  decided_by bigint,
  decided_at timestamptz,
  words text not null generated always as (device_text(array[name, texts::text, unknown::text], ips, macs)) stored,
  constraint ledger_entry_pk primary key (organization_id, id),
  constraint ledger_entry_key unique (organization_id, site_id, key),
  constraint ledger_entry_state_known check (
    state in ('matched', 'probable', 'only_ledger', 'conflict', 'duplicate', 'ignored')),
  constraint ledger_entry_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint ledger_entry_upload_fk foreign key (organization_id, upload_id) references ledger_upload (organization_id, id)
    on delete cascade,
  constraint ledger_entry_device_fk foreign key (organization_id, device_id) references device (organization_id, id)
    on delete set null (device_id),
  constraint ledger_entry_user_fk foreign key (decided_by) references app_user (id) on delete set null
);
comment on column ledger_entry.key is 'by which a row is known again in the next version of the file';
comment on column ledger_entry.row_number is 'of the sheet, the first is 1';
comment on column ledger_entry.texts is 'by field: {"place": "..."}';
comment on column ledger_entry.unknown is 'columns that are no field: [["header", "value"]]';
comment on column ledger_entry.decided_at is 'a person said which device it is, or that it is none';
create index ledger_entry_device on ledger_entry (organization_id, device_id);
create index ledger_entry_macs on ledger_entry using gin (macs);

do $$
declare
  tenant text;
begin
  foreach tenant in array array['ledger_upload', 'ledger_entry'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
end $$;
grant select, insert, update, delete on ledger_upload, ledger_entry to osect_app;
grant select on ledger_upload, ledger_entry to osect_ingest;

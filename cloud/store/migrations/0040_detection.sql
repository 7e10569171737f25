-- What is normal at a site, and what of the rows ingest wrote has been judged against it (cloud/detect).

-- Where a site stands with learning. One node judges a site at a time: it holds this row.
create table site_learning (
  organization_id bigint not null,
  site_id bigint not null,
  state text not null default 'learning',
  begun_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  changed_by bigint,
  looked_at timestamptz not null default 'epoch',
  constraint site_learning_pk primary key (organization_id, site_id),
  constraint site_learning_state_known check (state in ('learning', 'review', 'operating')),
  constraint site_learning_site_fk foreign key (organization_id, site_id) references site (organization_id, id)
    on delete cascade,
  constraint site_learning_person_fk foreign key (changed_by) references app_user (id) on delete set null
) with (fillfactor = 50);
comment on column site_learning.looked_at is 'when presence and cycles were last looked at';

-- A device that came later: until then what it does is learned like everything else was.
create table device_learning (
  organization_id bigint not null,
  device_id bigint not null,
  site_id bigint not null,
  learns_until timestamptz not null,
  person_id bigint,
  begun_at timestamptz not null default now(),
  constraint device_learning_pk primary key (organization_id, device_id),
  constraint device_learning_device_fk foreign key (organization_id, device_id) references device (organization_id, id)
    on delete cascade,
  constraint device_learning_person_fk foreign key (person_id) references app_user (id) on delete set null
);
create index device_learning_site on device_learning (organization_id, site_id);

-- What is known to be normal. A side is a device, or minus an endpoint that has none, or 0.
create table baseline (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  record text not null,
  client bigint not null default 0,
  server bigint not null default 0,
  transport text not null default '',
  port integer not null default 0,
  protocol text not null default '',
  function text not null default '',
  access text not null default '',
  target text not null default '',
  attribute text not null default '',
  value text not null default '',
  source text not null default 'learned',
  person_id bigint,
  learned_at timestamptz not null default now(),
  expires_at timestamptz,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  cycle_us bigint not null default 0,
  constraint baseline_pk primary key (organization_id, id),
  constraint baseline_key unique (organization_id, site_id, record, client, server, transport, port, protocol, function, access,
    target, attribute, value),
  constraint baseline_record_known check (record in ('device', 'address', 'conversation', 'operation', 'fact')),
  constraint baseline_source_known check (source in ('learned', 'person', 'ledger')),
  constraint baseline_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint baseline_person_fk foreign key (person_id) references app_user (id) on delete set null
);
comment on column baseline.cycle_us is 'of a cyclic operation, the longest cycle that was learned';
create index baseline_client on baseline (organization_id, site_id, client);
create index baseline_server on baseline (organization_id, site_id, server);

-- How far the packed minutes of a sensor have been judged.
create table sensor_judged (
  organization_id bigint not null,
  sensor_id bigint not null,
  sequence bigint not null,
  constraint sensor_judged_pk primary key (organization_id, sensor_id),
  constraint sensor_judged_sensor_fk foreign key (organization_id, sensor_id) references sensor (organization_id, id)
    on delete cascade
) with (fillfactor = 50);

-- What is new stands in an index of what has not been judged: finding it costs what is new, and is exact under any order of commits.
alter table device add column is_judged boolean not null default false;
alter table conversation add column is_judged boolean not null default false;
alter table operation add column is_judged boolean not null default false;
alter table fact add column is_judged boolean not null default false;
alter table event add column is_judged boolean not null default false;
create index device_unjudged on device (organization_id, site_id) where not is_judged;
create index conversation_unjudged on conversation (organization_id, site_id) where not is_judged;
create index operation_unjudged on operation (organization_id, site_id) where not is_judged;
create index fact_unjudged on fact (organization_id, site_id, attribute) where not is_judged;
create index event_unjudged on event (organization_id, site_id) where not is_judged;
-- Operations of which every single one counts.
create index operation_decisive on operation (organization_id, site_id, id) where access in ('control', 'program', 'config', 'time');
create index operation_cyclic on operation (organization_id, site_id) where cycle_us > 0;
create index conversation_client_first on conversation (organization_id, client_endpoint_id, first_seen);

do $$
declare
  tenant text;
begin
  foreach tenant in array array['site_learning', 'device_learning', 'baseline', 'sensor_judged'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
  end loop;
  -- As 0010 has it for every table with sites and sensors.
  foreach tenant in array array['site_learning', 'device_learning', 'baseline'] loop
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
end $$;
create policy sensor_judged_site on sensor_judged as restrictive to osect_app
  using ((select sees_every_site()) or exists (select from sensor s
    where s.organization_id = sensor_judged.organization_id and s.id = sensor_judged.sensor_id));
-- Who judges looks for sites of all tenants: numbers and times only.
create policy site_learning_find on site_learning for select to osect_ingest using (true);

grant select, insert, update on site_learning to osect_app, osect_ingest;
grant select, insert, update, delete on device_learning, baseline to osect_app;
grant select on device_learning to osect_ingest;
grant select, insert, update on baseline, sensor_judged to osect_ingest;
grant update on event to osect_ingest;

-- Planned work: when, on which devices, what is expected to happen (cloud/alert).

create table planned_work (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  title text not null,
  people text not null,
  note text not null,
  expects text[] not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by bigint,
  made_at timestamptz not null default now(),
  made_by bigint,
  constraint planned_work_pk primary key (organization_id, id),
  constraint planned_work_has_a_length check (ends_at > starts_at),
  constraint planned_work_expects_known check
    (expects <@ array['device', 'connection', 'write', 'control', 'program', 'config', 'time', 'silence']),
  constraint planned_work_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint planned_work_ended_by_fk foreign key (ended_by) references app_user (id) on delete set null,
  constraint planned_work_made_by_fk foreign key (made_by) references app_user (id) on delete set null
);
comment on column planned_work.ended_at is 'earlier than planned; at its start: called off';
create index planned_work_site_ends on planned_work (organization_id, site_id, ends_at);

-- On which devices; without any, on all of the site.
create table planned_work_device (
  organization_id bigint not null,
  work_id bigint not null,
  device_id bigint not null,
  site_id bigint not null,
  constraint planned_work_device_pk primary key (organization_id, work_id, device_id),
  constraint planned_work_device_work_fk foreign key (organization_id, work_id) references planned_work (organization_id, id)
    on delete cascade,
  constraint planned_work_device_device_fk foreign key (organization_id, device_id) references device (organization_id, id)
    on delete cascade
);
create index planned_work_device_device on planned_work_device (organization_id, device_id);

alter table alert add column planned_work_id bigint,
  add constraint alert_planned_work_fk foreign key (organization_id, planned_work_id) references planned_work (organization_id, id);
create index alert_planned_work on alert (organization_id, planned_work_id) where planned_work_id is not null;
comment on column alert.planned_work_id is 'which expected it';

do $$
declare
  tenant text;
begin
  foreach tenant in array array['planned_work', 'planned_work_device'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
    -- As 0010 has it for every table with sites.
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
end $$;
grant select, insert, update on planned_work to osect_app;
grant select, insert on planned_work_device to osect_app;
grant select on planned_work, planned_work_device to osect_ingest;

-- Weaknesses: standing risks of devices, worked out from what inventory knows (cloud/weakness).

create table weakness (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  device_id bigint not null,
  kind text not null,
  rule text not null,
  verdict text not null,
  severity text not null,
  action text not null,
  is_exploited boolean not null,
  score integer not null,
  title_ja text not null,
  title_en text not null,
  reason_ja text not null,
  reason_en text not null,
  measure_ja text not null,
  measure_en text not null,
  evidence jsonb not null,
  cves text[] not null,
  url text not null,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null,
  urgency integer not null generated always as (
    case action when 'now' then 4000000 when 'next' then 2000000 else 0 end
    + case verdict when 'affected' then 1000000 when 'possible' then 500000 else 0 end
    + case severity when 'critical' then 400000 when 'high' then 300000 when 'medium' then 200000 when 'low' then 100000 else 0 end
    + score) stored,
  words text not null generated always as (
    lower(title_ja || e'\n' || title_en || e'\n' || rule || e'\n' || reason_ja || e'\n' || reason_en)) stored,
  constraint weakness_pk primary key (organization_id, id),
  constraint weakness_key unique (organization_id, device_id, kind, rule),
  constraint weakness_kind_known check (kind in ('end_of_support', 'advisory', 'habit')),
  constraint weakness_verdict_known check (verdict in ('affected', 'possible', 'not_affected')),
  constraint weakness_severity_known check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  constraint weakness_action_known check (action in ('now', 'next', 'never')),
  constraint weakness_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint weakness_device_fk foreign key (organization_id, device_id) references device (organization_id, id)
    on delete cascade
);
comment on column weakness.rule is 'what of its kind: a release of an operating system, an advisory, a habit';
comment on column weakness.score is 'CVSS in tenths; 0: none';
comment on column weakness.evidence is 'what it rests on: [{"field", "value", "detail", "first", "last"}]';
comment on column weakness.first_seen is 'when it was found';
comment on column weakness.last_seen is 'when what it rests on was last observed';
comment on column weakness.urgency is 'the order in which a person should look';
create index weakness_of_site on weakness (organization_id, site_id);

-- Devices about which something may have changed; the worker takes the rows away.
create table weakness_work (
  organization_id bigint not null,
  site_id bigint not null,
  device_id bigint not null,
  constraint weakness_work_pk primary key (organization_id, device_id)
);
create index weakness_work_site on weakness_work (organization_id, site_id);

-- By what and when a site was last judged as a whole: what is known changes, and so does the date.
create table weakness_site (
  organization_id bigint not null,
  site_id bigint not null,
  known text not null,
  day integer not null,
  constraint weakness_site_pk primary key (organization_id, site_id),
  constraint weakness_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade
);

-- Whoever saves devices leaves work, whatever the reason was.
create function note_weakness_work() returns trigger
  language plpgsql
as $$
begin
  insert into weakness_work (organization_id, site_id, device_id)
  select s.organization_id, s.site_id, s.id from saved s
  on conflict on constraint weakness_work_pk do nothing;
  return null;
end $$;
create trigger device_added after insert on device referencing new table as saved
  for each statement execute function note_weakness_work();
create trigger device_changed after update on device referencing new table as saved
  for each statement execute function note_weakness_work();

do $$
declare
  tenant text;
begin
  foreach tenant in array array['weakness', 'weakness_work', 'weakness_site'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
end $$;
-- The worker looks for work of all tenants; what it looks at holds numbers only, and it works in the scope of one.
create policy weakness_work_find on weakness_work for select to osect_ingest using (true);
create policy weakness_site_find on weakness_site for select to osect_ingest using (true);

grant select on weakness to osect_app;
grant select, insert on weakness_work to osect_app;
grant select, insert, update, delete on weakness, weakness_work, weakness_site to osect_ingest;

insert into weakness_work (organization_id, site_id, device_id)
select d.organization_id, d.site_id, d.id from device d;

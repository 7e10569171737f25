-- Incidents: alerts that are steps of one thing somebody did (cloud/alert).

create table incident (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  actor bigint not null,
  stages text[] not null default '{}',
  severity text not null default 'info',
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  created_at timestamptz not null default now(),
  state text not null default 'new',
  reason text,
  assignee_id bigint,
  changed_at timestamptz not null default now(),
  changed_by bigint,
  constraint incident_pk primary key (organization_id, id),
  constraint incident_severity_known check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  constraint incident_state_known check (state in ('new', 'investigating', 'closed')),
  constraint incident_reason_known check (reason in ('planned_work', 'false_positive', 'incident', 'accepted_risk')),
  constraint incident_reason_when_closed check ((state = 'closed') = (reason is not null)),
  constraint incident_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint incident_assignee_fk foreign key (assignee_id) references app_user (id) on delete set null,
  constraint incident_person_fk foreign key (changed_by) references app_user (id) on delete set null
);
comment on column incident.actor is 'who began it: a device, or minus an endpoint that has none';
create index incident_last_seen on incident (organization_id, last_seen, id);

-- Everything that happened to an incident, comments included; never changed.
create table incident_history (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  incident_id bigint not null,
  at timestamptz not null default now(),
  person_id bigint,
  action text not null,
  comment text not null default '',
  detail jsonb not null default '{}',
  constraint incident_history_pk primary key (organization_id, id),
  constraint incident_history_action_known check
    (action in ('opened', 'investigated', 'closed', 'reopened', 'assigned', 'commented')),
  constraint incident_history_incident_fk foreign key (organization_id, incident_id) references incident (organization_id, id)
    on delete cascade,
  constraint incident_history_person_fk foreign key (person_id) references app_user (id) on delete set null
);
create index incident_history_incident on incident_history (organization_id, incident_id, id);

alter table alert add column incident_id bigint,
  add constraint alert_incident_fk foreign key (organization_id, incident_id) references incident (organization_id, id);
create index alert_incident on alert (organization_id, incident_id) where incident_id is not null;
create index alert_site_last on alert (organization_id, site_id, last_seen);

do $$
declare
  tenant text;
begin
  foreach tenant in array array['incident', 'incident_history'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
    -- As 0010 has it for every table with sites.
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
end $$;
grant select, update on incident to osect_app;
grant select, insert on incident_history to osect_app;
grant select, insert, update on incident to osect_ingest;
grant insert on incident_history to osect_ingest;

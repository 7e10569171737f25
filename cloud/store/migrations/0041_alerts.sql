-- Alerts: what detection found, who looks at it, what was decided (cloud/alert).

create table alert (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  rule text not null,
  category text not null,
  join_key text not null,
  severity text not null,
  points jsonb not null,
  client bigint not null,
  server bigint not null,
  detail jsonb not null,
  words text not null,
  count bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  created_at timestamptz not null default now(),
  state text not null default 'new',
  reason text,
  muted_until timestamptz,
  assignee_id bigint,
  changed_at timestamptz not null default now(),
  changed_by bigint,
  constraint alert_pk primary key (organization_id, id),
  constraint alert_severity_known check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  constraint alert_state_known check (state in ('new', 'investigating', 'closed')),
  constraint alert_reason_known check
    (reason in ('learned', 'planned_work', 'false_positive', 'incident', 'accepted_risk', 'muted')),
  constraint alert_reason_when_closed check ((state = 'closed') = (reason is not null)),
  constraint alert_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint alert_assignee_fk foreign key (assignee_id) references app_user (id) on delete set null,
  constraint alert_person_fk foreign key (changed_by) references app_user (id) on delete set null
) with (fillfactor = 80);
comment on column alert.client is 'a device, or minus an endpoint that has none, or 0: nobody';
comment on column alert.words is 'what the search box looks through: names and addresses as they were, and the texts of the rule';
create index alert_last_seen on alert (organization_id, last_seen, id);
create index alert_open on alert (organization_id, site_id, rule, join_key) where state <> 'closed';
create index alert_client on alert (organization_id, client) where state <> 'closed';
create index alert_server on alert (organization_id, server) where state <> 'closed';

-- Which alert takes a finding that comes again.
create table alert_key (
  organization_id bigint not null,
  site_id bigint not null,
  rule text not null,
  key text not null,
  alert_id bigint not null,
  constraint alert_key_pk primary key (organization_id, site_id, rule, key),
  constraint alert_key_alert_fk foreign key (organization_id, alert_id) references alert (organization_id, id) on delete cascade
);
create index alert_key_alert on alert_key (organization_id, alert_id);

-- What an alert rests on, as it was seen.
create table alert_evidence (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  alert_id bigint not null,
  record text not null,
  client bigint not null,
  server bigint not null,
  count bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  detail jsonb not null,
  constraint alert_evidence_pk primary key (organization_id, id),
  constraint alert_evidence_alert_fk foreign key (organization_id, alert_id) references alert (organization_id, id)
    on delete cascade
);
create index alert_evidence_alert on alert_evidence (organization_id, alert_id, id);

-- Everything that happened to an alert, comments included; never changed.
create table alert_history (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  alert_id bigint not null,
  at timestamptz not null default now(),
  person_id bigint,
  action text not null,
  comment text not null default '',
  detail jsonb not null default '{}',
  constraint alert_history_pk primary key (organization_id, id),
  constraint alert_history_action_known check
    (action in ('opened', 'repeated', 'investigated', 'closed', 'reopened', 'learned', 'muted', 'assigned', 'commented', 'undone')),
  constraint alert_history_alert_fk foreign key (organization_id, alert_id) references alert (organization_id, id)
    on delete cascade,
  constraint alert_history_person_fk foreign key (person_id) references app_user (id) on delete set null
);
create index alert_history_alert on alert_history (organization_id, alert_id, id);

-- What was learned from an alert, so that it can be undone.
alter table baseline add column alert_id bigint;
create index baseline_alert on baseline (organization_id, alert_id) where alert_id is not null;

do $$
declare
  tenant text;
begin
  foreach tenant in array array['alert', 'alert_key', 'alert_evidence', 'alert_history'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
    -- As 0010 has it for every table with sites.
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
end $$;

grant select, update on alert to osect_app;
grant select on alert_key, alert_evidence to osect_app;
grant select, insert on alert_history to osect_app;
grant select, insert, update on alert, alert_key, alert_history to osect_ingest;
grant select, insert on alert_evidence to osect_ingest;

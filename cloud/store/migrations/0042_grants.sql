-- Who allowed what, apart from what is known anyway: taking back takes back only that (cloud/alert).

-- An entry of the baseline that is there only for grants goes with the last of them: baseline.alert_id names the first.
create table baseline_grant (
  organization_id bigint not null,
  baseline_id bigint not null,
  alert_id bigint not null,
  site_id bigint not null,
  person_id bigint,
  granted_at timestamptz not null default now(),
  constraint baseline_grant_pk primary key (organization_id, baseline_id, alert_id),
  constraint baseline_grant_baseline_fk foreign key (organization_id, baseline_id) references baseline (organization_id, id)
    on delete cascade,
  constraint baseline_grant_alert_fk foreign key (organization_id, alert_id) references alert (organization_id, id) on delete cascade,
  constraint baseline_grant_person_fk foreign key (person_id) references app_user (id) on delete set null
);
create index baseline_grant_alert on baseline_grant (organization_id, alert_id);
insert into baseline_grant (organization_id, baseline_id, alert_id, site_id, person_id, granted_at)
select b.organization_id, b.id, b.alert_id, b.site_id, b.person_id, b.learned_at from baseline b
join alert a on a.organization_id = b.organization_id and a.id = b.alert_id;
drop index baseline_alert;
comment on column baseline.alert_id is 'the alert that put it here, while nothing else vouches for it';

-- A new device that was accepted learns for some days: which alert said so.
alter table device_learning add column alert_id bigint,
  add constraint device_learning_alert_fk foreign key (organization_id, alert_id) references alert (organization_id, id) on delete cascade;
create index device_learning_alert on device_learning (organization_id, alert_id);

alter table baseline_grant enable row level security;
alter table baseline_grant force row level security;
create policy baseline_grant_tenant on baseline_grant using (organization_id = current_organization());
-- As 0010 has it for every table with sites.
create policy baseline_grant_site on baseline_grant as restrictive to osect_app
  using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]));
grant select, insert, delete on baseline_grant to osect_app;
grant select on baseline_grant to osect_ingest;

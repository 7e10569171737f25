-- Assessment reports: what was asked for, how far it is, and what was made (cloud/report).

create table report (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  language text not null,
  begins_at timestamptz not null,
  ends_at timestamptz not null,
  state text not null default 'waiting',
  failure text not null default '',
  view_model jsonb,
  deck bytea,
  made_by bigint,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint report_pk primary key (organization_id, id),
  constraint report_language_known check (language in ('ja', 'en')),
  constraint report_period_forward check (begins_at < ends_at),
  constraint report_state_known check (state in ('waiting', 'collecting', 'drawing', 'done', 'failed')),
  constraint report_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade
);
comment on column report.view_model is 'what the report says, without a language: the next report of the site is compared with it';
comment on column report.deck is 'the .pptx';
comment on column report.made_by is 'null: made by the command or a schedule';
create index report_of_site on report (organization_id, site_id, ends_at);

do $$
declare
  tenant text;
begin
  foreach tenant in array array['report'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
end $$;
-- The worker looks for what waits in all tenants (query report_list_work names no other column), and works in the scope of one.
create policy report_find on report for select to osect_ingest using (true);

grant select, insert, update, delete on report to osect_app;
grant select (organization_id, id, state, started_at, created_at) on report to osect_ingest;

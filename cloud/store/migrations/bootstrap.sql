-- Run before the migrations by whoever may: the three roles, and the owner's right to create. Harmless to repeat.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['osect_owner', 'osect_app', 'osect_ingest'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I login noinherit nosuperuser nobypassrls nocreatedb nocreaterole', wanted);
    end if;
  end loop;
  execute format('grant create, connect, temporary on database %I to osect_owner', current_database());
  execute format('grant connect, temporary on database %I to osect_ingest', current_database());
  execute format('grant connect on database %I to osect_app', current_database());
  execute format('revoke all on database %I from public', current_database());
end $$;
grant usage, create on schema public to osect_owner;
grant usage on schema public to osect_app, osect_ingest;
revoke create on schema public from public;

set role osect_owner;
create table if not exists schema_migration (
  number integer not null,
  name text not null,
  applied_at timestamptz not null default now(),
  constraint schema_migration_pk primary key (number)
);
grant select on schema_migration to osect_app, osect_ingest;
reset role;

-- For the API: failed sign-ins, search, orders of lists.

-- Failed attempts to sign in, by login (also one that does not exist: it must look alike) and by address.
create table sign_in_attempt (
  key text not null,
  failures integer not null,
  last_at timestamptz not null,
  locked_until timestamptz,
  constraint sign_in_attempt_pk primary key (key)
);
comment on column sign_in_attempt.key is 'login:<login in lower case> or address:<address>';
create index sign_in_attempt_last on sign_in_attempt (last_at);
grant select, insert, update, delete on sign_in_attempt to osect_app;

alter table app_user drop column failed_logins, drop column locked_until;

create index device_last_seen on device (organization_id, last_seen, id);

-- What the search box looks through. A word never contains a line end, so it cannot match across fields.
create function device_text(name text, host_name text, vendor text, model text, ips inet[], macs macaddr[]) returns text
  language sql stable parallel safe
  return lower(name || e'\n' || host_name || e'\n' || vendor || e'\n' || model || e'\n'
    || array_to_string(ips, e'\n') || e'\n' || array_to_string(macs, e'\n'));

-- The two sides of a conversation as the search box sees them; the policies of the asking role apply.
create view endpoint_search with (security_invoker = true) as
  select e.organization_id, e.id,
    lower(coalesce(d.name, '') || e'\n' || coalesce(d.host_name, '') || e'\n' || coalesce(host(e.ip), '') || e'\n'
      || coalesce(e.mac::text, '')) as words
  from endpoint e
  left join device d on d.organization_id = e.organization_id and d.id = e.device_id;
grant select on endpoint_search to osect_app;

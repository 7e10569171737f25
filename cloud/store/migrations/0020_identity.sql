-- Devices known by name: why endpoints are one device, what each attribute rests on, and what people decided about it.

drop index fact_site_attribute;
-- Who else says the same of itself: values are compared in lower case, as far as an index can hold them.
create function identity_value(value text) returns text
  language sql immutable parallel safe
  return lower(left(value, 200));
create index fact_identity on fact (organization_id, site_id, attribute, identity_value(value));

-- Endpoints that share such an address are not related by it: everybody uses it.
create function is_station_ip(ip inet) returns boolean
  language sql immutable parallel safe
  return ip is not null and not (host(ip) in ('0.0.0.0', '::', '255.255.255.255')
    or (family(ip) = 4 and ip <<= inet '224.0.0.0/4') or (family(ip) = 6 and ip <<= inet 'ff00::/8'));
create function is_public_ip(ip inet) returns boolean
  language sql immutable parallel safe
  return is_station_ip(ip) and case when family(ip) = 4
    then not (ip <<= inet '10.0.0.0/8' or ip <<= inet '172.16.0.0/12' or ip <<= inet '192.168.0.0/16' or ip <<= inet '169.254.0.0/16'
      or ip <<= inet '127.0.0.0/8' or ip <<= inet '100.64.0.0/10' or ip <<= inet '0.0.0.0/8' or ip <<= inet '240.0.0.0/4')
    else ip <<= inet '2000::/3' and not ip <<= inet '2001:db8::/32' end;

alter table device
  add column family text not null default '',
  add column hardware text not null default '',
  add column level text not null default '',
  add column role text not null default '',
  add column mac_kind text not null default '',
  add column has_internet boolean not null default false,
  add column attributes jsonb not null default '{}',
  add column conflicts text[] not null default '{}',
  add column links jsonb not null default '[]',
  add constraint device_level_known check (level in ('', '0', '1', '2', '3', '3.5', '4', '5')),
  add constraint device_role_known check (role in ('', 'client', 'server', 'both'));
comment on column device.level is 'an estimate of the level of the Purdue model';
comment on column device.mac_kind is 'vendor, randomised, virtual or shared; empty without a MAC';
comment on column device.has_internet is 'it exchanged something with a public address';
comment on column device.attributes is 'per attribute what its value rests on and what else was said (cloud/inventory/classify.h)';
comment on column device.conflicts is 'attributes about which sources disagree';
comment on column device.links is 'why its endpoints are one device (cloud/inventory/resolve.h)';

-- The search box looks through serial numbers, families and operating systems too.
alter table device drop column words;
drop function device_text(text, text, text, text, inet[], macaddr[]);
create function device_text(texts text[], ips inet[], macs macaddr[]) returns text
  language sql immutable parallel safe
  return lower(array_to_string(texts, e'\n') || e'\n' || array_to_string(ips, e'\n') || e'\n' || array_to_string(macs, e'\n'));
alter table device add column words text not null
  generated always as (device_text(array[name, host_name, vendor, family, model, serial, os], ips, macs)) stored;
comment on column device.words is 'what the search box looks through';

-- What a person said about which endpoints are one device. Endpoints are meant by their addresses, so that those seen later
-- follow; a decision is undone, never deleted.
create table device_decision (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  kind text not null,
  device_id bigint not null,
  other_device_id bigint,
  keys jsonb not null,
  other_keys jsonb not null,
  made_by bigint,
  made_at timestamptz not null default now(),
  undone_by bigint,
  undone_at timestamptz,
  constraint device_decision_pk primary key (organization_id, id),
  constraint device_decision_site_fk foreign key (organization_id, site_id) references site (organization_id, id) on delete cascade,
  constraint device_decision_device_fk foreign key (organization_id, device_id) references device (organization_id, id)
    on delete cascade,
  constraint device_decision_other_fk foreign key (organization_id, other_device_id) references device (organization_id, id)
    on delete cascade,
  constraint device_decision_kind_known check (kind in ('merge', 'split'))
);
comment on column device_decision.keys is 'merge: the device that goes on; split: what was taken out of the device';
comment on column device_decision.other_keys is 'merge: the device that went into it; split: what stayed';
create index device_decision_site on device_decision (organization_id, site_id);
create index device_decision_device on device_decision (organization_id, device_id);

alter table device_decision enable row level security;
alter table device_decision force row level security;
create policy device_decision_tenant on device_decision using (organization_id = current_organization());
create policy device_decision_site on device_decision as restrictive to osect_app
  using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]));
grant select, insert, update on device_decision to osect_app;
grant usage on sequence device_decision_id_seq to osect_app;
grant select on device_decision to osect_ingest;

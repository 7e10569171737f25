-- Endpoints to devices (cloud/inventory). $1 is the organization, $2 the site.

-- name: list_inventory_work
-- In the scope of nobody: which sites have something new.
select w.organization_id, w.site_id from inventory_work w group by w.organization_id, w.site_id

-- name: claim_inventory
-- One node works on a site at a time.
select pg_try_advisory_xact_lock((1868785 << 32) + $1::bigint)

-- name: take_inventory_work
with taken as (
  delete from inventory_work w
  where w.organization_id = $1 and w.site_id = $2
    and w.id in (select v.id from inventory_work v where v.organization_id = $1 and v.site_id = $2 order by v.id limit $3)
  returning w.endpoint_id
)
select distinct endpoint_id from taken

-- name: find_related_endpoints
-- One step from the given endpoints ($3): who has the same MAC, the same address, the same device, or says the same of itself
-- in one of the attributes $4; and who a person's decision names together with them.
with given as materialized (
  select e.id, e.mac, e.ip, e.device_id from endpoint e where e.organization_id = $1 and e.id = any ($3::bigint[])
), named as materialized (
  select k.key ->> 'mac' as mac, k.key ->> 'ip' as ip, n.id as decision
  from device_decision n cross join lateral jsonb_array_elements(n.keys || n.other_keys) as k (key)
  where n.organization_id = $1 and n.site_id = $2
), decided as (
  select distinct n.decision from named n
  join given g on (n.mac is null or n.mac = g.mac::text) and (n.ip is null or n.ip = host(g.ip))
), said as materialized (
  select distinct f.attribute, identity_value(f.value) as value
  from fact f
  where f.organization_id = $1 and f.endpoint_id = any ($3::bigint[]) and f.attribute = any ($4::text[])
), found as (
  select e.id from endpoint e
  where e.organization_id = $1 and e.site_id = $2
    and e.mac in (select g.mac from given g where g.mac & '01:00:00:00:00:00' = '00:00:00:00:00:00')
  union
  select e.id from endpoint e
  where e.organization_id = $1 and e.site_id = $2 and e.ip in (select g.ip from given g where is_station_ip(g.ip))
  union
  select e.id from endpoint e
  where e.organization_id = $1 and e.device_id in (select g.device_id from given g where g.device_id is not null)
  union
  select f.endpoint_id from said s
  join fact f on f.organization_id = $1 and f.site_id = $2 and f.attribute = s.attribute and identity_value(f.value) = s.value
  union
  select e.id from named n join endpoint e on e.organization_id = $1 and e.site_id = $2
    and e.mac = n.mac::macaddr and (n.ip is null or host(e.ip) = n.ip)
  where n.decision in (select d.decision from decided d) and n.mac is not null
  union
  select e.id from named n join endpoint e on e.organization_id = $1 and e.site_id = $2 and e.ip = n.ip::inet
  where n.decision in (select d.decision from decided d) and n.mac is null
)
select f.id from found f where f.id <> all ($5::bigint[])

-- name: read_endpoints
select e.id, e.vlan, e.mac, host(e.ip), e.has_sent, e.device_id, e.first_seen, e.last_seen,
  exists (select from fact f where f.organization_id = $1 and f.endpoint_id = e.id
    and f.attribute in ('ip', 'ip_announced') and f.value = host(e.ip)) as is_claimed,
  exists (select from fact f where f.organization_id = $1 and f.endpoint_id = e.id and f.attribute = 'router')
    as is_router,
  coalesce(d.name_source = 'person' or d.type_source = 'person', false) as is_kept
from endpoint e
left join device d on d.organization_id = $1 and d.id = e.device_id
where e.organization_id = $1 and e.id = any ($2::bigint[])
order by e.id

-- name: read_said
-- What endpoints say of themselves by which they can be told from others.
select f.endpoint_id, f.attribute, identity_value(f.value), f.source, f.confidence from fact f
where f.organization_id = $1 and f.endpoint_id = any ($2::bigint[]) and f.attribute = any ($3::text[])
order by f.endpoint_id, f.attribute, f.id

-- name: read_decisions
select n.id, n.kind, n.undone_at is not null, n.device_id, n.other_device_id, n.keys, n.other_keys from device_decision n
where n.organization_id = $1 and n.site_id = $2
order by n.id

-- name: read_stated_routers
-- Addresses that DHCP names as routers.
select distinct host(e.ip) from fact f
join endpoint e on e.organization_id = f.organization_id and e.id = f.endpoint_id
where f.organization_id = $1 and f.site_id = $2 and f.attribute = 'router' and e.ip is not null

-- name: read_device_facts
select f.endpoint_id, f.attribute, f.value, f.source, f.confidence, f.first_seen, f.last_seen from fact f
where f.organization_id = $1 and f.endpoint_id = any ($2::bigint[]) and f.attribute = any ($3::text[])
order by f.confidence desc, f.last_seen desc, f.id

-- name: read_services
-- Protocols by which endpoints are asked and ask.
select distinct c.server_endpoint_id, true as is_server, c.protocol from conversation c
where c.organization_id = $1 and c.server_endpoint_id = any ($2::bigint[]) and c.protocol <> ''
  and c.transport not in ('igmp', 'icmp', 'icmpv6')
union all
select distinct c.client_endpoint_id, false, c.protocol from conversation c
where c.organization_id = $1 and c.client_endpoint_id = any ($2::bigint[]) and c.protocol <> ''
  and c.transport not in ('igmp', 'icmp', 'icmpv6')

-- name: read_doings
-- Access classes of the operations that endpoints answer and do.
select distinct p.server_endpoint_id, true as is_server, p.access from operation p
where p.organization_id = $1 and p.server_endpoint_id = any ($2::bigint[])
union all
select distinct p.client_endpoint_id, false, p.access from operation p
where p.organization_id = $1 and p.client_endpoint_id = any ($2::bigint[])

-- name: reserve_devices
select nextval('device_id_seq') from generate_series(1, $1::bigint)

-- name: save_devices
-- What a person said stays.
insert into device as d (organization_id, id, site_id, name, name_source, type, type_source, vendor, family, model, firmware,
  hardware, serial, os, host_name, level, role, mac_kind, attributes, conflicts, links, macs, ips, is_router, is_local, is_outside,
  first_seen, last_seen)
overriding system value
select $1::bigint, n.id, $2::bigint, n.name, n.name_source, n.type, n.type_source, n.vendor, n.family, n.model, n.firmware,
  n.hardware, n.serial, n.os, n.host_name, n.level, n.role, n.mac_kind, n.attributes, n.conflicts, n.links, n.macs, n.ips,
  n.is_router, n.is_local, n.is_outside, from_ms(n.first_ms), from_ms(n.last_ms)
from jsonb_to_recordset($3::jsonb) as n (id bigint, name text, name_source text, type text, type_source text,
  vendor text, family text, model text, firmware text, hardware text, serial text, os text, host_name text, level text, role text,
  mac_kind text, attributes jsonb, conflicts text[], links jsonb, macs macaddr[], ips inet[],
  is_router boolean, is_local boolean, is_outside boolean, first_ms bigint, last_ms bigint)
on conflict on constraint device_pk do update
set name = case when d.name_source = 'person' then d.name else excluded.name end,
  name_source = case when d.name_source = 'person' then d.name_source else excluded.name_source end,
  type = case when d.type_source = 'person' then d.type else excluded.type end,
  type_source = case when d.type_source = 'person' then d.type_source else excluded.type_source end,
  vendor = excluded.vendor, family = excluded.family, model = excluded.model, firmware = excluded.firmware,
  hardware = excluded.hardware, serial = excluded.serial, os = excluded.os, host_name = excluded.host_name,
  level = excluded.level, role = excluded.role, mac_kind = excluded.mac_kind, attributes = excluded.attributes,
  conflicts = excluded.conflicts, links = excluded.links, macs = excluded.macs, ips = excluded.ips,
  is_router = excluded.is_router, is_local = excluded.is_local, is_outside = excluded.is_outside,
  first_seen = excluded.first_seen, last_seen = greatest(d.last_seen, excluded.last_seen),
  merged_into = null

-- name: note_internet
-- Of the devices $2 and those they talk to: who has exchanged something with a public address.
with saved as materialized (
  select e.id, e.device_id from endpoint e where e.organization_id = $1 and e.device_id = any ($2::bigint[])
), pairs as (
  select s.device_id as one, e.device_id as other from saved s
  join conversation c on c.organization_id = $1 and c.client_endpoint_id = s.id
  join endpoint e on e.organization_id = $1 and e.id = c.server_endpoint_id
  union
  select s.device_id, e.device_id from saved s
  join conversation c on c.organization_id = $1 and c.server_endpoint_id = s.id
  join endpoint e on e.organization_id = $1 and e.id = c.client_endpoint_id
), contact as (
  select p.one as id from pairs p join device o on o.organization_id = $1 and o.id = p.other and o.is_outside
  union
  select p.other from pairs p join device o on o.organization_id = $1 and o.id = p.one and o.is_outside
)
update device d set has_internet = true
where d.organization_id = $1 and d.id in (select c.id from contact c) and not d.has_internet and not d.is_outside

-- name: assign_endpoints
update endpoint e set device_id = a.device_id
from unnest($2::bigint[], $3::bigint[]) as a (endpoint_id, device_id)
where e.organization_id = $1 and e.id = a.endpoint_id and e.device_id is distinct from a.device_id

-- name: retire_devices
-- A device that lost all its endpoints went into the one that has them now.
update device d set merged_into = a.new_id
from unnest($2::bigint[], $3::bigint[]) as a (old_id, new_id)
where d.organization_id = $1 and d.id = a.old_id
  and not exists (select from endpoint e where e.organization_id = $1 and e.device_id = d.id)

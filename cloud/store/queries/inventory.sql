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

-- name: read_related_endpoints
-- All endpoints of every MAC and every address that the given ones have or share.
with given as (
  select e.mac, e.ip from endpoint e where e.organization_id = $1 and e.id = any ($3::bigint[])
), first as (
  select e.mac, e.ip from endpoint e
  where e.organization_id = $1 and e.site_id = $2 and e.mac in (select g.mac from given g where g.mac is not null)
  union
  select e.mac, e.ip from endpoint e
  where e.organization_id = $1 and e.site_id = $2 and e.ip in (select g.ip from given g where g.ip is not null)
), related as (
  select e.id from endpoint e
  where e.organization_id = $1 and e.site_id = $2 and e.mac in (select f.mac from first f where f.mac is not null)
  union
  select e.id from endpoint e
  where e.organization_id = $1 and e.site_id = $2 and e.ip in (select f.ip from first f where f.ip is not null)
)
select e.id, e.vlan, e.mac, host(e.ip), e.has_sent, e.device_id, e.first_seen, e.last_seen,
  exists (select from fact f where f.organization_id = $1 and f.endpoint_id = e.id
    and f.attribute in ('ip', 'ip_announced') and f.value = host(e.ip)) as is_claimed,
  exists (select from fact f where f.organization_id = $1 and f.endpoint_id = e.id and f.attribute = 'router')
    as is_router,
  coalesce(d.name_source = 'person' or d.type_source = 'person', false) as is_kept
from related r
join endpoint e on e.organization_id = $1 and e.id = r.id
left join device d on d.organization_id = $1 and d.id = e.device_id
order by e.id

-- name: read_stated_routers
-- Addresses that DHCP names as routers.
select distinct host(e.ip) from fact f
join endpoint e on e.organization_id = f.organization_id and e.id = f.endpoint_id
where f.organization_id = $1 and f.site_id = $2 and f.attribute = 'router' and e.ip is not null

-- name: read_device_facts
-- The best first.
select f.endpoint_id, f.attribute, f.value, f.source from fact f
where f.organization_id = $1 and f.endpoint_id = any ($2::bigint[])
  and f.attribute in ('vendor', 'model', 'firmware', 'serial', 'os', 'host_name', 'netbios_name', 'fqdn', 'dns_name', 'service',
    'dhcp_vendor_class', 'product_name', 'product_code',
    'upnp_name', 'device_type')
order by f.confidence desc, f.last_seen desc, f.id

-- name: read_services
select distinct c.server_endpoint_id, c.protocol from conversation c
where c.organization_id = $1 and c.server_endpoint_id = any ($2::bigint[]) and c.protocol <> ''

-- name: reserve_devices
select nextval('device_id_seq') from generate_series(1, $1::bigint)

-- name: save_devices
-- What a person said stays.
insert into device as d (organization_id, id, site_id, name, name_source, type, type_source, vendor, model, firmware,
  serial, os, host_name, macs, ips, is_router, is_local, is_outside, first_seen, last_seen)
overriding system value
select $1::bigint, n.id, $2::bigint, n.name, n.name_source, n.type, n.type_source, n.vendor, n.model, n.firmware,
  n.serial, n.os, n.host_name, n.macs, n.ips, n.is_router, n.is_local, n.is_outside, from_ms(n.first_ms),
  from_ms(n.last_ms)
from jsonb_to_recordset($3::jsonb) as n (id bigint, name text, name_source text, type text, type_source text,
  vendor text, model text, firmware text, serial text, os text, host_name text, macs macaddr[], ips inet[],
  is_router boolean, is_local boolean, is_outside boolean, first_ms bigint, last_ms bigint)
on conflict on constraint device_pk do update
set name = case when d.name_source = 'person' then d.name else excluded.name end,
  name_source = case when d.name_source = 'person' then d.name_source else excluded.name_source end,
  type = case when d.type_source = 'person' then d.type else excluded.type end,
  type_source = case when d.type_source = 'person' then d.type_source else excluded.type_source end,
  vendor = excluded.vendor, model = excluded.model, firmware = excluded.firmware, serial = excluded.serial,
  os = excluded.os, host_name = excluded.host_name, macs = excluded.macs, ips = excluded.ips,
  is_router = excluded.is_router, is_local = excluded.is_local, is_outside = excluded.is_outside,
  first_seen = least(d.first_seen, excluded.first_seen), last_seen = greatest(d.last_seen, excluded.last_seen),
  merged_into = null

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

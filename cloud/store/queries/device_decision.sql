-- What people decide about which endpoints are one device. $1 is the organization.

-- part: decision_keys
--  The addresses by which the device {device} is meant: its MACs; where another device has the MAC too, with the IP; without a
--  MAC of its own (it stands behind a router), its IPs.
(select coalesce(jsonb_agg(k.key), '[]')
 from device named
 cross join lateral (
   select jsonb_build_object('mac', m.mac) as key from unnest(named.macs) as m (mac)
   where not exists (select from device x where x.organization_id = $1 and x.site_id = named.site_id and x.id <> named.id
     and x.merged_into is null and m.mac = any (x.macs))
   union all
   select distinct jsonb_build_object('mac', e.mac, 'ip', host(e.ip)) from endpoint e
   where e.organization_id = $1 and e.device_id = named.id and e.mac = any (named.macs) and e.ip is not null
     and exists (select from device x where x.organization_id = $1 and x.site_id = named.site_id and x.id <> named.id
       and x.merged_into is null and e.mac = any (x.macs))
   union all
   select jsonb_build_object('ip', host(i.ip)) from unnest(named.ips) as i (ip) where named.macs = '{}'
 ) k
 where named.organization_id = $1 and named.id = {device})

-- name: decide_merge
--  $2 the device that goes on  $3 the other  $4 who. No row where they are not two devices of one site.
insert into device_decision (organization_id, site_id, kind, device_id, other_device_id, keys, other_keys, made_by)
select $1::bigint, d.site_id, 'merge', d.id, o.id,
  -- use: decision_keys device=d.id
  ,
  -- use: decision_keys device=o.id
  , $4::bigint
from device d
join device o on o.organization_id = $1 and o.site_id = d.site_id and o.id = $3 and o.id <> d.id and o.merged_into is null
where d.organization_id = $1 and d.id = $2::bigint and d.merged_into is null
returning id

-- name: decide_split
--  $2 the device  $3 its endpoints to take out  $4 who. No row unless some of its endpoints are meant and some are not.
with own as materialized (
  select e.id, e.mac, e.ip, e.id = any ($3::bigint[]) as is_out from endpoint e
  where e.organization_id = $1 and e.device_id = $2::bigint
), keyed as (
  -- A MAC that goes as a whole takes along what it is seen with later.
  select o.is_out, case
    when d.macs = '{}' or o.mac is null or not o.mac = any (d.macs) then jsonb_build_object('ip', host(o.ip))
    when (select count(distinct p.is_out) from own p where p.mac = o.mac) = 1 then jsonb_build_object('mac', o.mac)
    else jsonb_build_object('mac', o.mac, 'ip', host(o.ip)) end as key
  from own o
  join device d on d.organization_id = $1 and d.id = $2::bigint
  where o.ip is not null or (o.mac = any (d.macs) and (select count(distinct p.is_out) from own p where p.mac = o.mac) = 1)
)
insert into device_decision (organization_id, site_id, kind, device_id, keys, other_keys, made_by)
select $1::bigint, d.site_id, 'split', d.id,
  (select jsonb_agg(distinct k.key) from keyed k where k.is_out),
  (select jsonb_agg(distinct k.key) from keyed k where not k.is_out), $4::bigint
from device d
where d.organization_id = $1 and d.id = $2::bigint
  and exists (select from keyed k where k.is_out) and exists (select from keyed k where not k.is_out)
returning id

-- name: undo_decision
--  $2 the decision  $3 who. No row where there is none that holds.
update device_decision n set undone_by = $3::bigint, undone_at = now()
where n.organization_id = $1 and n.id = $2 and n.undone_at is null
returning n.site_id, n.kind, n.device_id, n.other_device_id

-- name: resolve_again
--  Inventory looks again at the endpoints of the devices $2.
insert into inventory_work (organization_id, site_id, endpoint_id)
select e.organization_id, e.site_id, e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($2::bigint[])

-- name: list_decisions
--  Of the device $2, or the one decision $3.
select n.id, n.kind, n.device_id, coalesce(d.name, ''), n.other_device_id, coalesce(o.name, ''),
  array(select concat_ws(' ', k.key ->> 'mac', k.key ->> 'ip')
    from jsonb_array_elements(case n.kind when 'merge' then n.other_keys else n.keys end) as k (key)),
  u.display_name, n.made_at, v.display_name, n.undone_at
from device_decision n
left join device d on d.organization_id = $1 and d.id = n.device_id
left join device o on o.organization_id = $1 and o.id = n.other_device_id
left join app_user u on u.id = n.made_by
left join app_user v on v.id = n.undone_by
where n.organization_id = $1
  and ($2::bigint is null or n.device_id = $2 or n.other_device_id = $2)
  and ($3::bigint is null or n.id = $3)
order by n.id desc
limit 100

-- name: device_why
select d.attributes, d.links from device d where d.organization_id = $1 and d.id = $2

-- name: device_services
with own as materialized (
  select e.id from endpoint e where e.organization_id = $1 and e.device_id = $2
), used as (
  select c.protocol, c.transport, c.port, true as is_server, c.client_endpoint_id as peer from conversation c
  where c.organization_id = $1 and c.server_endpoint_id in (select o.id from own o)
  union all
  select c.protocol, c.transport, c.port, false, c.server_endpoint_id from conversation c
  where c.organization_id = $1 and c.client_endpoint_id in (select o.id from own o)
)
select u.protocol, u.transport, u.port,
  case when bool_and(u.is_server) then 'server' when bool_or(u.is_server) then 'both' else 'client' end as role,
  count(distinct u.peer) as peers
from used u
group by u.protocol, u.transport, u.port
order by count(distinct u.peer) desc, u.protocol, u.port
limit 100

-- name: list_unheard
--  $2 site  $3 sensor  $4 limit. Endpoints that never sent, and belong to no device.
select e.id, e.site_id, s.name, e.sensor_id, n.name, e.vlan, e.mac, e.ip, e.first_seen, e.last_seen, a.ids, a.names
from (
  select e.id, e.site_id, e.sensor_id, e.vlan, e.mac, e.ip, e.first_seen, e.last_seen from endpoint e
  where e.organization_id = $1 and e.device_id is null and not e.has_sent and is_station_ip(e.ip)
    and ($2::bigint is null or e.site_id = $2) and ($3::bigint is null or e.sensor_id = $3)
    -- Who has the address speaks elsewhere: then somebody is there.
    and not exists (select from endpoint x where x.organization_id = $1 and x.site_id = e.site_id and x.ip = e.ip and x.has_sent)
  order by e.last_seen desc, e.id desc
  limit $4::bigint
) e
join site s on s.organization_id = $1 and s.id = e.site_id
join sensor n on n.organization_id = $1 and n.id = e.sensor_id
cross join lateral (
  select coalesce(array_agg(k.id), '{}') as ids, coalesce(array_agg(k.name), '{}') as names from (
    select distinct d.id, d.name from conversation c
    join endpoint f on f.organization_id = $1 and f.id = c.client_endpoint_id
    join device d on d.organization_id = $1 and d.id = f.device_id
    where c.organization_id = $1 and c.server_endpoint_id = e.id
    order by d.id limit 5) k
) a
order by e.last_seen desc, e.id desc

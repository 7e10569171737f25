-- One device: its page's parts.

-- name: device_resolve
with recursive chain as (
  select d.id, d.merged_into, 0 as depth from device d where d.organization_id = $1 and d.id = $2
  union all
  select d.id, d.merged_into, c.depth + 1 from chain c
  join device d on d.organization_id = $1 and d.id = c.merged_into
  where c.depth < 20
)
select c.id from chain c where c.merged_into is null

-- name: device_endpoints
select e.id, e.sensor_id, n.name, e.vlan, e.mac, e.ip, e.has_sent, e.packets, e.bytes, e.first_seen, e.last_seen
from endpoint e
join sensor n on n.organization_id = $1 and n.id = e.sensor_id
where e.organization_id = $1 and e.device_id = $2
order by e.last_seen desc, e.id desc
limit 500

-- name: device_involvement
with own as materialized (
  select e.id from endpoint e where e.organization_id = $1 and e.device_id = $2
), talk as (
  select c.id from conversation c where c.organization_id = $1 and c.client_endpoint_id in (select o.id from own o)
  union
  select c.id from conversation c where c.organization_id = $1 and c.server_endpoint_id in (select o.id from own o)
), work as (
  select p.id from operation p where p.organization_id = $1 and p.client_endpoint_id in (select o.id from own o)
  union
  select p.id from operation p where p.organization_id = $1 and p.server_endpoint_id in (select o.id from own o)
)
select (select count(*) from talk) as conversations, (select count(*) from work) as operations

-- name: device_facts
select f.id, f.attribute, f.value, f.source, f.confidence, f.count, e.ip, e.mac, f.first_seen, f.last_seen
from endpoint e
join fact f on f.organization_id = $1 and f.endpoint_id = e.id
where e.organization_id = $1 and e.device_id = $2
order by f.attribute, f.confidence desc, f.last_seen desc, f.id
limit $3::bigint

-- name: device_peers
with own as materialized (
  select e.id from endpoint e where e.organization_id = $1 and e.device_id = $2
), talk as (
  select c.server_endpoint_id as peer_id, true as is_server, c.protocol, c.transport, c.port, c.packets_up as packets_sent,
    c.packets_down as packets_received, c.bytes_up as bytes_sent, c.bytes_down as bytes_received, c.first_seen, c.last_seen
  from conversation c
  where c.organization_id = $1 and c.client_endpoint_id in (select o.id from own o)
    and ($3::timestamptz is null or c.last_seen >= $3) and ($4::timestamptz is null or c.first_seen < $4)
  union all
  select c.client_endpoint_id, false, c.protocol, c.transport, c.port, c.packets_down, c.packets_up, c.bytes_down, c.bytes_up,
    c.first_seen, c.last_seen
  from conversation c
  where c.organization_id = $1 and c.server_endpoint_id in (select o.id from own o)
    and ($3::timestamptz is null or c.last_seen >= $3) and ($4::timestamptz is null or c.first_seen < $4)
), done as (
  select p.server_endpoint_id as peer_id, true as is_server, p.protocol from operation p
  where p.organization_id = $1 and p.client_endpoint_id in (select o.id from own o)
  union all
  select p.client_endpoint_id, false, p.protocol from operation p
  where p.organization_id = $1 and p.server_endpoint_id in (select o.id from own o)
), done_with as (
  select e.device_id, case when e.device_id is null then e.id end as endpoint_id, w.is_server, w.protocol, count(*) as operations
  from done w
  join endpoint e on e.organization_id = $1 and e.id = w.peer_id
  group by 1, 2, 3, 4
), talk_with as (
  select e.device_id, case when e.device_id is null then e.id end as endpoint_id, (array_agg(e.ip))[1] as ip, (array_agg(e.mac))[1] as mac, t.is_server,
    t.protocol, t.transport, t.port, sum(t.packets_sent)::bigint as packets_sent, sum(t.packets_received)::bigint as packets_received,
    sum(t.bytes_sent)::bigint as bytes_sent, sum(t.bytes_received)::bigint as bytes_received, min(t.first_seen) as first_seen,
    max(t.last_seen) as last_seen
  from talk t
  join endpoint e on e.organization_id = $1 and e.id = t.peer_id
  group by e.device_id, 2, t.is_server, t.protocol, t.transport, t.port
  order by sum(t.bytes_sent) + sum(t.bytes_received) desc
  limit $5::bigint
)
select t.device_id, d.name, t.ip, t.mac, t.is_server, t.protocol, t.transport, t.port, t.packets_sent, t.packets_received, t.bytes_sent,
  t.bytes_received, coalesce(w.operations, 0) as operations, t.first_seen, t.last_seen
from talk_with t
left join device d on d.organization_id = $1 and d.id = t.device_id
left join done_with w on w.device_id is not distinct from t.device_id and w.endpoint_id is not distinct from t.endpoint_id
  and w.is_server = t.is_server and w.protocol = t.protocol
order by t.bytes_sent + t.bytes_received desc, t.device_id

-- name: device_set_by_person
update device
set name = coalesce($3, name), name_source = coalesce($4, name_source), type = coalesce($5, type), type_source = coalesce($6, type_source)
where organization_id = $1 and id = $2
returning site_id

-- name: device_observe_again
insert into inventory_work (organization_id, site_id, endpoint_id)
select e.organization_id, e.site_id, e.id from endpoint e where e.organization_id = $1 and e.device_id = $2

-- The map: pairs of devices whose conversations were active in [$4, $5).

-- name: network_edges
with talk as (
  select ce.device_id as client_id, se.device_id as server_id, c.protocol, c.transport, c.port,
    c.packets_up + c.packets_down as packets, c.bytes_up + c.bytes_down as bytes, c.first_seen, c.last_seen
  from conversation c
  join endpoint ce on ce.organization_id = $1 and ce.id = c.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = c.server_endpoint_id
  where c.organization_id = $1
    and ($2::bigint is null or c.site_id = $2)
    and ($3::bigint is null or c.sensor_id = $3)
    and c.last_seen >= $4 and c.first_seen < $5
    and ce.device_id is not null and se.device_id is not null
), edge as materialized (
  select t.client_id, t.server_id, sum(t.packets)::bigint as packets, sum(t.bytes)::bigint as bytes, count(*) as conversations,
    min(t.first_seen) as first_seen, max(t.last_seen) as last_seen, array_agg(distinct t.protocol) as protocols,
    array_agg(distinct t.transport || '/' || t.port) as ports
  from talk t
  group by t.client_id, t.server_id
), done as (
  select ce.device_id as client_id, se.device_id as server_id, count(*) as operations
  from operation o
  join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
  where o.organization_id = $1
    and ($2::bigint is null or o.site_id = $2)
    and ($3::bigint is null or o.sensor_id = $3)
    and o.last_seen >= $4 and o.first_seen < $5
  group by ce.device_id, se.device_id
)
select e.client_id, e.server_id, e.protocols, e.ports, e.packets, e.bytes, e.conversations, coalesce(w.operations, 0) as operations,
  e.first_seen, e.last_seen
from edge e
left join done w on w.client_id = e.client_id and w.server_id = e.server_id
order by e.bytes desc, e.client_id, e.server_id

-- name: network_nodes
select d.id, d.name, d.type, d.vendor, d.ips[1] as ip, d.is_local, d.is_router, d.is_outside, d.site_id, d.last_seen,
  network(set_masklen(d.ips[1], case family(d.ips[1]) when 4 then 24 else 64 end)) as subnet
from device d
where d.organization_id = $1
  and d.merged_into is null
  and ($2::bigint is null or d.site_id = $2)
  and (d.id = any ($6::bigint[])
    or (d.last_seen >= $4 and d.first_seen < $5
      and ($3::bigint is null or d.id in
        (select e.device_id from endpoint e where e.organization_id = $1 and e.sensor_id = $3))))

-- name: network_device
select d.id, d.name from device d where d.organization_id = $1 and d.id = $2

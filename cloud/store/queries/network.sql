-- The map: what is asked once the edges are known (cloud/api/network.cpp).

-- name: network_operations binary
--  Operations between two endpoints that were active in [$4, $5). $2 site  $3 sensor
select o.client_endpoint_id, o.server_endpoint_id, o.access
from operation o
where o.organization_id = $1
  and ($2::bigint is null or o.site_id = $2)
  and ($3::bigint is null or o.sensor_id = $3)
  and o.last_seen >= $4 and o.first_seen < $5

-- name: network_nodes
--  $2 the devices
select d.id, d.name, d.type, d.vendor, d.ips[1] as ip, d.is_local, d.is_router, d.is_outside, d.site_id, d.last_seen,
  network(set_masklen(d.ips[1], case family(d.ips[1]) when 4 then 24 else 64 end)) as subnet, d.os,
  d.level, d.role, coalesce((array['info', 'low', 'medium', 'high', 'critical'])[g.rank], '') as severity
from device d
left join (
  select o.device, max(array_position(array['info', 'low', 'medium', 'high', 'critical'], o.severity)) as rank
  from (select a.client as device, a.severity from alert a where a.organization_id = $1 and a.state <> 'closed' and a.client > 0
    union all
    select a.server, a.severity from alert a where a.organization_id = $1 and a.state <> 'closed' and a.server > 0) o
  group by o.device
) g on g.device = d.id
where d.organization_id = $1 and d.id = any ($2::bigint[]) and d.merged_into is null

-- name: network_device
select d.id, d.name from device d where d.organization_id = $1 and d.id = $2

-- Traffic for the API. Scope: $1 organization  $2 site  $3 sensor; range [$4, $5).

-- name: traffic_minute_totals
select t.minute, sum(t.bytes_up + t.bytes_down)::bigint as bytes, sum(t.packets_up + t.packets_down)::bigint as packets
from site s
join traffic_minute t on t.organization_id = $1 and t.site_id = s.id and t.minute >= $4 and t.minute < $5
where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)
group by t.minute

-- name: traffic_minute_packed binary
select t.minute, t.packed
from site s
join traffic_minute t on t.organization_id = $1 and t.site_id = s.id and t.minute >= $4 and t.minute < $5
where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)

-- name: traffic_totals
--  $6 step
select date_trunc($6::text, t.hour) as bucket, '' as key, sum(t.bytes)::bigint as bytes, sum(t.packets)::bigint as packets
from site s
join traffic_protocol_hour t on t.organization_id = $1 and t.site_id = s.id and t.hour >= $4 and t.hour < $5
where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)
group by 1

-- name: traffic_by_protocol
--  $6 step  $7 at most so many lines; the rest comes as key null
with volume as materialized (
  select date_trunc($6::text, t.hour) as bucket, t.protocol as key, sum(t.bytes)::bigint as bytes, sum(t.packets)::bigint as packets
  from site s
  join traffic_protocol_hour t on t.organization_id = $1 and t.site_id = s.id and t.hour >= $4 and t.hour < $5
  where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)
  group by 1, t.protocol
), top as (
  select v.key from volume v group by v.key order by sum(v.bytes) desc, v.key limit $7::bigint
)
select v.bucket, t.key, sum(v.bytes)::bigint as bytes, sum(v.packets)::bigint as packets
from volume v
left join top t on t.key = v.key
group by v.bucket, t.key

-- name: traffic_hours binary
select t.hour, t.packed
from site s
join traffic_hour t on t.organization_id = $1 and t.site_id = s.id and t.hour >= $4 and t.hour < $5
where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)

-- name: traffic_days binary
select t.day, t.packed
from site s
join traffic_day t on t.organization_id = $1 and t.site_id = s.id and t.day >= $4 and t.day < $5
where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)

-- name: traffic_devices binary
--  Which device an endpoint belongs to, and whether the sensor $3 saw it in [$4, $5). $2 site
select e.id, e.device_id, coalesce(($3::bigint is null or e.sensor_id = $3) and e.last_seen >= $4::timestamptz and e.first_seen < $5::timestamptz, false)
from endpoint e
where e.organization_id = $1 and ($2::bigint is null or e.site_id = $2) and e.device_id is not null

-- name: traffic_own_endpoints
--  $2 device
select e.id, e.site_id from endpoint e where e.organization_id = $1 and e.device_id = $2

-- name: traffic_subjects
--  Sides and services of conversations that no hour holds yet.
select c.id, c.client_endpoint_id, c.server_endpoint_id, c.transport, c.port, c.protocol
from conversation c
where c.organization_id = $1 and c.id = any ($2::bigint[])

-- name: traffic_arrived
--  The buckets for which a sensor of the scope sent anything. $6 width of a bucket in seconds
select b.start
from generate_series($4::timestamptz, $5::timestamptz - interval '1 microsecond', $6::bigint * interval '1 second') b (start)
where exists (
    select from sensor n
    cross join lateral (
      select from sensor_health h
      where h.organization_id = $1 and h.sensor_id = n.id and h.at >= b.start and h.at < b.start + $6::bigint * interval '1 second'
      limit 1
    ) h
    where n.organization_id = $1 and ($2::bigint is null or n.site_id = $2) and ($3::bigint is null or n.id = $3))

-- name: traffic_sides
--  Devices, and endpoints as minus their id, in few words.
select d.id, d.name, d.ips[1] as ip, d.macs[1] as mac from device d where d.organization_id = $1 and d.id = any ($2::bigint[])
union all
select -e.id, coalesce(host(e.ip), e.mac::text), e.ip, e.mac from endpoint e where e.organization_id = $1 and -e.id = any ($2::bigint[])

-- name: traffic_outside
--  The devices that are not on the site's own segments. $2 site
select d.id from device d
where d.organization_id = $1 and ($2::bigint is null or d.site_id = $2) and (d.is_outside or not d.is_local)

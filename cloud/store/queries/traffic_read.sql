-- Traffic for the API. Scope: $1 organization  $2 site  $3 sensor; range [$4, $5).

-- name: traffic_minute_totals
select t.minute, sum(t.bytes_up + t.bytes_down)::bigint as bytes, sum(t.packets_up + t.packets_down)::bigint as packets
from site s
join traffic_minute t on t.organization_id = $1 and t.site_id = s.id and t.minute >= $4 and t.minute < $5
where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)
group by t.minute

-- name: traffic_minute_packed
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

-- name: traffic_by_device
--  What each device sent. $6 step  $7 at most so many lines; the rest comes as key null
with volume as materialized (
  select t.bucket, e.device_id as key, sum(t.bytes)::bigint as bytes, sum(t.packets)::bigint as packets
  from (
    select h.hour as bucket, h.conversation_id, h.bytes_up, h.bytes_down, h.packets_up, h.packets_down
    from traffic_hour h
    where $6::text = 'hour' and h.organization_id = $1 and h.hour >= $4 and h.hour < $5
    union all
    select y.day, y.conversation_id, y.bytes_up, y.bytes_down, y.packets_up, y.packets_down
    from traffic_day y
    where $6::text = 'day' and y.organization_id = $1 and y.day >= $4 and y.day < $5
  ) r
  join conversation c on c.organization_id = $1 and c.id = r.conversation_id
  cross join lateral (
    values (r.bucket, c.client_endpoint_id, r.bytes_up, r.packets_up), (r.bucket, c.server_endpoint_id, r.bytes_down, r.packets_down)
  ) t (bucket, endpoint_id, bytes, packets)
  join endpoint e on e.organization_id = $1 and e.id = t.endpoint_id
  where ($2::bigint is null or c.site_id = $2) and ($3::bigint is null or c.sensor_id = $3)
  group by t.bucket, e.device_id
), top as (
  select v.key from volume v where v.key is not null group by v.key order by sum(v.bytes) desc, v.key limit $7::bigint
)
select v.bucket, t.key, sum(v.bytes)::bigint as bytes, sum(v.packets)::bigint as packets
from volume v
left join top t on t.key = v.key
group by v.bucket, t.key

-- name: traffic_of_device
--  $2 device  $3 step  [$4, $5)
with own as materialized (
  select e.id from endpoint e where e.organization_id = $1 and e.device_id = $2
), talk as materialized (
  select c.id, c.site_id, c.client_endpoint_id in (select o.id from own o) as is_client,
    c.server_endpoint_id in (select o.id from own o) as is_server
  from conversation c
  where c.organization_id = $1
    and c.last_seen >= $4
    and c.id in (
      select a.id from conversation a where a.organization_id = $1 and a.client_endpoint_id in (select o.id from own o)
      union all
      select b.id from conversation b where b.organization_id = $1 and b.server_endpoint_id in (select o.id from own o))
)
select t.bucket,
  sum(case when k.is_client then t.bytes_up else 0 end + case when k.is_server then t.bytes_down else 0 end)::bigint as bytes_sent,
  sum(case when k.is_client then t.packets_up else 0 end + case when k.is_server then t.packets_down else 0 end)::bigint as packets_sent,
  sum(case when k.is_client then t.bytes_down else 0 end + case when k.is_server then t.bytes_up else 0 end)::bigint as bytes_received,
  sum(case when k.is_client then t.packets_down else 0 end + case when k.is_server then t.packets_up else 0 end)::bigint
    as packets_received
from talk k
join (
  select h.hour as bucket, h.site_id, h.conversation_id, h.bytes_up, h.bytes_down, h.packets_up, h.packets_down
  from traffic_hour h
  where $3::text = 'hour' and h.organization_id = $1 and h.hour >= $4 and h.hour < $5
  union all
  select y.day, y.site_id, y.conversation_id, y.bytes_up, y.bytes_down, y.packets_up, y.packets_down
  from traffic_day y
  where $3::text = 'day' and y.organization_id = $1 and y.day >= $4 and y.day < $5
) t on t.site_id = k.site_id and t.conversation_id = k.id
group by t.bucket

-- name: traffic_sides_of_device
select c.id, c.client_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = $2) as is_client,
  c.server_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = $2) as is_server
from conversation c
where c.organization_id = $1 and c.id in (
  select a.id from conversation a join endpoint e on e.organization_id = $1 and e.id = a.client_endpoint_id
  where a.organization_id = $1 and e.device_id = $2
  union all
  select b.id from conversation b join endpoint e on e.organization_id = $1 and e.id = b.server_endpoint_id
  where b.organization_id = $1 and e.device_id = $2)

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

-- name: traffic_volumes
--  Volumes of conversations with what is needed to rank them. $6 step ('given' - the arrays)  $7-$11 conversation, packets up and
--  down, bytes up and down. A side that is not resolved to a device yet is minus its endpoint.
with volume as (
  select g.id, g.packets_up, g.packets_down, g.bytes_up, g.bytes_down
  from unnest($7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[]) g (id, packets_up, packets_down, bytes_up, bytes_down)
  where $6::text = 'given'
  union all
  select h.conversation_id, sum(h.packets_up)::bigint, sum(h.packets_down)::bigint, sum(h.bytes_up)::bigint, sum(h.bytes_down)::bigint
  from traffic_hour h
  where $6::text = 'hour' and h.organization_id = $1 and h.hour >= $4 and h.hour < $5 and ($2::bigint is null or h.site_id = $2)
  group by h.conversation_id
  union all
  select y.conversation_id, sum(y.packets_up)::bigint, sum(y.packets_down)::bigint, sum(y.bytes_up)::bigint, sum(y.bytes_down)::bigint
  from traffic_day y
  where $6::text = 'day' and y.organization_id = $1 and y.day >= $4 and y.day < $5 and ($2::bigint is null or y.site_id = $2)
  group by y.conversation_id
)
select coalesce(ce.device_id, -ce.id) as client, coalesce(se.device_id, -se.id) as server, c.transport, c.port, c.protocol,
  sum(v.packets_up)::bigint as packets_up, sum(v.packets_down)::bigint as packets_down, sum(v.bytes_up)::bigint as bytes_up,
  sum(v.bytes_down)::bigint as bytes_down, count(*) as conversations
from volume v
join conversation c on c.organization_id = $1 and c.id = v.id
join endpoint ce on ce.organization_id = $1 and ce.id = c.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = c.server_endpoint_id
where ($3::bigint is null or c.sensor_id = $3)
group by 1, 2, c.transport, c.port, c.protocol

-- name: traffic_keys
--  Protocol and sides of conversations, to draw minutes.
select c.id, c.protocol, coalesce(ce.device_id, -ce.id) as client, coalesce(se.device_id, -se.id) as server
from conversation c
join endpoint ce on ce.organization_id = $1 and ce.id = c.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = c.server_endpoint_id
where c.organization_id = $1 and c.id = any ($2::bigint[])

-- name: traffic_sides
--  Devices, and endpoints as minus their id, in few words.
select d.id, d.name, d.ips[1] as ip, d.macs[1] as mac from device d where d.organization_id = $1 and d.id = any ($2::bigint[])
union all
select -e.id, coalesce(host(e.ip), e.mac::text), e.ip, e.mac from endpoint e where e.organization_id = $1 and -e.id = any ($2::bigint[])

-- name: traffic_outside
--  Which of these devices and endpoints are not on the site's own segments.
select d.id from device d where d.organization_id = $1 and d.id = any ($2::bigint[]) and (d.is_outside or not d.is_local)

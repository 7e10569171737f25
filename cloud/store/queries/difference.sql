-- Two periods compared: what is asked once it is known what differs (cloud/api/difference.cpp).

-- name: difference_devices binary
--  When each of the devices $2 was seen first.
select d.id, d.first_seen from device d where d.organization_id = $1 and d.id = any ($2::bigint[])

-- name: difference_operations
--  What the operations $2 are.
select o.id, coalesce(ce.device_id, -ce.id) as client, coalesce(se.device_id, -se.id) as server, o.protocol, o.function, o.code, o.access, o.target, o.first_seen
from operation o
join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
where o.organization_id = $1 and o.id = any ($2::bigint[])

-- name: difference_facts
--  Values that a device showed for the first time in [$6, $7), or for the last time in [$4, $5). $2 site  $3 sensor
with near as (
  select e.device_id, f.attribute, f.value, f.first_seen, f.last_seen
  from fact f
  join endpoint e on e.organization_id = $1 and e.id = f.endpoint_id
  where f.organization_id = $1
    and ($2::bigint is null or f.site_id = $2)
    and ($3::bigint is null or e.sensor_id = $3)
    and e.device_id is not null
    and ((f.first_seen >= $6::timestamptz and f.first_seen < $7::timestamptz)
      or (f.last_seen >= $4::timestamptz and f.last_seen < least($5::timestamptz, $6::timestamptz)))
), whole as (
  select n.device_id, n.attribute, n.value, w.first_seen, w.last_seen
  from (select distinct n.device_id, n.attribute, n.value from near n) n
  cross join lateral (
    select min(f.first_seen) as first_seen, max(f.last_seen) as last_seen
    from endpoint e
    join fact f on f.organization_id = $1 and f.endpoint_id = e.id and f.attribute = n.attribute and f.value = n.value
    where e.organization_id = $1 and e.device_id = n.device_id
  ) w
)
select w.device_id, w.attribute, w.value, w.first_seen >= $6::timestamptz as is_new, w.first_seen
from whole w
where w.first_seen >= $6::timestamptz or w.last_seen < $6::timestamptz

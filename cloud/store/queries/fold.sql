-- Packed minutes into totals and hours (cloud/ingest/fold.h). $1 is the organization, $2 the site or the sensor.

-- name: list_unfolded
-- In the scope of nobody: who has something to fold.
select st.organization_id, s.site_id, st.sensor_id
from sensor_stream st
join sensor_fold f on f.organization_id = st.organization_id and f.sensor_id = st.sensor_id
join sensor s on s.organization_id = st.organization_id and s.id = st.sensor_id
where f.folded_sequence < st.committed_sequence

-- name: claim_fold
-- One node folds a sensor at a time; the others pass by.
select folded_sequence from sensor_fold where organization_id = $1 and sensor_id = $2 for update skip locked

-- name: read_minutes binary
select m.sequence, m.packed from traffic_minute m
where m.organization_id = $1 and m.sensor_id = $2 and m.sequence > $3
order by m.sequence
limit $4

-- name: read_committed
select committed_sequence from sensor_stream where organization_id = $1 and sensor_id = $2

-- name: finish_fold
update sensor_fold set folded_sequence = $3 where organization_id = $1 and sensor_id = $2

-- name: fold_conversations
update conversation c
set packets_up = c.packets_up + d.packets_up, packets_down = c.packets_down + d.packets_down,
  bytes_up = c.bytes_up + d.bytes_up, bytes_down = c.bytes_down + d.bytes_down, flows = c.flows + d.flows,
  first_seen = least(c.first_seen, from_ms(d.first_ms)), last_seen = greatest(c.last_seen, from_ms(d.last_ms))
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
  $9::bigint[]) as d (id, packets_up, packets_down, bytes_up, bytes_down, flows, first_ms, last_ms)
where c.organization_id = $1 and c.id = d.id

-- name: fold_endpoints
with folded as (
  update endpoint e
  set packets = e.packets + d.packets, bytes = e.bytes + d.bytes,
    first_seen = least(e.first_seen, from_ms(d.first_ms)), last_seen = greatest(e.last_seen, from_ms(d.last_ms))
  from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    as d (id, packets, bytes, first_ms, last_ms)
  where e.organization_id = $1 and e.id = d.id
  returning e.device_id, e.last_seen
), by_device as (
  select f.device_id, max(f.last_seen) as last_seen from folded f where f.device_id is not null group by f.device_id
)
update device v set last_seen = greatest(v.last_seen, b.last_seen)
from by_device b
where v.organization_id = $1 and v.id = b.device_id

-- name: fold_operations
-- Cycle and jitter are those of the last batch that had them.
update operation o
set count = o.count + d.count, errors = o.errors + d.errors,
  cycle_us = case when d.cycle_us > 0 then d.cycle_us else o.cycle_us end,
  jitter_us = case when d.cycle_us > 0 then d.jitter_us else o.jitter_us end,
  first_seen = least(o.first_seen, from_ms(d.first_ms)), last_seen = greatest(o.last_seen, from_ms(d.last_ms))
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
  as d (id, count, errors, cycle_us, jitter_us, first_ms, last_ms)
where o.organization_id = $1 and o.id = d.id

-- name: read_subjects
-- The sides and services of conversations.
select c.id, c.client_endpoint_id, c.server_endpoint_id, c.transport, c.port, c.protocol
from conversation c
where c.organization_id = $1 and c.id = any ($2::bigint[])

-- name: read_hour binary
select h.packed from traffic_hour h
where h.organization_id = $1 and h.site_id = $2 and h.sensor_id = $3 and h.hour = from_ms($4)

-- name: write_hour
insert into traffic_hour (organization_id, site_id, sensor_id, hour, packed) values ($1, $2, $3, from_ms($4), $5)
on conflict (organization_id, site_id, hour, sensor_id) do update set packed = excluded.packed

-- name: read_day binary
select y.packed from traffic_day y
where y.organization_id = $1 and y.site_id = $2 and y.sensor_id = $3 and y.day = from_ms($4)

-- name: write_day
insert into traffic_day (organization_id, site_id, sensor_id, day, packed) values ($1, $2, $3, from_ms($4), $5)
on conflict (organization_id, site_id, day, sensor_id) do update set packed = excluded.packed

-- name: fold_protocol_hours
insert into traffic_protocol_hour as t (organization_id, site_id, sensor_id, hour, protocol, packets, bytes)
select $1::bigint, $2::bigint, $3::bigint, from_ms(d.hour_ms), d.protocol, d.packets, d.bytes
from unnest($4::bigint[], $5::text[], $6::bigint[], $7::bigint[]) as d (hour_ms, protocol, packets, bytes)
on conflict (organization_id, site_id, hour, sensor_id, protocol) do update
set packets = t.packets + excluded.packets, bytes = t.bytes + excluded.bytes

-- name: read_operation_hour binary
select h.packed from operation_hour h
where h.organization_id = $1 and h.site_id = $2 and h.sensor_id = $3 and h.hour = from_ms($4)

-- name: write_operation_hour
insert into operation_hour (organization_id, site_id, sensor_id, hour, packed) values ($1, $2, $3, from_ms($4), $5)
on conflict (organization_id, site_id, hour, sensor_id) do update set packed = excluded.packed

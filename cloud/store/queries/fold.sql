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

-- name: read_minutes
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

-- name: fold_hours
insert into traffic_hour as h (organization_id, site_id, hour, conversation_id, packets_up, packets_down, bytes_up,
  bytes_down, flows)
select $1::bigint, $2::bigint, from_ms(d.hour_ms), d.conversation_id, d.packets_up, d.packets_down, d.bytes_up,
  d.bytes_down, d.flows
from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
  as d (hour_ms, conversation_id, packets_up, packets_down, bytes_up, bytes_down, flows)
on conflict (organization_id, site_id, hour, conversation_id) do update
set packets_up = h.packets_up + excluded.packets_up, packets_down = h.packets_down + excluded.packets_down,
  bytes_up = h.bytes_up + excluded.bytes_up, bytes_down = h.bytes_down + excluded.bytes_down,
  flows = h.flows + excluded.flows

-- name: fold_protocol_hours
insert into traffic_protocol_hour as t (organization_id, site_id, sensor_id, hour, protocol, packets, bytes)
select $1::bigint, $2::bigint, c.sensor_id, from_ms(d.hour_ms), c.protocol, sum(d.packets_up + d.packets_down), sum(d.bytes_up + d.bytes_down)
from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
  as d (hour_ms, conversation_id, packets_up, packets_down, bytes_up, bytes_down)
join conversation c on c.organization_id = $1 and c.id = d.conversation_id
group by c.sensor_id, d.hour_ms, c.protocol
on conflict (organization_id, site_id, hour, sensor_id, protocol) do update
set packets = t.packets + excluded.packets, bytes = t.bytes + excluded.bytes

-- name: fold_operation_hours
insert into operation_hour as h (organization_id, site_id, hour, operation_id, count, errors)
select $1::bigint, $2::bigint, from_ms(d.hour_ms), d.operation_id, d.count, d.errors
from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) as d (hour_ms, operation_id, count, errors)
on conflict (organization_id, site_id, hour, operation_id) do update
set count = h.count + excluded.count, errors = h.errors + excluded.errors

-- name: fold_days
insert into traffic_day as y (organization_id, site_id, day, conversation_id, packets_up, packets_down, bytes_up,
  bytes_down, flows)
select $1::bigint, $2::bigint, from_ms(d.day_ms), d.conversation_id, d.packets_up, d.packets_down, d.bytes_up,
  d.bytes_down, d.flows
from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
  as d (day_ms, conversation_id, packets_up, packets_down, bytes_up, bytes_down, flows)
on conflict (organization_id, site_id, day, conversation_id) do update
set packets_up = y.packets_up + excluded.packets_up, packets_down = y.packets_down + excluded.packets_down,
  bytes_up = y.bytes_up + excluded.bytes_up, bytes_down = y.bytes_down + excluded.bytes_down,
  flows = y.flows + excluded.flows

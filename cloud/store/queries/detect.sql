-- What is new at a site and what is normal there (cloud/detect). $1 is the organization, $2 the site.

-- name: list_detection_sites
-- In the scope of nobody: sites whose sensors said something since they were looked at, or that were not looked at for a minute.
select distinct s.organization_id, s.site_id
from sensor s
left join sensor_stream t on t.organization_id = s.organization_id and t.sensor_id = s.id
left join site_learning l on l.organization_id = s.organization_id and l.site_id = s.site_id
where s.state = 'active'
  and (l.looked_at is null or t.last_batch_at >= l.looked_at or l.looked_at < now() - interval '1 minute')

-- name: start_learning
insert into site_learning (organization_id, site_id) values ($1, $2) on conflict do nothing

-- name: claim_learning
-- One node judges a site at a time; the others pass by.
select l.state, l.looked_at < now() - interval '1 minute' as is_due
from site_learning l
where l.organization_id = $1 and l.site_id = $2
for update skip locked

-- name: note_looked
--  Two weeks hold every shift and every weekday twice: what has not been seen by then is worth a question.
update site_learning
set looked_at = now(),
  changed_at = case when state = 'learning' and begun_at < now() - interval '14 days' then now() else changed_at end,
  state = case when state = 'learning' and begun_at < now() - interval '14 days' then 'review' else state end
where organization_id = $1 and site_id = $2

-- part: judged_side
--  A device, or minus the endpoint that has none.
coalesce({endpoint}.device_id, -{endpoint}.id)

-- part: judged_sides
--  Both sides of a row of which the endpoints are known.
coalesce(ce.device_id, -ce.id) as client, coalesce(se.device_id, -se.id) as server,
  coalesce(cd.type, 'unknown') as client_type, coalesce(sd.type, 'unknown') as server_type,
  coalesce(cd.is_outside, false) as client_is_outside, coalesce(sd.is_outside, false) as server_is_outside,
  ce.device_id is not null as client_is_device, se.device_id is not null as server_is_device

-- part: judged_joins
join endpoint ce on ce.organization_id = $1 and ce.id = {row}.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = {row}.server_endpoint_id
left join device cd on cd.organization_id = $1 and cd.id = ce.device_id
left join device sd on sd.organization_id = $1 and sd.id = se.device_id

-- part: judged_known
--  Endpoints that inventory has not looked at yet wait.
  and {row}.client_endpoint_id not in (select w.endpoint_id from inventory_work w where w.organization_id = $1 and w.site_id = $2)
  and {row}.server_endpoint_id not in (select w.endpoint_id from inventory_work w where w.organization_id = $1 and w.site_id = $2)

-- name: judge_devices
with taken as (
  select d.id from device d
  where d.organization_id = $1 and d.site_id = $2 and not d.is_judged
  limit $3
  for no key update skip locked
)
update device d set is_judged = true from taken t
where d.organization_id = $1 and d.id = t.id
returning d.id, d.first_seen, d.last_seen, d.type, d.vendor, d.is_outside, d.is_local, d.is_router, d.merged_into is not null as is_merged,
  exists (select from unnest(d.macs) m where get_byte(decode(left(m::text, 2), 'hex'), 0) & 2 = 2) as is_made_up_mac

-- name: judge_conversations
with taken as (
  select c.id from conversation c
  where c.organization_id = $1 and c.site_id = $2 and not c.is_judged
  -- use: judged_known row=c
  limit $3
  for no key update skip locked
), judged as (
  update conversation c set is_judged = true from taken t
  where c.organization_id = $1 and c.id = t.id
  returning c.id, c.client_endpoint_id, c.server_endpoint_id, c.transport, c.port, c.protocol, c.first_seen, c.last_seen
)
select j.first_seen, j.last_seen, j.transport, j.port, j.protocol,
  -- use: judged_sides
from judged j
-- use: judged_joins row=j
order by j.first_seen, j.id

-- name: judge_operations
with taken as (
  select o.id from operation o
  where o.organization_id = $1 and o.site_id = $2 and not o.is_judged
  -- use: judged_known row=o
  limit $3
  for no key update skip locked
), judged as (
  update operation o set is_judged = true from taken t
  where o.organization_id = $1 and o.id = t.id
  returning o.id, o.client_endpoint_id, o.server_endpoint_id, o.protocol, o.function, o.code, o.access, o.target, o.first_seen, o.last_seen
)
select j.first_seen, j.last_seen, j.protocol, j.function, j.code, j.access, j.target,
  -- use: judged_sides
from judged j
-- use: judged_joins row=j
order by j.first_seen, j.id

-- name: judge_facts
--  $4 the attributes that rules speak of
with taken as (
  select f.id from fact f
  where f.organization_id = $1 and f.site_id = $2 and not f.is_judged and f.attribute = any ($4::text[])
    and f.endpoint_id not in (select w.endpoint_id from inventory_work w where w.organization_id = $1 and w.site_id = $2)
  limit $3
  for no key update skip locked
), judged as (
  update fact f set is_judged = true from taken t
  where f.organization_id = $1 and f.id = t.id
  returning f.id, f.endpoint_id, f.attribute, f.value, f.source, f.first_seen, f.last_seen
)
select j.first_seen, j.last_seen,
  -- use: judged_side endpoint=e
  as client,
  j.attribute, j.value, j.source, coalesce(d.type, 'unknown') as type, coalesce(d.is_outside, false) as is_outside, e.mac,
  other.mac as other_mac, other.side as other, extract(epoch from (j.first_seen - other.last_seen))::bigint as other_silent_s
from judged j
join endpoint e on e.organization_id = $1 and e.id = j.endpoint_id
left join device d on d.organization_id = $1 and d.id = e.device_id
left join lateral (
  -- Who else said of a claimed address that it is its own: the one heard last.
  select o.mac,
    -- use: judged_side endpoint=o
    as side,
    greatest(o.last_seen, c.last_seen) as last_seen
  from endpoint o
  join fact c on c.organization_id = $1 and c.endpoint_id = o.id and c.attribute = 'ip' and c.value = host(o.ip)
  where j.attribute = 'ip' and o.organization_id = $1 and o.site_id = $2 and o.ip = e.ip and o.vlan = e.vlan and o.mac <> e.mac
    and o.device_id is distinct from e.device_id
  order by greatest(o.last_seen, c.last_seen) desc
  limit 1
) other on true
order by j.first_seen, j.id

-- name: judge_events
with taken as (
  select v.id from event v
  where v.organization_id = $1 and v.site_id = $2 and not v.is_judged
    and (v.endpoint_id is null or v.endpoint_id not in (select w.endpoint_id from inventory_work w where w.organization_id = $1 and w.site_id = $2))
  limit $3
  for no key update skip locked
), judged as (
  update event v set is_judged = true from taken t
  where v.organization_id = $1 and v.id = t.id
  returning v.id, v.sensor_id, v.endpoint_id, v.kind, v.detail, v.count, v.first_seen, v.last_seen
)
select j.first_seen, j.last_seen, coalesce(e.device_id, -e.id, 0) as client, j.kind, j.detail, j.count,
  coalesce((select coalesce(o.device_id, -o.id) from endpoint o
    where o.organization_id = $1 and o.site_id = $2 and host(o.ip) = j.detail ->> 'server' order by o.device_id nulls last limit 1), 0) as server,
  n.name as sensor
from judged j
join sensor n on n.organization_id = $1 and n.id = j.sensor_id
left join endpoint e on e.organization_id = $1 and e.id = j.endpoint_id
order by j.first_seen, j.id

-- name: read_unjudged_minutes binary
--  Packed minutes of the site's sensors that have not been judged, oldest first.
select m.sensor_id, m.sequence, m.packed
from sensor s
left join sensor_judged j on j.organization_id = $1 and j.sensor_id = s.id
join traffic_minute m on m.organization_id = $1 and m.sensor_id = s.id and m.sequence > coalesce(j.sequence, 0)
where s.organization_id = $1 and s.site_id = $2
order by m.sensor_id, m.sequence
limit $3::bigint

-- name: note_judged_minutes
--  $2 sensors  $3 sequences
insert into sensor_judged (organization_id, sensor_id, sequence)
select $1::bigint, n.sensor_id, n.sequence from unnest($2::bigint[], $3::bigint[]) as n (sensor_id, sequence)
on conflict on constraint sensor_judged_pk do update set sequence = excluded.sequence

-- name: read_decisive_operations
--  $3 the operations that minutes tell of
select o.id, o.protocol, o.function, o.code, o.access, o.target,
  -- use: judged_sides
from operation o
-- use: judged_joins row=o
where o.organization_id = $1 and o.site_id = $2 and o.id = any ($3::bigint[])
  and o.access in ('control', 'program', 'config', 'time')

-- name: read_pairs_of_operations
select o.id, o.protocol,
  -- use: judged_sides
from operation o
-- use: judged_joins row=o
where o.organization_id = $1 and o.site_id = $2 and o.id = any ($3::bigint[])

-- name: read_recent_conversations
--  What the sides $3 began since $4.
select c.first_seen, c.last_seen, c.transport, c.port, c.protocol,
  -- use: judged_sides
from conversation c
-- use: judged_joins row=c
where c.organization_id = $1 and c.site_id = $2 and c.client_endpoint_id in
    (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($3::bigint[])
      union all select -n from unnest($3::bigint[]) n where n < 0)
  and c.first_seen >= from_ms($4) and c.is_judged

-- name: read_recent_operations
select o.first_seen, o.last_seen, o.protocol, o.function, o.code, o.access, o.target,
  -- use: judged_sides
from operation o
-- use: judged_joins row=o
where o.organization_id = $1 and o.site_id = $2 and o.client_endpoint_id in
    (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($3::bigint[])
      union all select -n from unnest($3::bigint[]) n where n < 0)
  and o.first_seen >= from_ms($4) and o.is_judged

-- name: read_baseline
--  What is known of the sides $3; a device that went into another is the other.
with sides as (
  select n as side, n as is_now from unnest($3::bigint[]) n
  union
  select d.id, d.merged_into from device d where d.organization_id = $1 and d.merged_into = any ($3::bigint[])
), found as (
  select b.id from baseline b where b.organization_id = $1 and b.site_id = $2 and b.client in (select s.side from sides s)
  union
  select b.id from baseline b where b.organization_id = $1 and b.site_id = $2 and b.server in (select s.side from sides s)
)
select b.record, coalesce(c.is_now, b.client) as client, coalesce(s.is_now, b.server) as server, b.transport, b.port, b.protocol,
  b.function, b.access, b.target, b.attribute, b.value, b.source <> 'learned' or g.baseline_id is not null as is_approved
from found f
join baseline b on b.organization_id = $1 and b.id = f.id
left join sides c on c.side = b.client
left join sides s on s.side = b.server
left join lateral (select n.baseline_id from baseline_grant n where n.organization_id = $1 and n.baseline_id = b.id limit 1) g on true
where b.expires_at is null or b.expires_at > now() or g.baseline_id is not null

-- name: read_learning_devices
select l.device_id from device_learning l
where l.organization_id = $1 and l.site_id = $2 and l.learns_until > now() and l.device_id = any ($3::bigint[])

-- name: learn
--  $3 the entries; what was there for a grant only is known by itself now
insert into baseline as b (organization_id, site_id, record, client, server, transport, port, protocol, function, access, target,
  attribute, value, first_seen, last_seen)
select distinct on (n.record, n.client, n.server, n.transport, n.port, n.protocol, n.function, n.access, n.target, n.attribute, n.value)
  $1::bigint, $2::bigint, n.record, n.client, n.server, n.transport, n.port, n.protocol, n.function, n.access, n.target, n.attribute,
  n.value, from_ms(n.first_ms), from_ms(n.last_ms)
from jsonb_to_recordset($3::jsonb) as n (record text, client bigint, server bigint, transport text, port integer, protocol text,
  function text, access text, target text, attribute text, value text, first_ms bigint, last_ms bigint)
on conflict on constraint baseline_key do update
set last_seen = greatest(b.last_seen, excluded.last_seen), source = case when b.alert_id is null then b.source else 'learned' end,
  person_id = case when b.alert_id is null then b.person_id end, alert_id = null

-- name: learn_cycles
--  The longest cycle of each operation while the site learns.
with cycle as (
  select
    -- use: judged_side endpoint=ce
    as client,
    -- use: judged_side endpoint=se
    as server,
    o.protocol, o.function, o.access, o.target, max(o.cycle_us) as cycle_us
  from operation o
  join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
  where o.organization_id = $1 and o.site_id = $2 and o.cycle_us > 0
  group by 1, 2, 3, 4, 5, 6
)
update baseline b set cycle_us = c.cycle_us
from cycle c
where b.organization_id = $1 and b.site_id = $2 and b.record = 'operation' and b.client = c.client and b.server = c.server
  and b.protocol = c.protocol and b.function = c.function and b.access = c.access and b.target = c.target and b.cycle_us < c.cycle_us

-- name: read_cycles
--  Cyclic operations with what they usually are and for how long their sensor has heard others but not them.
select o.first_seen, o.last_seen, o.protocol, o.function, o.access, o.target, o.cycle_us / 1000 as cycle_ms, b.cycle_us / 1000 as usual_ms,
  extract(epoch from (heard.last_seen - o.last_seen))::bigint as silent_s,
  -- use: judged_sides
from operation o
-- use: judged_joins row=o
join baseline b on b.organization_id = $1 and b.site_id = $2 and b.record = 'operation'
  and b.client = coalesce(ce.device_id, -ce.id) and b.server = coalesce(se.device_id, -se.id) and b.protocol = o.protocol
  and b.function = o.function and b.access = o.access and b.target = o.target and b.cycle_us > 0
join lateral (
  -- A sensor whose counters are behind says nothing about silence.
  select m.minute + interval '1 minute' as last_seen
  from sensor_stream t
  join sensor_fold f on f.organization_id = $1 and f.sensor_id = t.sensor_id and f.folded_sequence = t.committed_sequence
  join traffic_minute m on m.organization_id = $1 and m.site_id = $2 and m.sensor_id = t.sensor_id and m.minute >= now() - interval '10 minutes'
  where t.organization_id = $1 and t.sensor_id = o.sensor_id
  order by m.minute desc
  limit 1
) heard on true
where o.organization_id = $1 and o.site_id = $2 and o.cycle_us > 0 and o.last_seen > now() - interval '2 days'
  and (o.last_seen < heard.last_seen - interval '1 minute' or o.cycle_us > b.cycle_us * 3 / 2)
limit $3::bigint

-- name: read_quiet_devices
--  Known devices of the site that others could be heard beside for at least $3 seconds, but not they.
select d.id, d.type, d.first_seen, d.last_seen, extract(epoch from (heard.last_seen - d.last_seen))::bigint as silent_s,
  extract(day from (d.last_seen - d.first_seen))::bigint as known_days
from (
  select max(m.minute) + interval '1 minute' as last_seen
  from sensor s
  join sensor_stream t on t.organization_id = $1 and t.sensor_id = s.id
  join sensor_fold f on f.organization_id = $1 and f.sensor_id = s.id and f.folded_sequence = t.committed_sequence
  join traffic_minute m on m.organization_id = $1 and m.site_id = $2 and m.sensor_id = s.id and m.minute >= now() - interval '10 minutes'
  where s.organization_id = $1 and s.site_id = $2
) heard
join device d on d.organization_id = $1 and d.site_id = $2 and d.merged_into is null and not d.is_outside
  and d.last_seen < heard.last_seen - $3::bigint * interval '1 second' and d.last_seen > now() - interval '2 days'
join baseline b on b.organization_id = $1 and b.site_id = $2 and b.record = 'device' and b.client = d.id
limit $4::bigint

-- name: read_quiet_sensors
select s.id, s.name, greatest(s.last_seen_at, t.last_batch_at) as last_seen,
  extract(epoch from (now() - greatest(s.last_seen_at, t.last_batch_at)))::bigint as silent_s
from sensor s
left join sensor_stream t on t.organization_id = $1 and t.sensor_id = s.id
where s.organization_id = $1 and s.site_id = $2 and s.state = 'active' and greatest(s.last_seen_at, t.last_batch_at) < now() - interval '1 minute'

-- What ingest says: who a sensor is, and one batch of it. $1 is the organization wherever a row of a tenant is meant.

-- name: find_sensor
select s.organization_id, s.site_id, s.id, s.state, s.name from sensor s where s.uuid = $1::uuid

-- name: list_revoked
select s.uuid from sensor s where s.state = 'revoked' and s.uuid::text = any ($1::text[])

-- name: start_stream
insert into sensor_stream (organization_id, sensor_id) values ($1, $2) on conflict do nothing

-- name: start_fold
insert into sensor_fold (organization_id, sensor_id) values ($1, $2) on conflict do nothing

-- name: read_stream
select committed_sequence, epoch from sensor_stream where organization_id = $1 and sensor_id = $2

-- name: read_dictionary
select announced, endpoint_ids, conversation_ids, operation_ids
from sensor_dictionary
where organization_id = $1 and sensor_id = $2 and epoch = $3
order by sequence

-- name: advance_stream
-- The exactly-once key: moves only from where this stream knows it to be, and only for a sensor that is active.
update sensor_stream set committed_sequence = $3, epoch = $4, last_batch_at = now()
where organization_id = $1 and sensor_id = $2 and committed_sequence = $5
  and exists (select from sensor s where s.organization_id = $1 and s.id = $2 and s.state = 'active')

-- name: note_sensor
update sensor
set last_seen_at = now(), last_address = $3::inet, version = $4, health = coalesce($5::jsonb, health)
where organization_id = $1 and id = $2

-- name: add_endpoints
-- The ids come back in the order of the arrays.
insert into endpoint (organization_id, site_id, sensor_id, vlan, mac, ip, has_sent, first_seen, last_seen)
select $1::bigint, $2::bigint, $3::bigint, h.vlan::integer, nullif(h.mac, '')::macaddr, nullif(h.ip, '')::inet,
  h.sent = 1, from_ms(h.first_ms), from_ms(h.last_ms)
from unnest($4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[])
  with ordinality as h (vlan, mac, ip, sent, first_ms, last_ms, n)
order by h.n
on conflict on constraint endpoint_key do update
set has_sent = endpoint.has_sent or excluded.has_sent,
  first_seen = least(endpoint.first_seen, excluded.first_seen),
  last_seen = greatest(endpoint.last_seen, excluded.last_seen)
returning id

-- name: add_conversations
-- A service that was not seen before says something about both sides.
with added as (
  insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, server_endpoint_id, transport, port,
    protocol, first_seen, last_seen)
  select $1::bigint, $2::bigint, $3::bigint, c.client, c.server, c.transport, c.port::integer, c.protocol,
    from_ms(c.first_ms), from_ms(c.last_ms)
  from unnest($4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[])
    with ordinality as c (client, server, transport, port, protocol, first_ms, last_ms, n)
  order by c.n
  on conflict on constraint conversation_key do update
  set first_seen = least(conversation.first_seen, excluded.first_seen),
    last_seen = greatest(conversation.last_seen, excluded.last_seen)
  returning id, client_endpoint_id, server_endpoint_id, xmax = 0 and protocol <> '' as is_news
), work as (
  insert into inventory_work (organization_id, site_id, endpoint_id)
  select $1::bigint, $2::bigint, a.client_endpoint_id from added a where a.is_news
  union
  select $1::bigint, $2::bigint, a.server_endpoint_id from added a where a.is_news
)
select a.id from added a

-- name: add_operations
with added as (
  insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, server_endpoint_id, function,
    code, access, target, first_seen, last_seen)
  select $1::bigint, $2::bigint, $3::bigint, o.protocol, o.client, o.server, o.function, o.code, o.access, o.target,
    from_ms(o.first_ms), from_ms(o.last_ms)
  from unnest($4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[],
      $12::bigint[])
    with ordinality as o (protocol, client, server, function, code, access, target, first_ms, last_ms, n)
  order by o.n
  on conflict on constraint operation_key do update
  set first_seen = least(operation.first_seen, excluded.first_seen),
    last_seen = greatest(operation.last_seen, excluded.last_seen)
  returning id, client_endpoint_id, server_endpoint_id, xmax = 0 as is_new
), work as (
  insert into inventory_work (organization_id, site_id, endpoint_id)
  select $1::bigint, $2::bigint, a.client_endpoint_id from added a where a.is_new
  union
  select $1::bigint, $2::bigint, a.server_endpoint_id from added a where a.is_new
)
select a.id from added a

-- name: clear_dictionary
delete from sensor_dictionary where organization_id = $1 and sensor_id = $2 and epoch <> $3

-- name: add_dictionary
insert into sensor_dictionary (organization_id, sensor_id, epoch, sequence, announced, endpoint_ids, conversation_ids,
  operation_ids)
values ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: note_sent
update endpoint set has_sent = true where organization_id = $1 and id = any ($2::bigint[]) and not has_sent
returning id

-- name: add_inventory_work
insert into inventory_work (organization_id, site_id, endpoint_id)
select $1::bigint, $2::bigint, w.endpoint_id from unnest($3::bigint[]) as w (endpoint_id)

-- name: add_facts
with said as (
  insert into fact (organization_id, site_id, endpoint_id, attribute, value, source, confidence, count, first_seen,
    last_seen)
  select $1::bigint, $2::bigint, f.endpoint_id, f.attribute, f.value, f.source, max(f.confidence)::integer,
    sum(f.count)::bigint, from_ms(min(f.first_ms)), from_ms(max(f.last_ms))
  from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[]) as f (endpoint_id, attribute, value, source, confidence, count, first_ms, last_ms)
  group by f.endpoint_id, f.attribute, f.value, f.source
  on conflict on constraint fact_key do update
  set confidence = greatest(fact.confidence, excluded.confidence), count = fact.count + excluded.count,
    first_seen = least(fact.first_seen, excluded.first_seen), last_seen = greatest(fact.last_seen, excluded.last_seen)
  -- A row that was there before has a locker or updater: this is what is new.
  returning endpoint_id, xmax = 0 as is_new
)
insert into inventory_work (organization_id, site_id, endpoint_id)
select distinct $1::bigint, $2::bigint, s.endpoint_id from said s where s.is_new

-- name: add_minute
insert into traffic_minute (organization_id, site_id, sensor_id, minute, sequence, packets_up, packets_down, bytes_up,
  bytes_down, packed)
values ($1, $2, $3, date_trunc('minute', from_ms($4), 'UTC'), $5, $6, $7, $8, $9, $10)

-- name: add_events
insert into event (organization_id, site_id, sensor_id, endpoint_id, kind, severity, detail, count, first_seen,
  last_seen)
select $1::bigint, $2::bigint, $3::bigint, e.endpoint_id, e.kind, e.severity, e.detail, e.count, from_ms(e.first_ms),
  from_ms(e.last_ms)
from jsonb_to_recordset($4::jsonb) as e (endpoint_id bigint, kind text, severity text, detail jsonb, count bigint,
  first_ms bigint, last_ms bigint)

-- name: add_ports
-- A batch may name a port twice: its counters add up.
insert into port_counter (organization_id, sensor_id, at, sequence, name, packets, bytes, dropped_kernel, dropped_queue,
  malformed, unparsed, truncated, evicted)
select $1::bigint, $2::bigint, from_ms($3), $4::bigint, p.name, sum(p.packets), sum(p.bytes), sum(p.dropped_kernel),
  sum(p.dropped_queue), sum(p.malformed), sum(p.unparsed), sum(p.truncated), sum(p.evicted)
from jsonb_to_recordset($5::jsonb) as p (name text, packets bigint, bytes bigint, dropped_kernel bigint,
  dropped_queue bigint, malformed bigint, unparsed bigint, truncated bigint, evicted bigint)
group by p.name

-- name: add_gaps
insert into gap (organization_id, sensor_id, reason, begins_at, ends_at, packets, bytes)
select $1::bigint, $2::bigint, g.reason, from_ms(g.begin_ms), from_ms(g.end_ms), g.packets, g.bytes
from jsonb_to_recordset($3::jsonb) as g (reason text, begin_ms bigint, end_ms bigint, packets bigint, bytes bigint)

-- name: add_health
insert into sensor_health (organization_id, sensor_id, at, sequence, uptime_s, cpu_permille, memory_bytes, spool_bytes,
  disk_free_bytes, temperature_c, uplink_bytes, clock_offset_ms)
values ($1, $2, from_ms($3), $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: quarantine
insert into ingest_quarantine (organization_id, sensor_id, sequence, reason, payload)
values ($1, $2, $3, $4, $5)
on conflict on constraint ingest_quarantine_pk do nothing

-- name: find_code
select c.organization_id, c.sensor_id from enrolment_code c
where c.code_hash = $1 and c.used_at is null and c.expires_at > now()

-- name: use_code
update enrolment_code set used_at = now()
where organization_id = $1 and sensor_id = $2 and code_hash = $3 and used_at is null and expires_at > now()

-- name: enrol_sensor
update sensor
set state = 'active', certificate_serial = $3, enrolled_at = now(), version = $4, last_address = $5::inet
where organization_id = $1 and id = $2 and state <> 'revoked'
returning uuid

-- name: renew_sensor
update sensor set certificate_serial = $3
where organization_id = $1 and id = $2 and state = 'active'
returning uuid

-- name: audit_renewal
insert into audit_entry (organization_id, action, subject, detail)
values ($1, 'sensor_renewed', $2, jsonb_build_object('serial', $3::text, 'address', $4::text))

-- name: name_sensor
select s.uuid, s.name, t.name from sensor s
join site t on t.organization_id = s.organization_id and t.id = s.site_id
where s.organization_id = $1 and s.id = $2

-- name: audit_enrolment
insert into audit_entry (organization_id, action, subject, detail)
values ($1, 'sensor_enrolled', $2, jsonb_build_object('serial', $3::text, 'address', $4::text))

-- Sites and sensors with their figures. Health: see openapi.yaml, Sensor.

-- name: site_list
select s.id, s.name, s.time_zone, s.place, s.created_at,
  coalesce(v.devices, 0) as devices, coalesce(v.devices_new_7d, 0) as devices_new_7d,
  (select max(t.last_batch_at) from sensor n join sensor_stream t on t.organization_id = $1 and t.sensor_id = n.id
    where n.organization_id = $1 and n.site_id = s.id) as last_data_at,
  (select sum(m.bytes_up + m.bytes_down)::bigint from traffic_minute m
    where m.organization_id = $1 and m.site_id = s.id and m.minute >= now() - interval '24 hours') as bytes_24h,
  (select coalesce(sum(h.uplink_bytes), 0)::bigint from sensor n
    join sensor_health h on h.organization_id = $1 and h.sensor_id = n.id
      and h.at >= date_trunc('month', now() at time zone s.time_zone) at time zone s.time_zone
    where n.organization_id = $1 and n.site_id = s.id) as uplink_bytes_month,
  coalesce(w.alerts, 0) as alerts_open, coalesce(w.severity, '') as severity
from site s
left join (
  select a.site_id, count(*) as alerts,
    (array['info', 'low', 'medium', 'high', 'critical'])[max(array_position(array['info', 'low', 'medium', 'high', 'critical'], a.severity))] as severity
  from alert a
  where a.organization_id = $1 and ($2::bigint is null or a.site_id = $2) and a.state <> 'closed'
  group by a.site_id
) w on w.site_id = s.id
left join (
  select d.site_id, count(*) as devices, count(*) filter (where d.first_seen >= now() - interval '7 days') as devices_new_7d
  from device d
  where d.organization_id = $1 and ($2::bigint is null or d.site_id = $2) and d.merged_into is null and not d.is_outside
  group by d.site_id
) v on v.site_id = s.id
where s.organization_id = $1 and ($2::bigint is null or s.id = $2)
order by s.name, s.id

-- name: site_add
insert into site (organization_id, name, time_zone, place) values ($1, $2, $3, $4) returning id

-- name: site_change
update site
set name = coalesce($3, name), time_zone = coalesce($4, time_zone), place = coalesce($5, place)
where organization_id = $1 and id = $2
returning id

-- name: time_zone_is_known
select exists (select from pg_timezone_names z where z.name = $1)

-- name: sensor_list
select n.id, n.name, n.site_id, s.name as site_name, n.uuid, n.state, n.version, n.enrolled_at,
  greatest(n.last_seen_at, t.last_batch_at) as heard_at, host(n.last_address) as last_address, n.certificate_serial,
  n.state = 'active' and coalesce(greatest(n.last_seen_at, t.last_batch_at), n.enrolled_at, n.created_at) < now() - interval '3 minutes'
    as is_silent,
  coalesce(p.dropped, 0) > 0 as has_dropped,
  exists (select from gap g where g.organization_id = $1 and g.sensor_id = n.id and g.ends_at >= now() - interval '1 hour') as has_gap,
  coalesce(h.disk_free_bytes < 104857600, false) as is_disk_low,
  coalesce(abs(h.clock_offset_ms) > 5000, false) as is_clock_off,
  coalesce(p.packets = 0, false) as has_no_packets,
  coalesce(m.has_fault, false) as has_mirror_fault
from sensor n
join site s on s.organization_id = $1 and s.id = n.site_id
left join sensor_stream t on t.organization_id = $1 and t.sensor_id = n.id
left join lateral (
  select sum(c.dropped_kernel + c.dropped_queue) as dropped, sum(c.packets) as packets
  from port_counter c
  where c.organization_id = $1 and c.sensor_id = n.id and c.at >= now() - interval '1 hour'
) p on true
left join lateral (
  select h.disk_free_bytes, h.clock_offset_ms
  from sensor_health h
  where h.organization_id = $1 and h.sensor_id = n.id and h.at >= now() - interval '1 hour'
  order by h.at desc
  limit 1
) h on true
left join lateral (
  select bool_or(l.detail - 'port' - 'silent' <> '{}') as has_fault
  from (
    select distinct on (v.detail ->> 'port') v.detail
    from event v
    where v.organization_id = $1 and v.sensor_id = n.id and v.kind = 'mirror'
    order by v.detail ->> 'port', v.last_seen desc, v.id desc
  ) l
) m on true
where n.organization_id = $1 and ($2::bigint is null or n.site_id = $2) and ($3::bigint is null or n.id = $3)
order by s.name, n.name, n.id

-- name: sensor_add
insert into sensor (organization_id, site_id, name)
select s.organization_id, s.id, $3 from site s where s.organization_id = $1 and s.id = $2
returning id

-- name: sensor_lock
select n.state, n.site_id from sensor n where n.organization_id = $1 and n.id = $2 for update

-- name: sensor_revoke
update sensor set state = 'revoked' where organization_id = $1 and id = $2

-- name: enrolment_code_set
insert into enrolment_code (organization_id, sensor_id, code_hash, expires_at)
values ($1, $2, $3::bytea, now() + interval '7 days')
on conflict on constraint enrolment_code_pk
  do update set code_hash = excluded.code_hash, created_at = now(), expires_at = excluded.expires_at, used_at = null
returning expires_at

-- name: enrolment_code_remove
delete from enrolment_code where organization_id = $1 and sensor_id = $2

-- name: sensor_ports
select p.name, sum(p.packets)::bigint as packets, sum(p.bytes)::bigint as bytes, sum(p.dropped_kernel)::bigint as dropped_kernel,
  sum(p.dropped_queue)::bigint as dropped_queue, sum(p.malformed)::bigint as malformed, sum(p.unparsed)::bigint as unparsed,
  sum(p.truncated)::bigint as truncated, sum(p.evicted)::bigint as evicted
from port_counter p
where p.organization_id = $1 and p.sensor_id = $2 and p.at >= $3 and p.at < $4
group by p.name
order by p.name

-- name: sensor_mirror
--  What the mirror doctor of each monitor port said last.
select distinct on (v.detail ->> 'port') v.detail ->> 'port' as port, v.detail, v.last_seen
from event v
where v.organization_id = $1 and v.sensor_id = $2 and v.kind = 'mirror'
order by v.detail ->> 'port', v.last_seen desc, v.id desc

-- name: sensor_gaps
select g.reason, g.begins_at, g.ends_at, g.packets, g.bytes
from gap g
where g.organization_id = $1 and g.sensor_id = $2 and g.ends_at >= $3 and g.begins_at < $4
order by g.ends_at desc, g.id desc
limit 100

-- name: sensor_health_series
select h.at, h.cpu_permille, h.memory_bytes, h.spool_bytes, h.disk_free_bytes, h.uplink_bytes, h.temperature_c, h.clock_offset_ms, h.uptime_s
from sensor_health h
where h.organization_id = $1 and h.sensor_id = $2 and h.at >= $3 and h.at < $4
order by h.at, h.sequence

-- name: home_figures
--  $2 site  $3 sensor
select count(*) as devices,
  count(*) filter (where d.first_seen >= now() - interval '24 hours') as devices_new_24h,
  count(*) filter (where d.first_seen >= now() - interval '7 days') as devices_new_7d,
  (select max(t.last_batch_at) from sensor n join sensor_stream t on t.organization_id = $1 and t.sensor_id = n.id
    where n.organization_id = $1 and ($2::bigint is null or n.site_id = $2) and ($3::bigint is null or n.id = $3)) as last_data_at
from device d
where d.organization_id = $1 and d.merged_into is null and not d.is_outside
  and ($2::bigint is null or d.site_id = $2)
  and ($3::bigint is null or d.id in (select e.device_id from endpoint e where e.organization_id = $1 and e.sensor_id = $3))

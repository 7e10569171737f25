-- Assessment reports (cloud/report). What a report says is asked for part by part, each part one JSON value:
--  $1 organization  $2 site  $3 begin  $4 end of the period

-- name: report_site
select json_build_object('organization', o.name, 'site', s.name, 'place', s.place, 'time_zone', s.time_zone,
  'learning', coalesce(l.state, 'learning'), 'learning_since', l.begun_at)
from site s
join organization o on o.id = $1
left join site_learning l on l.organization_id = $1 and l.site_id = s.id
where s.organization_id = $1 and s.id = $2

-- name: report_sensors
select coalesce(json_agg(x order by x.name), '[]')
from (
  select n.name, n.state, n.version, greatest(n.last_seen_at, t.last_batch_at) as last_seen,
    coalesce(p.ports, '{}') as ports, coalesce(p.packets, 0) as packets, coalesce(p.bytes, 0) as bytes,
    coalesce(p.dropped, 0) as dropped, coalesce(p.malformed, 0) as malformed, coalesce(p.unparsed, 0) as unparsed,
    p.first_seen, p.last_counted, coalesce(g.seconds, 0) as gap_seconds
  from sensor n
  left join sensor_stream t on t.organization_id = $1 and t.sensor_id = n.id
  left join lateral (
    select array_agg(distinct c.name) as ports, sum(c.packets)::bigint as packets, sum(c.bytes)::bigint as bytes,
      sum(c.dropped_kernel + c.dropped_queue)::bigint as dropped, sum(c.malformed)::bigint as malformed,
      sum(c.unparsed)::bigint as unparsed, min(c.at) as first_seen, max(c.at) as last_counted
    from port_counter c
    where c.organization_id = $1 and c.sensor_id = n.id and c.at >= $3 and c.at < $4
  ) p on true
  left join lateral (
    select extract(epoch from sum(least(g.ends_at, $4::timestamptz) - greatest(g.begins_at, $3::timestamptz)))::bigint as seconds
    from gap g
    where g.organization_id = $1 and g.sensor_id = n.id and g.ends_at >= $3 and g.begins_at < $4
  ) g on true
  where n.organization_id = $1 and n.site_id = $2
) x

-- name: report_counts
-- On the first day of watching everything is seen for the first time; nothing of it is new.
select json_build_object(
  'devices', (select count(*) from device d where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null
    and not d.is_outside and d.last_seen >= $3 and d.first_seen < $4),
  'devices_new', (select count(*) from device d where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null
    and not d.is_outside and d.first_seen >= $3 and d.first_seen < $4
    and d.first_seen > (select min(f.first_seen) + interval '1 day' from device f where f.organization_id = $1 and f.site_id = $2)),
  'outside_peers', (select count(*) from device d where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null
    and d.is_outside and d.last_seen >= $3 and d.first_seen < $4),
  'conversations', (select count(*) from conversation c where c.organization_id = $1 and c.site_id = $2
    and c.last_seen >= $3 and c.first_seen < $4),
  'operations', (select count(*) from operation o where o.organization_id = $1 and o.site_id = $2
    and o.last_seen >= $3 and o.first_seen < $4),
  'bytes', (select coalesce(sum(h.bytes), 0)::bigint from traffic_protocol_hour h where h.organization_id = $1 and h.site_id = $2
    and h.hour > $3::timestamptz - interval '1 hour' and h.hour < $4),
  'alerts', (select count(*) from alert a where a.organization_id = $1 and a.site_id = $2 and a.last_seen >= $3 and a.first_seen < $4))

-- name: report_types
select coalesce(json_agg(x order by x.devices desc, x.type), '[]')
from (
  select d.type, count(*) as devices
  from device d
  where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null and not d.is_outside
    and d.last_seen >= $3 and d.first_seen < $4
  group by d.type
) x

-- name: report_vendors
select coalesce(json_agg(x order by x.devices desc, x.vendor), '[]')
from (
  select d.vendor, count(*) as devices
  from device d
  where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null and not d.is_outside
    and d.last_seen >= $3 and d.first_seen < $4
  group by d.vendor
) x

-- name: report_traffic
-- By the hour for two days at most, else by the site's day; the protocols a reader cannot tell apart in a chart are put together.
select coalesce(json_agg(x order by x.at, x.protocol), '[]')
from (
  select date_trunc(case when $4::timestamptz - $3::timestamptz <= interval '2 days' then 'hour' else 'day' end,
      h.hour, s.time_zone) as at, coalesce(r.protocol, '*') as protocol, sum(h.bytes)::bigint as bytes
  from traffic_protocol_hour h
  join site s on s.organization_id = $1 and s.id = h.site_id
  left join (
    select t.protocol
    from traffic_protocol_hour t
    where t.organization_id = $1 and t.site_id = $2 and t.hour > $3::timestamptz - interval '1 hour' and t.hour < $4
    group by t.protocol
    order by sum(t.bytes) desc, t.protocol
    limit 5
  ) r on r.protocol = h.protocol
  where h.organization_id = $1 and h.site_id = $2 and h.hour > $3::timestamptz - interval '1 hour' and h.hour < $4
  group by 1, 2
) x

-- name: report_devices
-- The whole ledger, as far as a person can read it; counts.devices says how many there are.
select coalesce(json_agg(x order by x.name, x.id), '[]')
from (
  select d.id, d.name, d.type, d.vendor, d.model, d.firmware, d.os, d.host_name, d.level, d.is_router, d.has_internet,
    array(select host(i.ip) from unnest(d.ips) i (ip)) as ips, d.macs, d.first_seen, d.last_seen,
    d.first_seen >= $3 and d.first_seen > (
      select min(f.first_seen) + interval '1 day' from device f where f.organization_id = $1 and f.site_id = $2) as is_new
  from device d
  where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null and not d.is_outside
    and d.last_seen >= $3 and d.first_seen < $4
  order by d.name, d.id
  limit 2000
) x

-- name: report_edges
select coalesce(json_agg(x order by x.bytes desc, x.client, x.server), '[]')
from (
  select ce.device_id as client, se.device_id as server, array_agg(distinct c.protocol) as protocols,
    sum(c.bytes_up + c.bytes_down)::bigint as bytes
  from conversation c
  join endpoint ce on ce.organization_id = $1 and ce.id = c.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = c.server_endpoint_id
  join device cd on cd.organization_id = $1 and cd.id = ce.device_id and not cd.is_outside
  join device sd on sd.organization_id = $1 and sd.id = se.device_id and not sd.is_outside
  where c.organization_id = $1 and c.site_id = $2 and c.last_seen >= $3 and c.first_seen < $4
    and ce.device_id <> se.device_id
  group by ce.device_id, se.device_id
  order by sum(c.bytes_up + c.bytes_down) desc, ce.device_id, se.device_id
  limit 1000
) x

-- name: report_outside
-- Who talks with the internet, and who began.
select coalesce(json_agg(x order by x.is_entry desc, x.bytes desc, x.device), '[]')
from (
  select case when sd.is_outside then cd.id else sd.id end as device,
    case when sd.is_outside then cd.name else sd.name end as name, not sd.is_outside as is_entry,
    count(distinct case when sd.is_outside then sd.id else cd.id end) as peers,
    (array_agg(distinct case when sd.is_outside then sd.name else cd.name end))[1:5] as peer_names,
    array_agg(distinct c.protocol) as protocols, sum(c.bytes_up + c.bytes_down)::bigint as bytes, max(c.last_seen) as last_seen
  from conversation c
  join endpoint ce on ce.organization_id = $1 and ce.id = c.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = c.server_endpoint_id
  join device cd on cd.organization_id = $1 and cd.id = ce.device_id
  join device sd on sd.organization_id = $1 and sd.id = se.device_id
  where c.organization_id = $1 and c.site_id = $2 and c.last_seen >= $3 and c.first_seen < $4
    and cd.is_outside <> sd.is_outside
  group by 1, 2, 3
  order by 3 desc, 7 desc, 1
  limit 500
) x

-- name: report_remote
-- Protocols by which a screen or a command line is taken over from elsewhere.
select coalesce(json_agg(x order by x.last_seen desc, x.client, x.server), '[]')
from (
  select cd.name as client, host(cd.ips[1]) as client_ip, cd.is_outside as is_from_outside, sd.name as server,
    host(sd.ips[1]) as server_ip, c.protocol, sum(c.flows)::bigint as flows, min(c.first_seen) as first_seen,
    max(c.last_seen) as last_seen
  from conversation c
  join endpoint ce on ce.organization_id = $1 and ce.id = c.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = c.server_endpoint_id
  join device cd on cd.organization_id = $1 and cd.id = ce.device_id
  join device sd on sd.organization_id = $1 and sd.id = se.device_id
  where c.organization_id = $1 and c.site_id = $2 and c.last_seen >= $3 and c.first_seen < $4
    and c.protocol in ('rdp', 'rfb', 'teamviewer', 'ssh', 'telnet')
  group by cd.id, cd.name, cd.ips, cd.is_outside, sd.id, sd.name, sd.ips, c.protocol
  order by max(c.last_seen) desc
  limit 500
) x

-- name: report_weaknesses
-- As they stand when the report is made: no earlier state is kept. $1 organization  $2 site
select coalesce(json_agg(x order by x.urgency desc, x.id), '[]')
from (
  select w.id, w.urgency, w.kind, w.rule, w.verdict, w.severity, w.action, w.is_exploited, w.score,
    json_build_object('ja', w.title_ja, 'en', w.title_en) as title,
    json_build_object('ja', w.reason_ja, 'en', w.reason_en) as reason,
    json_build_object('ja', w.measure_ja, 'en', w.measure_en) as measure, w.cves, w.device_id as device, d.name, d.host_name,
    host(d.ips[1]) as ip, d.macs[1] as mac, d.vendor, d.model, d.firmware, d.os, d.first_seen, d.last_seen
  from weakness w
  join device d on d.organization_id = $1 and d.id = w.device_id
  where w.organization_id = $1 and w.site_id = $2 and w.verdict <> 'not_affected'
  order by w.urgency desc, w.id
  limit 2000
) x

-- name: report_writers
-- Paths by which a machine can be changed: who did what to whom.
select coalesce(json_agg(x order by x.rank, x.count desc, x.client, x.server), '[]')
from (
  select min(array_position(array['program', 'control', 'config', 'write'], o.access)) as rank, cd.name as client,
    host(cd.ips[1]) as client_ip, cd.type as client_type, sd.name as server, host(sd.ips[1]) as server_ip, o.protocol,
    array_agg(distinct o.access) as accesses, array_agg(distinct o.function) as functions, sum(o.count)::bigint as count,
    sum(o.errors)::bigint as errors, max(o.last_seen) as last_seen
  from operation o
  join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
  join device cd on cd.organization_id = $1 and cd.id = ce.device_id
  join device sd on sd.organization_id = $1 and sd.id = se.device_id
  where o.organization_id = $1 and o.site_id = $2 and o.last_seen >= $3 and o.first_seen < $4
    and o.access in ('write', 'control', 'program', 'config')
  group by cd.id, cd.name, cd.ips, cd.type, sd.id, sd.name, sd.ips, o.protocol
  order by 1, 10 desc
  limit 500
) x

-- name: report_alert_counts
select coalesce(json_agg(x), '[]')
from (
  select a.severity, a.state <> 'closed' as is_open, count(*) as alerts
  from alert a
  where a.organization_id = $1 and a.site_id = $2 and a.last_seen >= $3 and a.first_seen < $4
  group by 1, 2
  order by 1, 2
) x

-- name: report_alerts
select coalesce(json_agg(x order by x.rank desc, x.last_seen desc, x.id), '[]')
from (
  select a.id, array_position(array['info', 'low', 'medium', 'high', 'critical'], a.severity) as rank, a.rule, a.severity,
    a.state, a.reason, a.detail, coalesce(cd.name, a.detail ->> 'client_name') as client, coalesce(sd.name, a.detail ->> 'server_name') as server,
    a.count, a.first_seen, a.last_seen
  from alert a
  left join device cd on cd.organization_id = $1 and cd.id = a.client
  left join device sd on sd.organization_id = $1 and sd.id = a.server
  where a.organization_id = $1 and a.site_id = $2 and a.last_seen >= $3 and a.first_seen < $4
  order by 2 desc, a.last_seen desc, a.id
  limit 500
) x

-- name: report_cycles
-- Cyclic operations whose period wanders most, in shares of the period.
select coalesce(json_agg(x order by x.jitter_us::float8 / x.cycle_us desc, x.client, x.server), '[]')
from (
  select cd.name as client, sd.name as server, o.protocol, o.function, o.cycle_us, o.jitter_us, o.count
  from operation o
  join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
  join device cd on cd.organization_id = $1 and cd.id = ce.device_id
  join device sd on sd.organization_id = $1 and sd.id = se.device_id
  where o.organization_id = $1 and o.site_id = $2 and o.last_seen >= $3 and o.first_seen < $4 and o.cycle_us > 0
  order by o.jitter_us::float8 / o.cycle_us desc, o.id
  limit 15
) x

-- name: report_refusals
-- Operations that were refused or failed.
select coalesce(json_agg(x order by x.errors desc, x.client, x.server), '[]')
from (
  select cd.name as client, sd.name as server, o.protocol, sum(o.count)::bigint as count, sum(o.errors)::bigint as errors
  from operation o
  join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
  join device cd on cd.organization_id = $1 and cd.id = ce.device_id
  join device sd on sd.organization_id = $1 and sd.id = se.device_id
  where o.organization_id = $1 and o.site_id = $2 and o.last_seen >= $3 and o.first_seen < $4 and o.errors > 0
  group by cd.id, cd.name, sd.id, sd.name, o.protocol
  order by 5 desc, 1, 2
  limit 15
) x

-- name: report_previous
-- The figures of the last finished report that ends before this one does.
select json_build_object('begins_at', r.begins_at, 'ends_at', r.ends_at, 'figures', r.view_model -> 'figures')
from report r
where r.organization_id = $1 and r.site_id = $2 and r.state = 'done' and r.ends_at < $3::timestamptz
order by r.ends_at desc, r.id desc
limit 1

-- name: report_list_work
-- In the scope of nobody: what waits, and what was begun by a node that is gone. $1 seconds after which it is
select r.organization_id, r.id
from report r
where r.state = 'waiting'
  or (r.state in ('collecting', 'drawing') and r.started_at < now() - make_interval(secs => $1::bigint))
order by r.created_at
limit 10

-- name: report_take
-- One node makes it: who comes second gets no row. $2 the report  $3 as above
update report r set state = 'collecting', started_at = now(), failure = ''
where r.organization_id = $1 and r.id = $2
  and (r.state = 'waiting'
    or (r.state in ('collecting', 'drawing') and r.started_at < now() - make_interval(secs => $3::bigint)))
returning r.site_id, r.language, r.begins_at, r.ends_at

-- name: report_drawing
update report r set state = 'drawing', view_model = $3::jsonb where r.organization_id = $1 and r.id = $2

-- name: report_done
update report r set state = 'done', deck = $3::bytea, finished_at = now() where r.organization_id = $1 and r.id = $2

-- name: report_failed
update report r set state = 'failed', failure = $3, finished_at = now() where r.organization_id = $1 and r.id = $2

-- name: report_keep
-- What the command has made, so that the next report is compared with it.
insert into report (organization_id, site_id, language, begins_at, ends_at, state, view_model, deck, started_at, finished_at)
values ($1, $2, $3, $4, $5, 'done', $6::jsonb, $7::bytea, now(), now())

-- name: report_subject
-- As osect_owner: the site named on the command line, and the period on the site's clock; 30 days up to now where none is given.
--  $2 name or id of the site  $3 begin  $4 end
select s.id, coalesce($3::timestamp at time zone s.time_zone, coalesce($4::timestamp at time zone s.time_zone, now()) - interval '30 days'),
  coalesce($4::timestamp at time zone s.time_zone, now())
from site s
where s.organization_id = $1 and (s.id::text = $2 or s.name = $2)
order by s.name <> $2
limit 1

-- name: report_list
--  $2 site  $3 one of them
select r.id, r.site_id, s.name as site_name, r.language, r.begins_at, r.ends_at, r.state, r.failure, octet_length(r.deck) as bytes,
  r.view_model -> 'score' ->> 'value' as score, r.view_model -> 'score' ->> 'grade' as grade,
  coalesce(nullif(u.display_name, ''), u.login) as made_by, r.created_at, r.finished_at
from report r
join site s on s.organization_id = $1 and s.id = r.site_id
left join app_user u on u.id = r.made_by
where r.organization_id = $1 and ($2::bigint is null or r.site_id = $2) and ($3::bigint is null or r.id = $3)
order by r.created_at desc, r.id desc
limit 200

-- name: report_add
-- Nothing where the site is not the asker's. $2 site  $3 language  $4 begin  $5 end  $6 who
insert into report (organization_id, site_id, language, begins_at, ends_at, made_by)
select $1, s.id, $3, $4::timestamptz, $5::timestamptz, $6 from site s where s.organization_id = $1 and s.id = $2
returning id

-- name: report_waiting
-- How many of the organization are not finished yet.
select count(*) from report r where r.organization_id = $1 and r.state in ('waiting', 'collecting', 'drawing')

-- name: report_file binary
--  $2 the report
select r.deck, r.site_id, r.language, to_char(r.ends_at at time zone s.time_zone, 'YYYY-MM-DD')
from report r
join site s on s.organization_id = $1 and s.id = r.site_id
where r.organization_id = $1 and r.id = $2 and r.state = 'done'

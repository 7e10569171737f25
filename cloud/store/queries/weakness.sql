-- Weaknesses as the worker makes them (cloud/weakness). $1 is the organization, $2 the site.

-- name: list_weakness_work
-- In the scope of nobody: sites with changed devices, and those judged by something else than $1 or not on the day $2.
select w.organization_id, w.site_id from weakness_work w
union
select s.organization_id, s.site_id from weakness_site s where s.known <> $1 or s.day <> $2

-- name: claim_weaknesses
-- One node works on a site at a time.
select pg_try_advisory_xact_lock((1868786 << 32) + $1::bigint)

-- name: renew_weakness_site
-- Judged anew as a whole when by something else or on another day.
with renewed as (
  insert into weakness_site (organization_id, site_id, known, day) values ($1, $2, $3, $4)
  on conflict on constraint weakness_site_pk do update set known = excluded.known, day = excluded.day
  where weakness_site.known <> excluded.known or weakness_site.day <> excluded.day
  returning site_id
)
insert into weakness_work (organization_id, site_id, device_id)
select d.organization_id, d.site_id, d.id from device d
where d.organization_id = $1 and d.site_id in (select r.site_id from renewed r)
on conflict on constraint weakness_work_pk do nothing

-- name: take_weakness_work
delete from weakness_work w
where w.organization_id = $1 and w.device_id in
  (select v.device_id from weakness_work v where v.organization_id = $1 and v.site_id = $2 order by v.device_id limit $3)
returning w.device_id

-- name: read_weakness_devices
-- Peers on the internet are not judged, and what was merged into another is judged as that one.
select d.id, d.vendor, d.model, d.firmware, d.serial, d.os, d.first_seen, d.last_seen,
  exists (
    select from endpoint e
    join conversation c on c.organization_id = $1 and c.client_endpoint_id = e.id
    join endpoint p on p.organization_id = $1 and p.id = c.server_endpoint_id
    join device o on o.organization_id = $1 and o.id = p.device_id and o.is_outside
    where e.organization_id = $1 and e.device_id = d.id
  ) or exists (
    select from endpoint e
    join conversation c on c.organization_id = $1 and c.server_endpoint_id = e.id
    join endpoint p on p.organization_id = $1 and p.id = c.client_endpoint_id
    join device o on o.organization_id = $1 and o.id = p.device_id and o.is_outside
    where e.organization_id = $1 and e.device_id = d.id
  ) as talks_outside
from device d
where d.organization_id = $1 and d.id = any ($2::bigint[]) and d.merged_into is null and not d.is_outside

-- name: read_weakness_facts
select e.device_id, f.attribute, f.value, f.source, f.first_seen, f.last_seen
from endpoint e
join fact f on f.organization_id = $1 and f.endpoint_id = e.id
where e.organization_id = $1 and e.device_id = any ($2::bigint[]) and f.attribute = any ($3::text[])
order by e.device_id, f.confidence desc, f.last_seen desc, f.id

-- name: read_weakness_services
-- What it answered by.
select e.device_id, c.protocol, c.transport || ' ' || c.port, min(c.first_seen), max(c.last_seen)
from endpoint e
join conversation c on c.organization_id = $1 and c.server_endpoint_id = e.id
where e.organization_id = $1 and e.device_id = any ($2::bigint[]) and c.packets_down > 0 and c.protocol <> ''
group by e.device_id, c.protocol, c.transport, c.port
order by e.device_id, c.protocol, c.port

-- name: read_weakness_operations
-- What was done to it and was not refused.
select e.device_id, o.protocol || ':' || o.access, min(o.first_seen), max(o.last_seen)
from endpoint e
join operation o on o.organization_id = $1 and o.server_endpoint_id = e.id
where e.organization_id = $1 and e.device_id = any ($2::bigint[]) and o.count > o.errors
group by e.device_id, o.protocol, o.access

-- name: save_weaknesses
with found as (
  select f.device_id, f.kind, f.rule, f.verdict, f.severity, f.action, f.is_exploited, f.score, f.title_ja, f.title_en, f.reason_ja,
    f.reason_en, f.measure_ja, f.measure_en, f.evidence, array(select jsonb_array_elements_text(f.cves)) as cves, f.url,
    from_ms(f.last_ms) as last_seen
  from jsonb_to_recordset($4::jsonb) as f (device_id bigint, kind text, rule text, verdict text, severity text, action text,
    is_exploited boolean, score integer, title_ja text, title_en text, reason_ja text, reason_en text, measure_ja text,
    measure_en text, evidence jsonb, cves jsonb, url text, last_ms bigint)
), gone as (
  delete from weakness w
  where w.organization_id = $1 and w.device_id = any ($3::bigint[])
    and not exists (select from found f where f.device_id = w.device_id and f.kind = w.kind and f.rule = w.rule)
)
insert into weakness (organization_id, site_id, device_id, kind, rule, verdict, severity, action, is_exploited, score, title_ja,
  title_en, reason_ja, reason_en, measure_ja, measure_en, evidence, cves, url, last_seen)
select $1, $2, f.device_id, f.kind, f.rule, f.verdict, f.severity, f.action, f.is_exploited, f.score, f.title_ja, f.title_en,
  f.reason_ja, f.reason_en, f.measure_ja, f.measure_en, f.evidence, f.cves, f.url, f.last_seen
from found f
on conflict on constraint weakness_key do update
set verdict = excluded.verdict, severity = excluded.severity, action = excluded.action, is_exploited = excluded.is_exploited,
  score = excluded.score, title_ja = excluded.title_ja, title_en = excluded.title_en, reason_ja = excluded.reason_ja,
  reason_en = excluded.reason_en, measure_ja = excluded.measure_ja, measure_en = excluded.measure_en,
  evidence = excluded.evidence, cves = excluded.cves, url = excluded.url, last_seen = excluded.last_seen

-- Findings into alerts (cloud/alert). $1 is the organization, $2 the site.

-- name: read_alert_keys
--  The alerts that take these findings ($3 rules, $4 keys) if they come again.
select k.rule, k.key, a.id, a.state, a.reason, a.muted_until is null or a.muted_until > now() as is_still_muted, a.last_seen, a.severity
from unnest($3::text[], $4::text[]) as n (rule, key)
join alert_key k on k.organization_id = $1 and k.site_id = $2 and k.rule = n.rule and k.key = n.key
join alert a on a.organization_id = $1 and a.id = k.alert_id

-- name: read_alert_joins
--  Open alerts of these rules ($3) with these join keys ($4), the latest last.
select a.rule, a.join_key, a.id, a.last_seen
from unnest($3::text[], $4::text[]) as n (rule, join_key)
join alert a on a.organization_id = $1 and a.site_id = $2 and a.rule = n.rule and a.join_key = n.join_key and a.state <> 'closed'
where n.join_key <> ''
order by a.last_seen

-- name: read_alert_sides
--  How the sides $2 are called, for the words of an alert.
select n.side, coalesce(d.name, host(e.ip), e.mac::text, '') as name,
  coalesce(d.words, concat_ws(e'\n', host(e.ip), e.mac::text), '') as words
from unnest($2::bigint[]) as n (side)
left join device d on d.organization_id = $1 and d.id = n.side
left join endpoint e on e.organization_id = $1 and e.id = -n.side

-- name: add_alerts
--  The ids come back in the order of the array.
insert into alert (organization_id, site_id, rule, category, join_key, severity, points, client, server, detail, words, count, first_seen,
  last_seen, planned_work_id)
select $1::bigint, $2::bigint, n.row ->> 'rule', n.row ->> 'category', n.row ->> 'join', n.row ->> 'severity', n.row -> 'points',
  (n.row -> 'client')::bigint, (n.row -> 'server')::bigint, n.row -> 'detail', n.row ->> 'words', (n.row -> 'count')::bigint,
  from_ms((n.row -> 'first_ms')::bigint), from_ms((n.row -> 'last_ms')::bigint),
  nullif((n.row -> 'plan')::bigint, 0)
from jsonb_array_elements($3::jsonb) with ordinality as n (row, place)
order by n.place
returning id

-- name: add_alert_keys
insert into alert_key as k (organization_id, site_id, rule, key, alert_id)
select distinct on (n.rule, n.key) $1::bigint, $2::bigint, n.rule, n.key, n.alert_id
from unnest($3::text[], $4::text[], $5::bigint[]) as n (rule, key, alert_id)
on conflict on constraint alert_key_pk do update set alert_id = excluded.alert_id

-- name: add_alert_evidence
--  At most 50 of an alert.
insert into alert_evidence (organization_id, site_id, alert_id, record, client, server, count, first_seen, last_seen, detail)
select $1::bigint, $2::bigint, n.alert_id, n.record, n.client, n.server, n.count, from_ms(n.first_ms), from_ms(n.last_ms), n.detail
from (
  select r.*, row_number() over (partition by r.alert_id) as place
  from jsonb_to_recordset($3::jsonb) as r (alert_id bigint, record text, client bigint, server bigint, count bigint, first_ms bigint,
    last_ms bigint, detail jsonb)
) n
where n.place + (select count(*) from alert_evidence v where v.organization_id = $1 and v.alert_id = n.alert_id) <= 50

-- name: repeat_alerts
--  $2 ids  $3 counts  $4 last seen  $5 severities: an open alert gets no milder
update alert a
set count = a.count + n.count, last_seen = greatest(a.last_seen, from_ms(n.last_ms)),
  severity = case when array_position(array['info', 'low', 'medium', 'high', 'critical'], n.severity)
    > array_position(array['info', 'low', 'medium', 'high', 'critical'], a.severity) then n.severity else a.severity end
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) as n (id, count, last_ms, severity)
where a.organization_id = $1 and a.id = n.id

-- name: open_alert_history
insert into alert_history (organization_id, site_id, alert_id, action)
select $1::bigint, $2::bigint, n.id, 'opened' from unnest($3::bigint[]) as n (id)

-- Alerts into incidents (cloud/alert) and what people do with them (cloud/api). $1 is the organization.

-- name: read_links
--  Alerts of site $2 by the rules $3 that were seen since $4 and that nobody has explained; at most $5, the latest.
select a.id, a.rule, a.client, a.first_seen, a.last_seen, coalesce(a.incident_id, 0) as incident_id,
  array(select distinct v.server from alert_evidence v where v.organization_id = $1 and v.alert_id = a.id and v.server <> 0) as targets,
  coalesce(i.stages, '{}') as stages
from alert a
left join incident i on i.organization_id = $1 and i.id = a.incident_id
where a.organization_id = $1 and a.site_id = $2 and a.rule = any ($3::text[]) and a.last_seen >= from_ms($4)
  and a.planned_work_id is null
  and (a.state <> 'closed' or a.reason = 'incident') and coalesce(i.state, 'new') <> 'closed'
order by a.last_seen desc
limit $5::bigint

-- name: add_incident
--  $2 site  $3 actor
with made as (
  insert into incident (organization_id, site_id, actor) values ($1, $2, $3) returning id
), noted as (
  insert into incident_history (organization_id, site_id, incident_id, action) select $1::bigint, $2::bigint, m.id, 'opened' from made m
)
select m.id from made m

-- name: join_incident
--  $2 incident  $3 alerts
update alert a set incident_id = $2::bigint where a.organization_id = $1 and a.id = any ($3::bigint[])

-- name: refresh_incident
--  What incident $2 has come to.  $3 the stages it has reached, in order  $4 with so many it is a grade graver
update incident i
set stages = $3::text[], first_seen = n.first_seen, last_seen = n.last_seen,
  severity = (array['info', 'low', 'medium', 'high', 'critical'])[least(5,
    n.gravest + case when cardinality($3::text[]) >= $4::bigint then 1 else 0 end)]
from (
  select min(a.first_seen) as first_seen, max(a.last_seen) as last_seen,
    max(array_position(array['info', 'low', 'medium', 'high', 'critical'], a.severity)) as gravest
  from alert a where a.organization_id = $1 and a.incident_id = $2
) n
where i.organization_id = $1 and i.id = $2

-- part: incident_columns
i.id, i.site_id, s.name as site_name, i.stages, i.severity, i.first_seen, i.last_seen, i.state, i.reason, d.id as actor_id,
  coalesce(d.name, host(e.ip), e.mac::text) as actor_name, coalesce(host(d.ips[1]), host(e.ip)) as actor_ip, coalesce(d.macs[1], e.mac) as actor_mac,
  i.assignee_id, coalesce(nullif(u.display_name, ''), u.login) as assignee,
  (select count(*) from alert a where a.organization_id = $1 and a.incident_id = i.id) as alerts,
  (select count(distinct n.side) from alert a
    join alert_evidence v on v.organization_id = $1 and v.alert_id = a.id
    cross join lateral (values (v.client), (v.server)) n (side)
    where a.organization_id = $1 and a.incident_id = i.id and n.side <> 0) as devices

-- part: incident_joins
join site s on s.organization_id = $1 and s.id = i.site_id
left join device d on d.organization_id = $1 and d.id = i.actor
left join endpoint e on e.organization_id = $1 and e.id = -i.actor
left join app_user u on u.id = i.assignee_id

-- name: incident_list
--  $2 site  $3 states  $4 at most so many; $5 only this one
select
  -- use: incident_columns
from incident i
-- use: incident_joins
where i.organization_id = $1 and ($2::bigint is null or i.site_id = $2) and ($3::text[] is null or i.state = any ($3))
  and ($5::bigint is null or i.id = $5)
order by i.state = 'closed', array_position(array['info', 'low', 'medium', 'high', 'critical'], i.severity) desc, i.last_seen desc, i.id desc
limit $4::bigint

-- name: incident_alerts
select a.id from alert a where a.organization_id = $1 and a.incident_id = $2::bigint order by a.first_seen, a.id

-- name: incident_devices
--  Who takes part in incident $2: what each did and was done to.
select d.id, coalesce(d.name, host(e.ip), e.mac::text) as name, coalesce(host(d.ips[1]), host(e.ip)) as ip, coalesce(d.macs[1], e.mac) as mac,
  bool_or(n.is_actor) as is_actor, bool_or(not n.is_actor) as is_target, min(n.first_seen) as first_seen
from (
  select v.client as side, true as is_actor, v.first_seen from alert a
  join alert_evidence v on v.organization_id = $1 and v.alert_id = a.id where a.organization_id = $1 and a.incident_id = $2 and v.client <> 0
  union all
  select v.server, false, v.first_seen from alert a
  join alert_evidence v on v.organization_id = $1 and v.alert_id = a.id where a.organization_id = $1 and a.incident_id = $2 and v.server <> 0
) n
left join device d on d.organization_id = $1 and d.id = n.side
left join endpoint e on e.organization_id = $1 and e.id = -n.side
group by n.side, d.id, d.name, d.ips, d.macs, e.ip, e.mac
order by bool_or(n.is_actor) desc, min(n.first_seen), name

-- name: incident_history_list
select h.at, h.action, h.comment, h.detail, h.person_id, coalesce(nullif(u.display_name, ''), u.login) as person
from incident_history h
left join app_user u on u.id = h.person_id
where h.organization_id = $1 and h.incident_id = $2
order by h.id

-- name: incident_lock
select i.site_id, i.state from incident i where i.organization_id = $1 and i.id = $2 for update

-- name: incident_note
--  $3 person  $4 action  $5 comment  $6 more
insert into incident_history (organization_id, site_id, incident_id, person_id, action, comment, detail)
select $1::bigint, i.site_id, i.id, $3::bigint, $4::text, $5::text, $6::jsonb from incident i where i.organization_id = $1 and i.id = $2

-- name: incident_set_state
--  $3 person  $4 state  $5 reason
update incident set state = $4, reason = $5, changed_at = now(), changed_by = $3::bigint where organization_id = $1 and id = $2

-- name: incident_assign
update incident set assignee_id = $4::bigint, changed_at = now(), changed_by = $3::bigint where organization_id = $1 and id = $2

-- name: incident_open_alerts
select a.id from alert a where a.organization_id = $1 and a.incident_id = $2 and a.state <> 'closed' order by a.id for update

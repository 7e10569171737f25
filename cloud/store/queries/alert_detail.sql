-- One alert and what is done with alerts. $1 is the organization.

-- name: alert_evidence_list
select v.id, v.record, v.count, v.first_seen, v.last_seen, v.detail, cd.id as client_id, coalesce(cd.name, host(ce.ip), ce.mac::text) as client_name,
  coalesce(host(cd.ips[1]), host(ce.ip)) as client_ip, coalesce(cd.macs[1], ce.mac) as client_mac, sd.id as server_id,
  coalesce(sd.name, host(se.ip), se.mac::text) as server_name, coalesce(host(sd.ips[1]), host(se.ip)) as server_ip,
  coalesce(sd.macs[1], se.mac) as server_mac, v.client <> 0 as has_client, v.server <> 0 as has_server
from alert_evidence v
left join device cd on cd.organization_id = $1 and cd.id = v.client
left join device sd on sd.organization_id = $1 and sd.id = v.server
left join endpoint ce on ce.organization_id = $1 and ce.id = -v.client
left join endpoint se on se.organization_id = $1 and se.id = -v.server
where v.organization_id = $1 and v.alert_id = $2
order by v.first_seen, v.id

-- name: alert_history_list
select h.at, h.action, h.comment, h.detail, h.person_id, coalesce(nullif(u.display_name, ''), u.login) as person
from alert_history h
left join app_user u on u.id = h.person_id
where h.organization_id = $1 and h.alert_id = $2
order by h.id

-- part: alert_allows
--  What learning from the alerts $2 would put into the baseline; of a new device also everything it did so far.
select v.alert_id, v.site_id, case v.record when 'occurrence' then 'operation' else v.record end as record, v.client,
  case when v.record in ('conversation', 'operation', 'occurrence') then v.server else 0 end as server,
  case when v.record = 'conversation' then v.detail ->> 'transport' else '' end as transport,
  case when v.record = 'conversation' then (v.detail ->> 'port')::integer else 0 end as port,
  case when v.record in ('conversation', 'operation', 'occurrence') then v.detail ->> 'protocol' else '' end as protocol,
  case when v.record in ('operation', 'occurrence') then v.detail ->> 'function' else '' end as function,
  case when v.record in ('operation', 'occurrence') then v.detail ->> 'access' else '' end as access,
  case when v.record in ('operation', 'occurrence') then v.detail ->> 'target' else '' end as target,
  case v.record when 'fact' then v.detail ->> 'attribute' when 'address' then v.detail ->> 'mac' else '' end as attribute,
  case when v.record in ('fact', 'address') then v.detail ->> 'value' else '' end as value, v.first_seen, v.last_seen
from alert_evidence v
where v.organization_id = $1 and v.alert_id = any ($2::bigint[])
  and v.record in ('device', 'address', 'conversation', 'operation', 'occurrence', 'fact')
union
select n.alert_id, c.site_id, 'conversation', coalesce(ce.device_id, -ce.id), coalesce(se.device_id, -se.id), c.transport, c.port, c.protocol,
  '', '', '', '', '', c.first_seen, c.last_seen
from alert_evidence n
join endpoint own on own.organization_id = $1 and own.device_id = n.client
join conversation c on c.organization_id = $1 and own.id in (c.client_endpoint_id, c.server_endpoint_id)
join endpoint ce on ce.organization_id = $1 and ce.id = c.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = c.server_endpoint_id
where n.organization_id = $1 and n.alert_id = any ($2::bigint[]) and n.record = 'device'
union
select n.alert_id, o.site_id, 'operation', coalesce(ce.device_id, -ce.id), coalesce(se.device_id, -se.id), '', 0, o.protocol, o.function, o.access,
  o.target, '', '', o.first_seen, o.last_seen
from alert_evidence n
join endpoint own on own.organization_id = $1 and own.device_id = n.client
join operation o on o.organization_id = $1 and own.id in (o.client_endpoint_id, o.server_endpoint_id)
join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
where n.organization_id = $1 and n.alert_id = any ($2::bigint[]) and n.record = 'device'

-- name: alert_learns
--  $3 at most so many
with allowed as (
  -- use: alert_allows
)
select distinct w.record, cd.id as client_id, coalesce(cd.name, host(ce.ip), ce.mac::text) as client_name, coalesce(host(cd.ips[1]), host(ce.ip)) as client_ip,
  coalesce(cd.macs[1], ce.mac) as client_mac, sd.id as server_id, coalesce(sd.name, host(se.ip), se.mac::text) as server_name,
  coalesce(host(sd.ips[1]), host(se.ip)) as server_ip, coalesce(sd.macs[1], se.mac) as server_mac, w.transport, w.port, w.protocol, w.function,
  w.access, w.target, w.attribute, w.value, w.server <> 0 as has_server
from allowed w
left join device cd on cd.organization_id = $1 and cd.id = w.client
left join device sd on sd.organization_id = $1 and sd.id = w.server
left join endpoint ce on ce.organization_id = $1 and ce.id = -w.client
left join endpoint se on se.organization_id = $1 and se.id = -w.server
order by w.record, client_name, server_name, w.protocol, w.function, w.target
limit $3::bigint

-- name: alert_learn
--  $3 person: what was known before stays as it was, and is granted beside; what was not is there for the grant only
with allowed as (
  -- use: alert_allows
), entry as (
  insert into baseline as b (organization_id, site_id, record, client, server, transport, port, protocol, function, access, target, attribute,
    value, source, person_id, alert_id, first_seen, last_seen)
  select distinct on (w.site_id, w.record, w.client, w.server, w.transport, w.port, w.protocol, w.function, w.access, w.target, w.attribute, w.value)
    $1::bigint, w.site_id, w.record, w.client, w.server, w.transport, w.port, w.protocol, w.function, w.access, w.target, w.attribute, w.value,
    'person', $3::bigint, w.alert_id, w.first_seen, w.last_seen
  from allowed w
  on conflict on constraint baseline_key do update set last_seen = greatest(b.last_seen, excluded.last_seen)
  returning b.id, b.site_id, b.record, b.client, b.server, b.transport, b.port, b.protocol, b.function, b.access, b.target, b.attribute, b.value
)
insert into baseline_grant (organization_id, baseline_id, alert_id, site_id, person_id)
select distinct $1::bigint, e.id, w.alert_id, e.site_id, $3::bigint
from entry e
join allowed w using (site_id, record, client, server, transport, port, protocol, function, access, target, attribute, value)
on conflict do nothing

-- name: alert_learn_devices
--  The new devices of the alerts $2 learn for $4 days more: what they do then is how they are.  $3 person
insert into device_learning as l (organization_id, device_id, site_id, learns_until, person_id, alert_id)
select distinct on (v.client) $1::bigint, v.client, v.site_id, now() + $4::bigint * interval '1 day', $3::bigint, v.alert_id
from alert_evidence v
join device d on d.organization_id = $1 and d.id = v.client
where v.organization_id = $1 and v.alert_id = any ($2::bigint[]) and v.record = 'device' and $4::bigint > 0
on conflict on constraint device_learning_pk do update
set learns_until = excluded.learns_until, person_id = excluded.person_id, alert_id = excluded.alert_id, begun_at = now()

-- name: alert_unlearn
--  Only what these grants alone kept goes; devices that learn because of them stop to.
with gone as (
  delete from baseline_grant g where g.organization_id = $1 and g.alert_id = any ($2::bigint[])
  returning g.baseline_id
), ended as (
  delete from device_learning l where l.organization_id = $1 and l.alert_id = any ($2::bigint[])
)
delete from baseline b
where b.organization_id = $1 and b.alert_id is not null and b.id in (select n.baseline_id from gone n)
  and not exists (select from baseline_grant g
    where g.organization_id = $1 and g.baseline_id = b.id and g.alert_id <> all ($2::bigint[]))

-- name: alert_lock
select a.id, a.site_id, a.state from alert a where a.organization_id = $1 and a.id = any ($2::bigint[]) order by a.id for update

-- name: alert_note
--  What is done to the alerts $2 and how they were before, so that it can be undone.  $3 person  $4 action  $5 comment  $6 more
insert into alert_history (organization_id, site_id, alert_id, person_id, action, comment, detail)
select $1::bigint, a.site_id, a.id, $3::bigint, $4::text, $5::text,
  jsonb_build_object('before', jsonb_build_object('state', a.state, 'reason', a.reason, 'muted_until', a.muted_until, 'assignee_id', a.assignee_id))
    || $6::jsonb
from alert a
where a.organization_id = $1 and a.id = any ($2::bigint[])

-- name: alert_note_undone
insert into alert_history (organization_id, site_id, alert_id, person_id, action, comment)
select $1::bigint, a.site_id, a.id, $3::bigint, 'undone', $4::text
from alert a
where a.organization_id = $1 and a.id = any ($2::bigint[])

-- name: alert_set_state
--  $3 person  $4 state  $5 reason  $6 muted until
update alert set state = $4, reason = $5, muted_until = $6::timestamptz, changed_at = now(), changed_by = $3::bigint
where organization_id = $1 and id = any ($2::bigint[])

-- name: alert_assign
update alert set assignee_id = $4::bigint, changed_at = now(), changed_by = $3::bigint where organization_id = $1 and id = any ($2::bigint[])

-- name: alert_undo
--  Back to how it was before the last thing that was done and not yet undone.
with last as (
  select distinct on (h.alert_id) h.alert_id, h.action, h.detail -> 'before' as before
  from alert_history h
  where h.organization_id = $1 and h.alert_id = any ($2::bigint[]) and h.detail ? 'before' and h.action <> 'commented'
    and not exists (select from alert_history u where u.organization_id = $1 and u.alert_id = h.alert_id and u.action = 'undone' and u.id > h.id)
  order by h.alert_id, h.id desc
)
update alert a
set state = l.before ->> 'state', reason = l.before ->> 'reason', muted_until = (l.before ->> 'muted_until')::timestamptz,
  assignee_id = (l.before ->> 'assignee_id')::bigint, changed_at = now(), changed_by = $3::bigint
from last l
where a.organization_id = $1 and a.id = l.alert_id
returning a.id, l.action

-- name: alert_people
--  Who may be given an alert.
select distinct u.id, coalesce(nullif(u.display_name, ''), u.login) as name
from membership m join app_user u on u.id = m.user_id
where m.organization_id = $1 and m.role <> 'viewer' and u.disabled_at is null
order by name, u.id

-- name: alert_figures
--  $2 site  $3 sensor: open alerts by severity
select a.severity, count(*) from alert a
where a.organization_id = $1 and a.state <> 'closed' and ($2::bigint is null or a.site_id = $2)
  and ($3::bigint is null or a.site_id = (select n.site_id from sensor n where n.organization_id = $1 and n.id = $3))
group by a.severity

-- name: learning_list
--  Every site with its learning.
select s.id, s.name, l.state, l.begun_at, l.changed_at, coalesce(nullif(u.display_name, ''), u.login) as changed_by, s.time_zone
from site s
left join site_learning l on l.organization_id = $1 and l.site_id = s.id
left join app_user u on u.id = l.changed_by
where s.organization_id = $1 and ($2::bigint is null or s.id = $2)
order by s.name, s.id

-- name: learning_measure
--  What of the baseline of site $2 was seen on one day only, how many days each entry was seen at most, and which shifts were observed.
--  An entry seen once is what an entry not yet seen was a moment ago (Good, 1953): their share is what is still unseen.
with entry as (
  select (b.first_seen at time zone s.time_zone)::date as first_day, (b.last_seen at time zone s.time_zone)::date as last_day
  from baseline b join site s on s.organization_id = $1 and s.id = $2
  where b.organization_id = $1 and b.site_id = $2 and b.record in ('conversation', 'operation')
), observed as (
  select distinct h.hour at time zone s.time_zone as at
  from traffic_protocol_hour h join site s on s.organization_id = $1 and s.id = $2
  where h.organization_id = $1 and h.site_id = $2 and h.hour >= now() - interval '60 days'
)
select (select count(*) from entry) as entries, (select count(*) from entry e where e.first_day = e.last_day) as seen_once,
  (select coalesce(sum(e.last_day - e.first_day + 1), 0)::bigint from entry e) as sightings,
  (select count(distinct o.at::date) from observed o) as days,
  array(select distinct case when extract(isodow from o.at) = 6 then 'saturday' when extract(isodow from o.at) = 7 then 'sunday'
      when extract(hour from o.at) between 8 and 16 then 'day' when extract(hour from o.at) between 17 and 21 then 'evening' else 'night' end
    from observed o) as shifts

-- name: learning_set
insert into site_learning as l (organization_id, site_id, state, changed_by) values ($1, $2, $3, $4)
on conflict on constraint site_learning_pk do update
set state = excluded.state, changed_at = now(), changed_by = excluded.changed_by,
  begun_at = case when excluded.state = 'learning' and l.state <> 'learning' then now() else l.begun_at end
returning site_id

-- name: learning_devices
--  New devices that still learn.  $2 site
select l.site_id, s.name as site_name, d.id, d.name, host(d.ips[1]), d.macs[1], l.begun_at, l.learns_until, l.person_id,
  coalesce(nullif(u.display_name, ''), u.login) as person
from device_learning l
join site s on s.organization_id = $1 and s.id = l.site_id
join device d on d.organization_id = $1 and d.id = l.device_id
left join app_user u on u.id = l.person_id
where l.organization_id = $1 and l.learns_until > now() and ($2::bigint is null or l.site_id = $2)
order by l.learns_until, d.id

-- name: learning_device_find
select d.site_id from device d where d.organization_id = $1 and d.id = $2 and d.merged_into is null for no key update

-- name: learning_device_set
--  $3 person  $4 days from now, 0 ends it
insert into device_learning as l (organization_id, device_id, site_id, learns_until, person_id)
select d.organization_id, d.id, d.site_id, now() + $4::bigint * interval '1 day', $3::bigint
from device d where d.organization_id = $1 and d.id = $2 and d.merged_into is null
on conflict on constraint device_learning_pk do update
set learns_until = excluded.learns_until, person_id = excluded.person_id
returning site_id

-- name: baseline_rules
--  The baseline as rules: what kinds of devices do what by which protocol, and when that was last seen.  $2 site
with hit as (
  select coalesce(ce.device_id, -ce.id) as client, coalesce(se.device_id, -se.id) as server, o.protocol, o.access, max(o.last_seen) as last_seen
  from operation o
  join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
  where o.organization_id = $1 and ($2::bigint is null or o.site_id = $2)
  group by 1, 2, 3, 4
)
select b.site_id, s.name, b.record, coalesce(nullif(cd.type, 'unknown'), '') as client_type, coalesce(nullif(sd.type, 'unknown'), '') as server_type,
  coalesce(sd.is_outside, false) as is_outside, b.protocol, b.access, count(*) as entries, count(distinct b.client) as clients,
  count(distinct b.server) as servers, min(b.first_seen) as first_seen, greatest(max(b.last_seen), max(hit.last_seen)) as last_seen,
  count(*) filter (where b.source <> 'learned' or exists (
    select from baseline_grant g where g.organization_id = $1 and g.baseline_id = b.id)) as by_person,
  (array_agg(distinct coalesce(cd.name, '')))[1:3] as client_names, (array_agg(distinct coalesce(sd.name, '')))[1:3] as server_names
from baseline b
join site s on s.organization_id = $1 and s.id = b.site_id
left join device cd on cd.organization_id = $1 and cd.id = b.client
left join device sd on sd.organization_id = $1 and sd.id = b.server
left join hit on b.record = 'operation' and hit.client = b.client and hit.server = b.server and hit.protocol = b.protocol and hit.access = b.access
where b.organization_id = $1 and ($2::bigint is null or b.site_id = $2) and (b.expires_at is null or b.expires_at > now())
  and (b.record = 'operation' or (b.record = 'conversation' and b.client > 0 and b.server > 0 and not exists (
    select from baseline o where o.organization_id = $1 and o.site_id = b.site_id and o.record = 'operation' and o.client = b.client
      and o.server = b.server and o.protocol = b.protocol)))
group by b.site_id, s.name, b.record, 4, 5, 6, b.protocol, b.access
order by count(*) desc, b.protocol, b.access, 4, 5
limit $3::bigint

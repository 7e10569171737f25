-- The alert list; list.sql has what it shares.
--  $1 organization  $2 site  $3 sensor: its site  $4 from  $5 to  $6 new since  $7-$10 words; wanted and unwanted: $11/$12 state
--  $13/$14 severity  $15/$16 category  $17/$18 rule  $19/$20 assignee  $21/$22 device on either side  $23/$24 reason  $25/$26 planned work; $27 these alerts

-- part: alert_filters
  and ($3::bigint is null or a.site_id = (select n.site_id from sensor n where n.organization_id = $1 and n.id = $3))
  and ($7::text is null or a.words like $7)
  and ($8::text is null or a.words like $8)
  and ($9::text is null or a.words like $9)
  and ($10::text is null or a.words like $10)
  and ($11::text[] is null or a.state = any ($11))
  and ($12::text[] is null or a.state <> all ($12))
  and ($13::text[] is null or a.severity = any ($13))
  and ($14::text[] is null or a.severity <> all ($14))
  and ($15::text[] is null or a.category = any ($15))
  and ($16::text[] is null or a.category <> all ($16))
  and ($17::text[] is null or a.rule = any ($17))
  and ($18::text[] is null or a.rule <> all ($18))
  and ($19::text[] is null or coalesce(a.assignee_id::text, '') = any ($19))
  and ($20::text[] is null or coalesce(a.assignee_id::text, '') <> all ($20))
  and ($21::bigint[] is null or a.client = any ($21) or a.server = any ($21))
  and ($22::bigint[] is null or (a.client <> all ($22) and a.server <> all ($22)))
  and ($23::text[] is null or a.reason = any ($23))
  and ($24::text[] is null or coalesce(a.reason, '') <> all ($24))
  and ($25::text[] is null or coalesce(a.planned_work_id::text, '') = any ($25))
  and ($26::text[] is null or coalesce(a.planned_work_id::text, '') <> all ($26))
  and ($27::bigint[] is null or a.id = any ($27))

-- name: alert_list
--  $28 sort field  $29 descending  $30 limit  $31-$34 the last row's time, number, text and id  $35 kind of the sort field
with page as (
  select a.id,
    -- use: list_key kind=$35
  from alert a
  cross join lateral (
    select case $28::text when 'first_seen' then a.first_seen when 'last_seen' then a.last_seen else 'epoch'::timestamptz end as time_key,
      case $28::text when 'count' then a.count when 'severity' then
        array_position(array['info', 'low', 'medium', 'high', 'critical'], a.severity)::bigint else 0 end as number_key,
      case $28::text when 'rule' then a.rule when 'state' then a.state else '' end as text_key
  ) k
  -- use: list_scope row=a
  -- use: alert_filters
  -- use: list_page row=a descending=$29 limit=$30 time=$31 number=$32 text=$33 id=$34
)
select a.id, p.key, a.site_id, s.name as site_name, a.rule, a.category, a.severity, a.points, cd.id as client_id,
  coalesce(cd.name, a.detail ->> 'client_name') as client_name, coalesce(host(cd.ips[1]), host(ce.ip)) as client_ip,
  coalesce(cd.macs[1], ce.mac) as client_mac, sd.id as server_id, coalesce(sd.name, a.detail ->> 'server_name') as server_name,
  coalesce(host(sd.ips[1]), host(se.ip)) as server_ip, coalesce(sd.macs[1], se.mac) as server_mac, a.detail, a.count, a.first_seen,
  a.last_seen, a.state, a.reason, a.muted_until, a.assignee_id, coalesce(nullif(u.display_name, ''), u.login) as assignee_name,
  (select count(*) from alert_history h where h.organization_id = $1 and h.alert_id = a.id and h.comment <> '') as comments,
  to_char(a.first_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as first_local,
  to_char(a.last_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as last_local, a.client <> 0 as has_client, a.server <> 0 as has_server,
  a.incident_id, a.planned_work_id, w.title as planned_work
from (select g.id, g.key, row_number() over () as place from page g) p
join alert a on a.organization_id = $1 and a.id = p.id
join site s on s.organization_id = $1 and s.id = a.site_id
left join device cd on cd.organization_id = $1 and cd.id = a.client
left join device sd on sd.organization_id = $1 and sd.id = a.server
left join endpoint ce on ce.organization_id = $1 and ce.id = -a.client
left join endpoint se on se.organization_id = $1 and se.id = -a.server
left join app_user u on u.id = a.assignee_id
left join planned_work w on w.organization_id = $1 and w.id = a.planned_work_id
order by p.place

-- name: alert_groups
--  $28 the field, '' for one group of all  $29 count at most so many  $30 give at most so many groups
with matched as (
  select case $28::text when 'state' then a.state when 'severity' then a.severity when 'category' then a.category when 'rule' then a.rule
    when 'assignee' then a.assignee_id::text when 'reason' then a.reason when 'site' then a.site_id::text
    when 'client' then case when a.client > 0 then a.client::text end when 'server' then case when a.server > 0 then a.server::text end
    else '' end as value
  from alert a
  -- use: list_scope row=a
  -- use: alert_filters
  limit $29::bigint
)
-- use: list_groups field=$28 groups=$30

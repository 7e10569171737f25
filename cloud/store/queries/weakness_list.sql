-- The weakness list; list.sql has what it shares.
--  $1 organization  $2 site  $3 sensor  $4 from  $5 to  $6 new since  $7-$10 words; wanted and unwanted: $11/$12 device
--  $13/$14 kind  $15/$16 verdict  $17/$18 severity  $19/$20 action  $21/$22 is_exploited  $23/$24 title_ja  $25/$26 title_en

-- part: weakness_filters
  and ($3::bigint is null or w.device_id in
    (select e.device_id from endpoint e where e.organization_id = $1 and e.sensor_id = $3))
  and ($7::text is null or w.words like $7 or d.words like $7)
  and ($8::text is null or w.words like $8 or d.words like $8)
  and ($9::text is null or w.words like $9 or d.words like $9)
  and ($10::text is null or w.words like $10 or d.words like $10)
  and ($11::bigint[] is null or w.device_id = any ($11))
  and ($12::bigint[] is null or w.device_id <> all ($12))
  and ($13::text[] is null or w.kind = any ($13))
  and ($14::text[] is null or w.kind <> all ($14))
  and ($15::text[] is null or w.verdict = any ($15))
  and ($16::text[] is null or w.verdict <> all ($16))
  and ($17::text[] is null or w.severity = any ($17))
  and ($18::text[] is null or w.severity <> all ($18))
  and ($19::text[] is null or w.action = any ($19))
  and ($20::text[] is null or w.action <> all ($20))
  and ($21::text[] is null or w.is_exploited::text = any ($21))
  and ($22::text[] is null or w.is_exploited::text <> all ($22))
  and ($23::text[] is null or w.title_ja = any ($23))
  and ($24::text[] is null or w.title_ja <> all ($24))
  and ($25::text[] is null or w.title_en = any ($25))
  and ($26::text[] is null or w.title_en <> all ($26))

-- name: weakness_list
--  $27 sort field  $28 descending  $29 limit  $30-$33 the last row's time, number, text and id  $34 kind of the sort field
with page as (
  select w.id,
    -- use: list_key kind=$34
  from weakness w
  join device d on d.organization_id = $1 and d.id = w.device_id
  cross join lateral (
    select case $27::text when 'first_seen' then w.first_seen when 'last_seen' then w.last_seen else 'epoch'::timestamptz end as time_key,
      case $27::text when 'urgency' then w.urgency when 'score' then w.score else 0 end::bigint as number_key,
      case $27::text when 'device' then lower(d.name) when 'title_ja' then w.title_ja when 'title_en' then lower(w.title_en)
        when 'rule' then w.rule else '' end as text_key
  ) k
  -- use: list_scope row=w
  -- use: weakness_filters
  -- use: list_page row=w descending=$28 limit=$29 time=$30 number=$31 text=$32 id=$33
)
select w.id, p.key, w.site_id, s.name, w.device_id, d.name, host(d.ips[1]), d.macs[1], d.vendor, d.model, d.firmware, d.os, w.kind, w.rule,
  w.verdict, w.severity, w.action, w.is_exploited, w.score, w.title_ja, w.title_en, w.reason_ja, w.reason_en, w.measure_ja,
  w.measure_en, w.evidence, w.cves, w.url, w.first_seen, w.last_seen,
  to_char(w.first_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as first_local,
  to_char(w.last_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as last_local
from (select g.id, g.key, row_number() over () as place from page g) p
join weakness w on w.organization_id = $1 and w.id = p.id
join device d on d.organization_id = $1 and d.id = w.device_id
join site s on s.organization_id = $1 and s.id = w.site_id
order by p.place

-- name: weakness_groups
--  $27 the field, '' for one group of all  $28 count at most so many rows  $29 give at most so many groups
with matched as (
  select case $27::text when 'device' then w.device_id::text when 'kind' then w.kind when 'verdict' then w.verdict
    when 'severity' then w.severity when 'action' then w.action when 'is_exploited' then w.is_exploited::text
    when 'title_ja' then w.title_ja when 'title_en' then w.title_en when 'site' then w.site_id::text else '' end as value
  from weakness w
  join device d on d.organization_id = $1 and d.id = w.device_id
  -- use: list_scope row=w
  -- use: weakness_filters
  limit $28::bigint
)
-- use: list_groups field=$27 groups=$29

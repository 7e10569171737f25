-- The device list; list.sql has what it shares.
--  $1 organization  $2 site  $3 sensor  $4 from  $5 to  $6 new since  $7-$10 words; wanted and unwanted: $11/$12 type
--  $13/$14 vendor  $15/$16 model  $17/$18 os  $19/$20 is_router  $21/$22 is_local  $23/$24 is_outside  $25/$26 family
--  $27/$28 firmware  $29/$30 level  $31/$32 role  $33/$34 mac_kind  $35/$36 has_internet  $37/$38 has_conflict; $39 this device

-- part: device_filters
  and d.merged_into is null
  and ($3::bigint is null or d.id in
    (select e.device_id from endpoint e where e.organization_id = $1 and e.sensor_id = $3))
  and ($7::text is null or d.words like $7)
  and ($8::text is null or d.words like $8)
  and ($9::text is null or d.words like $9)
  and ($10::text is null or d.words like $10)
  and ($11::text[] is null or coalesce(nullif(d.type, 'unknown'), '') = any ($11))
  and ($12::text[] is null or coalesce(nullif(d.type, 'unknown'), '') <> all ($12))
  and ($13::text[] is null or d.vendor = any ($13))
  and ($14::text[] is null or d.vendor <> all ($14))
  and ($15::text[] is null or d.model = any ($15))
  and ($16::text[] is null or d.model <> all ($16))
  and ($17::text[] is null or d.os = any ($17))
  and ($18::text[] is null or d.os <> all ($18))
  and ($19::text[] is null or d.is_router::text = any ($19))
  and ($20::text[] is null or d.is_router::text <> all ($20))
  and ($21::text[] is null or d.is_local::text = any ($21))
  and ($22::text[] is null or d.is_local::text <> all ($22))
  and ($23::text[] is null or d.is_outside::text = any ($23))
  and ($24::text[] is null or d.is_outside::text <> all ($24))
  and ($25::text[] is null or d.family = any ($25))
  and ($26::text[] is null or d.family <> all ($26))
  and ($27::text[] is null or d.firmware = any ($27))
  and ($28::text[] is null or d.firmware <> all ($28))
  and ($29::text[] is null or d.level = any ($29))
  and ($30::text[] is null or d.level <> all ($30))
  and ($31::text[] is null or d.role = any ($31))
  and ($32::text[] is null or d.role <> all ($32))
  and ($33::text[] is null or d.mac_kind = any ($33))
  and ($34::text[] is null or d.mac_kind <> all ($34))
  and ($35::text[] is null or d.has_internet::text = any ($35))
  and ($36::text[] is null or d.has_internet::text <> all ($36))
  and ($37::text[] is null or (d.conflicts <> '{}')::text = any ($37))
  and ($38::text[] is null or (d.conflicts <> '{}')::text <> all ($38))
  and ($39::bigint is null or d.id = $39)

-- name: device_list
--  $40 sort field  $41 descending  $42 limit  $43-$46 the last row's time, number, text and id  $47 kind of the sort field
with page as (
  select d.id,
    -- use: list_key kind=$47
  from device d
  cross join lateral (
    select case $40::text when 'first_seen' then d.first_seen when 'last_seen' then d.last_seen else 'epoch'::timestamptz end as time_key,
      0::bigint as number_key,
      case $40::text when 'name' then lower(d.name) when 'type' then coalesce(nullif(d.type, 'unknown'), '')
        when 'vendor' then lower(d.vendor) when 'model' then lower(d.model) when 'os' then lower(d.os) when 'family' then lower(d.family)
        when 'firmware' then lower(d.firmware) when 'level' then d.level else '' end as text_key
  ) k
  -- use: list_scope row=d
  -- use: device_filters
  -- use: list_page row=d descending=$41 limit=$42 time=$43 number=$44 text=$45 id=$46
)
select d.id, p.key,
  d.name, d.name_source, d.type, d.type_source, d.vendor, d.model, d.firmware, d.serial, d.os, d.host_name, d.is_router,
  d.is_local, d.is_outside, d.family, d.hardware, d.level, d.role, d.mac_kind, d.has_internet, d.conflicts, d.site_id, s.name as site_name, d.ips, d.macs, e.vlans, e.sensor_ids,
  array(select n.name from sensor n where n.organization_id = $1 and n.id = any (e.sensor_ids) order by n.id) as sensor_names,
  e.packets, e.bytes, d.first_seen, d.last_seen,
  to_char(d.first_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as first_local,
  to_char(d.last_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as last_local,
  coalesce((select (array['info', 'low', 'medium', 'high', 'critical'])[max(array_position(array['info', 'low', 'medium', 'high', 'critical'], a.severity))]
    from (select a.severity from alert a where a.organization_id = $1 and a.client = d.id and a.state <> 'closed'
      union all select a.severity from alert a where a.organization_id = $1 and a.server = d.id and a.state <> 'closed') a), '') as severity
from (select g.id, g.key, row_number() over () as place from page g) p
join device d on d.organization_id = $1 and d.id = p.id
join site s on s.organization_id = $1 and s.id = d.site_id
cross join lateral (
  select coalesce(array_agg(distinct e.vlan::bigint), '{}') as vlans,
    coalesce(array_agg(distinct e.sensor_id), '{}') as sensor_ids,
    coalesce(sum(e.packets), 0)::bigint as packets,
    coalesce(sum(e.bytes), 0)::bigint as bytes
  from endpoint e
  where e.organization_id = $1 and e.device_id = d.id
) e
order by p.place

-- name: device_groups
--  $40 the field, '' for one group of all  $41 count at most so many devices  $42 give at most so many groups
with matched as (
  select case $40::text when 'type' then coalesce(nullif(d.type, 'unknown'), '') when 'vendor' then d.vendor when 'model' then d.model
    when 'os' then d.os when 'site' then d.site_id::text when 'is_router' then d.is_router::text
    when 'is_local' then d.is_local::text when 'family' then d.family when 'firmware' then d.firmware when 'level' then d.level
    when 'role' then d.role when 'mac_kind' then d.mac_kind when 'has_internet' then d.has_internet::text else '' end as value
  from device d
  -- use: list_scope row=d
  -- use: device_filters
  limit $41::bigint
)
-- use: list_groups field=$40 groups=$42

-- The operation list; see device_list.sql for how the conditions fold away.
--  $1 organization  $2 site  $3 sensor  $4 from  $5 to  $6 new since  $7-$10 words; wanted and unwanted: $11/$12 device
--  $13/$14 client  $15/$16 server  $17/$18 protocol  $19/$20 function  $21/$22 access

-- name: operation_list
--  $23 sort field  $24 descending  $25 limit  $26-$29 the last row's time, number, text and id
with hit as materialized (
  select h.id, h.words like $7 as has_1, h.words like $8 as has_2, h.words like $9 as has_3, h.words like $10 as has_4
  from endpoint_search h
  where h.organization_id = $1 and $7::text is not null and h.words like any (array[$7, $8, $9, $10])
), page as (
  select o.id
  from operation o
  cross join lateral (
    select case $23::text when 'first_seen' then o.first_seen when 'last_seen' then o.last_seen else 'epoch'::timestamptz end as time_key,
      case $23::text when 'count' then o.count when 'errors' then o.errors else 0 end as number_key,
      case $23::text when 'protocol' then o.protocol when 'function' then o.function when 'access' then o.access else '' end as text_key
  ) k
  where o.organization_id = $1
    and ($2::bigint is null or o.site_id = $2)
    and ($3::bigint is null or o.sensor_id = $3)
    and ($4::timestamptz is null or o.last_seen >= $4)
    and ($5::timestamptz is null or o.first_seen < $5)
    and ($6::timestamptz is null or o.first_seen >= $6)
    and ($7::text is null or lower(o.protocol) like $7 or lower(o.function) like $7 or lower(o.code) like $7 or lower(o.target) like $7
      or o.client_endpoint_id in (select h.id from hit h where h.has_1)
      or o.server_endpoint_id in (select h.id from hit h where h.has_1))
    and ($8::text is null or lower(o.protocol) like $8 or lower(o.function) like $8 or lower(o.code) like $8 or lower(o.target) like $8
      or o.client_endpoint_id in (select h.id from hit h where h.has_2)
      or o.server_endpoint_id in (select h.id from hit h where h.has_2))
    and ($9::text is null or lower(o.protocol) like $9 or lower(o.function) like $9 or lower(o.code) like $9 or lower(o.target) like $9
      or o.client_endpoint_id in (select h.id from hit h where h.has_3)
      or o.server_endpoint_id in (select h.id from hit h where h.has_3))
    and ($10::text is null or lower(o.protocol) like $10 or lower(o.function) like $10 or lower(o.code) like $10 or lower(o.target) like $10
      or o.client_endpoint_id in (select h.id from hit h where h.has_4)
      or o.server_endpoint_id in (select h.id from hit h where h.has_4))
    and ($11::bigint[] is null
      or o.client_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($11))
      or o.server_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($11)))
    and ($12::bigint[] is null
      or (o.client_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($12))
        and o.server_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($12))))
    and ($13::bigint[] is null
      or o.client_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($13)))
    and ($14::bigint[] is null
      or o.client_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($14)))
    and ($15::bigint[] is null
      or o.server_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($15)))
    and ($16::bigint[] is null
      or o.server_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($16)))
    and ($17::text[] is null or o.protocol = any ($17))
    and ($18::text[] is null or o.protocol <> all ($18))
    and ($19::text[] is null or o.function = any ($19))
    and ($20::text[] is null or o.function <> all ($20))
    and ($21::text[] is null or o.access = any ($21))
    and ($22::text[] is null or o.access <> all ($22))
    and ($29::bigint is null
      or ($24::boolean and (k.time_key, k.number_key, k.text_key <> '', k.text_key, o.id)
        < ($26::timestamptz, $27::bigint, $28::text <> '', $28::text, $29))
      or (not $24::boolean and (k.time_key, k.number_key, k.text_key = '', k.text_key, o.id)
        > ($26::timestamptz, $27::bigint, $28::text = '', $28::text, $29)))
  order by
    case when not $24::boolean then k.time_key end,
    case when $24::boolean then k.time_key end desc,
    case when not $24::boolean then k.number_key end,
    case when $24::boolean then k.number_key end desc,
    case when not $24::boolean then k.text_key = '' end,
    case when $24::boolean then k.text_key <> '' end desc,
    case when not $24::boolean then k.text_key end,
    case when $24::boolean then k.text_key end desc,
    case when not $24::boolean then o.id end,
    case when $24::boolean then o.id end desc
  limit $25::bigint
)
select o.id, case $23::text when 'first_seen' then o.first_seen::text when 'last_seen' then o.last_seen::text
    when 'count' then o.count::text when 'errors' then o.errors::text when 'protocol' then o.protocol
    when 'function' then o.function when 'access' then o.access else '' end as key,
  o.site_id, s.name, o.sensor_id, n.name, ce.device_id, cd.name, ce.ip, ce.mac, se.device_id, sd.name, se.ip, se.mac,
  o.protocol, o.function, o.code, o.access, o.target, o.count, o.errors, o.cycle_us, o.jitter_us, o.first_seen, o.last_seen,
  to_char(o.first_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as first_local,
  to_char(o.last_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as last_local
from (select g.id, row_number() over () as place from page g) p
join operation o on o.organization_id = $1 and o.id = p.id
join site s on s.organization_id = $1 and s.id = o.site_id
join sensor n on n.organization_id = $1 and n.id = o.sensor_id
join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
left join device cd on cd.organization_id = $1 and cd.id = ce.device_id
left join device sd on sd.organization_id = $1 and sd.id = se.device_id
order by p.place

-- name: operation_groups
--  $23 the field, '' for one group of all  $24 count at most so many  $25 give at most so many groups
with hit as materialized (
  select h.id, h.words like $7 as has_1, h.words like $8 as has_2, h.words like $9 as has_3, h.words like $10 as has_4
  from endpoint_search h
  where h.organization_id = $1 and $7::text is not null and h.words like any (array[$7, $8, $9, $10])
), matched as (
  select case $23::text when 'protocol' then o.protocol when 'function' then o.function when 'access' then o.access
    when 'site' then o.site_id::text when 'client' then (select e.device_id::text from endpoint e where e.organization_id = $1 and e.id = o.client_endpoint_id)
    when 'server' then (select e.device_id::text from endpoint e where e.organization_id = $1 and e.id = o.server_endpoint_id) else '' end as value
  from operation o
  where o.organization_id = $1
    and ($2::bigint is null or o.site_id = $2)
    and ($3::bigint is null or o.sensor_id = $3)
    and ($4::timestamptz is null or o.last_seen >= $4)
    and ($5::timestamptz is null or o.first_seen < $5)
    and ($6::timestamptz is null or o.first_seen >= $6)
    and ($7::text is null or lower(o.protocol) like $7 or lower(o.function) like $7 or lower(o.code) like $7 or lower(o.target) like $7
      or o.client_endpoint_id in (select h.id from hit h where h.has_1)
      or o.server_endpoint_id in (select h.id from hit h where h.has_1))
    and ($8::text is null or lower(o.protocol) like $8 or lower(o.function) like $8 or lower(o.code) like $8 or lower(o.target) like $8
      or o.client_endpoint_id in (select h.id from hit h where h.has_2)
      or o.server_endpoint_id in (select h.id from hit h where h.has_2))
    and ($9::text is null or lower(o.protocol) like $9 or lower(o.function) like $9 or lower(o.code) like $9 or lower(o.target) like $9
      or o.client_endpoint_id in (select h.id from hit h where h.has_3)
      or o.server_endpoint_id in (select h.id from hit h where h.has_3))
    and ($10::text is null or lower(o.protocol) like $10 or lower(o.function) like $10 or lower(o.code) like $10 or lower(o.target) like $10
      or o.client_endpoint_id in (select h.id from hit h where h.has_4)
      or o.server_endpoint_id in (select h.id from hit h where h.has_4))
    and ($11::bigint[] is null
      or o.client_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($11))
      or o.server_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($11)))
    and ($12::bigint[] is null
      or (o.client_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($12))
        and o.server_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($12))))
    and ($13::bigint[] is null
      or o.client_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($13)))
    and ($14::bigint[] is null
      or o.client_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($14)))
    and ($15::bigint[] is null
      or o.server_endpoint_id in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($15)))
    and ($16::bigint[] is null
      or o.server_endpoint_id not in (select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($16)))
    and ($17::text[] is null or o.protocol = any ($17))
    and ($18::text[] is null or o.protocol <> all ($18))
    and ($19::text[] is null or o.function = any ($19))
    and ($20::text[] is null or o.function <> all ($20))
    and ($21::text[] is null or o.access = any ($21))
    and ($22::text[] is null or o.access <> all ($22))
  limit $24::bigint
)
select m.value,
  case $23::text
    when 'site' then (select s.name from site s where s.organization_id = $1 and s.id = nullif(m.value, '')::bigint)
    when 'client' then (select d.name from device d where d.organization_id = $1 and d.id = nullif(m.value, '')::bigint)
    when 'server' then (select d.name from device d where d.organization_id = $1 and d.id = nullif(m.value, '')::bigint)
  end as name,
  count(*) as count
from matched m
group by m.value
order by count(*) desc, m.value
limit $25::bigint

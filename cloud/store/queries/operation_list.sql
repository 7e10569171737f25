-- The operation list; list.sql has what it shares.
--  $1 organization  $2 site  $3 sensor  $4 from  $5 to  $6 new since  of up to four words
--  $7-$10 the endpoints that have it, null without a word, $11-$14 the pattern;
--  $15-$20 sides; wanted and unwanted: $21/$22 protocol  $23/$24 function  $25/$26 access

-- part: operation_filters
  and ($7::bigint[] is null or o.client_endpoint_id = any ($7) or o.server_endpoint_id = any ($7) or o.words like $11::text)
  and ($8::bigint[] is null or o.client_endpoint_id = any ($8) or o.server_endpoint_id = any ($8) or o.words like $12::text)
  and ($9::bigint[] is null or o.client_endpoint_id = any ($9) or o.server_endpoint_id = any ($9) or o.words like $13::text)
  and ($10::bigint[] is null or o.client_endpoint_id = any ($10) or o.server_endpoint_id = any ($10) or o.words like $14::text)
  and ($21::text[] is null or o.protocol = any ($21))
  and ($22::text[] is null or o.protocol <> all ($22))
  and ($23::text[] is null or o.function = any ($23))
  and ($24::text[] is null or o.function <> all ($24))
  and ($25::text[] is null or o.access = any ($25))
  and ($26::text[] is null or o.access <> all ($26))

-- name: operation_list
--  $27 sort field  $28 descending  $29 limit  $30-$33 the last row's time, number, text and id  $34 kind of the sort field
with page as (
  select o.id,
    -- use: list_key kind=$34
  from operation o
  cross join lateral (
    select case $27::text when 'first_seen' then o.first_seen when 'last_seen' then o.last_seen else 'epoch'::timestamptz end as time_key,
      case $27::text when 'count' then o.count when 'errors' then o.errors else 0 end as number_key,
      case $27::text when 'protocol' then o.protocol when 'function' then o.function when 'access' then o.access else '' end as text_key
  ) k
  -- use: list_scope row=o
  -- use: list_sides row=o
  -- use: operation_filters
  -- use: list_page row=o descending=$28 limit=$29 time=$30 number=$31 text=$32 id=$33
)
select o.id, p.key, o.site_id, s.name, o.sensor_id, n.name, ce.device_id, cd.name, ce.ip, ce.mac, se.device_id, sd.name, se.ip, se.mac,
  o.protocol, o.function, o.code, o.access, o.target, o.count, o.errors, o.cycle_us, o.jitter_us, o.first_seen, o.last_seen,
  to_char(o.first_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as first_local,
  to_char(o.last_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as last_local
from (select g.id, g.key, row_number() over () as place from page g) p
join operation o on o.organization_id = $1 and o.id = p.id
-- use: list_shown row=o

-- name: operation_groups
--  $27 the field, '' for one group of all  $28 count at most so many  $29 give at most so many groups
with matched as (
  select case $27::text when 'protocol' then o.protocol when 'function' then o.function when 'access' then o.access when 'site' then o.site_id::text
    when 'client' then (select e.device_id::text from endpoint e where e.organization_id = $1 and e.id = o.client_endpoint_id)
    when 'server' then (select e.device_id::text from endpoint e where e.organization_id = $1 and e.id = o.server_endpoint_id)
    else '' end as value
  from operation o
  -- use: list_scope row=o
  -- use: list_sides row=o
  -- use: operation_filters
  limit $28::bigint
)
-- use: list_groups field=$27 groups=$29

-- part: operation_key
--  What an operation is added up under; a side is a device, or minus an endpoint that has none.
    case {field}::text when 'protocol' then o.protocol when 'function' then o.function when 'access' then o.access
      when 'client' then coalesce(ce.device_id, -ce.id)::text when 'server' then coalesce(se.device_id, -se.id)::text else '' end

-- name: operation_sums
--  $27-$29 the fields, '' for none  $30 give at most so many sums
with matched as (
  select
    -- use: operation_key field=$27
    as key_1,
    -- use: operation_key field=$28
    as key_2,
    -- use: operation_key field=$29
    as key_3,
    coalesce(ce.device_id, -ce.id) as client, o.access in ('write', 'control', 'program', 'config') as is_change,
    o.code, o.count, o.errors, o.first_seen, o.last_seen
  from operation o
  join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
  join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
  -- use: list_scope row=o
  -- use: list_sides row=o
  -- use: operation_filters
)
select m.key_1, m.key_2, m.key_3, count(*) as operations, sum(m.count)::bigint as count, sum(m.errors)::bigint as errors,
  coalesce(sum(m.count) filter (where m.is_change), 0)::bigint as changes, count(distinct m.client) as clients,
  count(distinct m.client) filter (where m.is_change) as changers, min(m.code) as code, max(m.code) as code_last,
  min(m.first_seen) as first_seen, max(m.last_seen) as last_seen
from matched m
group by m.key_1, m.key_2, m.key_3
order by sum(m.count) desc, m.key_1, m.key_2, m.key_3
limit $30::bigint

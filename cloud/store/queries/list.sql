-- What the lists of devices, conversations and operations share; "-- use:" in their files names the parameters.
-- Nearly every condition stands behind "is null": plan for the parameters given (session_plan_for_parameters), then what is
-- not asked for folds away and the order is one an index has. A page is found by its ids alone, in order; what else a row
-- shows is joined to these few.

-- part: list_key
case {kind}::text when 'time' then k.time_key::text when 'number' then k.number_key::text else k.text_key end as key

-- part: list_page
--  Behind the last row's time, number, text and id, whichever the order is by; an empty text comes last.
  and ({id}::bigint is null
    or ({descending}::boolean and (k.time_key, k.number_key, k.text_key <> '', k.text_key, {row}.id)
      < ({time}::timestamptz, {number}::bigint, {text}::text <> '', {text}::text, {id}))
    or (not {descending}::boolean and (k.time_key, k.number_key, k.text_key = '', k.text_key, {row}.id)
      > ({time}::timestamptz, {number}::bigint, {text}::text = '', {text}::text, {id})))
order by
  case when not {descending}::boolean then k.time_key end,
  case when {descending}::boolean then k.time_key end desc,
  case when not {descending}::boolean then k.number_key end,
  case when {descending}::boolean then k.number_key end desc,
  case when not {descending}::boolean then k.text_key = '' end,
  case when {descending}::boolean then k.text_key <> '' end desc,
  case when not {descending}::boolean then k.text_key end,
  case when {descending}::boolean then k.text_key end desc,
  case when not {descending}::boolean then {row}.id end,
  case when {descending}::boolean then {row}.id end desc
limit {limit}::bigint

-- part: list_scope
--  $2 site  $3 sensor  $4 from  $5 to  $6 new since
where {row}.organization_id = $1
  and ($2::bigint is null or {row}.site_id = $2)
  and ($4::timestamptz is null or {row}.last_seen >= $4)
  and ($5::timestamptz is null or {row}.first_seen < $5)
  and ($6::timestamptz is null or {row}.first_seen >= $6)

-- part: list_sides
--  Endpoints, wanted and unwanted: $15/$16 on either side  $17/$18 client  $19/$20 server
  and ($3::bigint is null or {row}.sensor_id = $3)
  and ($15::bigint[] is null or {row}.client_endpoint_id = any ($15) or {row}.server_endpoint_id = any ($15))
  and ($16::bigint[] is null or ({row}.client_endpoint_id <> all ($16) and {row}.server_endpoint_id <> all ($16)))
  and ($17::bigint[] is null or {row}.client_endpoint_id = any ($17))
  and ($18::bigint[] is null or {row}.client_endpoint_id <> all ($18))
  and ($19::bigint[] is null or {row}.server_endpoint_id = any ($19))
  and ($20::bigint[] is null or {row}.server_endpoint_id <> all ($20))

-- part: list_shown
--  What a row of a pair shows.
join site s on s.organization_id = $1 and s.id = {row}.site_id
join sensor n on n.organization_id = $1 and n.id = {row}.sensor_id
join endpoint ce on ce.organization_id = $1 and ce.id = {row}.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = {row}.server_endpoint_id
left join device cd on cd.organization_id = $1 and cd.id = ce.device_id
left join device sd on sd.organization_id = $1 and sd.id = se.device_id
order by p.place

-- part: list_groups
select m.value,
  case {field}::text
    when 'site' then (select s.name from site s where s.organization_id = $1 and s.id = nullif(m.value, '')::bigint)
    when 'device' then (select d.name from device d where d.organization_id = $1 and d.id = nullif(m.value, '')::bigint)
    when 'client' then (select d.name from device d where d.organization_id = $1 and d.id = nullif(m.value, '')::bigint)
    when 'server' then (select d.name from device d where d.organization_id = $1 and d.id = nullif(m.value, '')::bigint)
  end as name,
  count(*) as count
from matched m
group by m.value
order by count(*) desc, m.value
limit {groups}::bigint

-- name: list_endpoints
--  The endpoints of devices.
select e.id from endpoint e where e.organization_id = $1 and e.device_id = any ($2::bigint[])

-- name: list_word_endpoints
--  For each of the words $2 the endpoints of devices that have it, and those without a device whose address has it.
select w.n,
  array(
    select e.id from device d
    join endpoint e on e.organization_id = $1 and e.device_id = d.id
    where d.organization_id = $1 and d.words like w.word
    union all
    select e.id from endpoint e
    where e.organization_id = $1 and e.device_id is null and coalesce(host(e.ip), '') || ' ' || coalesce(e.mac::text, '') like w.word) as endpoints
from unnest($2::text[]) with ordinality w (word, n)

-- name: list_word_protocols
--  For each of the words $2 the protocols of conversations that have it. Steps from one protocol to the next, of which there
--  are few.
with recursive known (protocol) as (
  (select c.protocol from conversation c where c.organization_id = $1 order by c.protocol limit 1)
  union all
  select (select c.protocol from conversation c where c.organization_id = $1 and c.protocol > k.protocol order by c.protocol limit 1)
  from known k
  where k.protocol is not null
)
select w.n, array(select k.protocol from known k where lower(k.protocol) like w.word) as protocols
from unnest($2::text[]) with ordinality w (word, n)

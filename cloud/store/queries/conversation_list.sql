-- The conversation list; list.sql has what it shares.
--  $1 organization  $2 site  $3 sensor  $4 from  $5 to  $6 new since  of up to four words
--  $7-$10 the endpoints that have it, null without a word, $11-$14 the protocols that have it, null where none does;
--  $15-$20 sides; wanted and unwanted: $21/$22 protocol  $23/$24 transport  $25/$26 port

-- part: conversation_filters
  and ($7::bigint[] is null or c.client_endpoint_id = any ($7) or c.server_endpoint_id = any ($7) or c.protocol = any ($11::text[]))
  and ($8::bigint[] is null or c.client_endpoint_id = any ($8) or c.server_endpoint_id = any ($8) or c.protocol = any ($12::text[]))
  and ($9::bigint[] is null or c.client_endpoint_id = any ($9) or c.server_endpoint_id = any ($9) or c.protocol = any ($13::text[]))
  and ($10::bigint[] is null or c.client_endpoint_id = any ($10) or c.server_endpoint_id = any ($10) or c.protocol = any ($14::text[]))
  and ($21::text[] is null or c.protocol = any ($21))
  and ($22::text[] is null or c.protocol <> all ($22))
  and ($23::text[] is null or c.transport = any ($23))
  and ($24::text[] is null or c.transport <> all ($24))
  and ($25::text[] is null or c.port::text = any ($25))
  and ($26::text[] is null or c.port::text <> all ($26))

-- name: conversation_list
--  $27 sort field  $28 descending  $29 limit  $30-$33 the last row's time, number, text and id  $34 kind of the sort field
with page as (
  select c.id,
    -- use: list_key kind=$34
  from conversation c
  cross join lateral (
    select case $27::text when 'first_seen' then c.first_seen when 'last_seen' then c.last_seen else 'epoch'::timestamptz end as time_key,
      case $27::text when 'bytes' then c.bytes_up + c.bytes_down when 'packets' then c.packets_up + c.packets_down
        when 'flows' then c.flows when 'port' then c.port else 0 end as number_key,
      case $27::text when 'protocol' then c.protocol else '' end as text_key
  ) k
  -- use: list_scope row=c
  -- use: list_sides row=c
  -- use: conversation_filters
  -- use: list_page row=c descending=$28 limit=$29 time=$30 number=$31 text=$32 id=$33
)
select c.id, p.key, c.site_id, s.name, c.sensor_id, n.name, ce.device_id, cd.name, ce.ip, ce.mac, se.device_id, sd.name, se.ip, se.mac,
  c.transport, c.port, c.protocol, c.packets_up, c.packets_down, c.bytes_up, c.bytes_down, c.flows, c.first_seen, c.last_seen,
  to_char(c.first_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as first_local,
  to_char(c.last_seen at time zone s.time_zone, 'YYYY-MM-DD HH24:MI:SS') as last_local
from (select g.id, g.key, row_number() over () as place from page g) p
join conversation c on c.organization_id = $1 and c.id = p.id
-- use: list_shown row=c

-- name: conversation_groups
--  $27 the field, '' for one group of all  $28 count at most so many  $29 give at most so many groups
with matched as (
  select case $27::text when 'protocol' then c.protocol when 'transport' then c.transport when 'port' then c.port::text when 'site' then c.site_id::text
    when 'client' then (select e.device_id::text from endpoint e where e.organization_id = $1 and e.id = c.client_endpoint_id)
    when 'server' then (select e.device_id::text from endpoint e where e.organization_id = $1 and e.id = c.server_endpoint_id)
    else '' end as value
  from conversation c
  -- use: list_scope row=c
  -- use: list_sides row=c
  -- use: conversation_filters
  limit $28::bigint
)
-- use: list_groups field=$27 groups=$29

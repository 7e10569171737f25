-- The customer's ledger of a site. $1 is the organization, $2 the site.

-- name: ledger_last_upload
select u.id, u.file_name, u.sheet, u.header_row, u.headers, u.fields, u.uploaded_at, coalesce(nullif(p.display_name, ''), p.login),
  encode(u.content_hash, 'hex')
from ledger_upload u
left join app_user p on p.id = u.uploaded_by
where u.organization_id = $1 and u.site_id = $2
order by u.uploaded_at desc, u.id desc
limit 1

-- name: ledger_content
select u.content, u.file_name from ledger_upload u
where u.organization_id = $1 and u.site_id = $2
order by u.uploaded_at desc, u.id desc
limit 1

-- name: ledger_add_upload
--  $3 file name  $4 sheet  $5 header row  $6 headers  $7 fields  $8 content  $9 who
insert into ledger_upload (organization_id, site_id, file_name, sheet, header_row, headers, fields, content, uploaded_by)
values ($1, $2, $3, $4, $5::integer, $6::text[], $7::text[], $8::bytea, $9)
returning id

-- name: ledger_forget_contents
--  Of a site's files only the newest is written back.
update ledger_upload set content = ''
where organization_id = $1 and site_id = $2 and id <> $3 and content <> ''

-- name: ledger_keys
select e.key, e.name, e.macs::text[], (select coalesce(array_agg(host(i.ip)), '{}') from unnest(e.ips) as i (ip)), e.texts, e.unknown
from ledger_entry e
where e.organization_id = $1 and e.site_id = $2

-- name: ledger_save
--  $3 the upload  $4 rows as JSON: [{"key", "row", "name", "macs", "ips", "texts", "unknown"}]. What a person decided stays.
insert into ledger_entry as e (organization_id, site_id, upload_id, key, row_number, name, macs, ips, texts, unknown)
select $1, $2, $3, r.key, r.row, r.name, r.macs, r.ips, r.texts, r.unknown
from jsonb_to_recordset($4::jsonb) as r (key text, row integer, name text, macs macaddr[], ips inet[], texts jsonb, unknown jsonb)
on conflict on constraint ledger_entry_key do update
set upload_id = excluded.upload_id, row_number = excluded.row_number, name = excluded.name, macs = excluded.macs, ips = excluded.ips,
  texts = excluded.texts, unknown = excluded.unknown

-- name: ledger_drop_others
delete from ledger_entry where organization_id = $1 and site_id = $2 and upload_id <> $3

-- name: ledger_candidates
--  Observed devices by what can be trusted to be theirs: no virtual, randomised or shared MAC, no address that DHCP gave.
select d.id, d.name, case when d.mac_kind in ('vendor', '') then d.macs::text[] else '{}' end, d.serial, d.host_name, d.vendor,
  case when exists (
    select from endpoint e join fact f on f.organization_id = $1 and f.endpoint_id = e.id and f.source in ('dhcp', 'dhcpv6')
    where e.organization_id = $1 and e.device_id = d.id)
  then '{}' else (select coalesce(array_agg(host(i.ip)), '{}') from unnest(d.ips) as i (ip)) end
from device d
where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null and d.is_local and not d.is_outside
order by d.id

-- name: ledger_undecided
select e.id, e.name, e.macs::text[], (select coalesce(array_agg(host(i.ip)), '{}') from unnest(e.ips) as i (ip)), e.texts
from ledger_entry e
where e.organization_id = $1 and e.site_id = $2 and e.decided_at is null
order by e.row_number

-- name: ledger_save_matches
--  $3 as JSON: [{"id", "state", "device", "by", "value", "confidence", "others"}]
update ledger_entry e
set state = r.state, device_id = r.device, matched_by = r.by, matched_value = r.value, confidence = r.confidence, others = r.others
from jsonb_to_recordset($3::jsonb)
  as r (id bigint, state text, device bigint, by text, value text, confidence integer, others bigint[])
where e.organization_id = $1 and e.site_id = $2 and e.id = r.id

-- name: ledger_counts
select count(*) filter (where e.state = 'matched'), count(*) filter (where e.state = 'probable'),
  count(*) filter (where e.state = 'only_ledger'), count(*) filter (where e.state = 'conflict'),
  count(*) filter (where e.state = 'duplicate'), count(*) filter (where e.state = 'ignored'),
  (select count(*) from device d
   where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null and d.is_local and not d.is_outside
     and not exists (select from ledger_entry k where k.organization_id = $1 and k.device_id = d.id
       and k.state in ('matched', 'probable')))
from ledger_entry e
where e.organization_id = $1 and e.site_id = $2

-- name: ledger_list
--  $3 states  $4 after this row  $5 how many  $6 to $9 words as patterns
select e.id, e.row_number, e.name, e.macs::text[], (select coalesce(array_agg(host(i.ip)), '{}') from unnest(e.ips) as i (ip)),
  e.texts, e.unknown, e.state, e.matched_by, e.matched_value, e.confidence, e.decided_at,
  coalesce(nullif(p.display_name, ''), p.login), d.id, d.name, host(d.ips[1]), d.macs[1]::text, d.vendor, d.model, d.serial, d.os,
  d.host_name, d.type, d.last_seen,
  (select coalesce(array_agg(o.id order by o.id), '{}') from device o where o.organization_id = $1 and o.id = any (e.others)),
  (select coalesce(array_agg(o.name order by o.id), '{}') from device o where o.organization_id = $1 and o.id = any (e.others))
from ledger_entry e
left join device d on d.organization_id = $1 and d.id = e.device_id
left join app_user p on p.id = e.decided_by
where e.organization_id = $1 and e.site_id = $2
  and ($3::text[] is null or e.state = any ($3::text[]))
  and ($4::integer is null or e.row_number > $4::integer)
  and e.words like all (array_remove(array[$6::text, $7::text, $8::text, $9::text], null))
order by e.row_number
limit $5::integer

-- name: ledger_unregistered
--  Observed devices that no row answers to. $3 how many
select d.id, d.name, host(d.ips[1]), d.macs[1]::text, d.vendor, d.model, d.type, d.first_seen, d.last_seen
from device d
where d.organization_id = $1 and d.site_id = $2 and d.merged_into is null and d.is_local and not d.is_outside
  and not exists (select from ledger_entry k where k.organization_id = $1 and k.device_id = d.id and k.state in ('matched', 'probable'))
order by d.first_seen desc, d.id
limit $3::integer

-- name: ledger_decide
--  $3 the row  $4 its device or null  $5 state  $6 who
update ledger_entry e
set device_id = $4::bigint, state = $5, matched_by = case when $4::bigint is null then 'none' else 'person' end, matched_value = '',
  confidence = case when $4::bigint is null then 0 else 100 end, others = '{}', decided_by = $6::bigint, decided_at = now()
where e.organization_id = $1 and e.site_id = $2 and e.id = $3
  and ($4::bigint is null or exists (select from device d where d.organization_id = $1 and d.site_id = $2 and d.id = $4::bigint
    and d.merged_into is null))
returning e.id

-- name: ledger_undecide
update ledger_entry e set decided_by = null, decided_at = null
where e.organization_id = $1 and e.site_id = $2 and e.id = $3
returning e.id

-- name: ledger_site
select s.id from site s where s.organization_id = $1 and s.id = $2

-- The baseline as people read and change it (cloud/api). $1 is the organization.

-- name: baseline_entries
--  What a rule covers and when it was last seen at work.  $2 site  $3 record  $4 client type  $5 server type  $6 outside  $7 protocol
--  $8 access  $9 at most so many
select b.id, cd.id as client_id, coalesce(cd.name, host(ce.ip), ce.mac::text) as client_name, coalesce(host(cd.ips[1]), host(ce.ip)) as client_ip,
  coalesce(cd.macs[1], ce.mac) as client_mac, sd.id as server_id, coalesce(sd.name, host(se.ip), se.mac::text) as server_name,
  coalesce(host(sd.ips[1]), host(se.ip)) as server_ip, coalesce(sd.macs[1], se.mac) as server_mac, b.transport, b.port, b.function, b.target,
  b.value as targets, case when g.person_id is null then b.source else 'person' end as source, coalesce(g.person_id, b.person_id) as person_id,
  coalesce(nullif(u.display_name, ''), u.login) as person, coalesce(g.granted_at, b.learned_at) as learned_at, b.expires_at, b.first_seen,
  greatest(b.last_seen, hit.last_seen) as last_seen
from baseline b
left join device cd on cd.organization_id = $1 and cd.id = b.client
left join device sd on sd.organization_id = $1 and sd.id = b.server
left join endpoint ce on ce.organization_id = $1 and ce.id = -b.client
left join endpoint se on se.organization_id = $1 and se.id = -b.server
left join lateral (
  select n.person_id, n.granted_at from baseline_grant n where n.organization_id = $1 and n.baseline_id = b.id order by n.granted_at limit 1
) g on true
left join app_user u on u.id = coalesce(g.person_id, b.person_id)
left join lateral (
  -- A range was last seen when something in it was: that is as the pair's operation.
  select max(o.last_seen) as last_seen
  from endpoint oc
  join operation o on o.organization_id = $1 and o.client_endpoint_id = oc.id
  join endpoint os on os.organization_id = $1 and os.id = o.server_endpoint_id and coalesce(os.device_id, -os.id) = b.server
  where oc.organization_id = $1 and (oc.device_id = b.client or oc.id = -b.client) and b.record = 'operation'
    and o.protocol = b.protocol and o.function = b.function and o.access = b.access and (b.attribute <> '' or o.target = b.target)
) hit on true
where b.organization_id = $1 and ($2::bigint is null or b.site_id = $2) and b.record = $3::text
  and coalesce(nullif(cd.type, 'unknown'), '') = $4::text and coalesce(nullif(sd.type, 'unknown'), '') = $5::text
  and coalesce(sd.is_outside, false) = $6::boolean and b.protocol = $7::text and b.access = $8::text
  and (b.expires_at is null or b.expires_at > now())
order by client_name, server_name, b.function, b.target, b.id
limit $9::bigint

-- name: baseline_lock
select b.id, b.site_id from baseline b where b.organization_id = $1 and b.id = any ($2::bigint[]) order by b.id for update

-- name: baseline_forget
delete from baseline b where b.organization_id = $1 and b.id = any ($2::bigint[])

-- name: baseline_keep
--  $3 person  $4 until; null for good
update baseline b set source = 'person', person_id = $3::bigint, learned_at = now(), expires_at = $4::timestamptz, alert_id = null
where b.organization_id = $1 and b.id = any ($2::bigint[])

-- name: baseline_allow_targets
--  What the entries $2 do, for all targets of the range $4.  $3 person
insert into baseline as b (organization_id, site_id, record, client, server, protocol, function, access, attribute, value, source, person_id,
  first_seen, last_seen)
select distinct on (o.site_id, o.client, o.server, o.protocol, o.function, o.access)
  o.organization_id, o.site_id, 'operation', o.client, o.server, o.protocol, o.function, o.access, 'targets', $4::text, 'person', $3::bigint,
  o.first_seen, o.last_seen
from baseline o
where o.organization_id = $1 and o.id = any ($2::bigint[]) and o.record = 'operation'
on conflict on constraint baseline_key do update
set person_id = excluded.person_id, learned_at = now(), expires_at = null, source = 'person'

-- Planned work: what is expected when (cloud/alert, cloud/api). $1 is the organization.

-- name: read_plans
--  Of site $2, what is in effect within a day of $3 to $4; a device that went into another is the other.
select p.id, p.starts_at, least(p.ends_at, p.ended_at) as ends_at, p.expects,
  array(select distinct coalesce(d.merged_into, d.id) from planned_work_device n
    join device d on d.organization_id = $1 and d.id = n.device_id
    where n.organization_id = $1 and n.work_id = p.id) as devices
from planned_work p
where p.organization_id = $1 and p.site_id = $2 and p.starts_at <= from_ms($4) + interval '1 day'
  and least(p.ends_at, p.ended_at) >= from_ms($3) - interval '1 day' and p.starts_at < least(p.ends_at, p.ended_at)
order by p.starts_at desc, p.id

-- name: planned_work_list
--  $2 site  $3 at most so many; $4 only this one: what runs, what comes, what is over
select p.id, p.site_id, s.name as site_name, p.title, p.people, p.note, p.expects, p.starts_at, p.ends_at, p.ended_at, p.made_by,
  coalesce(nullif(u.display_name, ''), u.login) as maker, n.state,
  (select count(*) from alert a where a.organization_id = $1 and a.planned_work_id = p.id) as alerts
from planned_work p
join site s on s.organization_id = $1 and s.id = p.site_id
left join app_user u on u.id = p.made_by
cross join lateral (
  select case when p.ended_at <= p.starts_at then 'called_off' when least(p.ends_at, p.ended_at) <= now() then 'over'
    when p.starts_at > now() then 'coming' else 'running' end as state
) n
where p.organization_id = $1 and ($2::bigint is null or p.site_id = $2) and ($4::bigint is null or p.id = $4)
order by array_position(array['running', 'coming', 'over', 'called_off'], n.state),
  case when n.state = 'coming' then p.starts_at end, p.ends_at desc, p.id desc
limit $3::bigint

-- name: planned_work_devices
--  Of the works $2.
select n.work_id, d.id, d.name, host(d.ips[1]) as ip, d.macs[1] as mac
from planned_work_device n
join device g on g.organization_id = $1 and g.id = n.device_id
join device d on d.organization_id = $1 and d.id = coalesce(g.merged_into, g.id)
where n.organization_id = $1 and n.work_id = any ($2::bigint[])
order by n.work_id, d.name, d.id

-- name: planned_work_add
--  $2 site  $3 title  $4 people  $5 note  $6 expects  $7 starts  $8 ends  $9 person
insert into planned_work (organization_id, site_id, title, people, note, expects, starts_at, ends_at, made_by)
select s.organization_id, s.id, $3::text, $4::text, $5::text, $6::text[], $7::timestamptz, $8::timestamptz, $9::bigint
from site s where s.organization_id = $1 and s.id = $2
returning id

-- name: planned_work_add_devices
--  $2 work  $3 devices
insert into planned_work_device (organization_id, work_id, device_id, site_id)
select p.organization_id, p.id, d.id, p.site_id
from planned_work p
join device d on d.organization_id = $1 and d.site_id = p.site_id and d.id = any ($3::bigint[]) and d.merged_into is null
where p.organization_id = $1 and p.id = $2

-- name: planned_work_lock
select p.site_id, least(p.ends_at, p.ended_at) <= now() or p.ended_at is not null as is_over from planned_work p
where p.organization_id = $1 and p.id = $2 for update

-- name: planned_work_end
--  $3 person; before it has begun, it is called off
update planned_work set ended_at = greatest(now(), starts_at), ended_by = $3::bigint where organization_id = $1 and id = $2

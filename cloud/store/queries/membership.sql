-- name: membership_of_user
-- The strongest role in each organization, and whether it holds at every site.
select o.id, o.name, o.kind, m.role, m.site_id is null as is_everywhere
from (
  select distinct on (organization_id) organization_id, role, site_id
  from membership
  where user_id = current_person()
  order by organization_id, array_position('{admin,analyst,operator,viewer}'::text[], role), site_id nulls first
) m
join organization o on o.id = m.organization_id
order by o.name, o.id

-- name: membership_set
--  $4 site, null: all of them
insert into membership (organization_id, user_id, role, site_id) values ($1, $2, $3, $4)
on conflict on constraint membership_key do update set role = excluded.role

-- name: membership_of_user
select o.id, o.name, o.kind, m.role
from membership m
join organization o on o.id = m.organization_id
where m.user_id = current_person() and m.site_id is null
order by o.name, o.id

-- name: membership_set
insert into membership (organization_id, user_id, role) values ($1, $2, $3)
on conflict on constraint membership_key do update set role = excluded.role

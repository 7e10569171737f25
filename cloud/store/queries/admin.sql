-- osect-cloud admin, as osect_owner. A thing is named by its id or its name.

-- name: admin_organization_find
select o.id from organization o where o.id::text = $1 or o.name = $1

-- name: admin_organization_list
select o.id, o.name from organization o order by o.id

-- name: admin_organization_count
select count(*) from organization o

-- name: admin_site_find
select s.id from site s where s.organization_id = $1 and (s.id::text = $2 or s.name = $2) order by s.name <> $2 limit 1

-- name: admin_sensor_find
select n.id from sensor n where n.organization_id = $1 and (n.id::text = $2 or n.name = $2)

-- name: organization_add
insert into organization (id, name, kind) values ($1, $2, $3)

-- name: organization_next_id
select nextval(pg_get_serial_sequence('organization', 'id'))

-- name: organization_find
select id, name from organization where id = $1

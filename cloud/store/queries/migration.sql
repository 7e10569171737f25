-- name: become_owner
set local role osect_owner

-- name: lock_migrations
lock table schema_migration in exclusive mode

-- name: last_migration
select coalesce(max(number), 0) from schema_migration

-- name: add_migration
insert into schema_migration (number, name) values ($1, $2)

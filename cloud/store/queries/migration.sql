-- name: become_owner
set local role osect_owner

-- name: lock_migrations
lock table schema_migration in exclusive mode

-- name: applied_migrations
select m.number from schema_migration m

-- name: add_migration
insert into schema_migration (number, name) values ($1, $2)

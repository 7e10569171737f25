-- What store itself says to the server.

-- name: begin_transaction
begin

-- name: commit_transaction
commit

-- name: rollback_transaction
rollback

-- name: set_scope
select set_config('app.organization', $1, true), set_config('app.user', $2, true)

-- name: listen_to_changes
listen osect_change

-- name: notify_of_change
select pg_notify('osect_change', $1)

-- name: session_find
--  $1 hash of the token  $2 organization  $3 roles that are enough for what is asked
select s.user_id, s.csrf_token, s.expires_at, u.login, u.display_name, u.locale, u.theme, u.created_at,
  s.last_seen_at < now() - interval '1 minute' as is_stale,
  exists (select from membership m where m.organization_id = $2 and m.user_id = s.user_id) as is_member,
  exists (select from membership m where m.organization_id = $2 and m.user_id = s.user_id and m.site_id is null
    and m.role = any ($3::text[])) as is_everywhere,
  array(select m.site_id from membership m where m.organization_id = $2 and m.user_id = s.user_id and m.site_id is not null
    and m.role = any ($3::text[])) as sites
from session s
join app_user u on u.id = s.user_id
where s.token_hash = $1::bytea
  and s.expires_at > now()
  and s.last_seen_at > now() - interval '12 hours'
  and u.disabled_at is null

-- name: session_see_sites
-- Before it, a transaction sees no site's rows; '{}' or 'all' or '{1,2}'.
select set_config('app.sites', $1, true)

-- name: session_touch
update session set last_seen_at = now() where token_hash = $1::bytea

-- name: session_start
insert into session (token_hash, user_id, csrf_token, expires_at, address)
values ($1::bytea, $2, $3, now() + interval '7 days', $4::inet)

-- name: session_end
delete from session where token_hash = $1::bytea

-- name: session_end_all
delete from session where user_id = $1

-- name: session_forget_old
delete from session where expires_at <= now() or last_seen_at <= now() - interval '12 hours'

-- name: session_plan_for_parameters
-- Compiling a plan that is used once, or looking for a better order of joins than the one written, costs more than these
-- queries take; so does starting a worker for them.
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
  set_config('join_collapse_limit', '1', true), set_config('max_parallel_workers_per_gather', '0', true)

-- name: session_alive
select x.hash
from unnest($1::text[]) x (hash)
join session s on s.token_hash = decode(x.hash, 'hex')
join app_user u on u.id = s.user_id
where s.expires_at > now() and s.last_seen_at > now() - interval '12 hours' and u.disabled_at is null

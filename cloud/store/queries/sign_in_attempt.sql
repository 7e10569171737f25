-- Counted before the password is looked at, so that many attempts at once are counted too; success takes the row away.

-- name: sign_in_attempt_count
insert into sign_in_attempt as a (key, failures, last_at)
values ($1, 1, now())
on conflict (key) do update set
  failures = case when a.last_at < now() - interval '24 hours' then 1 else a.failures + 1 end,
  last_at = now(),
  locked_until = case
    when a.last_at < now() - interval '24 hours' or a.failures + 1 < $2::integer then null
    else now() + least(60 * power(2, least(a.failures + 1 - $2::integer, 10)), 3600) * interval '1 second'
  end
where a.locked_until is null or a.locked_until <= now()
returning a.failures

-- name: sign_in_attempt_locked
select ceil(extract(epoch from locked_until - now()))::bigint from sign_in_attempt where key = $1 and locked_until > now()

-- name: sign_in_attempt_clear
delete from sign_in_attempt where key = $1

-- name: sign_in_attempt_uncount
update sign_in_attempt set failures = failures - 1, locked_until = null where key = $1 and failures > 0

-- name: sign_in_attempt_forget_old
delete from sign_in_attempt where last_at < now() - interval '48 hours'

-- name: sign_in_attempt_clear_login
delete from sign_in_attempt where key = 'login:' || lower($1)

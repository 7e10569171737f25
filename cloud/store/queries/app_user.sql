-- name: app_user_find_by_login
select id, password_hash from app_user where login = lower($1) and disabled_at is null

-- name: app_user_password_hash
select password_hash from app_user where id = $1

-- name: app_user_change
update app_user
set display_name = coalesce($2, display_name), locale = coalesce($3, locale), theme = coalesce($4, theme)
where id = $1

-- name: app_user_set_password
update app_user set password_hash = $2 where id = $1

-- name: app_user_set_password_by_login
update app_user set password_hash = $2 where login = lower($1) returning id

-- name: app_user_add
insert into app_user (login, display_name, password_hash, locale) values (lower($1), $2, $3, $4)
on conflict on constraint app_user_login_key do nothing
returning id

-- name: app_user_id_of_login
select id from app_user where login = lower($1)

-- name: app_user_disable
update app_user set disabled_at = now() where login = lower($1) and disabled_at is null returning id

-- Partitions of time, made ahead and dropped by age (cloud/store/partitions.h); run as osect_owner.

-- name: ensure_partitions
select ensure_partitions($1, $2::interval, $3::timestamptz, $4::timestamptz)

-- name: drop_partitions
select drop_partitions($1, $2::interval, $3::timestamptz)

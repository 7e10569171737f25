-- Operations over time (cloud/api/operation_series.cpp).

-- name: operation_hours binary
--  $1 organization  $2 site  $3 sensor; hours in [$4, $5)
select t.hour, t.packed
from site s
join operation_hour t on t.organization_id = $1 and t.site_id = s.id and t.hour >= $4 and t.hour < $5
where s.organization_id = $1 and ($2::bigint is null or s.id = $2) and ($3::bigint is null or t.sensor_id = $3)

-- name: operation_keys
--  The operations of the list's filters and what each is counted under.
--  $1-$26 the list's filters  $27 by  $28 this one only
select o.id, case $27::text when 'protocol' then o.protocol when 'function' then o.function when 'access' then o.access
    when 'client' then coalesce(ce.device_id, -ce.id)::text when 'server' then coalesce(se.device_id, -se.id)::text else 'total' end as key
from operation o
join endpoint ce on ce.organization_id = $1 and ce.id = o.client_endpoint_id
join endpoint se on se.organization_id = $1 and se.id = o.server_endpoint_id
-- use: list_scope row=o
-- use: list_sides row=o
-- use: operation_filters
  and ($28::bigint is null or o.id = $28)

-- The matrix: what devices count under (cloud/api/matrix.cpp).

-- name: matrix_devices binary
--  The key and the name of the line of each device; '' where it is not known. $2 site  $3 by
select d.id,
  case $3::text when 'device' then d.id::text when 'type' then coalesce(nullif(d.type, 'unknown'), '') when 'vendor' then d.vendor
    when 'site' then d.site_id::text
    when 'subnet' then coalesce(network(set_masklen(d.ips[1], case family(d.ips[1]) when 4 then 24 else 64 end))::text, '')
    else '' end as key,
  case $3::text when 'device' then d.name when 'site' then s.name else '' end as name,
  d.name as device_name
from device d
join site s on s.organization_id = $1 and s.id = d.site_id
where d.organization_id = $1 and d.merged_into is null and ($2::bigint is null or d.site_id = $2)

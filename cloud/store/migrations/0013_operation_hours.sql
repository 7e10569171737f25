-- Hours of operations become one packed value a sensor (cloud/store/operation_counts.h, docs/decisions/0009) instead of one row
-- an operation: what was known is packed here as the program packs it.

-- The owner is under the policies too, and a migration has no tenant.
alter table operation_hour no force row level security;
alter table operation no force row level security;
create temporary table known on commit drop as
  select h.organization_id, h.site_id, o.sensor_id, h.hour, h.operation_id, h.count, h.errors
  from operation_hour h
  join operation o on o.organization_id = h.organization_id and o.id = h.operation_id;
alter table operation force row level security;
drop table operation_hour;

create table operation_hour (
  organization_id bigint not null,
  site_id bigint not null,
  sensor_id bigint not null,
  hour timestamptz not null,
  packed bytea not null,
  constraint operation_hour_pk primary key (organization_id, site_id, hour, sensor_id)
) partition by range (hour);
alter table operation_hour alter column packed set compression lz4;
create table operation_hour_other partition of operation_hour default with (fillfactor = 80);

select ensure_partitions('operation_hour', '1 month', min(k.hour), max(k.hour)) from known k having count(*) > 0;

-- The connection may have them from 0011.
create or replace function pg_temp.varint(value bigint) returns bytea
  language plpgsql immutable
as $$
declare
  rest bigint := value;
  out bytea := '';
begin
  while rest >= 128 loop
    out := out || set_byte('\x00'::bytea, 0, (rest & 127)::integer | 128);
    rest := rest >> 7;
  end loop;
  return out || set_byte('\x00'::bytea, 0, rest::integer);
end $$;
create or replace function pg_temp.zigzag(value bigint) returns bytea
  language sql immutable
  return pg_temp.varint((value << 1) # (value >> 63));

insert into operation_hour (organization_id, site_id, sensor_id, hour, packed)
select s.organization_id, s.site_id, s.sensor_id, s.hour,
  '\x01'::bytea || pg_temp.varint(count(*))
    || string_agg(pg_temp.zigzag(s.step), '' order by s.operation_id)
    || string_agg(pg_temp.zigzag(s.count), '' order by s.operation_id)
    || string_agg(pg_temp.zigzag(s.errors), '' order by s.operation_id)
from (
  select k.*, k.operation_id - coalesce(lag(k.operation_id) over (
      partition by k.organization_id, k.site_id, k.sensor_id, k.hour order by k.operation_id), 0) as step
  from known k
) s
group by s.organization_id, s.site_id, s.sensor_id, s.hour;

alter table operation_hour enable row level security;
alter table operation_hour force row level security;
create policy operation_hour_tenant on operation_hour using (organization_id = current_organization());
-- As 0010 has it for every table with sites.
create policy operation_hour_site on operation_hour as restrictive to osect_app
  using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]));
alter table operation_hour_other enable row level security;
alter table operation_hour_other force row level security;
grant select on operation_hour to osect_app;
grant select, insert, update on operation_hour to osect_ingest;

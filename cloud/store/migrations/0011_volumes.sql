-- Hours and days of traffic become one packed value a sensor (cloud/store/volumes.h, docs/decisions/0009) instead of one row
-- a conversation: what was known is packed here as the program packs it.

create temporary table known on commit drop as
  select ''::text as grain, 0::bigint as organization_id, 0::bigint as site_id, 0::bigint as sensor_id, now() as at,
    0::bigint as conversation_id, 0::bigint as client, 0::bigint as server, ''::text as transport, 0::bigint as port,
    ''::text as protocol, 0::bigint as packets_up, 0::bigint as packets_down, 0::bigint as bytes_up,
    0::bigint as bytes_down, 0::bigint as flows
  limit 0;

-- The owner is under the policies too, and a migration has no tenant.
alter table traffic_hour no force row level security;
alter table traffic_day no force row level security;
alter table conversation no force row level security;
insert into known
select t.grain, t.organization_id, t.site_id, c.sensor_id, t.at, c.id, c.client_endpoint_id, c.server_endpoint_id, c.transport,
  c.port, c.protocol, t.packets_up, t.packets_down, t.bytes_up, t.bytes_down, t.flows
from (
  select 'hour' as grain, h.organization_id, h.site_id, h.conversation_id, h.hour as at, h.packets_up, h.packets_down,
    h.bytes_up, h.bytes_down, h.flows
  from traffic_hour h
  union all
  select 'day', y.organization_id, y.site_id, y.conversation_id, y.day, y.packets_up, y.packets_down, y.bytes_up, y.bytes_down,
    y.flows
  from traffic_day y
) t
join conversation c on c.organization_id = t.organization_id and c.id = t.conversation_id;
alter table conversation force row level security;
drop table traffic_hour;
drop table traffic_day;

create table traffic_hour (
  organization_id bigint not null,
  site_id bigint not null,
  sensor_id bigint not null,
  hour timestamptz not null,
  packed bytea not null,
  constraint traffic_hour_pk primary key (organization_id, site_id, hour, sensor_id)
) partition by range (hour);
alter table traffic_hour alter column packed set compression lz4;
create table traffic_hour_other partition of traffic_hour default with (fillfactor = 80);

create table traffic_day (
  organization_id bigint not null,
  site_id bigint not null,
  sensor_id bigint not null,
  day timestamptz not null,
  packed bytea not null,
  constraint traffic_day_pk primary key (organization_id, site_id, day, sensor_id)
) partition by range (day);
comment on column traffic_day.day is 'midnight UTC';
alter table traffic_day alter column packed set compression lz4;
create table traffic_day_other partition of traffic_day default with (fillfactor = 80);

select ensure_partitions('traffic_hour', '1 month', min(k.at), max(k.at)) from known k where k.grain = 'hour' having count(*) > 0;
select ensure_partitions('traffic_day', '1 month', min(k.at), max(k.at)) from known k where k.grain = 'day' having count(*) > 0;

create function pg_temp.varint(value bigint) returns bytea
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
create function pg_temp.zigzag(value bigint) returns bytea
  language sql immutable
  return pg_temp.varint((value << 1) # (value >> 63));
create function pg_temp.text(value text) returns bytea
  language sql immutable
  return pg_temp.varint(octet_length(value)) || convert_to(value, 'UTF8');

create temporary table packed on commit drop as
with placed as (
  select k.*, dense_rank() over (partition by k.grain, k.organization_id, k.site_id, k.sensor_id, k.at
      order by k.transport, k.port, k.protocol) - 1 as service,
    k.conversation_id - coalesce(lag(k.conversation_id) over before, 0) as conversation_step,
    k.client - coalesce(lag(k.client) over before, 0) as client_step,
    k.server - coalesce(lag(k.server) over before, 0) as server_step
  from known k
  window before as (partition by k.grain, k.organization_id, k.site_id, k.sensor_id, k.at order by k.conversation_id)
), service as (
  select s.grain, s.organization_id, s.site_id, s.sensor_id, s.at, count(*) as services,
    string_agg(pg_temp.text(s.transport) || pg_temp.zigzag(s.port) || pg_temp.text(s.protocol), '' order by s.service) as list
  from (select distinct p.grain, p.organization_id, p.site_id, p.sensor_id, p.at, p.service, p.transport, p.port, p.protocol
    from placed p) s
  group by s.grain, s.organization_id, s.site_id, s.sensor_id, s.at
)
select p.grain, p.organization_id, p.site_id, p.sensor_id, p.at,
  '\x02'::bytea || pg_temp.varint(s.services) || s.list || pg_temp.varint(count(*))
    || string_agg(pg_temp.zigzag(p.conversation_step), '' order by p.conversation_id)
    || string_agg(pg_temp.zigzag(p.client_step), '' order by p.conversation_id)
    || string_agg(pg_temp.zigzag(p.server_step), '' order by p.conversation_id)
    || string_agg(pg_temp.varint(p.service), '' order by p.conversation_id)
    || string_agg(pg_temp.zigzag(p.packets_up), '' order by p.conversation_id)
    || string_agg(pg_temp.zigzag(p.packets_down), '' order by p.conversation_id)
    || string_agg(pg_temp.zigzag(p.bytes_up), '' order by p.conversation_id)
    || string_agg(pg_temp.zigzag(p.bytes_down), '' order by p.conversation_id)
    || string_agg(pg_temp.zigzag(p.flows), '' order by p.conversation_id) as packed
from placed p
join service s on s.grain = p.grain and s.organization_id = p.organization_id and s.site_id = p.site_id
  and s.sensor_id = p.sensor_id and s.at = p.at
group by p.grain, p.organization_id, p.site_id, p.sensor_id, p.at, s.services, s.list;

insert into traffic_hour (organization_id, site_id, sensor_id, hour, packed)
select p.organization_id, p.site_id, p.sensor_id, p.at, p.packed from packed p where p.grain = 'hour';
insert into traffic_day (organization_id, site_id, sensor_id, day, packed)
select p.organization_id, p.site_id, p.sensor_id, p.at, p.packed from packed p where p.grain = 'day';

do $$
declare
  tenant text;
begin
  foreach tenant in array array['traffic_hour', 'traffic_day'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant', tenant);
    -- As 0010 has it for every table with sites.
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
    execute format('alter table %I enable row level security', tenant || '_other');
    execute format('alter table %I force row level security', tenant || '_other');
    execute format('grant select on %I to osect_app', tenant);
    execute format('grant select, insert, update on %I to osect_ingest', tenant);
  end loop;
end $$;

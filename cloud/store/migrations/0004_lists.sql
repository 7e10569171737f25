-- For lists and totals: what they would otherwise work out row by row for each request.

-- Text of addresses does not depend on a setting, which is more than array_to_string promises of any array.
create or replace function device_text(name text, host_name text, vendor text, model text, ips inet[], macs macaddr[]) returns text
  language sql immutable parallel safe
  return lower(name || e'\n' || host_name || e'\n' || vendor || e'\n' || model || e'\n'
    || array_to_string(ips, e'\n') || e'\n' || array_to_string(macs, e'\n'));

alter table device add column words text not null
  generated always as (device_text(name, host_name, vendor, model, ips, macs)) stored;
comment on column device.words is 'what the search box looks through';

-- A site's traffic by sensor and protocol: some rows an hour, where traffic_hour has one for each conversation.
create table traffic_protocol_hour (
  organization_id bigint not null,
  site_id bigint not null,
  sensor_id bigint not null,
  hour timestamptz not null,
  protocol text not null,
  packets bigint not null,
  bytes bigint not null,
  constraint traffic_protocol_hour_pk primary key (organization_id, site_id, hour, sensor_id, protocol)
) partition by range (hour);
create table traffic_protocol_hour_other partition of traffic_protocol_hour default with (fillfactor = 80);

-- The owner is under the policies too, and a migration has no tenant.
alter table traffic_hour no force row level security;
alter table traffic_day no force row level security;
alter table conversation no force row level security;
insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, packets, bytes)
select h.organization_id, h.site_id, c.sensor_id, h.hour, c.protocol, sum(h.packets_up + h.packets_down), sum(h.bytes_up + h.bytes_down)
from traffic_hour h
join conversation c on c.organization_id = h.organization_id and c.id = h.conversation_id
group by h.organization_id, h.site_id, c.sensor_id, h.hour, c.protocol;
-- Days whose hours are gone already stand in their first hour.
insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, packets, bytes)
select y.organization_id, y.site_id, c.sensor_id, y.day, c.protocol, sum(y.packets_up + y.packets_down), sum(y.bytes_up + y.bytes_down)
from traffic_day y
join conversation c on c.organization_id = y.organization_id and c.id = y.conversation_id
where not exists (
  select from traffic_hour h
  where h.organization_id = y.organization_id and h.site_id = y.site_id and h.hour >= y.day and h.hour < y.day + interval '24 hours')
group by y.organization_id, y.site_id, c.sensor_id, y.day, c.protocol;
alter table traffic_hour force row level security;
alter table traffic_day force row level security;
alter table conversation force row level security;

alter table traffic_protocol_hour enable row level security;
alter table traffic_protocol_hour force row level security;
create policy traffic_protocol_hour_tenant on traffic_protocol_hour using (organization_id = current_organization());
alter table traffic_protocol_hour_other enable row level security;
alter table traffic_protocol_hour_other force row level security;
grant select on traffic_protocol_hour to osect_app;
grant select, insert, update on traffic_protocol_hour to osect_ingest;

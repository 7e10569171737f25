-- What the sensors saw. A batch is one transaction: what is new goes straight into its table, what repeats goes as one
-- packed row into traffic_minute, from which it is folded into the totals and the hours (cloud/ingest/fold.h).

-- Milliseconds since 1970-01-01 UTC, as the wire has them.
create function from_ms(ms bigint) returns timestamptz
  language sql immutable parallel safe
  return to_timestamp(ms::double precision / 1000);

-- The exactly-once key: the highest sequence of a sensor whose batch is committed. It only ever moves forward.
create table sensor_stream (
  organization_id bigint not null,
  sensor_id bigint not null,
  committed_sequence bigint not null default 0,
  epoch bigint not null default 0,
  last_batch_at timestamptz,
  constraint sensor_stream_pk primary key (organization_id, sensor_id),
  constraint sensor_stream_sensor_fk foreign key (organization_id, sensor_id) references sensor (organization_id, id)
    on delete cascade
) with (fillfactor = 50);

-- How far the packed minutes of a sensor are folded into totals and hours.
create table sensor_fold (
  organization_id bigint not null,
  sensor_id bigint not null,
  folded_sequence bigint not null default 0,
  constraint sensor_fold_pk primary key (organization_id, sensor_id),
  constraint sensor_fold_sensor_fk foreign key (organization_id, sensor_id) references sensor (organization_id, id)
    on delete cascade
) with (fillfactor = 50);

-- What the cloud holds of a sensor's dictionary: the announcements of one epoch in order, and the ids they got here.
create table sensor_dictionary (
  organization_id bigint not null,
  sensor_id bigint not null,
  epoch bigint not null,
  sequence bigint not null,
  announced bytea not null,
  endpoint_ids bigint[] not null,
  conversation_ids bigint[] not null,
  operation_ids bigint[] not null,
  constraint sensor_dictionary_pk primary key (organization_id, sensor_id, epoch, sequence),
  constraint sensor_dictionary_sensor_fk foreign key (organization_id, sensor_id)
    references sensor (organization_id, id) on delete cascade
);

-- A batch that could not be understood, kept so that a person can look.
create table ingest_quarantine (
  organization_id bigint not null,
  sensor_id bigint not null,
  sequence bigint not null,
  received_at timestamptz not null default now(),
  reason text not null,
  payload bytea not null,
  constraint ingest_quarantine_pk primary key (organization_id, sensor_id, sequence),
  constraint ingest_quarantine_sensor_fk foreign key (organization_id, sensor_id)
    references sensor (organization_id, id) on delete cascade
);

create table device (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  name text not null,
  name_source text not null,
  type text not null default 'unknown',
  type_source text not null default '',
  vendor text not null default '',
  model text not null default '',
  firmware text not null default '',
  serial text not null default '',
  os text not null default '',
  host_name text not null default '',
  macs macaddr[] not null default '{}',
  ips inet[] not null default '{}',
  is_router boolean not null default false,
  is_local boolean not null default true,
  is_outside boolean not null default false,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  merged_into bigint,
  constraint device_pk primary key (organization_id, id),
  constraint device_site_fk foreign key (organization_id, site_id) references site (organization_id, id)
    on delete cascade,
  constraint device_merged_fk foreign key (organization_id, merged_into) references device (organization_id, id)
) with (fillfactor = 80);
comment on column device.is_local is 'seen on a monitored segment, not behind a router';
comment on column device.is_outside is 'a public address: a peer of the site, not one of its devices';
comment on column device.name_source is 'person, a fact source such as dhcp, vendor or address';
comment on column device.merged_into is 'the device that took over all endpoints of this one';
create index device_site on device (organization_id, site_id);
create index device_first_seen on device (organization_id, first_seen);

create table endpoint (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  sensor_id bigint not null,
  device_id bigint,
  vlan integer not null,
  mac macaddr,
  ip inet,
  has_sent boolean not null,
  packets bigint not null default 0,
  bytes bigint not null default 0,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  constraint endpoint_pk primary key (organization_id, id),
  constraint endpoint_key unique nulls not distinct (organization_id, site_id, mac, ip, vlan),
  constraint endpoint_site_fk foreign key (organization_id, site_id) references site (organization_id, id)
    on delete cascade,
  constraint endpoint_device_fk foreign key (organization_id, device_id) references device (organization_id, id)
) with (fillfactor = 80);
comment on table endpoint is 'one (VLAN, MAC, IP) of a site; neither MAC nor IP: whatever came without any address';
comment on column endpoint.sensor_id is 'the sensor that saw it first';
comment on column endpoint.packets is 'sent by it';
create index endpoint_ip on endpoint (organization_id, site_id, ip);
create index endpoint_device on endpoint (organization_id, device_id);

-- Endpoints about which something new was learned; inventory takes the rows away.
create table inventory_work (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  endpoint_id bigint not null,
  constraint inventory_work_pk primary key (organization_id, id)
);
create index inventory_work_site on inventory_work (organization_id, site_id);

create table conversation (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  sensor_id bigint not null,
  client_endpoint_id bigint not null,
  server_endpoint_id bigint not null,
  transport text not null,
  port integer not null,
  protocol text not null,
  packets_up bigint not null default 0,
  packets_down bigint not null default 0,
  bytes_up bigint not null default 0,
  bytes_down bigint not null default 0,
  flows bigint not null default 0,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  constraint conversation_pk primary key (organization_id, id),
  constraint conversation_key unique
    (organization_id, client_endpoint_id, server_endpoint_id, transport, port, protocol, sensor_id),
  constraint conversation_transport_known check
    (transport in ('ethernet', 'tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'igmp', 'other')),
  constraint conversation_client_fk foreign key (organization_id, client_endpoint_id)
    references endpoint (organization_id, id) on delete cascade,
  constraint conversation_server_fk foreign key (organization_id, server_endpoint_id)
    references endpoint (organization_id, id) on delete cascade
) with (fillfactor = 80);
comment on column conversation.port is 'of the server; an ethertype where transport is ethernet';
create index conversation_server on conversation (organization_id, server_endpoint_id);
create index conversation_site on conversation (organization_id, site_id);

create table operation (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  sensor_id bigint not null,
  protocol text not null,
  client_endpoint_id bigint not null,
  server_endpoint_id bigint not null,
  function text not null,
  code text not null,
  access text not null,
  target text not null,
  count bigint not null default 0,
  errors bigint not null default 0,
  cycle_us bigint not null default 0,
  jitter_us bigint not null default 0,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  constraint operation_pk primary key (organization_id, id),
  constraint operation_key unique
    (organization_id, client_endpoint_id, server_endpoint_id, protocol, function, code, access, target, sensor_id),
  constraint operation_access_known check
    (access in ('none', 'read', 'write', 'control', 'program', 'config', 'diagnostic', 'identity', 'time', 'session',
                'cyclic')),
  constraint operation_client_fk foreign key (organization_id, client_endpoint_id)
    references endpoint (organization_id, id) on delete cascade,
  constraint operation_server_fk foreign key (organization_id, server_endpoint_id)
    references endpoint (organization_id, id) on delete cascade
) with (fillfactor = 80);
create index operation_server on operation (organization_id, server_endpoint_id);
create index operation_site on operation (organization_id, site_id);

create table fact (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  endpoint_id bigint not null,
  attribute text not null,
  value text not null,
  source text not null,
  confidence integer not null,
  count bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  constraint fact_pk primary key (organization_id, id),
  constraint fact_key unique (organization_id, endpoint_id, attribute, source, value),
  constraint fact_confidence_range check (confidence between 0 and 100),
  constraint fact_endpoint_fk foreign key (organization_id, endpoint_id) references endpoint (organization_id, id)
    on delete cascade
) with (fillfactor = 80);
create index fact_site_attribute on fact (organization_id, site_id, attribute);

create table event (
  organization_id bigint not null,
  id bigint generated always as identity,
  site_id bigint not null,
  sensor_id bigint not null,
  endpoint_id bigint,
  kind text not null,
  severity text not null,
  detail jsonb not null,
  count bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  constraint event_pk primary key (organization_id, id),
  constraint event_severity_known check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  constraint event_endpoint_fk foreign key (organization_id, endpoint_id) references endpoint (organization_id, id)
    on delete cascade
);
create index event_site on event (organization_id, site_id, last_seen);

create table sensor_health (
  organization_id bigint not null,
  sensor_id bigint not null,
  at timestamptz not null,
  sequence bigint not null,
  uptime_s bigint not null,
  cpu_permille integer not null,
  memory_bytes bigint not null,
  spool_bytes bigint not null,
  disk_free_bytes bigint not null,
  temperature_c integer,
  uplink_bytes bigint not null,
  clock_offset_ms bigint,
  constraint sensor_health_pk primary key (organization_id, sensor_id, at, sequence),
  constraint sensor_health_sensor_fk foreign key (organization_id, sensor_id) references sensor (organization_id, id)
    on delete cascade
);

create table port_counter (
  organization_id bigint not null,
  sensor_id bigint not null,
  at timestamptz not null,
  sequence bigint not null,
  name text not null,
  packets bigint not null,
  bytes bigint not null,
  dropped_kernel bigint not null,
  dropped_queue bigint not null,
  malformed bigint not null,
  unparsed bigint not null,
  truncated bigint not null,
  evicted bigint not null,
  constraint port_counter_pk primary key (organization_id, sensor_id, at, name, sequence),
  constraint port_counter_sensor_fk foreign key (organization_id, sensor_id) references sensor (organization_id, id)
    on delete cascade
);

-- What was not recorded, declared rather than hidden.
create table gap (
  organization_id bigint not null,
  id bigint generated always as identity,
  sensor_id bigint not null,
  reason text not null,
  begins_at timestamptz not null,
  ends_at timestamptz not null,
  packets bigint not null,
  bytes bigint not null,
  constraint gap_pk primary key (organization_id, id),
  constraint gap_sensor_fk foreign key (organization_id, sensor_id) references sensor (organization_id, id)
    on delete cascade
);
create index gap_sensor on gap (organization_id, sensor_id, ends_at);

-- One row a batch that carries counters. The packed columns are described in cloud/store/packed.h; the sums let a total
-- be drawn without unpacking.
create table traffic_minute (
  organization_id bigint not null,
  site_id bigint not null,
  sensor_id bigint not null,
  minute timestamptz not null,
  sequence bigint not null,
  received_at timestamptz not null default now(),
  packets_up bigint not null,
  packets_down bigint not null,
  bytes_up bigint not null,
  bytes_down bigint not null,
  packed bytea not null,
  constraint traffic_minute_pk primary key (organization_id, sensor_id, sequence, minute)
) partition by range (minute);
alter table traffic_minute alter column packed set compression lz4;
create index traffic_minute_site on traffic_minute (organization_id, site_id, minute);
create table traffic_minute_other partition of traffic_minute default;

create table traffic_hour (
  organization_id bigint not null,
  site_id bigint not null,
  conversation_id bigint not null,
  hour timestamptz not null,
  packets_up bigint not null,
  packets_down bigint not null,
  bytes_up bigint not null,
  bytes_down bigint not null,
  flows bigint not null,
  constraint traffic_hour_pk primary key (organization_id, site_id, hour, conversation_id)
) partition by range (hour);
create table traffic_hour_other partition of traffic_hour default with (fillfactor = 80);

create table traffic_day (
  organization_id bigint not null,
  site_id bigint not null,
  conversation_id bigint not null,
  day timestamptz not null,
  packets_up bigint not null,
  packets_down bigint not null,
  bytes_up bigint not null,
  bytes_down bigint not null,
  flows bigint not null,
  constraint traffic_day_pk primary key (organization_id, site_id, day, conversation_id)
) partition by range (day);
comment on column traffic_day.day is 'midnight UTC';
create table traffic_day_other partition of traffic_day default with (fillfactor = 80);

create table operation_hour (
  organization_id bigint not null,
  site_id bigint not null,
  operation_id bigint not null,
  hour timestamptz not null,
  count bigint not null,
  errors bigint not null,
  constraint operation_hour_pk primary key (organization_id, site_id, hour, operation_id)
) partition by range (hour);
create table operation_hour_other partition of operation_hour default with (fillfactor = 80);

-- Makes the partitions of [first, last] that do not exist, taking over rows that had to go to the default partition.
create function ensure_partitions(parent text, step interval, first timestamptz, last timestamptz) returns integer
  language plpgsql
  set timezone = 'UTC'
as $$
declare
  unit text := case when step = interval '1 day' then 'day' else 'month' end;
  start timestamptz := date_trunc(unit, first);
  finish timestamptz;
  part text;
  key text;
  made integer := 0;
begin
  select a.attname into strict key
    from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = parent::regclass;
  while start <= last loop
    finish := start + step;
    part := parent || '_' || to_char(start, case when unit = 'day' then 'YYYYMMDD' else 'YYYYMM' end);
    if to_regclass(part) is null then
      execute format('create table %I (like %I including defaults including constraints including storage '
                     'including compression)', part, parent);
      execute format('alter table %I set (fillfactor = 80)', part);
      execute format('alter table %I enable row level security', part);
      execute format('alter table %I disable row level security', parent || '_other');
      execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) '
                     'insert into %I overriding system value select moved.* from moved',
                     parent || '_other', key, start, key, finish, part);
      execute format('alter table %I enable row level security', parent || '_other');
      execute format('alter table %I force row level security', part);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, start, finish);
      made := made + 1;
    end if;
    start := finish;
  end loop;
  return made;
end $$;

-- Drops the partitions of the parent that end before the cutoff.
create function drop_partitions(parent text, step interval, cutoff timestamptz) returns integer
  language plpgsql
  set timezone = 'UTC'
as $$
declare
  part record;
  dropped integer := 0;
begin
  for part in
    select c.relname, to_timestamp(substring(c.relname from '_([0-9]{6,8})$'),
                                   case when step = interval '1 day' then 'YYYYMMDD' else 'YYYYMM' end) as start
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = parent::regclass and c.relname ~ '_[0-9]{6,8}$'
  loop
    if part.start + step <= cutoff then
      execute format('drop table %I', part.relname);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end $$;

do $$
declare
  tenant text;
begin
  foreach tenant in array array['sensor_stream', 'sensor_fold', 'sensor_dictionary', 'ingest_quarantine', 'device',
                                'endpoint', 'inventory_work', 'conversation', 'operation', 'fact', 'event',
                                'sensor_health', 'port_counter', 'gap', 'traffic_minute', 'traffic_hour',
                                'traffic_day', 'operation_hour'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy %I on %I using (organization_id = current_organization())', tenant || '_tenant',
                   tenant);
  end loop;
  -- Rows are reached through the parent and its policy; a partition by itself shows nothing.
  foreach tenant in array array['traffic_minute_other', 'traffic_hour_other', 'traffic_day_other',
                                'operation_hour_other'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
  end loop;
end $$;

-- Workers look for work of all tenants; what they look at holds numbers only, and they do it in the scope of one.
create policy sensor_stream_find on sensor_stream for select to osect_ingest using (true);
create policy sensor_fold_find on sensor_fold for select to osect_ingest using (true);
create policy inventory_work_find on inventory_work for select to osect_ingest using (true);

grant select on sensor_stream, ingest_quarantine, endpoint, conversation, operation, fact, event, sensor_health,
  port_counter, gap, traffic_minute, traffic_hour, traffic_day, operation_hour to osect_app;
grant select, update on device to osect_app;
grant insert on inventory_work to osect_app;
grant select, insert, update on sensor_stream, sensor_fold, device, endpoint, conversation, operation, fact,
  traffic_hour, traffic_day, operation_hour to osect_ingest;
grant select, insert, update, delete on sensor_dictionary, inventory_work to osect_ingest;
grant usage on sequence device_id_seq to osect_ingest;
grant select, insert on ingest_quarantine, event, sensor_health, port_counter, gap, traffic_minute to osect_ingest;

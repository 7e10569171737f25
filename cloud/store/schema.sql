create function public.current_organization() returns bigint
    language sql stable parallel safe
    return (nullif(current_setting('app.organization'::text, true), ''::text))::bigint;
alter function public.current_organization() owner to osect_owner;
create function public.current_person() returns bigint
    language sql stable parallel safe
    return (nullif(current_setting('app.user'::text, true), ''::text))::bigint;
alter function public.current_person() owner to osect_owner;
create function public.current_sites() returns bigint[]
    language sql stable parallel safe
    return case when (current_setting('app.sites'::text, true) ~~ '{%'::text) then (current_setting('app.sites'::text, true))::bigint[] else '{}'::bigint[] end;
alter function public.current_sites() owner to osect_owner;
create function public.device_text(texts text[], ips inet[], macs macaddr[]) returns text
    language sql immutable parallel safe
    return lower(((((array_to_string(texts, '
'::text) || '
'::text) || array_to_string(ips, '
'::text)) || '
'::text) || array_to_string(macs, '
'::text)));
alter function public.device_text(texts text[], ips inet[], macs macaddr[]) owner to osect_owner;
create function public.drop_partitions(parent text, step interval, cutoff timestamp with time zone) returns integer
    language plpgsql
    set "timezone" to 'utc'
    as $_$
declare
  part record;
  dropped integer := 0;
begin
  for part in
    select c.relname, to_timestamp(substring(c.relname from '_([0-9]{6,8})$'),
                                   case when step = interval '1 day' then 'yyyymmdd' else 'yyyymm' end) as start
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = parent::regclass and c.relname ~ '_[0-9]{6,8}$'
  loop
    if part.start + step <= cutoff then
      execute format('drop table %i', part.relname);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end $_$;
alter function public.drop_partitions(parent text, step interval, cutoff timestamp with time zone) owner to osect_owner;
create function public.ensure_partitions(parent text, step interval, first timestamp with time zone, last timestamp with time zone) returns integer
    language plpgsql
    set "timezone" to 'utc'
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
    part := parent || '_' || to_char(start, case when unit = 'day' then 'yyyymmdd' else 'yyyymm' end);
    if to_regclass(part) is null then
      execute format('create table %i (like %i including defaults including constraints including storage '
                     'including compression)', part, parent);
      execute format('alter table %i set (fillfactor = 80)', part);
      execute format('alter table %i enable row level security', part);
      execute format('alter table %i disable row level security', parent || '_other');
      execute format('with moved as (delete from %i where %i >= %l and %i < %l returning *) '
                     'insert into %i overriding system value select moved.* from moved',
                     parent || '_other', key, start, key, finish, part);
      execute format('alter table %i enable row level security', parent || '_other');
      execute format('alter table %i force row level security', part);
      execute format('alter table %i attach partition %i for values from (%l) to (%l)', parent, part, start, finish);
      made := made + 1;
    end if;
    start := finish;
  end loop;
  return made;
end $$;
alter function public.ensure_partitions(parent text, step interval, first timestamp with time zone, last timestamp with time zone) owner to osect_owner;
create function public.from_ms(ms bigint) returns timestamp with time zone
    language sql immutable parallel safe
    return to_timestamp(((ms)::double precision / (1000)::double precision));
alter function public.from_ms(ms bigint) owner to osect_owner;
create function public.identity_value(value text) returns text
    language sql immutable parallel safe
    return lower("left"(value, 200));
alter function public.identity_value(value text) owner to osect_owner;
create function public.is_station_ip(ip inet) returns boolean
    language sql immutable parallel safe
    return ((ip is not null) and (not ((host(ip) = any (array['0.0.0.0'::text, '::'::text, '255.255.255.255'::text])) or ((family(ip) = 4) and (ip <<= '224.0.0.0/4'::inet)) or ((family(ip) = 6) and (ip <<= 'ff00::/8'::inet)))));
alter function public.is_station_ip(ip inet) owner to osect_owner;
create function public.is_public_ip(ip inet) returns boolean
    language sql immutable parallel safe
    return (public.is_station_ip(ip) and case when (family(ip) = 4) then (not ((ip <<= '10.0.0.0/8'::inet) or (ip <<= '172.16.0.0/12'::inet) or (ip <<= '192.168.0.0/16'::inet) or (ip <<= '169.254.0.0/16'::inet) or (ip <<= '127.0.0.0/8'::inet) or (ip <<= '100.64.0.0/10'::inet) or (ip <<= '0.0.0.0/8'::inet) or (ip <<= '240.0.0.0/4'::inet))) else ((ip <<= '2000::/3'::inet) and (not (ip <<= '2001:db8::/32'::inet))) end);
alter function public.is_public_ip(ip inet) owner to osect_owner;
create function public.note_weakness_work() returns trigger
    language plpgsql
    as $$
begin
  insert into weakness_work (organization_id, site_id, device_id)
  select s.organization_id, s.site_id, s.id from saved s
  on conflict on constraint weakness_work_pk do nothing;
  return null;
end $$;
alter function public.note_weakness_work() owner to osect_owner;
create function public.operation_text(protocol text, function text, code text, target text) returns text
    language sql immutable parallel safe
    return lower(((((((protocol || '
'::text) || function) || '
'::text) || code) || '
'::text) || target));
alter function public.operation_text(protocol text, function text, code text, target text) owner to osect_owner;
create function public.sees_every_site() returns boolean
    language sql stable parallel safe
    return (coalesce(current_setting('app.sites'::text, true), ''::text) = 'all'::text);
alter function public.sees_every_site() owner to osect_owner;
create table public.alert (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    rule text not null,
    category text not null,
    join_key text not null,
    severity text not null,
    points jsonb not null,
    client bigint not null,
    server bigint not null,
    detail jsonb not null,
    words text not null,
    count bigint not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    created_at timestamp with time zone default now() not null,
    state text default 'new'::text not null,
    reason text,
    muted_until timestamp with time zone,
    assignee_id bigint,
    changed_at timestamp with time zone default now() not null,
    changed_by bigint,
    incident_id bigint,
    planned_work_id bigint,
    constraint alert_reason_known check ((reason = any (array['learned'::text, 'planned_work'::text, 'false_positive'::text, 'incident'::text, 'accepted_risk'::text, 'muted'::text]))),
    constraint alert_reason_when_closed check (((state = 'closed'::text) = (reason is not null))),
    constraint alert_severity_known check ((severity = any (array['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    constraint alert_state_known check ((state = any (array['new'::text, 'investigating'::text, 'closed'::text])))
)
with (fillfactor='80');
alter table only public.alert force row level security;
alter table public.alert owner to osect_owner;
comment on column public.alert.client is 'a device, or minus an endpoint that has none, or 0: nobody';
comment on column public.alert.words is 'what the search box looks through: names and addresses as they were, and the texts of the rule';
comment on column public.alert.planned_work_id is 'which expected it';
create table public.alert_evidence (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    alert_id bigint not null,
    record text not null,
    client bigint not null,
    server bigint not null,
    count bigint not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    detail jsonb not null
);
alter table only public.alert_evidence force row level security;
alter table public.alert_evidence owner to osect_owner;
alter table public.alert_evidence alter column id add generated always as identity (
    sequence name public.alert_evidence_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.alert_history (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    alert_id bigint not null,
    at timestamp with time zone default now() not null,
    person_id bigint,
    action text not null,
    comment text default ''::text not null,
    detail jsonb default '{}'::jsonb not null,
    constraint alert_history_action_known check ((action = any (array['opened'::text, 'repeated'::text, 'investigated'::text, 'closed'::text, 'reopened'::text, 'learned'::text, 'muted'::text, 'assigned'::text, 'commented'::text, 'undone'::text])))
);
alter table only public.alert_history force row level security;
alter table public.alert_history owner to osect_owner;
alter table public.alert_history alter column id add generated always as identity (
    sequence name public.alert_history_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
alter table public.alert alter column id add generated always as identity (
    sequence name public.alert_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.alert_key (
    organization_id bigint not null,
    site_id bigint not null,
    rule text not null,
    key text not null,
    alert_id bigint not null
);
alter table only public.alert_key force row level security;
alter table public.alert_key owner to osect_owner;
create table public.app_user (
    id bigint not null,
    login text not null,
    display_name text default ''::text not null,
    password_hash text not null,
    locale text default 'ja'::text not null,
    theme text default 'system'::text not null,
    created_at timestamp with time zone default now() not null,
    disabled_at timestamp with time zone,
    constraint app_user_locale_known check ((locale = any (array['ja'::text, 'en'::text]))),
    constraint app_user_login_filled check (((length(login) >= 1) and (length(login) <= 200))),
    constraint app_user_theme_known check ((theme = any (array['system'::text, 'light'::text, 'dark'::text])))
);
alter table public.app_user owner to osect_owner;
alter table public.app_user alter column id add generated always as identity (
    sequence name public.app_user_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.audit_entry (
    organization_id bigint not null,
    id bigint not null,
    user_id bigint,
    at timestamp with time zone default now() not null,
    action text not null,
    subject text default ''::text not null,
    detail jsonb default '{}'::jsonb not null
);
alter table only public.audit_entry force row level security;
alter table public.audit_entry owner to osect_owner;
alter table public.audit_entry alter column id add generated always as identity (
    sequence name public.audit_entry_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.baseline (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    record text not null,
    client bigint default 0 not null,
    server bigint default 0 not null,
    transport text default ''::text not null,
    port integer default 0 not null,
    protocol text default ''::text not null,
    function text default ''::text not null,
    access text default ''::text not null,
    target text default ''::text not null,
    attribute text default ''::text not null,
    value text default ''::text not null,
    source text default 'learned'::text not null,
    person_id bigint,
    learned_at timestamp with time zone default now() not null,
    expires_at timestamp with time zone,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    cycle_us bigint default 0 not null,
    alert_id bigint,
    constraint baseline_record_known check ((record = any (array['device'::text, 'address'::text, 'conversation'::text, 'operation'::text, 'fact'::text]))),
    constraint baseline_source_known check ((source = any (array['learned'::text, 'person'::text, 'ledger'::text])))
);
alter table only public.baseline force row level security;
alter table public.baseline owner to osect_owner;
comment on column public.baseline.cycle_us is 'of a cyclic operation, the longest cycle that was learned';
comment on column public.baseline.alert_id is 'the alert that put it here, while nothing else vouches for it';
create table public.baseline_grant (
    organization_id bigint not null,
    baseline_id bigint not null,
    alert_id bigint not null,
    site_id bigint not null,
    person_id bigint,
    granted_at timestamp with time zone default now() not null
);
alter table only public.baseline_grant force row level security;
alter table public.baseline_grant owner to osect_owner;
alter table public.baseline alter column id add generated always as identity (
    sequence name public.baseline_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.conversation (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    client_endpoint_id bigint not null,
    server_endpoint_id bigint not null,
    transport text not null,
    port integer not null,
    protocol text not null,
    packets_up bigint default 0 not null,
    packets_down bigint default 0 not null,
    bytes_up bigint default 0 not null,
    bytes_down bigint default 0 not null,
    flows bigint default 0 not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    is_judged boolean default false not null,
    constraint conversation_transport_known check ((transport = any (array['ethernet'::text, 'tcp'::text, 'udp'::text, 'icmp'::text, 'icmpv6'::text, 'sctp'::text, 'igmp'::text, 'other'::text])))
)
with (fillfactor='80');
alter table only public.conversation force row level security;
alter table public.conversation owner to osect_owner;
comment on column public.conversation.port is 'of the server; an ethertype where transport is ethernet';
alter table public.conversation alter column id add generated always as identity (
    sequence name public.conversation_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.device (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    name text not null,
    name_source text not null,
    type text default 'unknown'::text not null,
    type_source text default ''::text not null,
    vendor text default ''::text not null,
    model text default ''::text not null,
    firmware text default ''::text not null,
    serial text default ''::text not null,
    os text default ''::text not null,
    host_name text default ''::text not null,
    macs macaddr[] default '{}'::macaddr[] not null,
    ips inet[] default '{}'::inet[] not null,
    is_router boolean default false not null,
    is_local boolean default true not null,
    is_outside boolean default false not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    merged_into bigint,
    family text default ''::text not null,
    hardware text default ''::text not null,
    level text default ''::text not null,
    role text default ''::text not null,
    mac_kind text default ''::text not null,
    has_internet boolean default false not null,
    attributes jsonb default '{}'::jsonb not null,
    conflicts text[] default '{}'::text[] not null,
    links jsonb default '[]'::jsonb not null,
    words text generated always as (public.device_text(array[name, host_name, vendor, family, model, serial, os], ips, macs)) stored not null,
    is_judged boolean default false not null,
    constraint device_level_known check ((level = any (array[''::text, '0'::text, '1'::text, '2'::text, '3'::text, '3.5'::text, '4'::text, '5'::text]))),
    constraint device_role_known check ((role = any (array[''::text, 'client'::text, 'server'::text, 'both'::text])))
)
with (fillfactor='80');
alter table only public.device force row level security;
alter table public.device owner to osect_owner;
comment on column public.device.name_source is 'person, a fact source such as dhcp, vendor or address';
comment on column public.device.is_local is 'seen on a monitored segment, not behind a router';
comment on column public.device.is_outside is 'a public address: a peer of the site, not one of its devices';
comment on column public.device.merged_into is 'the device that took over all endpoints of this one';
comment on column public.device.level is 'an estimate of the level of the purdue model';
comment on column public.device.mac_kind is 'vendor, randomised, virtual or shared; empty without a mac';
comment on column public.device.has_internet is 'it exchanged something with a public address';
comment on column public.device.attributes is 'per attribute what its value rests on and what else was said (cloud/inventory/classify.h)';
comment on column public.device.conflicts is 'attributes about which sources disagree';
comment on column public.device.links is 'why its endpoints are one device (cloud/inventory/resolve.h)';
comment on column public.device.words is 'what the search box looks through';
create table public.device_decision (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    kind text not null,
    device_id bigint not null,
    other_device_id bigint,
    keys jsonb not null,
    other_keys jsonb not null,
    made_by bigint,
    made_at timestamp with time zone default now() not null,
    undone_by bigint,
    undone_at timestamp with time zone,
    constraint device_decision_kind_known check ((kind = any (array['merge'::text, 'split'::text])))
);
alter table only public.device_decision force row level security;
alter table public.device_decision owner to osect_owner;
comment on column public.device_decision.keys is 'merge: the device that goes on; split: what was taken out of the device';
comment on column public.device_decision.other_keys is 'merge: the device that went into it; split: what stayed';
alter table public.device_decision alter column id add generated always as identity (
    sequence name public.device_decision_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
alter table public.device alter column id add generated always as identity (
    sequence name public.device_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.device_learning (
    organization_id bigint not null,
    device_id bigint not null,
    site_id bigint not null,
    learns_until timestamp with time zone not null,
    person_id bigint,
    begun_at timestamp with time zone default now() not null,
    alert_id bigint
);
alter table only public.device_learning force row level security;
alter table public.device_learning owner to osect_owner;
create table public.endpoint (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    device_id bigint,
    vlan integer not null,
    mac macaddr,
    ip inet,
    has_sent boolean not null,
    packets bigint default 0 not null,
    bytes bigint default 0 not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null
)
with (fillfactor='80');
alter table only public.endpoint force row level security;
alter table public.endpoint owner to osect_owner;
comment on table public.endpoint is 'one (vlan, mac, ip) of a site; neither mac nor ip: whatever came without any address';
comment on column public.endpoint.sensor_id is 'the sensor that saw it first';
comment on column public.endpoint.packets is 'sent by it';
alter table public.endpoint alter column id add generated always as identity (
    sequence name public.endpoint_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.enrolment_code (
    organization_id bigint not null,
    sensor_id bigint not null,
    code_hash bytea not null,
    created_at timestamp with time zone default now() not null,
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone
);
alter table only public.enrolment_code force row level security;
alter table public.enrolment_code owner to osect_owner;
create table public.event (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    endpoint_id bigint,
    kind text not null,
    severity text not null,
    detail jsonb not null,
    count bigint not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    is_judged boolean default false not null,
    constraint event_severity_known check ((severity = any (array['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text])))
);
alter table only public.event force row level security;
alter table public.event owner to osect_owner;
alter table public.event alter column id add generated always as identity (
    sequence name public.event_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.fact (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    endpoint_id bigint not null,
    attribute text not null,
    value text not null,
    source text not null,
    confidence integer not null,
    count bigint not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    is_judged boolean default false not null,
    constraint fact_confidence_range check (((confidence >= 0) and (confidence <= 100)))
)
with (fillfactor='80');
alter table only public.fact force row level security;
alter table public.fact owner to osect_owner;
alter table public.fact alter column id add generated always as identity (
    sequence name public.fact_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.gap (
    organization_id bigint not null,
    id bigint not null,
    sensor_id bigint not null,
    reason text not null,
    begins_at timestamp with time zone not null,
    ends_at timestamp with time zone not null,
    packets bigint not null,
    bytes bigint not null
);
alter table only public.gap force row level security;
alter table public.gap owner to osect_owner;
alter table public.gap alter column id add generated always as identity (
    sequence name public.gap_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.incident (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    actor bigint not null,
    stages text[] default '{}'::text[] not null,
    severity text default 'info'::text not null,
    first_seen timestamp with time zone default now() not null,
    last_seen timestamp with time zone default now() not null,
    created_at timestamp with time zone default now() not null,
    state text default 'new'::text not null,
    reason text,
    assignee_id bigint,
    changed_at timestamp with time zone default now() not null,
    changed_by bigint,
    constraint incident_reason_known check ((reason = any (array['planned_work'::text, 'false_positive'::text, 'incident'::text, 'accepted_risk'::text]))),
    constraint incident_reason_when_closed check (((state = 'closed'::text) = (reason is not null))),
    constraint incident_severity_known check ((severity = any (array['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    constraint incident_state_known check ((state = any (array['new'::text, 'investigating'::text, 'closed'::text])))
);
alter table only public.incident force row level security;
alter table public.incident owner to osect_owner;
comment on column public.incident.actor is 'who began it: a device, or minus an endpoint that has none';
create table public.incident_history (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    incident_id bigint not null,
    at timestamp with time zone default now() not null,
    person_id bigint,
    action text not null,
    comment text default ''::text not null,
    detail jsonb default '{}'::jsonb not null,
    constraint incident_history_action_known check ((action = any (array['opened'::text, 'investigated'::text, 'closed'::text, 'reopened'::text, 'assigned'::text, 'commented'::text])))
);
alter table only public.incident_history force row level security;
alter table public.incident_history owner to osect_owner;
alter table public.incident_history alter column id add generated always as identity (
    sequence name public.incident_history_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
alter table public.incident alter column id add generated always as identity (
    sequence name public.incident_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.ingest_quarantine (
    organization_id bigint not null,
    sensor_id bigint not null,
    sequence bigint not null,
    received_at timestamp with time zone default now() not null,
    reason text not null,
    payload bytea not null
);
alter table only public.ingest_quarantine force row level security;
alter table public.ingest_quarantine owner to osect_owner;
create table public.inventory_work (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    endpoint_id bigint not null
);
alter table only public.inventory_work force row level security;
alter table public.inventory_work owner to osect_owner;
alter table public.inventory_work alter column id add generated always as identity (
    sequence name public.inventory_work_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.ledger_entry (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    upload_id bigint not null,
    key text not null,
    row_number integer not null,
    name text not null,
    macs macaddr[] not null,
    ips inet[] not null,
    texts jsonb not null,
    unknown jsonb not null,
    state text default 'only_ledger'::text not null,
    device_id bigint,
    matched_by text default 'none'::text not null,
    matched_value text default ''::text not null,
    confidence integer default 0 not null,
    others bigint[] default '{}'::bigint[] not null,
    decided_by bigint,
    decided_at timestamp with time zone,
    words text generated always as (public.device_text(array[name, (texts)::text, (unknown)::text], ips, macs)) stored not null,
    constraint ledger_entry_state_known check ((state = any (array['matched'::text, 'probable'::text, 'only_ledger'::text, 'conflict'::text, 'duplicate'::text, 'ignored'::text])))
);
alter table only public.ledger_entry force row level security;
alter table public.ledger_entry owner to osect_owner;
comment on column public.ledger_entry.key is 'by which a row is known again in the next version of the file';
comment on column public.ledger_entry.row_number is 'of the sheet, the first is 1';
comment on column public.ledger_entry.texts is 'by field: {"place": "..."}';
comment on column public.ledger_entry.unknown is 'columns that are no field: [["header", "value"]]';
comment on column public.ledger_entry.decided_at is 'a person said which device it is, or that it is none';
alter table public.ledger_entry alter column id add generated always as identity (
    sequence name public.ledger_entry_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.ledger_upload (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    file_name text not null,
    sheet text not null,
    header_row integer not null,
    headers text[] not null,
    fields text[] not null,
    content bytea not null,
    content_hash bytea generated always as (sha256(content)) stored not null,
    uploaded_by bigint,
    uploaded_at timestamp with time zone default now() not null,
    constraint ledger_upload_columns check ((cardinality(headers) = cardinality(fields)))
);
alter table only public.ledger_upload force row level security;
alter table public.ledger_upload owner to osect_owner;
comment on column public.ledger_upload.fields is 'what each column is (cloud/ledger/columns.toml); empty: kept under its header';
comment on column public.ledger_upload.content is 'the file itself: the workbook that is written back; of the newest upload of a site only';
alter table public.ledger_upload alter column id add generated always as identity (
    sequence name public.ledger_upload_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.membership (
    organization_id bigint not null,
    id bigint not null,
    user_id bigint not null,
    site_id bigint,
    role text not null,
    constraint membership_role_known check ((role = any (array['viewer'::text, 'operator'::text, 'analyst'::text, 'admin'::text])))
);
alter table only public.membership force row level security;
alter table public.membership owner to osect_owner;
alter table public.membership alter column id add generated always as identity (
    sequence name public.membership_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.operation (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    protocol text not null,
    client_endpoint_id bigint not null,
    server_endpoint_id bigint not null,
    function text not null,
    code text not null,
    access text not null,
    target text not null,
    count bigint default 0 not null,
    errors bigint default 0 not null,
    cycle_us bigint default 0 not null,
    jitter_us bigint default 0 not null,
    first_seen timestamp with time zone not null,
    last_seen timestamp with time zone not null,
    words text generated always as (public.operation_text(protocol, function, code, target)) stored not null,
    is_judged boolean default false not null,
    constraint operation_access_known check ((access = any (array['none'::text, 'read'::text, 'write'::text, 'control'::text, 'program'::text, 'config'::text, 'diagnostic'::text, 'identity'::text, 'time'::text, 'session'::text, 'cyclic'::text])))
)
with (fillfactor='80');
alter table only public.operation force row level security;
alter table public.operation owner to osect_owner;
comment on column public.operation.words is 'what the search box looks through, beside the names of its sides';
create table public.operation_hour (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    hour timestamp with time zone not null,
    packed bytea not null
)
partition by range (hour);
alter table only public.operation_hour alter column packed set compression lz4;
alter table only public.operation_hour force row level security;
alter table public.operation_hour owner to osect_owner;
create table public.operation_hour_other (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    hour timestamp with time zone not null,
    packed bytea not null
)
with (fillfactor='80');
alter table only public.operation_hour_other alter column packed set compression lz4;
alter table only public.operation_hour_other force row level security;
alter table public.operation_hour_other owner to osect_owner;
alter table public.operation alter column id add generated always as identity (
    sequence name public.operation_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.organization (
    id bigint not null,
    name text not null,
    kind text default 'customer'::text not null,
    parent_id bigint,
    plan text default 'standard'::text not null,
    created_at timestamp with time zone default now() not null,
    constraint organization_kind_known check ((kind = any (array['customer'::text, 'partner'::text]))),
    constraint organization_name_filled check (((length(name) >= 1) and (length(name) <= 200))),
    constraint organization_plan_known check ((plan = any (array['standard'::text, 'edge'::text, 'free'::text, 'lite'::text])))
);
alter table only public.organization force row level security;
alter table public.organization owner to osect_owner;
alter table public.organization alter column id add generated by default as identity (
    sequence name public.organization_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.planned_work (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    title text not null,
    people text not null,
    note text not null,
    expects text[] not null,
    starts_at timestamp with time zone not null,
    ends_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    ended_by bigint,
    made_at timestamp with time zone default now() not null,
    made_by bigint,
    constraint planned_work_expects_known check ((expects <@ array['device'::text, 'connection'::text, 'write'::text, 'control'::text, 'program'::text, 'config'::text, 'time'::text, 'silence'::text])),
    constraint planned_work_has_a_length check ((ends_at > starts_at))
);
alter table only public.planned_work force row level security;
alter table public.planned_work owner to osect_owner;
comment on column public.planned_work.ended_at is 'earlier than planned; at its start: called off';
create table public.planned_work_device (
    organization_id bigint not null,
    work_id bigint not null,
    device_id bigint not null,
    site_id bigint not null
);
alter table only public.planned_work_device force row level security;
alter table public.planned_work_device owner to osect_owner;
alter table public.planned_work alter column id add generated always as identity (
    sequence name public.planned_work_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.port_counter (
    organization_id bigint not null,
    sensor_id bigint not null,
    at timestamp with time zone not null,
    sequence bigint not null,
    name text not null,
    packets bigint not null,
    bytes bigint not null,
    dropped_kernel bigint not null,
    dropped_queue bigint not null,
    malformed bigint not null,
    unparsed bigint not null,
    truncated bigint not null,
    evicted bigint not null
);
alter table only public.port_counter force row level security;
alter table public.port_counter owner to osect_owner;
create table public.report (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    language text not null,
    begins_at timestamp with time zone not null,
    ends_at timestamp with time zone not null,
    state text default 'waiting'::text not null,
    failure text default ''::text not null,
    view_model jsonb,
    deck bytea,
    made_by bigint,
    created_at timestamp with time zone default now() not null,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    constraint report_language_known check ((language = any (array['ja'::text, 'en'::text]))),
    constraint report_period_forward check ((begins_at < ends_at)),
    constraint report_state_known check ((state = any (array['waiting'::text, 'collecting'::text, 'drawing'::text, 'done'::text, 'failed'::text])))
);
alter table only public.report force row level security;
alter table public.report owner to osect_owner;
comment on column public.report.view_model is 'what the report says, without a language: the next report of the site is compared with it';
comment on column public.report.deck is 'the .pptx';
comment on column public.report.made_by is 'null: made by the command or a schedule';
alter table public.report alter column id add generated always as identity (
    sequence name public.report_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.schema_migration (
    number integer not null,
    name text not null,
    applied_at timestamp with time zone default now() not null
);
alter table public.schema_migration owner to osect_owner;
create table public.sensor (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    name text not null,
    uuid uuid default gen_random_uuid() not null,
    state text default 'waiting'::text not null,
    certificate_serial text,
    version text default ''::text not null,
    created_at timestamp with time zone default now() not null,
    enrolled_at timestamp with time zone,
    last_seen_at timestamp with time zone,
    last_address inet,
    health jsonb,
    constraint sensor_name_filled check (((length(name) >= 1) and (length(name) <= 200))),
    constraint sensor_state_known check ((state = any (array['waiting'::text, 'active'::text, 'revoked'::text])))
);
alter table only public.sensor force row level security;
alter table public.sensor owner to osect_owner;
create table public.sensor_dictionary (
    organization_id bigint not null,
    sensor_id bigint not null,
    epoch bigint not null,
    sequence bigint not null,
    announced bytea not null,
    endpoint_ids bigint[] not null,
    conversation_ids bigint[] not null,
    operation_ids bigint[] not null
);
alter table only public.sensor_dictionary force row level security;
alter table public.sensor_dictionary owner to osect_owner;
create table public.sensor_fold (
    organization_id bigint not null,
    sensor_id bigint not null,
    folded_sequence bigint default 0 not null
)
with (fillfactor='50');
alter table only public.sensor_fold force row level security;
alter table public.sensor_fold owner to osect_owner;
create table public.sensor_health (
    organization_id bigint not null,
    sensor_id bigint not null,
    at timestamp with time zone not null,
    sequence bigint not null,
    uptime_s bigint not null,
    cpu_permille integer not null,
    memory_bytes bigint not null,
    spool_bytes bigint not null,
    disk_free_bytes bigint not null,
    temperature_c integer,
    uplink_bytes bigint not null,
    clock_offset_ms bigint
);
alter table only public.sensor_health force row level security;
alter table public.sensor_health owner to osect_owner;
alter table public.sensor alter column id add generated always as identity (
    sequence name public.sensor_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.sensor_judged (
    organization_id bigint not null,
    sensor_id bigint not null,
    sequence bigint not null
)
with (fillfactor='50');
alter table only public.sensor_judged force row level security;
alter table public.sensor_judged owner to osect_owner;
create table public.sensor_stream (
    organization_id bigint not null,
    sensor_id bigint not null,
    committed_sequence bigint default 0 not null,
    epoch bigint default 0 not null,
    last_batch_at timestamp with time zone
)
with (fillfactor='50');
alter table only public.sensor_stream force row level security;
alter table public.sensor_stream owner to osect_owner;
create table public.session (
    token_hash bytea not null,
    user_id bigint not null,
    csrf_token text not null,
    created_at timestamp with time zone default now() not null,
    last_seen_at timestamp with time zone default now() not null,
    expires_at timestamp with time zone not null,
    address inet
);
alter table public.session owner to osect_owner;
create table public.sign_in_attempt (
    key text not null,
    failures integer not null,
    last_at timestamp with time zone not null,
    locked_until timestamp with time zone
);
alter table public.sign_in_attempt owner to osect_owner;
comment on column public.sign_in_attempt.key is 'login:<login in lower case> or address:<address>';
create table public.site (
    organization_id bigint not null,
    id bigint not null,
    name text not null,
    time_zone text default 'asia/tokyo'::text not null,
    place text default ''::text not null,
    created_at timestamp with time zone default now() not null,
    constraint site_name_filled check (((length(name) >= 1) and (length(name) <= 200)))
);
alter table only public.site force row level security;
alter table public.site owner to osect_owner;
alter table public.site alter column id add generated always as identity (
    sequence name public.site_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.site_learning (
    organization_id bigint not null,
    site_id bigint not null,
    state text default 'learning'::text not null,
    begun_at timestamp with time zone default now() not null,
    changed_at timestamp with time zone default now() not null,
    changed_by bigint,
    looked_at timestamp with time zone default '1970-01-01 00:00:00+00'::timestamp with time zone not null,
    constraint site_learning_state_known check ((state = any (array['learning'::text, 'review'::text, 'operating'::text])))
)
with (fillfactor='50');
alter table only public.site_learning force row level security;
alter table public.site_learning owner to osect_owner;
comment on column public.site_learning.looked_at is 'when presence and cycles were last looked at';
create table public.traffic_day (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    day timestamp with time zone not null,
    packed bytea not null
)
partition by range (day);
alter table only public.traffic_day alter column packed set compression lz4;
alter table only public.traffic_day force row level security;
alter table public.traffic_day owner to osect_owner;
comment on column public.traffic_day.day is 'midnight utc';
create table public.traffic_day_other (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    day timestamp with time zone not null,
    packed bytea not null
)
with (fillfactor='80');
alter table only public.traffic_day_other alter column packed set compression lz4;
alter table only public.traffic_day_other force row level security;
alter table public.traffic_day_other owner to osect_owner;
create table public.traffic_hour (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    hour timestamp with time zone not null,
    packed bytea not null
)
partition by range (hour);
alter table only public.traffic_hour alter column packed set compression lz4;
alter table only public.traffic_hour force row level security;
alter table public.traffic_hour owner to osect_owner;
create table public.traffic_hour_other (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    hour timestamp with time zone not null,
    packed bytea not null
)
with (fillfactor='80');
alter table only public.traffic_hour_other alter column packed set compression lz4;
alter table only public.traffic_hour_other force row level security;
alter table public.traffic_hour_other owner to osect_owner;
create table public.traffic_minute (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    minute timestamp with time zone not null,
    sequence bigint not null,
    received_at timestamp with time zone default now() not null,
    packets_up bigint not null,
    packets_down bigint not null,
    bytes_up bigint not null,
    bytes_down bigint not null,
    packed bytea not null
)
partition by range (minute);
alter table only public.traffic_minute alter column packed set compression lz4;
alter table only public.traffic_minute force row level security;
alter table public.traffic_minute owner to osect_owner;
create table public.traffic_minute_other (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    minute timestamp with time zone not null,
    sequence bigint not null,
    received_at timestamp with time zone default now() not null,
    packets_up bigint not null,
    packets_down bigint not null,
    bytes_up bigint not null,
    bytes_down bigint not null,
    packed bytea not null
);
alter table only public.traffic_minute_other alter column packed set compression lz4;
alter table only public.traffic_minute_other force row level security;
alter table public.traffic_minute_other owner to osect_owner;
create table public.traffic_protocol_hour (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    hour timestamp with time zone not null,
    protocol text not null,
    packets bigint not null,
    bytes bigint not null
)
partition by range (hour);
alter table only public.traffic_protocol_hour force row level security;
alter table public.traffic_protocol_hour owner to osect_owner;
create table public.traffic_protocol_hour_other (
    organization_id bigint not null,
    site_id bigint not null,
    sensor_id bigint not null,
    hour timestamp with time zone not null,
    protocol text not null,
    packets bigint not null,
    bytes bigint not null
)
with (fillfactor='80');
alter table only public.traffic_protocol_hour_other force row level security;
alter table public.traffic_protocol_hour_other owner to osect_owner;
create table public.weakness (
    organization_id bigint not null,
    id bigint not null,
    site_id bigint not null,
    device_id bigint not null,
    kind text not null,
    rule text not null,
    verdict text not null,
    severity text not null,
    action text not null,
    is_exploited boolean not null,
    score integer not null,
    title_ja text not null,
    title_en text not null,
    reason_ja text not null,
    reason_en text not null,
    measure_ja text not null,
    measure_en text not null,
    evidence jsonb not null,
    cves text[] not null,
    url text not null,
    first_seen timestamp with time zone default now() not null,
    last_seen timestamp with time zone not null,
    urgency integer generated always as ((((
case action
    when 'now'::text then 4000000
    when 'next'::text then 2000000
    else 0
end +
case verdict
    when 'affected'::text then 1000000
    when 'possible'::text then 500000
    else 0
end) +
case severity
    when 'critical'::text then 400000
    when 'high'::text then 300000
    when 'medium'::text then 200000
    when 'low'::text then 100000
    else 0
end) + score)) stored not null,
    words text generated always as (lower(((((((((title_ja || '
'::text) || title_en) || '
'::text) || rule) || '
'::text) || reason_ja) || '
'::text) || reason_en))) stored not null,
    constraint weakness_action_known check ((action = any (array['now'::text, 'next'::text, 'never'::text]))),
    constraint weakness_kind_known check ((kind = any (array['end_of_support'::text, 'advisory'::text, 'habit'::text]))),
    constraint weakness_severity_known check ((severity = any (array['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    constraint weakness_verdict_known check ((verdict = any (array['affected'::text, 'possible'::text, 'not_affected'::text])))
);
alter table only public.weakness force row level security;
alter table public.weakness owner to osect_owner;
comment on column public.weakness.rule is 'what of its kind: a release of an operating system, an advisory, a habit';
comment on column public.weakness.score is 'cvss in tenths; 0: none';
comment on column public.weakness.evidence is 'what it rests on: [{"field", "value", "detail", "first", "last"}]';
comment on column public.weakness.first_seen is 'when it was found';
comment on column public.weakness.last_seen is 'when what it rests on was last observed';
comment on column public.weakness.urgency is 'the order in which a person should look';
alter table public.weakness alter column id add generated always as identity (
    sequence name public.weakness_id_seq
    start with 1
    increment by 1
    no minvalue
    no maxvalue
    cache 1
);
create table public.weakness_site (
    organization_id bigint not null,
    site_id bigint not null,
    known text not null,
    day integer not null
);
alter table only public.weakness_site force row level security;
alter table public.weakness_site owner to osect_owner;
create table public.weakness_work (
    organization_id bigint not null,
    site_id bigint not null,
    device_id bigint not null
);
alter table only public.weakness_work force row level security;
alter table public.weakness_work owner to osect_owner;
alter table only public.operation_hour attach partition public.operation_hour_other default;
alter table only public.traffic_day attach partition public.traffic_day_other default;
alter table only public.traffic_hour attach partition public.traffic_hour_other default;
alter table only public.traffic_minute attach partition public.traffic_minute_other default;
alter table only public.traffic_protocol_hour attach partition public.traffic_protocol_hour_other default;
alter table only public.alert_evidence
    add constraint alert_evidence_pk primary key (organization_id, id);
alter table only public.alert_history
    add constraint alert_history_pk primary key (organization_id, id);
alter table only public.alert_key
    add constraint alert_key_pk primary key (organization_id, site_id, rule, key);
alter table only public.alert
    add constraint alert_pk primary key (organization_id, id);
alter table only public.app_user
    add constraint app_user_login_key unique (login);
alter table only public.app_user
    add constraint app_user_pk primary key (id);
alter table only public.audit_entry
    add constraint audit_entry_pk primary key (organization_id, id);
alter table only public.baseline_grant
    add constraint baseline_grant_pk primary key (organization_id, baseline_id, alert_id);
alter table only public.baseline
    add constraint baseline_key unique (organization_id, site_id, record, client, server, transport, port, protocol, function, access, target, attribute, value);
alter table only public.baseline
    add constraint baseline_pk primary key (organization_id, id);
alter table only public.conversation
    add constraint conversation_key unique (organization_id, client_endpoint_id, server_endpoint_id, transport, port, protocol, sensor_id);
alter table only public.conversation
    add constraint conversation_pk primary key (organization_id, id);
alter table only public.device_decision
    add constraint device_decision_pk primary key (organization_id, id);
alter table only public.device_learning
    add constraint device_learning_pk primary key (organization_id, device_id);
alter table only public.device
    add constraint device_pk primary key (organization_id, id);
alter table only public.endpoint
    add constraint endpoint_key unique nulls not distinct (organization_id, site_id, mac, ip, vlan);
alter table only public.endpoint
    add constraint endpoint_pk primary key (organization_id, id);
alter table only public.enrolment_code
    add constraint enrolment_code_hash_key unique (code_hash);
alter table only public.enrolment_code
    add constraint enrolment_code_pk primary key (organization_id, sensor_id);
alter table only public.event
    add constraint event_pk primary key (organization_id, id);
alter table only public.fact
    add constraint fact_key unique (organization_id, endpoint_id, attribute, source, value);
alter table only public.fact
    add constraint fact_pk primary key (organization_id, id);
alter table only public.gap
    add constraint gap_pk primary key (organization_id, id);
alter table only public.incident_history
    add constraint incident_history_pk primary key (organization_id, id);
alter table only public.incident
    add constraint incident_pk primary key (organization_id, id);
alter table only public.ingest_quarantine
    add constraint ingest_quarantine_pk primary key (organization_id, sensor_id, sequence);
alter table only public.inventory_work
    add constraint inventory_work_pk primary key (organization_id, id);
alter table only public.ledger_entry
    add constraint ledger_entry_key unique (organization_id, site_id, key);
alter table only public.ledger_entry
    add constraint ledger_entry_pk primary key (organization_id, id);
alter table only public.ledger_upload
    add constraint ledger_upload_pk primary key (organization_id, id);
alter table only public.membership
    add constraint membership_key unique nulls not distinct (organization_id, user_id, site_id);
alter table only public.membership
    add constraint membership_pk primary key (organization_id, id);
alter table only public.operation_hour
    add constraint operation_hour_pk primary key (organization_id, site_id, hour, sensor_id);
alter table only public.operation_hour_other
    add constraint operation_hour_other_pkey primary key (organization_id, site_id, hour, sensor_id);
alter table only public.operation
    add constraint operation_key unique (organization_id, client_endpoint_id, server_endpoint_id, protocol, function, code, access, target, sensor_id);
alter table only public.operation
    add constraint operation_pk primary key (organization_id, id);
alter table only public.organization
    add constraint organization_pk primary key (id);
alter table only public.planned_work_device
    add constraint planned_work_device_pk primary key (organization_id, work_id, device_id);
alter table only public.planned_work
    add constraint planned_work_pk primary key (organization_id, id);
alter table only public.port_counter
    add constraint port_counter_pk primary key (organization_id, sensor_id, at, name, sequence);
alter table only public.report
    add constraint report_pk primary key (organization_id, id);
alter table only public.schema_migration
    add constraint schema_migration_pk primary key (number);
alter table only public.sensor_dictionary
    add constraint sensor_dictionary_pk primary key (organization_id, sensor_id, epoch, sequence);
alter table only public.sensor_fold
    add constraint sensor_fold_pk primary key (organization_id, sensor_id);
alter table only public.sensor_health
    add constraint sensor_health_pk primary key (organization_id, sensor_id, at, sequence);
alter table only public.sensor_judged
    add constraint sensor_judged_pk primary key (organization_id, sensor_id);
alter table only public.sensor
    add constraint sensor_name_key unique (organization_id, site_id, name);
alter table only public.sensor
    add constraint sensor_pk primary key (organization_id, id);
alter table only public.sensor_stream
    add constraint sensor_stream_pk primary key (organization_id, sensor_id);
alter table only public.sensor
    add constraint sensor_uuid_key unique (uuid);
alter table only public.session
    add constraint session_pk primary key (token_hash);
alter table only public.sign_in_attempt
    add constraint sign_in_attempt_pk primary key (key);
alter table only public.site_learning
    add constraint site_learning_pk primary key (organization_id, site_id);
alter table only public.site
    add constraint site_name_key unique (organization_id, name);
alter table only public.site
    add constraint site_pk primary key (organization_id, id);
alter table only public.traffic_day
    add constraint traffic_day_pk primary key (organization_id, site_id, day, sensor_id);
alter table only public.traffic_day_other
    add constraint traffic_day_other_pkey primary key (organization_id, site_id, day, sensor_id);
alter table only public.traffic_hour
    add constraint traffic_hour_pk primary key (organization_id, site_id, hour, sensor_id);
alter table only public.traffic_hour_other
    add constraint traffic_hour_other_pkey primary key (organization_id, site_id, hour, sensor_id);
alter table only public.traffic_minute
    add constraint traffic_minute_pk primary key (organization_id, sensor_id, sequence, minute);
alter table only public.traffic_minute_other
    add constraint traffic_minute_other_pkey primary key (organization_id, sensor_id, sequence, minute);
alter table only public.traffic_protocol_hour
    add constraint traffic_protocol_hour_pk primary key (organization_id, site_id, hour, sensor_id, protocol);
alter table only public.traffic_protocol_hour_other
    add constraint traffic_protocol_hour_other_pkey primary key (organization_id, site_id, hour, sensor_id, protocol);
alter table only public.weakness
    add constraint weakness_key unique (organization_id, device_id, kind, rule);
alter table only public.weakness
    add constraint weakness_pk primary key (organization_id, id);
alter table only public.weakness_site
    add constraint weakness_site_pk primary key (organization_id, site_id);
alter table only public.weakness_work
    add constraint weakness_work_pk primary key (organization_id, device_id);
create index alert_client on public.alert using btree (organization_id, client) where (state <> 'closed'::text);
create index alert_evidence_alert on public.alert_evidence using btree (organization_id, alert_id, id);
create index alert_history_alert on public.alert_history using btree (organization_id, alert_id, id);
create index alert_incident on public.alert using btree (organization_id, incident_id) where (incident_id is not null);
create index alert_key_alert on public.alert_key using btree (organization_id, alert_id);
create index alert_last_seen on public.alert using btree (organization_id, last_seen, id);
create index alert_open on public.alert using btree (organization_id, site_id, rule, join_key) where (state <> 'closed'::text);
create index alert_planned_work on public.alert using btree (organization_id, planned_work_id) where (planned_work_id is not null);
create index alert_server on public.alert using btree (organization_id, server) where (state <> 'closed'::text);
create index alert_site_last on public.alert using btree (organization_id, site_id, last_seen);
create index baseline_client on public.baseline using btree (organization_id, site_id, client);
create index baseline_grant_alert on public.baseline_grant using btree (organization_id, alert_id);
create index baseline_server on public.baseline using btree (organization_id, site_id, server);
create index conversation_client_first on public.conversation using btree (organization_id, client_endpoint_id, first_seen);
create index conversation_protocol on public.conversation using btree (organization_id, protocol);
create index conversation_server on public.conversation using btree (organization_id, server_endpoint_id);
create index conversation_site on public.conversation using btree (organization_id, site_id);
create index conversation_unjudged on public.conversation using btree (organization_id, site_id) where (not is_judged);
create index device_decision_device on public.device_decision using btree (organization_id, device_id);
create index device_decision_site on public.device_decision using btree (organization_id, site_id);
create index device_first_seen on public.device using btree (organization_id, first_seen);
create index device_last_seen on public.device using btree (organization_id, last_seen, id);
create index device_learning_alert on public.device_learning using btree (organization_id, alert_id);
create index device_learning_site on public.device_learning using btree (organization_id, site_id);
create index device_site on public.device using btree (organization_id, site_id);
create index device_unjudged on public.device using btree (organization_id, site_id) where (not is_judged);
create index endpoint_device on public.endpoint using btree (organization_id, device_id);
create index endpoint_ip on public.endpoint using btree (organization_id, site_id, ip);
create index event_mirror on public.event using btree (organization_id, sensor_id, ((detail ->> 'port'::text)), last_seen desc, id desc) where (kind = 'mirror'::text);
create index event_site on public.event using btree (organization_id, site_id, last_seen);
create index event_unjudged on public.event using btree (organization_id, site_id) where (not is_judged);
create index fact_identity on public.fact using btree (organization_id, site_id, attribute, public.identity_value(value));
create index fact_unjudged on public.fact using btree (organization_id, site_id, attribute) where (not is_judged);
create index gap_sensor on public.gap using btree (organization_id, sensor_id, ends_at);
create index incident_history_incident on public.incident_history using btree (organization_id, incident_id, id);
create index incident_last_seen on public.incident using btree (organization_id, last_seen, id);
create index inventory_work_site on public.inventory_work using btree (organization_id, site_id);
create index ledger_entry_device on public.ledger_entry using btree (organization_id, device_id);
create index ledger_entry_macs on public.ledger_entry using gin (macs);
create index ledger_upload_site on public.ledger_upload using btree (organization_id, site_id, uploaded_at desc);
create index membership_user on public.membership using btree (user_id);
create index operation_cyclic on public.operation using btree (organization_id, site_id) where (cycle_us > 0);
create index operation_decisive on public.operation using btree (organization_id, site_id, id) where (access = any (array['control'::text, 'program'::text, 'config'::text, 'time'::text]));
create index operation_server on public.operation using btree (organization_id, server_endpoint_id);
create index operation_site on public.operation using btree (organization_id, site_id);
create index operation_unjudged on public.operation using btree (organization_id, site_id) where (not is_judged);
create index planned_work_device_device on public.planned_work_device using btree (organization_id, device_id);
create index planned_work_site_ends on public.planned_work using btree (organization_id, site_id, ends_at);
create index report_of_site on public.report using btree (organization_id, site_id, ends_at);
create index session_by_user on public.session using btree (user_id);
create index session_expiry on public.session using btree (expires_at);
create index sign_in_attempt_last on public.sign_in_attempt using btree (last_at);
create index traffic_minute_site on only public.traffic_minute using btree (organization_id, site_id, minute);
create index traffic_minute_other_organization_id_site_id_minute_idx on public.traffic_minute_other using btree (organization_id, site_id, minute);
create index weakness_of_site on public.weakness using btree (organization_id, site_id);
create index weakness_work_site on public.weakness_work using btree (organization_id, site_id);
alter index public.operation_hour_pk attach partition public.operation_hour_other_pkey;
alter index public.traffic_day_pk attach partition public.traffic_day_other_pkey;
alter index public.traffic_hour_pk attach partition public.traffic_hour_other_pkey;
alter index public.traffic_minute_site attach partition public.traffic_minute_other_organization_id_site_id_minute_idx;
alter index public.traffic_minute_pk attach partition public.traffic_minute_other_pkey;
alter index public.traffic_protocol_hour_pk attach partition public.traffic_protocol_hour_other_pkey;
create trigger device_added after insert on public.device referencing new table as saved for each statement execute function public.note_weakness_work();
create trigger device_changed after update on public.device referencing new table as saved for each statement execute function public.note_weakness_work();
alter table only public.alert
    add constraint alert_assignee_fk foreign key (assignee_id) references public.app_user(id) on delete set null;
alter table only public.alert_evidence
    add constraint alert_evidence_alert_fk foreign key (organization_id, alert_id) references public.alert(organization_id, id) on delete cascade;
alter table only public.alert_history
    add constraint alert_history_alert_fk foreign key (organization_id, alert_id) references public.alert(organization_id, id) on delete cascade;
alter table only public.alert_history
    add constraint alert_history_person_fk foreign key (person_id) references public.app_user(id) on delete set null;
alter table only public.alert
    add constraint alert_incident_fk foreign key (organization_id, incident_id) references public.incident(organization_id, id);
alter table only public.alert_key
    add constraint alert_key_alert_fk foreign key (organization_id, alert_id) references public.alert(organization_id, id) on delete cascade;
alter table only public.alert
    add constraint alert_person_fk foreign key (changed_by) references public.app_user(id) on delete set null;
alter table only public.alert
    add constraint alert_planned_work_fk foreign key (organization_id, planned_work_id) references public.planned_work(organization_id, id);
alter table only public.alert
    add constraint alert_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.audit_entry
    add constraint audit_entry_organization_fk foreign key (organization_id) references public.organization(id) on delete cascade;
alter table only public.audit_entry
    add constraint audit_entry_user_fk foreign key (user_id) references public.app_user(id) on delete set null;
alter table only public.baseline_grant
    add constraint baseline_grant_alert_fk foreign key (organization_id, alert_id) references public.alert(organization_id, id) on delete cascade;
alter table only public.baseline_grant
    add constraint baseline_grant_baseline_fk foreign key (organization_id, baseline_id) references public.baseline(organization_id, id) on delete cascade;
alter table only public.baseline_grant
    add constraint baseline_grant_person_fk foreign key (person_id) references public.app_user(id) on delete set null;
alter table only public.baseline
    add constraint baseline_person_fk foreign key (person_id) references public.app_user(id) on delete set null;
alter table only public.baseline
    add constraint baseline_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.conversation
    add constraint conversation_client_fk foreign key (organization_id, client_endpoint_id) references public.endpoint(organization_id, id) on delete cascade;
alter table only public.conversation
    add constraint conversation_server_fk foreign key (organization_id, server_endpoint_id) references public.endpoint(organization_id, id) on delete cascade;
alter table only public.device_decision
    add constraint device_decision_device_fk foreign key (organization_id, device_id) references public.device(organization_id, id) on delete cascade;
alter table only public.device_decision
    add constraint device_decision_other_fk foreign key (organization_id, other_device_id) references public.device(organization_id, id) on delete cascade;
alter table only public.device_decision
    add constraint device_decision_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.device_learning
    add constraint device_learning_alert_fk foreign key (organization_id, alert_id) references public.alert(organization_id, id) on delete cascade;
alter table only public.device_learning
    add constraint device_learning_device_fk foreign key (organization_id, device_id) references public.device(organization_id, id) on delete cascade;
alter table only public.device_learning
    add constraint device_learning_person_fk foreign key (person_id) references public.app_user(id) on delete set null;
alter table only public.device
    add constraint device_merged_fk foreign key (organization_id, merged_into) references public.device(organization_id, id);
alter table only public.device
    add constraint device_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.endpoint
    add constraint endpoint_device_fk foreign key (organization_id, device_id) references public.device(organization_id, id);
alter table only public.endpoint
    add constraint endpoint_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.enrolment_code
    add constraint enrolment_code_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.event
    add constraint event_endpoint_fk foreign key (organization_id, endpoint_id) references public.endpoint(organization_id, id) on delete cascade;
alter table only public.fact
    add constraint fact_endpoint_fk foreign key (organization_id, endpoint_id) references public.endpoint(organization_id, id) on delete cascade;
alter table only public.gap
    add constraint gap_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.incident
    add constraint incident_assignee_fk foreign key (assignee_id) references public.app_user(id) on delete set null;
alter table only public.incident_history
    add constraint incident_history_incident_fk foreign key (organization_id, incident_id) references public.incident(organization_id, id) on delete cascade;
alter table only public.incident_history
    add constraint incident_history_person_fk foreign key (person_id) references public.app_user(id) on delete set null;
alter table only public.incident
    add constraint incident_person_fk foreign key (changed_by) references public.app_user(id) on delete set null;
alter table only public.incident
    add constraint incident_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.ingest_quarantine
    add constraint ingest_quarantine_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.ledger_entry
    add constraint ledger_entry_device_fk foreign key (organization_id, device_id) references public.device(organization_id, id) on delete set null (device_id);
alter table only public.ledger_entry
    add constraint ledger_entry_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.ledger_entry
    add constraint ledger_entry_upload_fk foreign key (organization_id, upload_id) references public.ledger_upload(organization_id, id) on delete cascade;
alter table only public.ledger_entry
    add constraint ledger_entry_user_fk foreign key (decided_by) references public.app_user(id) on delete set null;
alter table only public.ledger_upload
    add constraint ledger_upload_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.ledger_upload
    add constraint ledger_upload_user_fk foreign key (uploaded_by) references public.app_user(id) on delete set null;
alter table only public.membership
    add constraint membership_organization_fk foreign key (organization_id) references public.organization(id) on delete cascade;
alter table only public.membership
    add constraint membership_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.membership
    add constraint membership_user_fk foreign key (user_id) references public.app_user(id) on delete cascade;
alter table only public.operation
    add constraint operation_client_fk foreign key (organization_id, client_endpoint_id) references public.endpoint(organization_id, id) on delete cascade;
alter table only public.operation
    add constraint operation_server_fk foreign key (organization_id, server_endpoint_id) references public.endpoint(organization_id, id) on delete cascade;
alter table only public.organization
    add constraint organization_parent_fk foreign key (parent_id) references public.organization(id);
alter table only public.planned_work_device
    add constraint planned_work_device_device_fk foreign key (organization_id, device_id) references public.device(organization_id, id) on delete cascade;
alter table only public.planned_work_device
    add constraint planned_work_device_work_fk foreign key (organization_id, work_id) references public.planned_work(organization_id, id) on delete cascade;
alter table only public.planned_work
    add constraint planned_work_ended_by_fk foreign key (ended_by) references public.app_user(id) on delete set null;
alter table only public.planned_work
    add constraint planned_work_made_by_fk foreign key (made_by) references public.app_user(id) on delete set null;
alter table only public.planned_work
    add constraint planned_work_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.port_counter
    add constraint port_counter_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.report
    add constraint report_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.sensor_dictionary
    add constraint sensor_dictionary_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.sensor_fold
    add constraint sensor_fold_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.sensor_health
    add constraint sensor_health_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.sensor_judged
    add constraint sensor_judged_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.sensor
    add constraint sensor_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.sensor_stream
    add constraint sensor_stream_sensor_fk foreign key (organization_id, sensor_id) references public.sensor(organization_id, id) on delete cascade;
alter table only public.session
    add constraint session_user_fk foreign key (user_id) references public.app_user(id) on delete cascade;
alter table only public.site_learning
    add constraint site_learning_person_fk foreign key (changed_by) references public.app_user(id) on delete set null;
alter table only public.site_learning
    add constraint site_learning_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.site
    add constraint site_organization_fk foreign key (organization_id) references public.organization(id) on delete cascade;
alter table only public.weakness
    add constraint weakness_device_fk foreign key (organization_id, device_id) references public.device(organization_id, id) on delete cascade;
alter table only public.weakness
    add constraint weakness_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table only public.weakness_site
    add constraint weakness_site_fk foreign key (organization_id, site_id) references public.site(organization_id, id) on delete cascade;
alter table public.alert enable row level security;
alter table public.alert_evidence enable row level security;
create policy alert_evidence_site on public.alert_evidence as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy alert_evidence_tenant on public.alert_evidence using ((organization_id = public.current_organization()));
alter table public.alert_history enable row level security;
create policy alert_history_site on public.alert_history as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy alert_history_tenant on public.alert_history using ((organization_id = public.current_organization()));
alter table public.alert_key enable row level security;
create policy alert_key_site on public.alert_key as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy alert_key_tenant on public.alert_key using ((organization_id = public.current_organization()));
create policy alert_site on public.alert as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy alert_tenant on public.alert using ((organization_id = public.current_organization()));
alter table public.audit_entry enable row level security;
create policy audit_entry_site on public.audit_entry as restrictive for select to osect_app using (( select public.sees_every_site() as sees_every_site));
create policy audit_entry_tenant on public.audit_entry using ((organization_id = public.current_organization()));
alter table public.baseline enable row level security;
alter table public.baseline_grant enable row level security;
create policy baseline_grant_site on public.baseline_grant as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy baseline_grant_tenant on public.baseline_grant using ((organization_id = public.current_organization()));
create policy baseline_site on public.baseline as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy baseline_tenant on public.baseline using ((organization_id = public.current_organization()));
alter table public.conversation enable row level security;
create policy conversation_site on public.conversation as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy conversation_tenant on public.conversation using ((organization_id = public.current_organization()));
alter table public.device enable row level security;
alter table public.device_decision enable row level security;
create policy device_decision_site on public.device_decision as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy device_decision_tenant on public.device_decision using ((organization_id = public.current_organization()));
alter table public.device_learning enable row level security;
create policy device_learning_site on public.device_learning as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy device_learning_tenant on public.device_learning using ((organization_id = public.current_organization()));
create policy device_site on public.device as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy device_tenant on public.device using ((organization_id = public.current_organization()));
alter table public.endpoint enable row level security;
create policy endpoint_site on public.endpoint as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy endpoint_tenant on public.endpoint using ((organization_id = public.current_organization()));
alter table public.enrolment_code enable row level security;
create policy enrolment_code_find on public.enrolment_code for select to osect_ingest using (true);
create policy enrolment_code_site on public.enrolment_code as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = enrolment_code.organization_id) and (s.id = enrolment_code.sensor_id))))));
create policy enrolment_code_tenant on public.enrolment_code using ((organization_id = public.current_organization()));
alter table public.event enable row level security;
create policy event_site on public.event as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy event_tenant on public.event using ((organization_id = public.current_organization()));
alter table public.fact enable row level security;
create policy fact_site on public.fact as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy fact_tenant on public.fact using ((organization_id = public.current_organization()));
alter table public.gap enable row level security;
create policy gap_site on public.gap as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = gap.organization_id) and (s.id = gap.sensor_id))))));
create policy gap_tenant on public.gap using ((organization_id = public.current_organization()));
alter table public.incident enable row level security;
alter table public.incident_history enable row level security;
create policy incident_history_site on public.incident_history as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy incident_history_tenant on public.incident_history using ((organization_id = public.current_organization()));
create policy incident_site on public.incident as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy incident_tenant on public.incident using ((organization_id = public.current_organization()));
alter table public.ingest_quarantine enable row level security;
create policy ingest_quarantine_site on public.ingest_quarantine as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = ingest_quarantine.organization_id) and (s.id = ingest_quarantine.sensor_id))))));
create policy ingest_quarantine_tenant on public.ingest_quarantine using ((organization_id = public.current_organization()));
alter table public.inventory_work enable row level security;
create policy inventory_work_find on public.inventory_work for select to osect_ingest using (true);
create policy inventory_work_site on public.inventory_work as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy inventory_work_tenant on public.inventory_work using ((organization_id = public.current_organization()));
alter table public.ledger_entry enable row level security;
create policy ledger_entry_site on public.ledger_entry as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy ledger_entry_tenant on public.ledger_entry using ((organization_id = public.current_organization()));
alter table public.ledger_upload enable row level security;
create policy ledger_upload_site on public.ledger_upload as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy ledger_upload_tenant on public.ledger_upload using ((organization_id = public.current_organization()));
alter table public.membership enable row level security;
create policy membership_own on public.membership for select to osect_app using ((user_id = public.current_person()));
create policy membership_tenant on public.membership using ((organization_id = public.current_organization()));
alter table public.operation enable row level security;
alter table public.operation_hour enable row level security;
alter table public.operation_hour_other enable row level security;
create policy operation_hour_site on public.operation_hour as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy operation_hour_tenant on public.operation_hour using ((organization_id = public.current_organization()));
create policy operation_site on public.operation as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy operation_tenant on public.operation using ((organization_id = public.current_organization()));
alter table public.organization enable row level security;
create policy organization_member on public.organization for select to osect_app using ((id in ( select m.organization_id
   from public.membership m
  where (m.user_id = public.current_person()))));
create policy organization_operator on public.organization for select to osect_owner using (true);
create policy organization_tenant on public.organization using ((id = public.current_organization()));
alter table public.planned_work enable row level security;
alter table public.planned_work_device enable row level security;
create policy planned_work_device_site on public.planned_work_device as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy planned_work_device_tenant on public.planned_work_device using ((organization_id = public.current_organization()));
create policy planned_work_site on public.planned_work as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy planned_work_tenant on public.planned_work using ((organization_id = public.current_organization()));
alter table public.port_counter enable row level security;
create policy port_counter_site on public.port_counter as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = port_counter.organization_id) and (s.id = port_counter.sensor_id))))));
create policy port_counter_tenant on public.port_counter using ((organization_id = public.current_organization()));
alter table public.report enable row level security;
create policy report_find on public.report for select to osect_ingest using (true);
create policy report_site on public.report as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy report_tenant on public.report using ((organization_id = public.current_organization()));
alter table public.sensor enable row level security;
alter table public.sensor_dictionary enable row level security;
create policy sensor_dictionary_site on public.sensor_dictionary as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = sensor_dictionary.organization_id) and (s.id = sensor_dictionary.sensor_id))))));
create policy sensor_dictionary_tenant on public.sensor_dictionary using ((organization_id = public.current_organization()));
create policy sensor_find on public.sensor for select to osect_ingest using (true);
alter table public.sensor_fold enable row level security;
create policy sensor_fold_find on public.sensor_fold for select to osect_ingest using (true);
create policy sensor_fold_site on public.sensor_fold as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = sensor_fold.organization_id) and (s.id = sensor_fold.sensor_id))))));
create policy sensor_fold_tenant on public.sensor_fold using ((organization_id = public.current_organization()));
alter table public.sensor_health enable row level security;
create policy sensor_health_site on public.sensor_health as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = sensor_health.organization_id) and (s.id = sensor_health.sensor_id))))));
create policy sensor_health_tenant on public.sensor_health using ((organization_id = public.current_organization()));
alter table public.sensor_judged enable row level security;
create policy sensor_judged_site on public.sensor_judged as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = sensor_judged.organization_id) and (s.id = sensor_judged.sensor_id))))));
create policy sensor_judged_tenant on public.sensor_judged using ((organization_id = public.current_organization()));
create policy sensor_site on public.sensor as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
alter table public.sensor_stream enable row level security;
create policy sensor_stream_find on public.sensor_stream for select to osect_ingest using (true);
create policy sensor_stream_site on public.sensor_stream as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (exists ( select
   from public.sensor s
  where ((s.organization_id = sensor_stream.organization_id) and (s.id = sensor_stream.sensor_id))))));
create policy sensor_stream_tenant on public.sensor_stream using ((organization_id = public.current_organization()));
create policy sensor_tenant on public.sensor using ((organization_id = public.current_organization()));
alter table public.site enable row level security;
alter table public.site_learning enable row level security;
create policy site_learning_find on public.site_learning for select to osect_ingest using (true);
create policy site_learning_site on public.site_learning as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy site_learning_tenant on public.site_learning using ((organization_id = public.current_organization()));
create policy site_site on public.site as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy site_tenant on public.site using ((organization_id = public.current_organization()));
alter table public.traffic_day enable row level security;
alter table public.traffic_day_other enable row level security;
create policy traffic_day_site on public.traffic_day as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy traffic_day_tenant on public.traffic_day using ((organization_id = public.current_organization()));
alter table public.traffic_hour enable row level security;
alter table public.traffic_hour_other enable row level security;
create policy traffic_hour_site on public.traffic_hour as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy traffic_hour_tenant on public.traffic_hour using ((organization_id = public.current_organization()));
alter table public.traffic_minute enable row level security;
alter table public.traffic_minute_other enable row level security;
create policy traffic_minute_site on public.traffic_minute as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy traffic_minute_tenant on public.traffic_minute using ((organization_id = public.current_organization()));
alter table public.traffic_protocol_hour enable row level security;
alter table public.traffic_protocol_hour_other enable row level security;
create policy traffic_protocol_hour_site on public.traffic_protocol_hour as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy traffic_protocol_hour_tenant on public.traffic_protocol_hour using ((organization_id = public.current_organization()));
alter table public.weakness enable row level security;
create policy weakness_site on public.weakness as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
alter table public.weakness_site enable row level security;
create policy weakness_site_find on public.weakness_site for select to osect_ingest using (true);
create policy weakness_site_site on public.weakness_site as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy weakness_site_tenant on public.weakness_site using ((organization_id = public.current_organization()));
create policy weakness_tenant on public.weakness using ((organization_id = public.current_organization()));
alter table public.weakness_work enable row level security;
create policy weakness_work_find on public.weakness_work for select to osect_ingest using (true);
create policy weakness_work_site on public.weakness_work as restrictive to osect_app using ((( select public.sees_every_site() as sees_every_site) or (site_id = any (( select public.current_sites() as current_sites)::bigint[]))));
create policy weakness_work_tenant on public.weakness_work using ((organization_id = public.current_organization()));
grant all on schema public to osect_owner;
grant usage on schema public to osect_app;
grant usage on schema public to osect_ingest;
grant select,update on table public.alert to osect_app;
grant select,insert,update on table public.alert to osect_ingest;
grant select on table public.alert_evidence to osect_app;
grant select,insert on table public.alert_evidence to osect_ingest;
grant select,insert on table public.alert_history to osect_app;
grant select,insert,update on table public.alert_history to osect_ingest;
grant select on table public.alert_key to osect_app;
grant select,insert,update on table public.alert_key to osect_ingest;
grant select,insert,delete,update on table public.app_user to osect_app;
grant select,insert on table public.audit_entry to osect_app;
grant insert on table public.audit_entry to osect_ingest;
grant select,insert,delete,update on table public.baseline to osect_app;
grant select,insert,update on table public.baseline to osect_ingest;
grant select,insert,delete on table public.baseline_grant to osect_app;
grant select on table public.baseline_grant to osect_ingest;
grant select on table public.conversation to osect_app;
grant select,insert,update on table public.conversation to osect_ingest;
grant select,update on table public.device to osect_app;
grant select,insert,update on table public.device to osect_ingest;
grant select,insert,update on table public.device_decision to osect_app;
grant select on table public.device_decision to osect_ingest;
grant usage on sequence public.device_decision_id_seq to osect_app;
grant usage on sequence public.device_id_seq to osect_ingest;
grant select,insert,delete,update on table public.device_learning to osect_app;
grant select on table public.device_learning to osect_ingest;
grant select on table public.endpoint to osect_app;
grant select,insert,update on table public.endpoint to osect_ingest;
grant select,insert,delete,update on table public.enrolment_code to osect_app;
grant select,update on table public.enrolment_code to osect_ingest;
grant select on table public.event to osect_app;
grant select,insert,update on table public.event to osect_ingest;
grant select on table public.fact to osect_app;
grant select,insert,update on table public.fact to osect_ingest;
grant select on table public.gap to osect_app;
grant select,insert on table public.gap to osect_ingest;
grant select,update on table public.incident to osect_app;
grant select,insert,update on table public.incident to osect_ingest;
grant select,insert on table public.incident_history to osect_app;
grant insert on table public.incident_history to osect_ingest;
grant select on table public.ingest_quarantine to osect_app;
grant select,insert on table public.ingest_quarantine to osect_ingest;
grant insert on table public.inventory_work to osect_app;
grant select,insert,delete,update on table public.inventory_work to osect_ingest;
grant select,insert,delete,update on table public.ledger_entry to osect_app;
grant select on table public.ledger_entry to osect_ingest;
grant select,insert,delete,update on table public.ledger_upload to osect_app;
grant select on table public.ledger_upload to osect_ingest;
grant select,insert,delete,update on table public.membership to osect_app;
grant select on table public.operation to osect_app;
grant select,insert,update on table public.operation to osect_ingest;
grant select on table public.operation_hour to osect_app;
grant select,insert,update on table public.operation_hour to osect_ingest;
grant select,insert,update on table public.organization to osect_app;
grant select on table public.organization to osect_ingest;
grant select,insert,update on table public.planned_work to osect_app;
grant select on table public.planned_work to osect_ingest;
grant select,insert on table public.planned_work_device to osect_app;
grant select on table public.planned_work_device to osect_ingest;
grant select on table public.port_counter to osect_app;
grant select,insert on table public.port_counter to osect_ingest;
grant select,insert,delete,update on table public.report to osect_app;
grant select(organization_id) on table public.report to osect_ingest;
grant select(id) on table public.report to osect_ingest;
grant select(state) on table public.report to osect_ingest;
grant select(created_at) on table public.report to osect_ingest;
grant select(started_at) on table public.report to osect_ingest;
grant select on table public.schema_migration to osect_app;
grant select on table public.schema_migration to osect_ingest;
grant select,insert,delete,update on table public.sensor to osect_app;
grant select,update on table public.sensor to osect_ingest;
grant select,insert,delete,update on table public.sensor_dictionary to osect_ingest;
grant select,insert,update on table public.sensor_fold to osect_ingest;
grant select on table public.sensor_health to osect_app;
grant select,insert on table public.sensor_health to osect_ingest;
grant select,insert,update on table public.sensor_judged to osect_ingest;
grant select on table public.sensor_stream to osect_app;
grant select,insert,update on table public.sensor_stream to osect_ingest;
grant select,insert,delete,update on table public.session to osect_app;
grant select,insert,delete,update on table public.sign_in_attempt to osect_app;
grant select,insert,delete,update on table public.site to osect_app;
grant select on table public.site to osect_ingest;
grant select,insert,update on table public.site_learning to osect_app;
grant select,insert,update on table public.site_learning to osect_ingest;
grant select on table public.traffic_day to osect_app;
grant select,insert,update on table public.traffic_day to osect_ingest;
grant select on table public.traffic_hour to osect_app;
grant select,insert,update on table public.traffic_hour to osect_ingest;
grant select on table public.traffic_minute to osect_app;
grant select,insert on table public.traffic_minute to osect_ingest;
grant select on table public.traffic_protocol_hour to osect_app;
grant select,insert,update on table public.traffic_protocol_hour to osect_ingest;
grant select on table public.weakness to osect_app;
grant select,insert,delete,update on table public.weakness to osect_ingest;
grant select,insert,delete,update on table public.weakness_site to osect_ingest;
grant select,insert on table public.weakness_work to osect_app;
grant select,insert,delete,update on table public.weakness_work to osect_ingest;

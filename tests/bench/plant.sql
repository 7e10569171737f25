-- A large plant for tests/bench/web: 9,800 devices of which about 2,000 were seen today at the first site, 200 at a second.
begin;
insert into site (organization_id, name, time_zone) select organization_id, '第 2 工場', time_zone from site where id = 1;
insert into sensor (organization_id, site_id, name, state) select organization_id, id, 'センサー2', 'active' from site where name = '第 2 工場';
insert into device (organization_id, site_id, name, name_source, type, type_source, vendor, model, ips, macs, first_seen, last_seen)
  select s.organization_id, case when i <= 9800 then 1 else s.site_id end,
    (array['プレス機 PLC ', 'ライン表示器 ', '保全用パソコン ', '制御盤スイッチ '])[1 + i % 4] || i, 'person',
    (array['plc', 'hmi', 'pc', 'switch'])[1 + i % 4], 'person', (array['Mitsubishi Electric', 'OMRON', 'KEYENCE', 'Siemens', 'Fuji Electric', 'Yokogawa'])[1 + i % 6],
    'Model ' || i % 200, array[('10.' || i / 65536 || '.' || i / 256 % 256 || '.' || i % 256)::inet],
    array[('02:00:00:00:' || lpad(to_hex(i / 256 % 256), 2, '0') || ':' || lpad(to_hex(i % 256), 2, '0'))::macaddr],
    now() - i * interval '1 minute' - interval '3 days',
    now() - i % 1000 * interval '1 second' - case when i between 1985 and 9800 then interval '2 days' else interval '0' end
  from generate_series(1, 10000) i, (select organization_id, site_id from sensor where name = 'センサー2') s;
insert into endpoint (organization_id, site_id, sensor_id, device_id, vlan, mac, ip, has_sent, packets, bytes, first_seen, last_seen)
  select d.organization_id, d.site_id, s.id, d.id, 0, d.macs[1], d.ips[1], true, 10, 1000, d.first_seen, d.last_seen
  from device d join sensor s on s.site_id = d.site_id where d.name_source = 'person' order by d.id;
create temporary table talker as
  select e.*, row_number() over (partition by e.site_id order by e.id) as at from endpoint e join device d on d.id = e.device_id and d.name_source = 'person';
-- Cells of ten round a controller, as production lines are, and every cell's controller with one of ten servers.
insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, server_endpoint_id, transport, port, protocol,
    packets_up, packets_down, bytes_up, bytes_down, flows, first_seen, last_seen)
  select c.organization_id, c.site_id, c.sensor_id, c.id, s.id, 'tcp', p.port, p.protocol, 10 * c.at, 9 * c.at, 1000 * c.at, 900 * c.at, 3,
    now() - interval '2 days', now() - c.at % 3600 * interval '1 second'
  from talker c cross join (values (502, 'modbus', 0), (80, 'http', 1), (443, 'tls', 2), (44818, 'enip', 3), (53, 'dns', 4)) p (port, protocol, shift)
  join talker s on s.site_id = c.site_id and s.id <> c.id
    and s.at = case when p.shift < 4 then c.at - (c.at - 1) % 10 + p.shift else 1 + c.at % 10 end
  where c.at <= 1984 and (p.shift <> 4 or c.at % 10 = 1);
insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, server_endpoint_id, function, code, access,
    target, count, errors, first_seen, last_seen)
  select organization_id, site_id, sensor_id, protocol, client_endpoint_id, server_endpoint_id, f.function, f.code, f.access, 'unit 1', packets_up, 0,
    first_seen, last_seen
  from conversation, (values ('read_holding_registers', '3', 'read'), ('write_single_register', '6', 'write')) f (function, code, access)
  where protocol = 'modbus' and client_endpoint_id in (select id from talker);
insert into traffic_hour (organization_id, site_id, conversation_id, hour, packets_up, packets_down, bytes_up, bytes_down, flows)
  select c.organization_id, c.site_id, c.id, date_trunc('hour', now()) - h * interval '1 hour', 10, 10, 1000 + 100 * h, 2000, 1
  from conversation c, generate_series(1, 3) h where c.client_endpoint_id in (select id from talker)
  on conflict do nothing;
insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, packets, bytes)
  select c.organization_id, c.site_id, c.sensor_id, t.hour, c.protocol, sum(t.packets_up + t.packets_down), sum(t.bytes_up + t.bytes_down)
  from traffic_hour t join conversation c on c.id = t.conversation_id where c.client_endpoint_id in (select id from talker)
  group by 1, 2, 3, 4, 5
  on conflict do nothing;
commit;
analyze;

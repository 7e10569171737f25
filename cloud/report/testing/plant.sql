-- A small plant in November 2026 for the report's tests: two lines, an old computer, a way out, a way in, and an office.
insert into organization (id, name) overriding system value values (1, 'サンプル製作所'), (2, 'Other');
insert into site (organization_id, id, name, time_zone, place) overriding system value values
  (1, 1, '本社工場', 'Asia/Tokyo', '愛知県'), (2, 2, 'Other plant', 'Asia/Tokyo', '');
insert into site_learning (organization_id, site_id, state, begun_at) values (1, 1, 'operating', '2026-11-01Z');
insert into sensor (organization_id, id, site_id, name, state, version, last_seen_at) overriding system value values
  (1, 1, 1, 'センサー1', 'active', '1.0.0', '2026-11-30T14:59Z'), (1, 2, 1, 'センサー2', 'active', '1.0.0', '2026-11-30T14:58Z');
insert into port_counter (organization_id, sensor_id, at, sequence, name, packets, bytes, dropped_kernel, dropped_queue, malformed, unparsed,
    truncated, evicted)
  select 1, s, '2026-11-01Z'::timestamptz + d * interval '1 day', d, 'mon0', 100000, 20000000, case s when 2 then 3000 else 0 end, 0, 2, 500, 0, 0
  from generate_series(1, 2) s, generate_series(0, 29) d;
insert into gap (organization_id, sensor_id, reason, begins_at, ends_at, packets, bytes) values
  (1, 2, 'spool_full', '2026-11-12T03:00Z', '2026-11-12T04:30Z', 0, 0);

insert into device (organization_id, id, site_id, name, name_source, type, vendor, model, firmware, os, host_name, level, is_router, is_local,
    is_outside, has_internet, ips, macs, first_seen, last_seen) overriding system value values
  (1, 1, 1, 'ライン1 PLC', 'person', 'plc', 'Mitsubishi Electric', 'Q03UDVCPU', '24', '', '', '1', false, true, false, false,
    '{192.168.10.11}', '{38:e0:8e:00:00:01}', '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 2, 1, 'ライン2 PLC', 'person', 'plc', 'OMRON', 'NJ501-1300', '1.49', '', '', '1', false, true, false, false,
    '{192.168.10.12}', '{00:00:0a:00:00:02}', '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 3, 1, 'ライン1 表示器', 'person', 'hmi', 'Mitsubishi Electric', 'GT2712', '', '', '', '2', false, true, false, false,
    '{192.168.10.21}', '{38:e0:8e:00:00:03}', '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 4, 1, '保全PC-3', 'host', 'engineering', 'Dell', 'Latitude 5490', '', 'Windows 7', 'HOZEN-PC3', '3', false, true, false, false,
    '{192.168.10.53}', '{18:66:da:00:00:04}', '2026-11-05T01:00Z', '2026-11-30T08:00Z'),
  (1, 5, 1, 'データ収集サーバー', 'person', 'server', 'FUJITSU', '', '', 'Windows Server 2008 R2', 'KOJO-SV1', '3', false, true, false, true,
    '{192.168.10.5,192.168.20.5}', '{00:17:42:00:00:05,00:17:42:00:00:06}', '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 6, 1, '工場ルーター', 'person', 'router', 'YAMAHA', 'RTX1210', '', '', '', '3.5', true, true, false, true,
    '{192.168.10.1}', '{00:a0:de:00:00:07}', '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 7, 1, 'update.example.com', 'dns', 'unknown', '', '', '', '', '', '', false, false, true, false,
    '{203.0.113.7}', '{}', '2026-11-02Z', '2026-11-30T10:00Z'),
  (1, 8, 1, '198.51.100.23', 'ip', 'unknown', '', '', '', '', '', '', false, false, true, false,
    '{198.51.100.23}', '{}', '2026-11-20Z', '2026-11-28T18:00Z'),
  (2, 9, 2, 'Foreign', 'person', 'plc', 'Siemens', '', '', '', '', '1', false, true, false, false, '{10.0.0.1}', '{}', '2026-11-01Z', '2026-11-30Z');
insert into device (organization_id, id, site_id, name, name_source, type, vendor, model, ips, macs, level, first_seen, last_seen)
  overriding system value
  select 1, 100 + i, 1, (array['搬送インバーター ', 'リモート I/O ', 'ロボット ', 'カメラ '])[1 + i % 4] || i, 'person',
    (array['drive', 'io', 'robot', 'camera'])[1 + i % 4], (array['YASKAWA', 'OMRON', 'FANUC', 'KEYENCE', ''])[1 + i % 5], 'M-' || i,
    array[('192.168.11.' || i)::inet], array[('02:00:00:00:01:' || lpad(to_hex(i), 2, '0'))::macaddr], '1',
    '2026-11-01Z'::timestamptz + i % 9 * interval '1 hour', '2026-11-30T12:00Z'
  from generate_series(1, 60) i;
insert into endpoint (organization_id, id, site_id, sensor_id, device_id, vlan, mac, ip, has_sent, first_seen, last_seen)
  overriding system value
  select d.organization_id, d.id, d.site_id, 1, d.id, 0, d.macs[1], d.ips[1], true, d.first_seen, d.last_seen
  from device d where d.organization_id = 1;
insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, server_endpoint_id, transport, port, protocol, packets_up,
    packets_down, bytes_up, bytes_down, flows, first_seen, last_seen) values
  (1, 1, 1, 3, 1, 'tcp', 5007, 'slmp', 900000, 900000, 90000000, 80000000, 30, '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 1, 1, 5, 1, 'tcp', 5007, 'slmp', 400000, 400000, 40000000, 30000000, 30, '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 1, 1, 5, 2, 'udp', 9600, 'fins', 300000, 300000, 20000000, 20000000, 30, '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 1, 1, 4, 1, 'tcp', 5007, 'slmp', 5000, 5000, 900000, 700000, 12, '2026-11-05Z', '2026-11-30T08:00Z'),
  (1, 1, 1, 4, 2, 'udp', 9600, 'fins', 2000, 2000, 300000, 200000, 4, '2026-11-05Z', '2026-11-29T08:00Z'),
  (1, 1, 1, 4, 5, 'tcp', 3389, 'rdp', 8000, 8000, 700000, 9000000, 6, '2026-11-06Z', '2026-11-30T08:00Z'),
  (1, 1, 1, 4, 6, 'tcp', 23, 'telnet', 80, 80, 7000, 9000, 2, '2026-11-06Z', '2026-11-21T08:00Z'),
  (1, 1, 1, 5, 7, 'tcp', 443, 'tls', 9000, 9000, 800000, 12000000, 300, '2026-11-02Z', '2026-11-30T10:00Z'),
  (1, 1, 1, 8, 5, 'tcp', 5900, 'rfb', 900, 900, 60000, 4000000, 3, '2026-11-20Z', '2026-11-28T18:00Z');
insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, server_endpoint_id, transport, port, protocol, packets_up,
    packets_down, bytes_up, bytes_down, flows, first_seen, last_seen)
  select 1, 1, 1, 1 + i % 2, 100 + i, 'ethernet', 35085, 'cclink_ie', 1000 * i, 1000 * i, 60000 * i, 60000 * i, 1, '2026-11-01Z', '2026-11-30T12:00Z'
  from generate_series(1, 60) i;
insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, server_endpoint_id, function, code, access, target,
    count, errors, cycle_us, jitter_us, first_seen, last_seen) values
  (1, 1, 1, 'slmp', 3, 1, 'batch_read', '0401', 'read', '', 800000, 0, 100000, 4000, '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 1, 1, 'slmp', 3, 1, 'batch_write', '1401', 'write', '', 1200, 0, 0, 0, '2026-11-01Z', '2026-11-30T14:00Z'),
  (1, 1, 1, 'slmp', 4, 1, 'remote_stop', '1002', 'control', '', 1, 0, 0, 0, '2026-11-18Z', '2026-11-18T02:00Z'),
  (1, 1, 1, 'slmp', 4, 1, 'batch_write', '1401', 'write', '', 14, 2, 0, 0, '2026-11-18Z', '2026-11-18T02:00Z'),
  (1, 1, 1, 'fins', 4, 2, 'program_area_write', '0307', 'program', '', 3, 0, 0, 0, '2026-11-19Z', '2026-11-19T02:00Z'),
  (1, 1, 1, 'fins', 5, 2, 'memory_area_read', '0101', 'read', '', 250000, 90, 1000000, 250000, '2026-11-01Z', '2026-11-30T14:00Z');
select ensure_partitions('traffic_protocol_hour', interval '1 month', '2026-11-01Z', '2026-11-30Z');
insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, packets, bytes)
  select 1, 1, 1, '2026-11-01Z'::timestamptz + h * interval '6 hours', p.protocol, 10 * p.bytes, p.bytes * (10000 + h * 100 + h % 7 * 1500)
  from generate_series(0, 119) h,
    (values ('slmp', 90), ('fins', 40), ('cclink_ie', 120), ('rdp', 5), ('tls', 8), ('http', 3), ('', 2)) p (protocol, bytes);

insert into weakness (organization_id, id, site_id, device_id, kind, rule, verdict, severity, action, is_exploited, score, title_ja, title_en,
    reason_ja, reason_en, measure_ja, measure_en, evidence, cves, url, first_seen, last_seen) overriding system value values
  (1, 1, 1, 4, 'end_of_support', 'windows-7', 'affected', 'high', 'next', false, 0, 'Windows 7 はサポートが終わっています', 'Windows 7 is out of support',
    '2020-01-14 に更新の提供が終わりました。', 'Updates ended on 2020-01-14.', '新しい OS への入れ替えを計画してください。それまでは通信する相手を絞ります。',
    'Plan its replacement. Until then limit whom it talks to.', '[]', '{}', '', '2026-11-05Z', '2026-11-30Z'),
  (1, 2, 1, 5, 'end_of_support', 'server-2008-r2', 'affected', 'high', 'next', false, 0, 'Windows Server 2008 R2 はサポートが終わっています',
    'Windows Server 2008 R2 is out of support', '2020-01-14 に更新の提供が終わりました。', 'Updates ended on 2020-01-14.',
    '新しい OS への入れ替えを計画してください。それまでは通信する相手を絞ります。', 'Plan its replacement. Until then limit whom it talks to.', '[]', '{}', '', '2026-11-01Z', '2026-11-30Z'),
  (1, 3, 1, 6, 'habit', 'telnet', 'affected', 'high', 'next', false, 0, '暗号化されない Telnet が使われています', 'Telnet is in use, without encryption',
    'パスワードがそのまま流れます。', 'Passwords travel readable.', 'SSH に切り替え、Telnet を止めてください。', 'Use SSH and turn Telnet off.', '[]', '{}', '', '2026-11-06Z', '2026-11-21Z'),
  (1, 4, 1, 5, 'habit', 'vnc-open', 'affected', 'critical', 'now', false, 0, 'パスワードのない VNC が開いています', 'VNC is open without a password',
    '誰でも画面を操作できます。', 'Anybody can take over the screen.', 'すぐにパスワードを設定するか、VNC を止めてください。', 'Set a password now, or turn VNC off.', '[]', '{}', '', '2026-11-20Z', '2026-11-28Z'),
  (1, 5, 1, 1, 'advisory', 'ICSA-20-303-01', 'possible', 'high', 'next', false, 75, 'MELSEC Q シリーズ: 特殊な通信で停止する弱点', 'MELSEC Q series: a crafted packet stops the controller',
    '型式が該当します。ファームウェアの版は確かめられていません。', 'The model is affected; the firmware version is not known for certain.',
    '次の停止時にファームウェアの版を確かめ、古ければ更新してください。', 'Check the firmware at the next stop and update if it is old.', '[]', '{CVE-2020-5652}', 'https://example.com/advisory', '2026-11-01Z', '2026-11-30Z'),
  (1, 6, 1, 2, 'advisory', 'ICSA-00-000-00', 'not_affected', 'high', 'never', false, 75, 'NJ', 'NJ', '', '', '', '', '[]', '{}', '', '2026-11-01Z', '2026-11-30Z');

insert into alert (organization_id, id, site_id, rule, category, join_key, severity, points, client, server, detail, words, count, first_seen, last_seen,
    state, reason) overriding system value values
  (1, 1, 1, 'controller-stop', 'operation', 'a', 'critical', '[]', 4, 1, '{"function": "remote_stop", "protocol": "slmp"}', '', 1, '2026-11-18T02:00Z', '2026-11-18T02:00Z', 'investigating', null),
  (1, 2, 1, 'new-device', 'device', 'b', 'medium', '[]', 4, 0, '{}', '', 1, '2026-11-05T01:00Z', '2026-11-05T01:00Z', 'closed', 'learned'),
  (1, 3, 1, 'outside-entry', 'outside', 'c', 'high', '[]', 8, 5, '{"protocol": "rfb"}', '', 3, '2026-11-20Z', '2026-11-28T18:00Z', 'new', null),
  (1, 4, 1, 'new-writer', 'operation', 'd', 'high', '[]', 4, 2, '{"function": "program_area_write", "protocol": "fins"}', '', 3, '2026-11-19T02:00Z', '2026-11-19T02:00Z', 'new', null);
insert into report (organization_id, site_id, language, begins_at, ends_at, state, view_model) values
  (1, 1, 'ja', '2026-10-01Z', '2026-10-31Z', 'done', '{"score": {"value": 61, "grade": "C"}, "figures": {"score": 61, "devices": 62, "devices_new": 9,
    "end_of_support": 2, "advisory": 1, "habit": 1, "write_paths": 3, "outside_devices": 1, "remote_paths": 2, "alerts": 6,
    "open_alerts": {"critical": 0, "high": 1, "medium": 2, "low": 0, "info": 0}}}');

// An invented plant: sites, sensors, devices and traffic for mock-server.js; the same every time it starts.
import { makeAlerts } from './alerts.js';

const vendors = ['三菱電機', 'オムロン', 'キーエンス', 'Siemens', 'Rockwell Automation', '横河電機', 'MOXA', 'Dell', null];
const kinds = [
  ['plc', 'MELSEC iQ-R', 'ライン{n} PLC'],
  ['hmi', 'GOT2000', 'ライン{n} 表示器'],
  ['io', 'R-IO', 'リモート I/O {n}'],
  ['pc', 'OptiPlex', '保全PC-{n}'],
  ['switch', 'EDS-408A', '現場スイッチ {n}'],
  ['robot', null, '溶接ロボット {n}'],
  ['server', 'PowerEdge', 'srv-{n}'],
  [null, null, null],
];

let seed = 7;
function random() {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
}
const pick = (list) => list[Math.floor(random() * list.length)];
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

const sites = [
  { id: '1', name: '豊橋工場', time_zone: 'Asia/Tokyo', place: '愛知県豊橋市' },
  { id: '2', name: '浜松第二工場', time_zone: 'Asia/Tokyo', place: '静岡県浜松市' },
];

function makeSensor(id, site, name, health) {
  const isSilent = health === 'silent';
  return {
    id,
    name,
    site: { id: site.id, name: site.name },
    uuid: `00000000-0000-4000-8000-00000000000${id}`,
    state: health === 'waiting' ? 'waiting' : 'active',
    health,
    silent_since: isSilent ? ago(190) : null,
    problems: health === 'degraded' ? ['packets_dropped', 'clock_off'] : [],
    version: health === 'waiting' ? null : '0.1.0',
    enrolled_at: health === 'waiting' ? null : ago(60 * 24 * 40),
    last_seen_at: health === 'waiting' ? null : isSilent ? ago(190) : ago(0.3),
    last_address: health === 'waiting' ? null : '10.64.0.12',
    certificate_serial: health === 'waiting' ? null : '5f3a9c01d277',
  };
}

function makeDevice(index) {
  const [type, model, pattern] = kinds[index % kinds.length];
  const subnet = index % 5;
  const ip = `192.168.${10 + subnet}.${1 + Math.floor(index / 5) % 250}`;
  const mac = ['00:80:f4', '00:0e:8c', '28:63:36'][index % 3] + `:${[16, 8, 0].map((b) => ((index >> b) & 255).toString(16).padStart(2, '0')).join(':')}`;
  const name = pattern === null ? ip : pattern.replace('{n}', String(1 + Math.floor(index / kinds.length)));
  const site = sites[index % 7 === 6 ? 1 : 0];
  return {
    id: String(index + 1),
    name,
    name_source: pattern === null ? 'ip' : 'dns',
    type,
    type_source: type === null ? null : 'behaviour',
    vendor: pick(vendors),
    model,
    firmware: model === null ? null : '1.24',
    serial: null,
    os: type === 'pc' ? 'Windows 10' : null,
    host_name: type === 'pc' || type === 'server' ? name.toUpperCase() : null,
    family: model === null ? null : 'Modicon',
    hardware: null,
    level: { plc: '1', io: '1', drive: '1', hmi: '2', scada: '2', pc: '4', server: '3' }[type] ?? null,
    role: ['client', 'server', 'both'][index % 3],
    mac_kind: 'vendor',
    has_internet: index % 17 === 5,
    conflicts: index % 11 === 2 ? ['model'] : [],
    is_router: index === 3,
    is_local: index % 23 !== 22,
    is_outside: false,
    site: { id: site.id, name: site.name },
    sensors: [{ id: '1', name: '第 1 制御盤' }],
    ips: index % 9 === 0 ? [ip, `fe80::280:f4ff:fe00:${index.toString(16)}`] : [ip],
    macs: [mac],
    vlans: [index % 4 === 0 ? 110 : 0],
    packets: Math.floor(random() * 1e6),
    bytes: Math.floor(random() * 4e8),
    severity: null,
    first_seen: ago(60 * 24 * (1 + Math.floor(random() * 30))),
    last_seen: ago(Math.floor(random() * 90)),
  };
}

const refOf = (device) => ({ id: device.id, name: device.name, ip: device.ips[0], mac: device.macs[0] });

export function makePlant(count) {
  const devices = Array.from({ length: count }, (_, index) => makeDevice(index));
  const alerts = makeAlerts(devices, sites, ago);
  const sensors = [
    makeSensor('1', sites[0], '第 1 制御盤', 'ok'),
    makeSensor('2', sites[0], '第 2 制御盤', 'silent'),
    makeSensor('3', sites[1], '浜松 受電室', 'degraded'),
    makeSensor('4', sites[1], '浜松 新ライン', 'waiting'),
  ];
  const counts = (site) => {
    const all = sensors.filter((one) => site === undefined || one.site.id === site);
    const of = (health) => all.filter((one) => one.health === health).length;
    return { total: all.length - of('revoked'), ok: of('ok'), degraded: of('degraded'), silent: of('silent'), waiting: of('waiting'), revoked: of('revoked') };
  };
  const account = { id: '1', login: 'demo', display_name: '山田 太郎', locale: 'ja', theme: 'system', created_at: ago(9999) };
  const session = {
    csrf_token: 'mock',
    expires_at: ago(-600),
    account,
    organizations: [{ id: '1', name: '東海精密工業株式会社', kind: 'customer', role: 'admin', is_everywhere: true }],
  };

  const edges = [];
  for (let index = 1; index < count; index += 1) {
    const peers = index % 6 === 0 ? 4 : 1;
    for (let peer = 0; peer < peers; peer += 1) {
      const server = devices[Math.floor(random() * Math.min(index, 8 + index / 12))];
      const client = devices[index];
      if (edges.some((edge) => edge.client === client.id && edge.server === server.id)) continue;
      const isOt = index % 3 !== 0;
      edges.push({
        client: client.id,
        server: server.id,
        protocols: isOt ? ['modbus'] : index % 2 === 0 ? ['tls', 'dns'] : [],
        ports: ['tcp/502'],
        packets: Math.floor(random() * 1e5),
        bytes: Math.floor(10 ** (3 + random() * 5)),
        conversations: 1,
        operations: isOt ? 3 : 0,
        access: isOt ? { read: 2, write: index % 7 === 0 ? 1 : 0 } : {},
        first_seen: ago(9999),
        last_seen: ago(5),
      });
    }
  }
  const conversation = (edge, index) => ({
    id: String(index + 1),
    site: sites[0],
    sensor: { id: '1', name: '第 1 制御盤' },
    client: refOf(devices[edge.client - 1]),
    server: refOf(devices[edge.server - 1]),
    transport: 'tcp',
    port: edge.operations > 0 ? 502 : 443,
    protocol: edge.protocols[0] ?? null,
    packets_up: edge.packets,
    packets_down: edge.packets,
    bytes_up: Math.floor(edge.bytes * 0.4),
    bytes_down: Math.floor(edge.bytes * 0.6),
    flows: 3,
    first_seen: edge.first_seen,
    last_seen: edge.last_seen,
  });
  const operations = (edge) =>
    ['read_holding_registers', 'write_single_register', 'read_coils'].slice(0, edge.operations).map((name, index) => ({
      id: `${edge.client}${edge.server}${index}`,
      site: sites[0],
      sensor: { id: '1', name: '第 1 制御盤' },
      protocol: 'modbus',
      client: refOf(devices[edge.client - 1]),
      server: refOf(devices[edge.server - 1]),
      function: name,
      code: String([3, 6, 1][index]),
      access: ['read', 'write', 'read'][index],
      target: 'unit 1',
      count: 8123 >> index,
      errors: index,
      cycle_ms: 1000,
      jitter_ms: 4,
      first_seen: ago(9999),
      last_seen: ago(1),
    }));

  const series = (query, keys) => {
    const to = query.get('to') === null ? new Date() : new Date(query.get('to'));
    const from = query.get('from') === null ? new Date(to - 86_400_000) : new Date(query.get('from'));
    const step = to - from > 48 * 3_600_000 ? 3600 : 60 * Math.max(1, Math.round((to - from) / 60_000 / 288));
    const times = [];
    for (let at = Math.floor(from / 1000 / step) * step; at * 1000 < to; at += step) times.push(new Date(at * 1000).toISOString());
    const isGap = (at) => at > times.length * 0.55 && at < times.length * 0.62;
    return {
      from: times[0],
      to: to.toISOString(),
      step: step < 3600 ? 'minute' : 'hour',
      step_seconds: step,
      times,
      series: keys.map(([key, name], line) => {
        const bytes = times.map((_, at) => (isGap(at) ? null : Math.floor((9 - line) * step * (9000 + 4000 * Math.sin(at / 9 + line) + 1500 * random()))));
        const total = bytes.reduce((sum, one) => sum + (one ?? 0), 0);
        return { key, name, device: null, total_bytes: total, total_packets: Math.floor(total / 90), bytes, packets: bytes };
      }),
    };
  };

  const fieldOf = { type: 'type', vendor: 'vendor', model: 'model', os: 'os', is_router: 'is_router', is_local: 'is_local' };
  const select = (query) => {
    const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const site = query.get('site');
    return devices.filter((device) => {
      if (site !== null && device.site.id !== site) return false;
      if (query.has('new_since') && device.first_seen < query.get('new_since')) return false;
      const text = [device.name, device.vendor, device.model, device.host_name, ...device.ips, ...device.macs].join(' ').toLowerCase();
      if (!words.every((word) => text.includes(word))) return false;
      return Object.entries(fieldOf).every(([name, field]) => {
        const wanted = query.getAll(`filter.${name}`);
        const value = String(device[field] ?? '');
        const without = wanted.filter((one) => one.startsWith('!')).map((one) => one.slice(1));
        const within = wanted.filter((one) => !one.startsWith('!'));
        return !without.includes(value) && (within.length === 0 || within.includes(value));
      });
    });
  };

  const answers = {
    home: (query) => ({
      now: ago(0),
      devices: devices.length,
      devices_new_24h: devices.filter((one) => one.first_seen > ago(1440)).length,
      devices_new_7d: devices.filter((one) => one.first_seen > ago(10080)).length,
      sensors: counts(),
      silent_sensors: sensors.filter((one) => one.health === 'silent'),
      alerts: alerts.figures(),
      incidents: alerts.incidents(),
      gravest_alerts: alerts.gravest(),
      newest_devices: [...devices].sort((a, b) => (a.first_seen < b.first_seen ? 1 : -1)).slice(0, 10),
      last_data_at: ago(0.2),
      traffic: { bytes_24h: 9.1e9, bytes_24h_before: 8.4e9, series: series(query, [['total', 'total']]) },
    }),
    sites: () => ({
      items: sites.map((site) => ({
        ...site,
        created_at: ago(99999),
        sensors: counts(site.id),
        devices: devices.filter((one) => one.site.id === site.id).length,
        devices_new_7d: 12,
        last_data_at: ago(0.4),
        bytes_24h: 9.1e9,
        uplink_bytes_month: 8.4e6,
        alerts_open: 12,
        severity: 'critical',
      })),
    }),
    sensors: () => ({ items: sensors }),
    devices: (query) => {
      const sort = query.get('sort') ?? '-last_seen';
      const field = sort.replace('-', '');
      const sign = sort.startsWith('-') ? -1 : 1;
      const all = select(query).sort((a, b) => {
        if (a[field] === null || b[field] === null) return (a[field] === null) - (b[field] === null);
        return sign * (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0);
      });
      const start = Number(query.get('cursor') ?? 0);
      const end = start + Number(query.get('limit') ?? 50);
      return { items: all.slice(start, end), next: end < all.length ? String(end) : null, total: all.length, total_is_exact: true };
    },
    'devices/unheard': () => ({
      items: [{ id: '900', site: { id: '1', name: sites[0].name }, sensor: { id: '1', name: '第 1 制御盤' }, vlan: 0, mac: null, ip: '192.168.10.250', askers: [refOf(devices[0])], first_seen: ago(9000), last_seen: ago(4) }],
      truncated: false,
    }),
    'devices/groups': (query) => {
      const groups = new Map();
      const by = query.get('by');
      for (const device of select(query)) {
        const value = by === 'site' ? device.site.id : device[by] === null ? null : String(device[by]);
        groups.set(value, (groups.get(value) ?? 0) + 1);
      }
      const items = [...groups].map(([value, n]) => ({ value, name: by === 'site' ? sites.find((one) => one.id === value).name : null, count: n }));
      return { by, items: items.sort((a, b) => b.count - a.count), truncated: false };
    },
    network: (query) => {
      const nodes = devices
        .filter((one) => query.get('site') === null || one.site.id === query.get('site'))
        .map(({ id, name, type, vendor, ips, is_local, is_router, is_outside, site, bytes, last_seen, severity = null }) => ({
          id, name, type, vendor, is_local, is_router, is_outside, severity, bytes, last_seen, ip: ips[0], site: site.id, os: null, level: { plc: '1', io: '1', drive: '1', hmi: '2', scada: '3', historian: '3', engineering: '3', pc: '4' }[type] ?? null, role: null, subnet: `${ips[0].split('.').slice(0, 3).join('.')}.0/24`,
        }));
      const ids = new Set(nodes.map((one) => one.id));
      return { from: ago(1440), to: ago(0), nodes, edges: edges.filter((edge) => ids.has(edge.client) && ids.has(edge.server)), truncated: null };
    },
    matrix: (query) => {
      const by = query.get('by') ?? 'vendor';
      const keyOf = (device) =>
        by === 'device' ? device.id : by === 'site' ? device.site.id : by === 'subnet' ? `${device.ips[0].split('.').slice(0, 3).join('.')}.0/24` : (device[by] ?? '');
      const lines = new Map();
      const line = (device) => {
        const key = keyOf(device);
        if (!lines.has(key)) lines.set(key, { key, name: by === 'device' ? device.name : by === 'site' ? device.site.name : null, devices: 0, bytes: 0 });
        return lines.get(key);
      };
      const cells = new Map();
      for (const device of devices) line(device).devices += 1;
      for (const edge of edges) {
        const [client, server] = [line(devices[edge.client - 1]), line(devices[edge.server - 1])];
        client.bytes += edge.bytes;
        server.bytes += edge.bytes;
        const name = `${client.key} ${server.key}`;
        const cell = cells.get(name) ?? { client, server, pairs: 0, packets: 0, bytes: 0, conversations: 0, access: {} };
        cells.set(name, cell);
        cell.pairs += 1;
        cell.packets += edge.packets;
        cell.bytes += edge.bytes;
        cell.conversations += edge.conversations;
        for (const [access, n] of Object.entries(edge.access)) cell.access[access] = (cell.access[access] ?? 0) + n;
      }
      const shown = [...lines.values()].sort((a, b) => b.bytes - a.bytes).slice(0, 60);
      return {
        from: ago(1440), to: ago(0), by, lines_total: lines.size,
        lines: shown,
        cells: [...cells.values()]
          .map((cell) => ({ ...cell, client: shown.indexOf(cell.client), server: shown.indexOf(cell.server) }))
          .filter((cell) => cell.client >= 0 && cell.server >= 0),
      };
    },
    difference: (query) => {
      const kind = query.get('kind');
      const none = { is_first: null, device: null, client: null, server: null, transport: null, port: null, protocol: null, function: null, code: null, access: null, target: null, attribute: null, before: null, after: null, value_before: null, value_after: null };
      const side = (device) => ({ ...refOf(device), ip: device.ips[0], mac: device.macs[0] });
      const items = devices.slice(0, 9).map((device, n) => {
        const change = ['new', 'gone', 'changed'][n % 3];
        const amounts = { before: change === 'new' ? 0 : 12_000_000, after: change === 'gone' ? 0 : 90_000_000 / (n + 1) };
        if (kind === 'devices') return { ...none, change, device: side(device), ...amounts, is_first: change === 'new' ? n === 0 : null };
        if (kind === 'attributes') return { ...none, change, device: side(device), attribute: 'firmware', value_before: change === 'new' ? null : '1.02', value_after: change === 'gone' ? null : '1.10' };
        if (kind === 'services') return { ...none, change, device: side(device), transport: 'tcp', port: 502, protocol: 'modbus', ...amounts };
        const sides = { client: side(device), server: side(devices[n + 10] ?? device) };
        if (kind === 'conversations') return { ...none, change, ...sides, transport: 'tcp', port: 502, protocol: 'modbus', ...amounts };
        return { ...none, change, ...sides, protocol: 'modbus', function: 'write_single_register', code: '6', access: 'write', target: 'unit 1', before: amounts.before === 0 ? 0 : 120, after: amounts.after === 0 ? 0 : 900, is_first: change === 'new' ? true : null };
      });
      const period = (which) => ({ from: query.get(`${which}_from`), to: query.get(`${which}_to`), has_data: true });
      return { kind, before: period('before'), after: period('after'), counts: { new: 3, gone: 3, changed: 3 }, items };
    },
    'matrix/cell': () => ({
      items: edges.slice(0, 12).map(({ client, server, packets, bytes, conversations, access }) => ({ client: refOf(devices[client - 1]), server: refOf(devices[server - 1]), packets, bytes, conversations, access })),
      total: 12,
    }),
    'network/edge': (query) => {
      const edge = edges.find((one) => one.client === query.get('client') && one.server === query.get('server'));
      if (edge === undefined) return undefined;
      const [client, server] = [devices[edge.client - 1], devices[edge.server - 1]];
      return { client: refOf(client), server: refOf(server), conversations: [conversation(edge, 0)], operations: operations(edge), truncated: false };
    },
    'traffic/series': (query) => {
      const by = query.get('by') ?? 'total';
      const keys =
        by === 'total' ? [['total', 'total']]
        : by === 'protocol' ? [['modbus', 'modbus'], ['tls', 'tls'], ['unknown', 'unknown'], ['dns', 'dns'], ['http', 'http'], ['mdns', 'mdns'], ['others', 'others']]
        : [...devices.slice(0, 6).map((one) => [one.id, one.name]), ['others', 'others']];
      return { ...series(query, keys) };
    },
    'traffic/rankings': (query) => {
      const by = query.get('by');
      const none = { client: null, server: null, protocol: null, transport: null, port: null };
      const items = devices.slice(0, 20).map((device, index) => ({
        key: String(index),
        name: device.name,
        ...none,
        ...(by === 'talker' || by === 'outside' ? { client: refOf(device) } : {}),
        ...(by === 'pair' ? { client: refOf(device), server: refOf(devices[index + 30] ?? device) } : {}),
        ...(by === 'protocol' ? { protocol: ['modbus', 'tls', null, 'dns', 'http'][index] ?? `protocol-${index}` } : {}),
        ...(by === 'port' ? { transport: 'tcp', port: 502 + index, protocol: 'modbus' } : {}),
        bytes: Math.floor(6e8 / (index + 1)),
        packets: Math.floor(6e6 / (index + 1)),
        conversations: 40 - index,
      }));
      return { by, from: ago(1440), to: ago(0), items, total: { bytes: 4e9, packets: 4e7, conversations: edges.length }, count: 60 };
    },
  };

  const deviceAnswers = {
    facts: (device) => ({
      items: [
        ['vendor', device.vendor ?? 'Schneider Electric', 'oui', 60],
        ['model', device.model ?? 'TM221', 'modbus', 95],
        ['host_name', device.name, 'dns', 80],
        ['os', 'Linux 4.x', 'dhcp', 40],
      ].map(([attribute, value, source, confidence], index) => ({
        id: String(index), attribute, value, source, confidence, count: 12 + index, endpoint: { ip: device.ips[0], mac: device.macs[0] }, first_seen: ago(9999), last_seen: ago(3),
      })),
      truncated: false,
    }),
    peers: (device) => ({
      items: edges.filter((edge) => edge.client === device.id || edge.server === device.id).slice(0, 50).map((edge) => ({
        device: refOf(devices[(edge.client === device.id ? edge.server : edge.client) - 1]),
        is_server: edge.client === device.id,
        protocol: edge.protocols[0] ?? null,
        transport: 'tcp',
        port: edge.operations > 0 ? 502 : 443,
        packets_sent: 1200,
        packets_received: 1100,
        bytes_sent: Math.floor(edge.bytes * 0.4),
        bytes_received: Math.floor(edge.bytes * 0.6),
        operations: edge.operations,
        first_seen: edge.first_seen,
        last_seen: edge.last_seen,
      })),
      truncated: false,
    }),
    operations: (device) => ({
      items: edges.filter((edge) => edge.client === device.id || edge.server === device.id).slice(0, 5).flatMap(operations),
      truncated: false,
    }),
    traffic: (_, query) => series(query, [['sent', 'sent'], ['received', 'received']]),
  };

  const claim = (value, source, rule, confidence, evidence) => ({ value, source, rule, confidence, evidence });
  const attributesOf = (device) => {
    const out = {
      vendor: { ...claim(device.vendor ?? 'Schneider Electric', 'oui', '', 45, [{ attribute: 'mac', value: device.macs[0], source: '' }]), others: [], is_in_conflict: false },
      model: {
        ...claim(device.model ?? 'TM221', 'modbus', '', 95, [{ attribute: 'model', value: device.model ?? 'TM221', source: 'modbus' }]),
        others: device.conflicts.length > 0 ? [claim('TM241', 'http', '', 80, [{ attribute: 'model', value: 'TM241', source: 'http' }])] : [],
        is_in_conflict: device.conflicts.length > 0,
      },
    };
    if (device.type !== null)
      out.type = { ...claim(device.type, 'modbus', 'plc-by-maker-and-service', 72, [{ attribute: 'serves', value: 'modbus', source: '' }]), others: [], is_in_conflict: false };
    return out;
  };

  const detailOf = (device) => ({
    ...device,
    attributes: attributesOf(device),
    links: [{ code: 'same_mac', values: { mac: device.macs[0] } }],
    services: [{ protocol: 'modbus', transport: 'tcp', port: 502, role: 'server', peers: 4 }],
    decisions: [],
    endpoints: device.ips.map((ip, index) => ({
      id: String(index + 1), sensor: { id: '1', name: '第 1 制御盤' }, vlan: device.vlans[0], mac: device.macs[0], ip, has_sent: index === 0, packets: device.packets, bytes: device.bytes, first_seen: device.first_seen, last_seen: device.last_seen,
    })),
    conversations: 4,
    operations: 3,
  });

  function answer(method, path, query, body) {
    const alert = alerts.answer(method, path, query, body);
    if (alert !== undefined) return { body: alert };
    const direct = method === 'GET' ? answers[path] : undefined;
    if (direct !== undefined) {
      const found = direct(query);
      return found === undefined ? undefined : { body: found };
    }
    if (path === 'devices/export') {
      return { file: `\ufeff${['name,ip', ...select(query).map((one) => `${one.name},${one.ips[0]}`)].join('\r\n')}` };
    }
    const [kind, id, part] = path.split('/');
    if (kind === 'devices') {
      const device = devices.find((one) => one.id === id);
      if (device === undefined) return undefined;
      if (part !== undefined) return { body: deviceAnswers[part]?.(device, query) };
      if (method === 'PATCH') Object.assign(device, body, { name_source: 'person', type_source: 'person' }, body.name == null ? { name: device.ips[0], name_source: 'ip' } : {});
      return { body: detailOf(device) };
    }
    if (kind === 'sensors' && method === 'POST') {
      if (part === 'revoke') {
        const sensor = sensors.find((one) => one.id === id);
        return { body: Object.assign(sensor, { state: 'revoked', health: 'revoked' }) };
      }
      const site = sites.find((one) => one.id === body.site);
      const sensor = sensors.find((one) => one.id === id) ?? makeSensor(String(sensors.length + 1), site, body.name, 'waiting');
      if (!sensors.includes(sensor)) sensors.push(sensor);
      return { status: 201, body: { sensor, code: 'K7QM-3XNP-W9TD', code_expires_at: ago(-1440), enrol_at: '127.0.0.1:8444' } };
    }
    if (kind === 'sensors') {
      const sensor = sensors.find((one) => one.id === id);
      if (sensor === undefined) return undefined;
      const point = { at: ago(1), cpu_percent: 12, memory_bytes: 61e6, spool_bytes: 12e3, disk_free_bytes: 21e9, uplink_bytes: 4100, temperature_c: 47, clock_offset_ms: -3, uptime_s: 86400 };
      const ports = [{ name: 'enp2s0', packets: 8869706, bytes: 1053671832, dropped_kernel: 0, dropped_queue: 0, malformed: 3, unparsed: 41, truncated: 0, evicted: 0, mirror: { at: ago(40), faults: [{ fault: 'one_way', count: 12, of: 20 }] } }];
      const gaps = [{ reason: 'restart', from: ago(300), to: ago(298), packets: 0, bytes: 0 }];
      return { body: { ...sensor, from: ago(1440), to: ago(0), ports, gaps, series: [point] } };
    }
    if (kind === 'sites' && method === 'POST') {
      sites.push({ id: String(sites.length + 1), time_zone: 'Asia/Tokyo', place: '', ...body });
      return { status: 201, body: answers.sites().items.at(-1) };
    }
    return undefined;
  }

  return {
    devices,
    session,
    answer,
    addDevice: () => {
      devices.push({ ...makeDevice(devices.length), name: `新しい端末 ${devices.length + 1}`, first_seen: ago(0), last_seen: ago(0) });
    },
  };
}

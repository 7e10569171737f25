// Invented alerts, learning and baseline for plant.js, in the shape of cloud/api/openapi.yaml.
const both = (ja, en) => ({ ja, en });
const rules = [
  {
    id: 'controller-stop',
    category: 'operation',
    severity: 'critical',
    attack: ['T0858', 'T0816'],
    is_on_while_learning: true,
    title: both('「{client}」が「{server}」に停止命令を送りました({function})', '{client} sent a stop command to {server} ({function})'),
    explain: both('制御装置を止める命令です。', 'The command stops a controller.'),
    check: both('まず現場の安全を確かめます。', 'First make sure that everybody is safe.'),
    do_not: both('原因が分かるまで、運転を再開しないでください。', 'Do not start the line again before the cause is known.'),
  },
  {
    id: 'new-device',
    category: 'device',
    severity: 'medium',
    attack: ['T0864'],
    is_on_while_learning: false,
    title: both('見慣れない端末「{client}」がつながりました', 'An unknown device was connected: {client}'),
    explain: both('この拠点では一度も見たことがない端末です。', 'This device was never seen at this site.'),
    check: both('だれが、何のためにつないだかを確かめてください。', 'Ask who connected it and why.'),
    do_not: both('確かめないままケーブルを抜かないでください。', 'Do not pull a cable before you know what it is.'),
  },
];
const rank = ['info', 'low', 'medium', 'high', 'critical'];

export function makeAlerts(devices, sites, ago) {
  const ref = ({ id, name, ips, macs }) => ({ id, name, ip: ips[0] ?? null, mac: macs[0] ?? null });
  const alerts = Array.from({ length: 12 }, (_, i) => {
    const rule = rules[i % rules.length];
    const isStop = rule.id === 'controller-stop';
    return {
      id: String(i + 1),
      site: { id: sites[0].id, name: sites[0].name },
      rule: rule.id,
      category: rule.category,
      severity: rule.severity,
      title: rule.title,
      client: ref(devices[(i * 7 + 3) % devices.length]),
      server: isStop ? ref(devices[(i * 7 + 4) % devices.length]) : null,
      detail: isStop ? { protocol: 'slmp', function: 'remote_stop', access: 'control', target: '' } : { type: 'unknown' },
      count: i + 1,
      first_seen: ago(60 * i + 90),
      last_seen: ago(60 * i + 4),
      state: 'new',
      reason: null,
      muted_until: null,
      assignee: null,
      planned_work: i === 4 ? { id: '1', name: 'ライン2 PLC 更新' } : null,
      incident: i < 3 ? '1' : null,
      comments: 0,
      points: [{ reason: 'rule', points: isStop ? 90 : 50 }],
    };
  });
  const histories = new Map(alerts.map((one) => [one.id, [{ at: one.first_seen, action: 'opened', comment: null, detail: {}, person: null }]]));
  const people = [{ id: '1', name: '佐藤' }, { id: '2', name: '鈴木' }];

  const select = (query) => {
    const wanted = query.getAll('filter.state');
    const fits = (one) => wanted.length === 0 || wanted.includes(one.state) || wanted.some((w) => w.startsWith('!') && w !== `!${one.state}`);
    return alerts.filter(fits).sort((a, b) => rank.indexOf(b.severity) - rank.indexOf(a.severity) || (a.last_seen < b.last_seen ? 1 : -1));
  };
  const done = { investigate: 'investigated', close: 'closed', reopen: 'reopened', learn: 'learned', mute: 'muted', assign: 'assigned', comment: 'commented', undo: 'undone' };
  const act = ({ alerts: ids, action, reason, comment, until, assignee }) => {
    for (const one of alerts.filter(({ id }) => ids.includes(id))) {
      if (action === 'investigate') Object.assign(one, { state: 'investigating', reason: null });
      if (action === 'close') Object.assign(one, { state: 'closed', reason });
      if (action === 'learn') Object.assign(one, { state: 'closed', reason: 'learned' });
      if (action === 'mute') Object.assign(one, { state: 'closed', reason: 'muted', muted_until: until ?? null });
      if (action === 'undo' || action === 'reopen') Object.assign(one, { state: 'new', reason: null, muted_until: null });
      if (action === 'assign') one.assignee = people.find(({ id }) => id === assignee) ?? null;
      if (action === 'comment') one.comments += 1;
      histories.get(one.id).push({ at: ago(0), action: done[action], comment: comment ?? null, detail: reason === undefined ? {} : { reason }, person: people[0] });
    }
    return { changed: ids.length };
  };
  const learning = sites.map((site, i) => ({
    site: { id: site.id, name: site.name },
    state: i === 0 ? 'operating' : 'learning',
    begun_at: ago(20 * 1440),
    changed_at: ago(1440),
    changed_by: null,
    days: i === 0 ? 20 : 4,
    entries: i === 0 ? 812 : 120,
    completeness: i === 0 ? 98 : 61,
    days_left: i === 0 ? 0 : 5,
    missing_shifts: i === 0 ? [] : ['night', 'sunday'],
  }));
  const rule = (access, client, server, entries) => ({ site: learning[0].site, record: 'operation', client_type: client, server_type: server, is_outside: false, protocol: 'slmp', access, entries, clients: 3, servers: 8, first_seen: ago(28800), last_seen: ago(1), by_person: 0, client_names: ['ライン1 表示器'], server_names: ['ライン1 PLC'] });

  const stages = [
    ['entry', '侵入・接続', 'Way in'],
    ['scan', '探索', 'Scan'],
    ['identity', '機器の調査', 'Identity'],
    ['write', '書き込み', 'Write'],
    ['stop', '停止・プログラム変更', 'Stop or program'],
    ['effect', '影響', 'Effect'],
  ].map(([id, ja, en]) => ({ id, name: both(ja, en), is_reached: ['entry', 'scan', 'stop'].includes(id) }));
  const work = (id, title, state, from, to, expected) => ({ id, site: alerts[0].site, title, people: '佐藤', note: '', expects: ['program', 'control', 'connection'], starts_at: ago(from), ends_at: ago(to), ended_at: null, made_by: people[0], state, alerts: expected, devices: [ref(devices[4])] });
  const works = [work('1', 'ライン2 PLC 更新', 'running', 120, -60, 1), work('2', '表示器の点検', 'coming', -1440, -1560, 0), work('3', 'サーボの調整', 'over', 3000, 2880, 4)];
  const incident = { id: '1', site: alerts[0].site, stages, severity: 'critical', first_seen: ago(210), last_seen: ago(4), state: 'new', reason: null, actor: alerts[0].client, assignee: null, alerts: 3, devices: 3 };
  const incidentDetail = () => ({
    ...incident,
    timeline: alerts.slice(0, 3).map((alert) => ({ stage: alert.rule === 'new-device' ? 'entry' : 'stop', alert })),
    parties: alerts.slice(0, 3).map((alert, i) => ({ device: alert.client, is_actor: i === 0, is_target: i > 0, first_seen: alert.first_seen })),
    history: histories.get('1'),
  });

  return {
    incidents: () => (incident.state === 'closed' ? [] : [incident]),
    figures: () => Object.fromEntries(rank.map((name) => [name, alerts.filter((one) => one.severity === name && one.state !== 'closed').length])),
    gravest: () => select(new URLSearchParams({ 'filter.state': '!closed' })).slice(0, 5),
    answer(method, path, query, body) {
      if (path === 'alerts') {
        const items = select(query);
        return { items, next: null, total: items.length, total_is_exact: true };
      }
      if (path === 'alerts/groups') {
        const by = query.get('by');
        const counts = new Map();
        for (const one of select(query)) counts.set(one[by], (counts.get(one[by]) ?? 0) + 1);
        return { by, truncated: false, items: [...counts].map(([value, count]) => ({ value, name: null, count })) };
      }
      if (path === 'alerts/people') return { items: people };
      if (path === 'alerts/actions') return act(body);
      if (path === 'planned-work') {
        if (method !== 'POST') return { items: works };
        const made = { ...body, id: String(works.length + 1), site: alerts[0].site, devices: devices.filter(({ id }) => body.devices.includes(id)).map(ref), ended_at: null, made_by: people[0], state: 'coming', alerts: 0 };
        works.unshift(made);
        return made;
      }
      const ended = /^planned-work\/(\d+)\/end$/.exec(path);
      if (ended !== null) return Object.assign(works.find(({ id }) => id === ended[1]), { state: 'over', ended_at: ago(0) });
      if (path === 'incidents') return { items: query.get('state') === 'all' || incident.state !== 'closed' ? [incident] : [] };
      if (path === 'incidents/1') return incidentDetail();
      if (path === 'incidents/1/actions') {
        if (body.action === 'investigate') incident.state = 'investigating';
        if (body.action === 'close') Object.assign(incident, { state: 'closed', reason: body.reason });
        if (body.action === 'reopen') Object.assign(incident, { state: 'new', reason: null });
        return { changed: 1 };
      }
      if (path === 'rules') return { items: rules };
      if (path === 'learning') return { items: learning };
      if (path === 'learning/devices')
        return { items: [{ site: learning[0].site, device: ref(devices[3]), begun_at: ago(1440), learns_until: ago(-6 * 1440), person: people[0] }] };
      if (path === 'baseline/entries')
        return { items: [0, 1, 2].map((i) => ({ id: String(i + 1), client: ref(devices[3]), server: ref(devices[4 + i]), transport: null, port: 0, function: 'batch_write', target: i === 2 ? null : `D10${i}`, targets: i === 2 ? 'D200..D299' : null, source: i === 2 ? 'person' : 'learned', person: i === 2 ? people[0] : null, learned_at: ago(9000), expires_at: null, first_seen: ago(28800), last_seen: ago(i * 90 + 1) })) };
      if (path === 'baseline/actions') return { changed: body.entries.length };
      if (path === 'baseline') return { items: [rule('read', 'hmi', 'plc', 214), rule('write', 'hmi', 'plc', 31)] };
      const changed = /^learning\/(\d+)$/.exec(path);
      if (changed !== null && method === 'PATCH') return Object.assign(learning.find(({ site }) => site.id === changed[1]), body);
      const alert = alerts.find(({ id }) => path === `alerts/${id}`);
      if (alert === undefined) return undefined;
      const evidence = [{ id: '1', record: alert.server === null ? 'device' : 'occurrence', count: alert.count, first_seen: alert.first_seen, last_seen: alert.last_seen, detail: alert.detail, client: alert.client, server: alert.server }];
      const allows = [{ record: alert.server === null ? 'device' : 'operation', client: alert.client, server: alert.server, transport: null, port: 0, protocol: 'slmp', function: 'remote_stop', access: 'control', target: null, attribute: null, value: null }];
      return { ...alert, guidance: rules.find(({ id }) => id === alert.rule), evidence, history: histories.get(alert.id), allows };
    },
  };
}

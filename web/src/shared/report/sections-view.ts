// The sections about what was seen: summary, coverage, devices, network, new devices, quality, ledger.
import type { Bars, Cell, Column, Section, Table } from './document';
import { picture } from './picture';
import type { Device, Figures, Sensor, ViewModel } from './view-model';
import type { ReportWords } from './words';

type Body = Omit<Section, 'name' | 'heading'>;

const barsMost = 10;

/** The largest, and the rest as one bar. */
function bars(title: string, all: { label: string; value: number }[], others: string): Bars {
  const rest = all.slice(barsMost).reduce((sum, one) => sum + one.value, 0);
  return { kind: 'bars', title, bars: [...all.slice(0, barsMost), ...(rest > 0 ? [{ label: others, value: rest }] : [])] };
}

const figureNames = [
  'score',
  'devices',
  'devices_new',
  'open_alerts',
  'end_of_support',
  'habit',
  'advisory',
  'write_paths',
  'outside_devices',
  'remote_paths',
] as const;

function figure(figures: Partial<Figures>, name: (typeof figureNames)[number]): number | undefined {
  if (name !== 'open_alerts') return figures[name];
  const open = figures.open_alerts;
  return open === undefined ? undefined : Object.values(open).reduce((sum, one) => sum + one, 0);
}

export function summary(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const { value, grade, areas } = model.score;
  const now = model.actions.filter((action) => action.when === 'now').length;
  const later = model.actions.length - now;
  const before = model.previous;
  const compared: Table = {
    kind: 'table',
    title:
      before === null
        ? t('summary.first')
        : t('summary.compared', { from: words.day(before.begins_at), to: words.day(before.ends_at) }),
    columns: [
      { header: t('summary.figure'), width: 4 },
      { header: t('summary.now'), width: 1.4, isNumber: true },
      ...(before === null
        ? []
        : [
            { header: t('summary.before'), width: 1.4, isNumber: true },
            { header: t('summary.change'), width: 1.4, isNumber: true },
          ]),
    ],
    rows: figureNames.map((name) => {
      const [is, was] = [figure(model.figures, name) ?? 0, before === null ? undefined : figure(before.figures, name)];
      const change = was === undefined ? '–' : is === was ? '±0' : `${is > was ? '+' : '−'}${words.count(Math.abs(is - was))}`;
      const first = [t(`summary.figures.${name}`), words.count(is)];
      return before === null ? first : [...first, was === undefined ? '–' : words.count(was), change];
    }),
  };
  const taken: Table = {
    kind: 'table',
    columns: [
      { header: t('summary.area'), width: 4 },
      { header: t('summary.points'), width: 1.4, isNumber: true },
      { header: t('summary.most'), width: 1.2, isNumber: true },
    ],
    rows: areas.map(({ area, points, most }) => [t(`summary.areas.${area}`), `−${String(points)}`, String(most)]),
  };
  const marks = { grade, value };
  return {
    title:
      now > 0 ? t('summary.work', { count: now, ...marks }) : later > 0 ? t('summary.later', { count: later, ...marks }) : t('summary.good', marks),
    says: [t('summary.says')],
    figures: [{ kind: 'score', value, grade, label: t('summary.scoreOf') }, taken, compared],
    tables: [],
    action: t('summary.action'),
  };
}

function sensorState(sensor: Sensor): 'good' | 'silent' | 'dropped' | 'gaps' {
  if (sensor.packets === 0) return 'silent';
  if (sensor.gap_seconds > 0) return 'gaps';
  return sensor.dropped > sensor.packets / 100 ? 'dropped' : 'good';
}

function duration(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return seconds === 0 ? '–' : `${String(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}`;
}

function traffic(model: ViewModel, words: ReportWords) {
  const labels = [...new Set(model.traffic.map(({ at }) => at))].sort();
  const names = [...new Set(model.traffic.map(({ protocol }) => protocol))].sort((a, b) => Number(a === '*') - Number(b === '*'));
  const isHourly = labels.length > 1 && Date.parse(labels[1] ?? '') - Date.parse(labels[0] ?? '') < 86_400_000;
  return {
    kind: 'columns' as const,
    title: words.t('coverage.traffic'),
    labels: labels.map((at) => (isHourly ? words.moment(at).slice(5) : words.day(at).slice(5))),
    series: names.map((name) => ({
      name: name === '*' ? words.t('others') : words.protocol(name),
      values: labels.map((at) => (model.traffic.find((one) => one.at === at && one.protocol === name)?.bytes ?? 0) / 1e6),
    })),
  };
}

const dayMs = 86_400_000;

/** From when to when there are records, where that is not the whole period. */
function recorded(model: ViewModel, words: ReportWords): string[] {
  const first = model.sensors.flatMap(({ first_seen }) => first_seen ?? []).sort()[0];
  const last = model.sensors.flatMap(({ last_counted }) => last_counted ?? []).sort().at(-1);
  if (first === undefined || last === undefined) return [];
  const isWhole = Date.parse(first) - Date.parse(model.from) <= dayMs && Date.parse(model.to) - Date.parse(last) <= dayMs;
  return isWhole ? [] : [words.t('coverage.recorded', { from: words.moment(first), to: words.moment(last) })];
}

export function coverage(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const count = model.sensors.length;
  const bad = model.sensors.filter((sensor) => sensorState(sensor) !== 'good').length;
  const rows = model.sensors.map((sensor): Cell[] => {
    const state = sensorState(sensor);
    return [
      sensor.name,
      sensor.ports.join(words.separator),
      words.count(sensor.packets),
      words.bytes(sensor.bytes),
      words.count(sensor.dropped),
      duration(sensor.gap_seconds),
      sensor.last_seen === null ? '–' : words.moment(sensor.last_seen),
      state === 'good' ? t('coverage.states.good') : { text: t(`coverage.states.${state}`), severity: state === 'silent' ? 'high' : 'medium' },
    ];
  });
  const columns: Column[] = [
    { header: t('coverage.sensor'), width: 2.4 },
    { header: t('coverage.ports'), width: 1.6 },
    { header: t('coverage.packets'), width: 1.4, isNumber: true },
    { header: t('coverage.bytes'), width: 1.2, isNumber: true },
    { header: t('coverage.dropped'), width: 1.2, isNumber: true },
    { header: t('coverage.gaps'), width: 1.6, isNumber: true },
    { header: t('coverage.lastSeen'), width: 1.8 },
    { header: t('coverage.state'), width: 1.6 },
  ];
  return {
    title: count === 0 ? t('coverage.none') : bad > 0 ? t('coverage.partial', { count, bad }) : t('coverage.good', { count }),
    says: [
      t('coverage.says'),
      ...recorded(model, words),
      t(`coverage.learning.${model.site.learning}`),
      ...(model.traffic.length === 0 ? [t('coverage.empty')] : []),
    ],
    figures: model.traffic.length === 0 ? [] : [traffic(model, words)],
    tables: count === 0 ? [] : [{ kind: 'table', columns, rows }],
    action: bad > 0 || count === 0 ? t('coverage.actionBad') : t('coverage.actionGood'),
  };
}

export function devices(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const count = model.counts.devices;
  const unknown = model.types.find(({ type }) => type === 'unknown')?.devices ?? 0;
  const known = model.types.find(({ type }) => type !== 'unknown');
  const first = known === undefined ? t('none') : words.type(known.type);
  return {
    title: count === 0 ? t('devices.none') : t('devices.title', { count, type: first }),
    says: [t('devices.says')],
    figures:
      count === 0
        ? []
        : [
            bars(
              t('devices.byType'),
              model.types.map((one) => ({ label: words.type(one.type), value: one.devices })),
              t('others'),
            ),
            bars(
              t('devices.byVendor'),
              model.vendors.map((one) => ({ label: one.vendor === '' ? words.unknown : one.vendor, value: one.devices })),
              t('others'),
            ),
          ],
    tables: [],
    action: unknown > 0 ? t('devices.unknown', { count: unknown }) : t('devices.action'),
  };
}

export function network(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const count = model.edges.length;
  const drawn = picture(model, words);
  return {
    title: count === 0 ? t('network.none') : t('network.title', { count }),
    says: [t(drawn.isGrouped ? 'network.saysGrouped' : 'network.says'), t('network.rings')],
    figures: drawn.picture.nodes.length === 0 ? [] : [drawn.picture],
    tables: [],
    action: t('network.action'),
  };
}

function deviceColumns(words: ReportWords): Column[] {
  const { t } = words;
  return [
    { header: t('column.name'), width: 2.3 },
    { header: t('column.type'), width: 1.7 },
    { header: t('column.vendor'), width: 1.7 },
    { header: t('column.model'), width: 1.5 },
    { header: t('column.os'), width: 1.4 },
    { header: t('column.ip'), width: 1.65 },
    { header: t('column.mac'), width: 2.05 },
    { header: t('column.first'), width: 1.35 },
    { header: t('column.last'), width: 1.35 },
  ];
}

function deviceRow(device: Device, words: ReportWords): Cell[] {
  const few = (all: string[]) => (all.length > 3 ? [...all.slice(0, 3), '…'] : all).join('\n');
  // An address that is worked out from the MAC address tells nothing more.
  const told = device.ips.filter((ip) => !ip.startsWith('fe80:'));
  return [
    device.name,
    words.type(device.type),
    device.vendor,
    device.model,
    device.os,
    few(told.length > 0 ? told : device.ips),
    few(device.macs),
    words.day(device.first_seen),
    words.day(device.last_seen),
  ];
}

export function unregistered(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const fresh = model.devices.filter((device) => device.is_new);
  const count = fresh.length;
  return {
    title: count === 0 ? t('unregistered.none') : t('unregistered.title', { count }),
    says: [t(count === 0 ? 'unregistered.noneSays' : 'unregistered.says')],
    figures: [],
    tables: count === 0 ? [] : [{ kind: 'table', columns: deviceColumns(words), rows: fresh.map((device) => deviceRow(device, words)) }],
    action: t(count === 0 ? 'unregistered.actionNone' : 'unregistered.action'),
  };
}

/** From this share of its cycle on a wandering operation is worth a look. */
const shareToLookAt = 0.2;

export function quality(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const restless = model.cycles.filter((one) => one.jitter_us / one.cycle_us >= shareToLookAt).length;
  const count = restless + model.refusals.length;
  const milliseconds = (us: number) => `${words.count(Math.round(us / 100) / 10)} ms`;
  const cycles: Table = {
    kind: 'table',
    title: t('quality.cycles'),
    columns: [
      { header: t('column.client'), width: 2.2 },
      { header: t('column.server'), width: 2.2 },
      { header: t('column.protocol'), width: 1.4 },
      { header: t('quality.cycle'), width: 1.2, isNumber: true },
      { header: t('quality.jitter'), width: 1.2, isNumber: true },
      { header: t('quality.share'), width: 1.4, isNumber: true },
    ],
    rows: model.cycles.map((one): Cell[] => {
      const share = one.jitter_us / one.cycle_us;
      const percent = `${words.count(Math.round(share * 100))} %`;
      return [
        one.client,
        one.server,
        words.protocol(one.protocol),
        milliseconds(one.cycle_us),
        milliseconds(one.jitter_us),
        share >= shareToLookAt ? { text: percent, severity: 'medium' } : percent,
      ];
    }),
  };
  const refusals: Table = {
    kind: 'table',
    title: t('quality.refusals'),
    columns: [
      { header: t('column.client'), width: 2.2 },
      { header: t('column.server'), width: 2.2 },
      { header: t('column.protocol'), width: 1.4 },
      { header: t('column.count'), width: 1.2, isNumber: true },
      { header: t('quality.failed'), width: 1.2, isNumber: true },
    ],
    rows: model.refusals.map((one) => [one.client, one.server, words.protocol(one.protocol), words.count(one.count), words.count(one.errors)]),
  };
  const tables = [cycles, refusals].filter(({ rows }) => rows.length > 0);
  return {
    title: count === 0 ? t('quality.good') : t('quality.title', { count }),
    says: [
      t('quality.says'),
      ...(cycles.rows.length === 0 ? [t('quality.cyclesNone')] : []),
      ...(refusals.rows.length === 0 ? [t('quality.refusalsNone')] : []),
    ],
    figures: [],
    tables,
    action: t(count === 0 ? 'quality.actionNone' : 'quality.action'),
  };
}

export function ledger(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const count = model.counts.devices;
  const left = count - model.devices.length;
  return {
    title: count === 0 ? t('ledger.none') : t('ledger.title', { count }),
    says: [t('ledger.says'), ...(left > 0 ? [t('notShown', { count: left })] : [])],
    figures: [],
    tables: count === 0 ? [] : [{ kind: 'table', columns: deviceColumns(words), rows: model.devices.map((device) => deviceRow(device, words)) }],
    action: t('ledger.action'),
  };
}

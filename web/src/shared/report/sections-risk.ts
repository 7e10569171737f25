// The sections about what could go wrong: outside, support, insecure use, writers, advisories, alerts, actions.
import type { Bars, Cell, Section, Table } from './document';
import type { Severity, ViewModel, Weakness } from './view-model';
import type { ReportWords } from './words';

type Body = Omit<Section, 'name' | 'heading'>;

function named(name: string, address: string | null): string {
  return address === null || address === name ? name : `${name}\n${address}`;
}

const cell = (severity: Severity, words: ReportWords): Cell => ({ text: words.severity(severity), severity });

export function outside(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const entries = model.outside.filter((one) => one.is_entry).length;
  const talkers = new Set(model.outside.map(({ name }) => name)).size;
  const remote = model.remote.length;
  const isNone = talkers + remote === 0;
  const talk: Table = {
    kind: 'table',
    columns: [
      { header: t('outside.device'), width: 2.4 },
      { header: t('outside.direction'), width: 1.2 },
      { header: t('column.protocol'), width: 1.8 },
      { header: t('outside.peers'), width: 1, isNumber: true },
      { header: t('outside.peerNames'), width: 3.2 },
      { header: t('column.bytes'), width: 1.1, isNumber: true },
      { header: t('column.last'), width: 1.6 },
    ],
    rows: model.outside.map((one): Cell[] => [
      one.name,
      one.is_entry ? { text: t('outside.entry'), severity: 'high' } : t('outside.exit'),
      words.protocols(one.protocols),
      words.count(one.peers),
      one.peer_names.join(words.separator),
      words.bytes(one.bytes),
      words.moment(one.last_seen),
    ]),
  };
  const paths: Table = {
    kind: 'table',
    title: t('outside.remote'),
    columns: [
      { header: t('outside.client'), width: 2.6 },
      { header: t('outside.server'), width: 2.6 },
      { header: t('column.protocol'), width: 1.4 },
      { header: t('outside.flows'), width: 1, isNumber: true },
      { header: t('column.last'), width: 1.6 },
    ],
    rows: model.remote.map((one): Cell[] => {
      const from = named(one.client, one.client_ip);
      return [
        one.is_from_outside ? { text: from, severity: 'high' } : from,
        named(one.server, one.server_ip),
        words.protocol(one.protocol),
        words.count(one.flows),
        words.moment(one.last_seen),
      ];
    }),
  };
  return {
    title: isNone
      ? t('outside.none')
      : entries > 0
        ? t('outside.entry', { count: entries })
        : talkers > 0
          ? t('outside.title', { count: talkers })
          : t('outside.remoteOnly', { count: remote }),
    says: [t(isNone ? 'outside.noneSays' : 'outside.says')],
    figures: [],
    tables: [talk, paths].filter(({ rows }) => rows.length > 0),
    action: t(isNone ? 'outside.actionNone' : 'outside.action'),
  };
}

export function support(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const old = model.weaknesses.filter(({ kind }) => kind === 'end_of_support');
  const count = old.length;
  const unknown = model.devices.filter(({ os, type }) => os === '' && ['pc', 'server', 'engineering', 'scada', 'historian', 'hmi'].includes(type)).length;
  return {
    title: count === 0 ? t('support.none') : t('support.title', { count }),
    says: [t(count === 0 ? 'support.noneSays' : 'support.says'), ...(unknown > 0 ? [t('support.unknown', { count: unknown })] : [])],
    figures: [],
    tables:
      count === 0
        ? []
        : [
            {
              kind: 'table',
              columns: [
                { header: t('column.severity'), width: 1.05 },
                { header: t('column.ip'), width: 1.4 },
                { header: t('column.mac'), width: 1.9 },
                { header: t('column.vendor'), width: 1.8 },
                { header: t('column.name'), width: 1.9 },
                { header: t('column.host'), width: 1.6 },
                { header: t('column.os'), width: 2.3 },
                { header: t('column.first'), width: 1.3 },
                { header: t('column.last'), width: 1.3 },
              ],
              rows: old.map((one) => [
                cell(one.severity, words),
                one.ip ?? '–',
                one.mac ?? '–',
                one.vendor,
                one.name,
                one.host_name,
                one.os === '' ? one.title[words.locale] : one.os,
                words.day(one.first_seen),
                words.day(one.last_seen),
              ]),
            },
          ],
    action: t(count === 0 ? 'support.actionNone' : 'support.action'),
  };
}

/** Severity, device, what, and one column of the section's own. */
function weaknessTable(all: Weakness[], words: ReportWords, what: string, own: { header: string; width: number; of: (one: Weakness) => string }): Table {
  const { t } = words;
  return {
    kind: 'table',
    columns: [
      { header: t('column.severity'), width: 1.05 },
      { header: t('column.device'), width: 2.2 },
      { header: what, width: 3.6 },
      { header: own.header, width: own.width },
      { header: t('column.measure'), width: 4.2 },
    ],
    rows: all.map((one) => [cell(one.severity, words), named(one.name, one.ip), one.title[words.locale], own.of(one), one.measure[words.locale]]),
  };
}

export function insecure(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const habits = model.weaknesses.filter(({ kind }) => kind === 'habit');
  const count = habits.length;
  const last = { header: t('column.last'), width: 1.2, of: (one: Weakness) => words.day(one.last_seen) };
  return {
    title: count === 0 ? t('insecure.none') : t('insecure.title', { count }),
    says: [t(count === 0 ? 'insecure.noneSays' : 'insecure.says')],
    figures: [],
    tables: count === 0 ? [] : [weaknessTable(habits, words, t('insecure.what'), last)],
    action: t(count === 0 ? 'insecure.actionNone' : 'insecure.action'),
  };
}

export function advisories(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const all = model.weaknesses.filter(({ kind }) => kind === 'advisory');
  const count = all.length;
  const unknown = model.devices.filter(({ model: type, firmware }) => type !== '' && firmware === '').length;
  const verdict = { header: t('column.verdict'), width: 1.4, of: (one: Weakness) => t(`verdict.${one.verdict}`) };
  const table = weaknessTable(all, words, t('advisories.advisory'), verdict);
  table.rows = table.rows.map((row, index) => {
    const one = all[index];
    return one === undefined ? row : [row[0] ?? '', row[1] ?? '', [one.title[words.locale], [one.rule, ...one.cves].join(' ')].join('\n'), ...row.slice(3)];
  });
  return {
    title: count === 0 ? t('advisories.none') : t('advisories.title', { count }),
    says: [t(count === 0 ? 'advisories.noneSays' : 'advisories.says'), ...(unknown > 0 ? [t('advisories.unknown', { count: unknown })] : [])],
    figures: [],
    tables: count === 0 ? [] : [table],
    action: t(count === 0 ? 'advisories.actionNone' : 'advisories.action'),
  };
}

export function writers(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const count = new Set(model.writers.map((one) => `${one.client}\n${one.server}`)).size;
  const accesses = (['program', 'control', 'config', 'write'] as const)
    .map((access) => ({ label: words.access(access), value: model.writers.filter((one) => one.accesses.includes(access)).length }))
    .filter(({ value }) => value > 0);
  const few = (names: string[]) => {
    const shown = names.slice(0, 4).map(words.functionName).join(words.separator);
    return names.length > 4 ? `${shown}${words.separator}…` : shown;
  };
  return {
    title: count === 0 ? t('writers.none') : t('writers.title', { count }),
    says: [t(count === 0 ? 'writers.noneSays' : 'writers.says')],
    figures: accesses.length < 2 ? [] : [{ kind: 'bars', title: t('writers.byAccess'), bars: accesses }],
    tables:
      count === 0
        ? []
        : [
            {
              kind: 'table',
              columns: [
                { header: t('writers.client'), width: 2.3 },
                { header: t('writers.server'), width: 2.3 },
                { header: t('column.protocol'), width: 1.3 },
                { header: t('writers.accesses'), width: 2 },
                { header: t('writers.functions'), width: 3 },
                { header: t('column.count'), width: 1, isNumber: true },
                { header: t('column.last'), width: 1.8 },
              ],
              rows: model.writers.map((one) => [
                named(one.client, one.client_ip),
                named(one.server, one.server_ip),
                words.protocol(one.protocol),
                one.accesses.map(words.access).join(words.separator),
                few(one.functions),
                words.count(one.count),
                words.moment(one.last_seen),
              ]),
            },
          ],
    action: t(count === 0 ? 'writers.actionNone' : 'writers.action'),
  };
}

export function alerts(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const total = model.alert_counts.reduce((sum, one) => sum + one.alerts, 0);
  const open = model.alert_counts.reduce((sum, one) => sum + (one.is_open ? one.alerts : 0), 0);
  const left = total - model.alerts.length;
  const severities: Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
  const chart: Bars = {
    kind: 'bars',
    title: t('alerts.bySeverity'),
    bars: severities
      .map((severity) => ({
        label: words.severity(severity),
        severity,
        value: model.alert_counts.reduce((sum, one) => sum + (one.severity === severity ? one.alerts : 0), 0),
      }))
      .filter(({ value }) => value > 0),
  };
  const rows = model.alerts.map((one): Cell[] => [
    cell(one.severity, words),
    one.title === null ? one.rule : words.filled(one.title, { ...one.detail, client: one.client ?? words.unknown, server: one.server ?? words.unknown }),
    words.count(one.count),
    words.moment(one.first_seen),
    words.moment(one.last_seen),
    words.alertState(one.state),
  ]);
  return {
    title: total === 0 ? t('alerts.none') : open === 0 ? t('alerts.allClosed', { count: total }) : t('alerts.title', { count: total, open }),
    says:
      total === 0
        ? [t('alerts.noneSays'), ...(model.site.learning === 'learning' ? [t('alerts.noneLearning')] : [])]
        : left > 0
          ? [t('notShown', { count: left })]
          : [],
    figures: chart.bars.length < 2 ? [] : [chart],
    tables:
      total === 0
        ? []
        : [
            {
              kind: 'table',
              columns: [
                { header: t('column.severity'), width: 1.05 },
                { header: t('column.what'), width: 6 },
                { header: t('column.count'), width: 0.9, isNumber: true },
                { header: t('column.first'), width: 1.6 },
                { header: t('column.last'), width: 1.6 },
                { header: t('column.state'), width: 1.1 },
              ],
              rows,
            },
          ],
    action: t(open === 0 ? 'alerts.actionNone' : 'alerts.action'),
  };
}

export function actions(model: ViewModel, words: ReportWords): Body {
  const { t } = words;
  const count = model.actions.length;
  const rows = model.actions.map((one, index): Cell[] => {
    const own = one.source === 'coverage' ? (one.rule as 'silent' | 'dropped' | 'gaps') : undefined;
    const text = (value: typeof one.title, key: 'title' | 'measure') =>
      own !== undefined ? t(`actions.coverage.${own}.${key}`) : value === null ? one.rule : words.filled(value, one.detail ?? {});
    const more = one.count - one.names.length;
    return [
      String(index + 1),
      t(`actions.whens.${one.when}`),
      cell(one.severity, words),
      text(one.title, 'title'),
      text(one.measure, 'measure'),
      [one.names.join(words.separator), ...(more > 0 ? [t('actions.more', { count: more })] : [])].join('\n'),
    ];
  });
  return {
    title: count === 0 ? t('actions.none') : t('actions.title', { count }),
    says: count === 0 ? [t('actions.noneSays')] : [],
    figures: [],
    tables:
      count === 0
        ? []
        : [
            {
              kind: 'table',
              columns: [
                { header: t('actions.order'), width: 0.5, isNumber: true },
                { header: t('actions.when'), width: 1 },
                { header: t('column.severity'), width: 1.05 },
                { header: t('actions.what'), width: 3.6 },
                { header: t('actions.measure'), width: 4.4 },
                { header: t('actions.where'), width: 2.2 },
              ],
              rows,
            },
          ],
    action: t(count === 0 ? 'actions.actionNone' : 'actions.action'),
  };
}

// The network picture: devices in columns from the outside to the field, so many that a person can read it; the rest by their type.
import type { Node, Picture } from './document';
import type { Device, Severity, ViewModel } from './view-model';
import type { ReportWords } from './words';

const columnNames = ['edge', 'it', 'hmi', 'control', 'field'] as const;
const columnOf: Record<string, number> = {
  router: 0,
  switch: 0,
  firewall: 0,
  access_point: 0,
  server: 1,
  pc: 1,
  engineering: 1,
  historian: 1,
  nas: 1,
  vm: 1,
  printer: 1,
  mobile: 1,
  scada: 2,
  hmi: 2,
  plc: 3,
  cnc: 3,
  rtu: 3,
  safety: 3,
  ied: 3,
  gateway: 3,
};
const perColumn = 9;
const ranks: Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/** The gravest open alert or weakness by a device's name. */
function severities(model: ViewModel): Map<string, Severity> {
  const out = new Map<string, Severity>();
  const note = (name: string | null, severity: Severity) => {
    if (name === null) return;
    const before = out.get(name);
    if (before === undefined || ranks.indexOf(severity) > ranks.indexOf(before)) out.set(name, severity);
  };
  for (const alert of model.alerts) if (alert.state !== 'closed') note(alert.server ?? alert.client, alert.severity);
  for (const weakness of model.weaknesses) note(weakness.name, weakness.severity);
  return out;
}

export function picture(model: ViewModel, words: ReportWords): { picture: Picture; isGrouped: boolean } {
  const grave = severities(model);
  const weight = new Map<number, number>();
  for (const { client, server, bytes } of model.edges)
    for (const id of [client, server]) weight.set(id, (weight.get(id) ?? 0) + bytes);
  const importance = (device: Device) => {
    const severity = grave.get(device.name);
    return (severity === undefined ? 0 : ranks.indexOf(severity)) * 1e15 + (weight.get(device.id) ?? 0);
  };
  const nodeOf = new Map<number, string>();
  const nodes: Node[] = [];
  columnNames.forEach((_, column) => {
    const here = model.devices
      .filter((device) => (columnOf[device.type] ?? (device.is_router ? 0 : 4)) === column)
      .sort((a, b) => importance(b) - importance(a));
    const types = (list: Device[]) => new Map(list.map((device) => [device.type, list.filter((one) => one.type === device.type)]));
    // Each group takes a place of its own.
    let shown = here.length;
    if (shown > perColumn) for (shown = perColumn; shown > 0 && shown + types(here.slice(shown)).size > perColumn; shown -= 1);
    for (const device of here.slice(0, shown)) {
      const severity = grave.get(device.name);
      nodes.push({
        id: String(device.id),
        label: device.name,
        detail: device.ips[0] ?? device.macs[0] ?? '',
        column,
        ...(severity === undefined ? {} : { severity }),
      });
      nodeOf.set(device.id, String(device.id));
    }
    for (const [type, members] of [...types(here.slice(shown))].slice(0, perColumn)) {
      const id = `${String(column)} ${type}`;
      nodes.push({ id, label: words.t('network.group', { count: members.length, type: words.type(type) }), detail: '', column });
      for (const member of members) nodeOf.set(member.id, id);
    }
  });
  const sums = new Map<string, { from: string; to: string; bytes: number }>();
  for (const { client, server, bytes } of model.edges) {
    const [from, to] = [nodeOf.get(client), nodeOf.get(server)];
    if (from === undefined || to === undefined || from === to) continue;
    const [a, b] = from < to ? [from, to] : [to, from];
    const sum = sums.get(`${a}>${b}`);
    if (sum === undefined) sums.set(`${a}>${b}`, { from: a, to: b, bytes });
    else sum.bytes += bytes;
  }
  return {
    picture: { kind: 'picture', columns: columnNames.map((name) => words.t(`network.columns.${name}`)), nodes, edges: [...sums.values()] },
    isGrouped: nodes.length < model.devices.length,
  };
}

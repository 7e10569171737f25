// What of the network is visible: devices, or groups of them folded into one node, and the edges between what is visible.
import type { Schemas } from '@/shared/lib/api';

export const groupings = ['none', 'subnet', 'vendor', 'type', 'os', 'level', 'role', 'site'] as const;
export type GroupBy = (typeof groupings)[number];

/** Above so many visible nodes groups fold by themselves. */
export const nodesMax = 500;

type SeverityName = Schemas['Severity'];

export interface GraphNode {
  /** A device's id, or `group:` and the group's key. */
  id: string;
  kind: 'device' | 'group';
  label: string;
  address: string | null;
  type: string | null;
  isLocal: boolean;
  isRouter: boolean;
  /** Devices inside: 1 for a device. */
  count: number;
  bytes: number;
  group: string | null;
  level: string | null;
  /** Its subnet; of a folded group, that of all of them. */
  place: string | null;
  /** The gravest of its open alerts; of a folded group, of all of them. */
  severity: SeverityName | null;
}

export interface GraphEdge {
  /** `client>server` of the visible nodes. */
  id: string;
  client: string;
  server: string;
  bytes: number;
  isOt: boolean;
  protocols: string[];
  /** Pairs of devices folded into this edge. */
  pairs: number;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** How devices are grouped in fact; more than `nodesMax` devices are grouped by subnet even when nobody asked for it. */
  by: GroupBy;
  /** Grouped by itself because there was too much to show. */
  isFolded: boolean;
  /** Every group with its size, folded or not. */
  groups: { key: string; label: string; count: number; isClosed: boolean }[];
  /** The folded group of each device that is not shown by itself. */
  inside: ReadonlyMap<string, string>;
  /** Devices left out because no edge of theirs passed the filter. */
  hidden: number;
}

export interface GraphOptions {
  by: GroupBy;
  /** Groups the reader opened; all others of two devices or more are folded. */
  opened: ReadonlySet<string>;
  /** Only edges of this protocol; "" is what was not recognised. */
  protocol: string | undefined;
  /** In lanes by level, and boxes by place, IT stands where it belongs; what is too much folds by what the lanes are. */
  layout: 'connection' | 'level' | 'place';
  /** What a group of devices is called by its key; `unknownGroup` for those of which it is not known. */
  nameOf: (key: string, by: GroupBy) => string;
}

const severities: (SeverityName | null)[] = [null, 'info', 'low', 'medium', 'high', 'critical'];

export function graver(one: SeverityName | null, other: SeverityName | null): SeverityName | null {
  return severities.indexOf(one) >= severities.indexOf(other) ? one : other;
}

/** A group's key for devices whose vendor or subnet is not known. */
export const unknownGroup = '?';

/** The group of everything that has no part in controlling the plant, folded where nothing else is grouped. */
export const itGroup = '#it';
/** So few are no noise. */
const itMost = 20;

const otTypes = new Set(['plc', 'hmi', 'rtu', 'io', 'drive', 'robot', 'gateway', 'engineering', 'historian', 'scada']);

/** Devices without any OT operation that are no controllers and the like by type. */
function itOf(devices: Schemas['NetworkNode'][], edges: Schemas['NetworkEdge'][]): ReadonlySet<string> {
  const controlling = new Set(edges.filter((edge) => edge.operations > 0).flatMap((edge) => [edge.client, edge.server]));
  const it = devices.filter((node) => !controlling.has(node.id) && !otTypes.has(node.type ?? ''));
  return new Set(it.length > itMost && it.length < devices.length ? it.map((node) => node.id) : []);
}

function groupOf(node: Schemas['NetworkNode'], by: GroupBy, it: ReadonlySet<string>): string | null {
  if (by === 'none') return it.has(node.id) ? itGroup : null;
  return node[by] ?? unknownGroup;
}

function passes(edge: Schemas['NetworkEdge'], protocol: string | undefined): boolean {
  if (protocol === undefined) return true;
  return protocol === '' ? edge.protocols.length === 0 : edge.protocols.includes(protocol);
}

export function buildGraph(network: Schemas['Network'], options: GraphOptions): Graph {
  const edges = network.edges.filter((edge) => passes(edge, options.protocol));
  const talking = new Set(edges.flatMap((edge) => [edge.client, edge.server]));
  const devices = options.protocol === undefined ? network.nodes : network.nodes.filter((node) => talking.has(node.id));

  const isFolded = devices.length > nodesMax && options.by === 'none';
  const by = isFolded ? (options.layout === 'level' ? 'level' : 'subnet') : options.by;
  const it = by === 'none' && options.layout === 'connection' ? itOf(devices, edges) : new Set<string>();
  const sizes = new Map<string, number>();
  for (const node of devices) {
    const group = groupOf(node, by, it);
    if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const isClosed = (group: string) => (sizes.get(group) ?? 0) > 1 && !options.opened.has(group);

  const nodes = new Map<string, GraphNode>();
  const visibleOf = new Map<string, string>();
  const inside = new Map<string, string>();
  for (const device of devices) {
    const group = groupOf(device, by, it);
    const isInside = group !== null && isClosed(group);
    const id = isInside ? `group:${group}` : device.id;
    visibleOf.set(device.id, id);
    if (isInside) inside.set(device.id, group);
    const known = nodes.get(id);
    if (known !== undefined) {
      if (known.level !== device.level) known.level = null;
      if (known.place !== device.subnet) known.place = null;
      known.count += 1;
      known.bytes += device.bytes;
      known.isLocal ||= device.is_local;
      known.severity = graver(known.severity, device.severity);
      continue;
    }
    nodes.set(id, {
      id,
      kind: isInside ? 'group' : 'device',
      label: isInside ? options.nameOf(group, by) : device.name,
      address: isInside ? null : device.ip,
      type: isInside ? null : device.type,
      isLocal: device.is_local,
      isRouter: !isInside && device.is_router,
      count: 1,
      bytes: device.bytes,
      group,
      level: device.level,
      place: device.subnet,
      severity: device.severity,
    });
  }

  return {
    nodes: [...nodes.values()],
    edges: joinEdges(edges, visibleOf),
    by,
    isFolded,
    inside,
    groups: [...sizes]
      .map(([key, count]) => ({ key, label: options.nameOf(key, by), count, isClosed: isClosed(key) }))
      .sort((a, b) => b.count - a.count || a.key.localeCompare(b.key)),
    hidden: network.nodes.length - devices.length,
  };
}

function joinEdges(edges: Schemas['NetworkEdge'][], visibleOf: Map<string, string>): GraphEdge[] {
  const joined = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const client = visibleOf.get(edge.client);
    const server = visibleOf.get(edge.server);
    if (client === undefined || server === undefined || client === server) continue;
    const id = `${client}>${server}`;
    const known = joined.get(id);
    if (known === undefined) {
      joined.set(id, {
        id,
        client,
        server,
        bytes: edge.bytes,
        isOt: edge.operations > 0,
        protocols: [...edge.protocols],
        pairs: 1,
      });
      continue;
    }
    known.bytes += edge.bytes;
    known.isOt ||= edge.operations > 0;
    known.pairs += 1;
    for (const protocol of edge.protocols) if (!known.protocols.includes(protocol)) known.protocols.push(protocol);
  }
  return [...joined.values()];
}

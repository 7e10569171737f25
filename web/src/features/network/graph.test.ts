// Grouping and folding of the map.
import { expect, test } from 'vitest';

import type { Schemas } from '@/shared/lib/api';

import { buildGraph, nodesMax, type GraphOptions } from './graph';

const time = '2026-01-01T00:00:00Z';
const node = (id: string, subnet: string | null, vendor: string | null = null): Schemas['NetworkNode'] => ({
  id,
  name: `device ${id}`,
  type: null,
  vendor,
  os: null,
  level: null,
  severity: null,
  role: null,
  subnet,
  ip: null,
  is_local: true,
  is_router: false,
  is_outside: false,
  site: '1',
  bytes: 10,
  last_seen: time,
});
const edge = (client: string, server: string, protocols: string[] = [], operations = 0): Schemas['NetworkEdge'] => ({
  client,
  server,
  protocols,
  ports: [],
  packets: 1,
  bytes: 100,
  conversations: 1,
  operations,
  access: operations > 0 ? { read: operations } : {},
});
const network = (nodes: Schemas['NetworkNode'][], edges: Schemas['NetworkEdge'][]): Schemas['Network'] => ({
  from: time,
  to: time,
  nodes,
  edges,
  truncated: null,
});
const plain: GraphOptions = { by: 'none', opened: new Set(), protocol: undefined, layout: 'connection', nameOf: (key) => (key === '?' ? 'Unknown' : key) };

const small = network(
  [node('1', '10.0.0.0/24'), node('2', '10.0.0.0/24'), node('3', '10.0.1.0/24'), node('4', null)],
  [edge('1', '2', ['modbus'], 2), edge('1', '3', ['modbus']), edge('2', '3', ['dns']), edge('4', '1')],
);

test('without grouping every device and every pair is there', () => {
  const graph = buildGraph(small, plain);
  expect(graph.nodes.map((one) => one.id)).toEqual(['1', '2', '3', '4']);
  expect(graph.edges.map((one) => one.id)).toEqual(['1>2', '1>3', '2>3', '4>1']);
  expect(graph.edges[0]?.isOt).toBe(true);
  expect(graph.isFolded).toBe(false);
});

test('a folded group has the gravest alert of its devices', () => {
  const alerted = network([{ ...node('1', 'a'), severity: 'low' }, { ...node('2', 'a'), severity: 'high' }, node('3', 'a'), node('4', 'b')], []);
  const graph = buildGraph(alerted, { ...plain, by: 'subnet' });
  expect(graph.nodes.map((one) => [one.id, one.severity])).toEqual([['group:a', 'high'], ['4', null]]);
});

test('a folded group stands for its devices and their edges; talk inside it is not drawn', () => {
  const graph = buildGraph(small, { ...plain, by: 'subnet' });
  expect(graph.nodes.map((one) => [one.id, one.count])).toEqual([
    ['group:10.0.0.0/24', 2],
    ['3', 1],
    ['4', 1],
  ]);
  expect(graph.edges).toMatchObject([
    { id: 'group:10.0.0.0/24>3', bytes: 200, pairs: 2, protocols: ['modbus', 'dns'] },
    { id: '4>group:10.0.0.0/24', pairs: 1 },
  ]);
});

test('a protocol leaves out other edges, and says how many devices went with them', () => {
  const graph = buildGraph(small, { ...plain, protocol: 'modbus' });
  expect(graph.nodes.map((one) => one.id)).toEqual(['1', '2', '3']);
  expect(graph.hidden).toBe(1);
  expect(buildGraph(small, { ...plain, protocol: '' }).edges.map((one) => one.id)).toEqual(['4>1']);
});

test('above the limit groups fold by themselves, and the reader can open one', () => {
  const many = Array.from({ length: nodesMax + 1 }, (_, index) => node(String(index), `10.0.${String(index % 4)}.0/24`));
  const graph = buildGraph(network(many, []), plain);
  expect(graph.isFolded).toBe(true);
  expect(graph.by).toBe('subnet');
  expect(graph.nodes).toHaveLength(4);
  const opened = buildGraph(network(many, []), { ...plain, opened: new Set(['10.0.0.0/24']) });
  expect(opened.nodes).toHaveLength(3 + 126);
});

test('what has no part in controlling the plant is one node until it is opened', () => {
  const office = Array.from({ length: 30 }, (_, at) => node(String(100 + at), null));
  const plant = network([...small.nodes, ...office], [...small.edges, edge('100', '3', ['tls'])]);
  const graph = buildGraph(plant, plain);
  expect(graph.nodes.map((one) => [one.id, one.count])).toEqual([['1', 1], ['2', 1], ['group:#it', 32]]);
  expect(graph.inside.get('100')).toBe('#it');
  expect(buildGraph(plant, { ...plain, opened: new Set(['#it']) }).nodes).toHaveLength(34);
  expect(buildGraph(plant, { ...plain, layout: 'place' }).nodes).toHaveLength(34);
});

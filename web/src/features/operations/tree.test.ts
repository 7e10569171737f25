// What open nodes of the tree ask for, and how the list finds the rows of each node.
import { expect, test } from 'vitest';

import type { Sum } from './sums';
import { nodesOf, sumsOf } from './tree';

const sum = (fields: Partial<Sum>): Sum => ({
  protocol: null,
  function: null,
  code: null,
  access: null,
  client: null,
  server: null,
  operations: 1,
  count: 1,
  errors: 0,
  changes: 0,
  clients: 1,
  changers: 0,
  first_seen: '2026-01-01T00:00:00Z',
  last_seen: '2026-01-01T00:00:00Z',
  ...fields,
});
const plc = { id: '7', name: 'PLC', ip: '10.0.0.7', mac: null };
const group = { id: null, name: '239.0.0.1', ip: '239.0.0.1', mac: null };

test('an open node asks for what stands below it', () => {
  expect(sumsOf('modbus', { q: 'x' })).toEqual({ query: { q: 'x', 'filter.protocol': ['modbus'] }, by: ['server'] });
  expect(sumsOf('modbus~7', {})).toEqual({
    query: { 'filter.protocol': ['modbus'], 'filter.server': ['7'] },
    by: ['function', 'access'],
  });
  expect(sumsOf('goose~-239.0.0.1', {}).by).toEqual(['server', 'function', 'access']);
});

test('rows stand below what they belong to, and each says how the list finds them', () => {
  const nodes = nodesOf(
    [sum({ protocol: 'modbus' }), sum({ protocol: 's7comm' })],
    new Map([
      ['modbus', [sum({ server: plc }), sum({ server: group })]],
      ['modbus~7', [sum({ function: 'read_coils', access: 'read' })]],
      [
        'modbus~-239.0.0.1',
        [sum({ server: plc, function: 'read_coils', access: 'read' }), sum({ server: group, function: 'write_single_coil', access: 'write' })],
      ],
    ]),
  );
  expect(nodes.map((one) => one.key)).toEqual([
    'modbus',
    'modbus~7',
    'modbus~7~read_coils~read',
    'modbus~-239.0.0.1',
    'modbus~-239.0.0.1~write_single_coil~write',
    's7comm',
  ]);
  expect(nodes[2]?.part).toEqual({
    filter: { protocol: ['modbus'], server: ['7'], function: ['read_coils'], access: ['read'] },
    words: [],
  });
  expect(nodes[4]?.part.words).toEqual(['239.0.0.1']);
});

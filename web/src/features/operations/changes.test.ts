// Who stands on top of "who changes what", and what one line of it holds.
import { expect, test } from 'vitest';

import { changesBy, pairsOf } from './changes';
import type { Sum } from './sums';

const device = (id: string) => ({ id, name: `device ${id}`, ip: null, mac: null });
const sum = (client: string, server: string, access: Sum['access'], count: number, day: number): Sum => ({
  protocol: null,
  function: null,
  code: null,
  access,
  client: device(client),
  server: device(server),
  operations: 1,
  count,
  errors: 0,
  changes: count,
  clients: 1,
  changers: 1,
  first_seen: `2026-01-0${String(day)}T00:00:00Z`,
  last_seen: `2026-01-0${String(day + 1)}T00:00:00Z`,
});

test('classes of one pair become one line; program changes stand above any number of writes', () => {
  const pairs = pairsOf([sum('1', '7', 'write', 900, 3), sum('1', '7', 'control', 2, 1), sum('2', '7', 'program', 1, 2), sum('1', '8', 'write', 5, 1)]);
  expect(pairs).toHaveLength(3);
  expect(pairs[0]?.counts).toEqual({ write: 900, control: 2 });
  expect([pairs[0]?.first, pairs[0]?.last]).toEqual(['2026-01-01T00:00:00Z', '2026-01-04T00:00:00Z']);

  const clients = changesBy(pairs, 'client');
  expect(clients.map(({ side }) => side.id)).toEqual(['2', '1']);
  expect(clients[1]?.pairs.map(({ server }) => server.id)).toEqual(['7', '8']);
  expect(changesBy(pairs, 'server').map(({ side }) => side.id)).toEqual(['7', '8']);
});

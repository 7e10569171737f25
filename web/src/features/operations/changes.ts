// Who changes what: sums of writers, machines and access classes, put together for reading.
import type { Schemas } from '@/shared/lib/api';

import type { Sum } from './sums';

type Side = Schemas['DeviceRef'];
/** The order of the columns. */
export const changeClasses = ['write', 'control', 'program', 'config'] as const;
export type Change = (typeof changeClasses)[number];
/** The rarest and heaviest first: who stands on top. */
const weightiest: Change[] = ['program', 'config', 'control', 'write'];

export interface Pair {
  client: Side;
  server: Side;
  counts: Partial<Record<Change, number>>;
  first: string;
  last: string;
}

export interface Changes {
  /** Whose pairs these are: a client's or a server's. */
  side: Side;
  pairs: Pair[];
}

function keyOf(side: Side): string {
  return side.id ?? `-${side.ip ?? side.mac ?? ''}`;
}

/** Heavier classes decide before lighter ones, more before less. */
function byWeight(a: Pair[], b: Pair[]): number {
  const countOf = (pairs: Pair[], one: Change) => pairs.reduce((sum, pair) => sum + (pair.counts[one] ?? 0), 0);
  for (const one of weightiest) {
    const difference = countOf(b, one) - countOf(a, one);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function pairsOf(sums: Sum[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { client, server, access, count, first_seen, last_seen } of sums) {
    const change = changeClasses.find((one) => one === access);
    if (client === null || server === null || change === undefined) continue;
    const key = `${keyOf(client)} ${keyOf(server)}`;
    const pair = pairs.get(key) ?? { client, server, counts: {}, first: first_seen, last: last_seen };
    pair.counts[change] = (pair.counts[change] ?? 0) + count;
    if (first_seen < pair.first) pair.first = first_seen;
    if (last_seen > pair.last) pair.last = last_seen;
    pairs.set(key, pair);
  }
  return [...pairs.values()];
}

export function changesBy(pairs: Pair[], by: 'client' | 'server'): Changes[] {
  const groups = new Map<string, Changes>();
  for (const pair of pairs) {
    const side = pair[by];
    const group = groups.get(keyOf(side)) ?? { side, pairs: [] };
    group.pairs.push(pair);
    groups.set(keyOf(side), group);
  }
  for (const { pairs: own } of groups.values()) own.sort((a, b) => byWeight([a], [b]));
  return [...groups.values()].sort((a, b) => byWeight(a.pairs, b.pairs));
}

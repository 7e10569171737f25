// Stacking keeps gaps as gaps.
import { expect, test } from 'vitest';

import { edges, levels, rates, stack } from './stack';

test('a bucket of a minute becomes bits a second', () => {
  expect(rates([60, null, 0], 60)).toEqual([8, null, 0]);
});

test('each line stands on those below it, and a gap stays a gap', () => {
  expect(
    stack([
      [1, 2, null],
      [10, null, null],
      [100, 100, 100],
    ]),
  ).toEqual([
    [1, 2, null],
    [11, null, null],
    [111, 102, 100],
  ]);
});

test('a bucket that stands alone has a width', () => {
  expect(edges(['1970-01-01T00:00:00Z', '1970-01-01T01:00:00Z'], 3600)).toEqual([0, 3600, 3600, 7200]);
  expect(levels([null, 5])).toEqual([null, null, 5, 5]);
});

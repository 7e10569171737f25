// Stacking keeps gaps as gaps.
import { expect, test } from 'vitest';

import { rates, stack } from './stack';

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

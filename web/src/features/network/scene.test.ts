// Fitting the map into its window.
import { expect, test } from 'vitest';

import { fitted } from './scene';
import type { Place } from './use-layout';

const places = (all: Place[]) => new Map(all.map((place, index) => [String(index), place]));

test('a wide network fills the width, a tall one the height, names and legend left free', () => {
  const wide = fitted(places([[-1000, -10], [1000, 10]]), 1200, 600, 20);
  expect((2000 * wide.scale) / 1200).toBeGreaterThan(0.8);
  expect(2000 * wide.scale).toBeLessThan(1200 - 150);
  const tall = fitted(places([[0, -1000], [0, 1000]]), 1200, 600, 20);
  expect((2000 * tall.scale) / 600).toBeGreaterThan(0.75);
  const lowest = (1000 - tall.y) * tall.scale + 300;
  expect(600 - lowest).toBeGreaterThan(80);
});

test('a few nodes are not blown up, none are no trouble', () => {
  expect(fitted(places([[0, 0]]), 1200, 600, 20).scale).toBe(2);
  expect(fitted(places([]), 1200, 600, 20).scale).toBe(1);
});

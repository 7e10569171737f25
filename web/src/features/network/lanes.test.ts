// Nodes stand in the lane of their level or in the box of their place, none on another.
import { expect, test } from 'vitest';

import type { GraphNode } from './graph';
import { levelLanes, placeBoxes, type Lanes } from './lanes';

const node = (id: string, level: string | null, place: string | null): GraphNode => ({
  id, kind: 'device', label: id, address: null, type: null, isLocal: true, isRouter: false, count: 1, bytes: 1, severity: null, group: null, level, place,
});
const nodes = Array.from({ length: 60 }, (_, at) => node(String(at), at < 5 ? '3' : at < 40 ? '1' : null, at % 3 === 0 ? null : `10.0.${String(at % 3)}.0/24`));

function laneOf({ places, lanes }: Lanes, id: string): string | undefined {
  const [x, y] = places.get(id) ?? [NaN, NaN];
  return lanes.find((lane) => x > lane.left && x < lane.left + lane.width && y > lane.top && y < lane.top + lane.height)?.label;
}

test('the higher level stands above, what is not known below', () => {
  const lanes = levelLanes(nodes, (level) => level ?? 'unknown');
  expect(lanes.lanes.map((lane) => lane.label)).toEqual(['3', '1', 'unknown']);
  expect(laneOf(lanes, '0')).toBe('3');
  expect(laneOf(lanes, '7')).toBe('1');
  expect(laneOf(lanes, '50')).toBe('unknown');
  expect(new Set([...lanes.places.values()].map(String)).size).toBe(60);
});

test('every place has a box of its own', () => {
  const boxes = placeBoxes(nodes, 'unknown');
  for (const one of nodes) expect(laneOf(boxes, one.id)).toBe(one.place ?? 'unknown');
  for (const a of boxes.lanes)
    for (const b of boxes.lanes) {
      const isApart = a === b || a.left >= b.left + b.width || b.left >= a.left + a.width || a.top >= b.top + b.height || b.top >= a.top + a.height;
      expect(isApart).toBe(true);
    }
});

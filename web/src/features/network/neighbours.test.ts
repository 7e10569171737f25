// The arrow keys on the map.
import { expect, test } from 'vitest';

import type { GraphEdge } from './graph';
import { nearestTo, neighbourTowards } from './neighbours';
import type { Place } from './use-layout';

const edge = (client: string, server: string): GraphEdge => ({ id: `${client}>${server}`, client, server, bytes: 1, isOt: false, protocols: [], pairs: 1 });
const places = new Map<string, Place>([
  ['hmi', [0, 0]],
  ['plc', [100, 10]],
  ['far', [300, 0]],
  ['up', [20, -90]],
  ['stranger', [40, 0]],
]);
const edges = [edge('hmi', 'plc'), edge('hmi', 'far'), edge('up', 'hmi')];

test('an arrow leads to the nearest partner that way, whoever asked whom', () => {
  expect(neighbourTowards(edges, places, 'hmi', 'ArrowRight')).toBe('plc');
  expect(neighbourTowards(edges, places, 'hmi', 'ArrowUp')).toBe('up');
  expect(neighbourTowards(edges, places, 'plc', 'ArrowLeft')).toBe('hmi');
});

test('where nobody is that way the map stays', () => {
  expect(neighbourTowards(edges, places, 'hmi', 'ArrowLeft')).toBeUndefined();
  expect(neighbourTowards(edges, places, 'nobody', 'ArrowLeft')).toBeUndefined();
});

test('the first one is in the middle of what is seen', () => {
  expect(nearestTo(places, 90, 0)).toBe('plc');
  expect(nearestTo(new Map<string, Place>(), 0, 0)).toBeUndefined();
});

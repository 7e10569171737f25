// Where the arrow keys lead on the map: from a device to those it talks with.
import type { GraphEdge } from './graph';
import type { Place } from './use-layout';

export const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;
export type ArrowKey = keyof typeof directions;

export function isArrow(key: string): key is ArrowKey {
  return key in directions;
}

/** The partner of `from` that lies this way: the nearest one, those beside the way counting as farther. None: undefined. */
export function neighbourTowards(edges: readonly GraphEdge[], places: ReadonlyMap<string, Place>, from: string, key: ArrowKey): string | undefined {
  const start = places.get(from);
  if (start === undefined) return undefined;
  const [dx, dy] = directions[key];
  let best: string | undefined;
  let least = Infinity;
  for (const edge of edges) {
    const other = edge.client === from ? edge.server : edge.server === from ? edge.client : undefined;
    const place = other === undefined ? undefined : places.get(other);
    if (other === undefined || place === undefined) continue;
    const [x, y] = [place[0] - start[0], place[1] - start[1]];
    const along = x * dx + y * dy;
    const beside = Math.abs(x * dy - y * dx);
    if (along <= 0 || beside > 2 * along) continue;
    const far = along + 2 * beside;
    if (far >= least) continue;
    least = far;
    best = other;
  }
  return best;
}

/** The node nearest to a point of the map. */
export function nearestTo(places: ReadonlyMap<string, Place>, x: number, y: number): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const [id, place] of places) {
    const far = Math.hypot(place[0] - x, place[1] - y);
    if (far >= least) continue;
    least = far;
    best = id;
  }
  return best;
}

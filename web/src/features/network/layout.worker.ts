// Places the nodes of the map with forces, off the UI thread. The same network from the same places ends in the same picture.
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force';

export interface LayoutRequest {
  /** Answers carry it back, so that one that comes too late can be told. */
  id: number;
  nodes: { radius: number; group: string | null; place: [number, number] | undefined; isPinned: boolean }[];
  /** Pairs of indexes into nodes. */
  edges: [number, number][];
}

export interface LayoutAnswer {
  id: number;
  /** x and y of each node in turn. */
  places: Float32Array;
  isDone: boolean;
}

interface Placed extends SimulationNodeDatum {
  radius: number;
  group: string | null;
}

/** Pulls the members of a group together. */
function forceGroup(strength: number) {
  let nodes: Placed[] = [];
  const force = (alpha: number) => {
    const centres = new Map<string, { x: number; y: number; count: number }>();
    for (const node of nodes) {
      if (node.group === null) continue;
      const centre = centres.get(node.group) ?? { x: 0, y: 0, count: 0 };
      centre.x += node.x ?? 0;
      centre.y += node.y ?? 0;
      centre.count += 1;
      centres.set(node.group, centre);
    }
    for (const node of nodes) {
      const centre = node.group === null ? undefined : centres.get(node.group);
      if (centre === undefined) continue;
      node.vx = (node.vx ?? 0) + (centre.x / centre.count - (node.x ?? 0)) * strength * alpha;
      node.vy = (node.vy ?? 0) + (centre.y / centre.count - (node.y ?? 0)) * strength * alpha;
    }
  };
  force.initialize = (all: Placed[]) => {
    nodes = all;
  };
  return force;
}

const radius = (end: SimulationLinkDatum<Placed>['source']) => (end as Placed).radius;

/** Links between groups pull less, so that groups stay apart. */
function isWithinGroup(link: SimulationLinkDatum<Placed>): boolean {
  return (link.source as Placed).group === (link.target as Placed).group;
}

let current = 0;

onmessage = async ({ data }: MessageEvent<LayoutRequest>) => {
  current = data.id;
  const nodes: Placed[] = data.nodes.map(({ radius, group, place, isPinned }) => ({
    radius,
    group,
    ...(place === undefined ? {} : { x: place[0], y: place[1] }),
    ...(isPinned && place !== undefined ? { fx: place[0], fy: place[1] } : {}),
  }));
  const known = data.nodes.filter((node) => node.place !== undefined).length;
  const links: SimulationLinkDatum<Placed>[] = data.edges.map(([source, target]) => ({ source, target }));
  const simulation = forceSimulation(nodes)
    .force('link', forceLink(links).distance((link) => 40 + 2 * (radius(link.source) + radius(link.target))).strength((link) => (isWithinGroup(link) ? 0.6 : 0.2) / Math.sqrt(1 + linkCount(link, links))))
    .force('charge', forceManyBody<Placed>().strength((node) => -1.3 * node.radius ** 2).distanceMax(700))
    .force('collide', forceCollide<Placed>((node) => node.radius + 10))
    .force('x', forceX(0).strength(0.03))
    .force('y', forceY(0).strength(0.14))
    .force('group', forceGroup(0.6))
    .stop();
  // What was placed on an earlier visit stays where it was: only what is new looks for its place.
  if (known === nodes.length) simulation.alpha(0);
  else if (known > 0) simulation.alpha(0.3);

  const post = (isDone: boolean) => {
    const places = new Float32Array(nodes.length * 2);
    nodes.forEach((node, index) => {
      places[index * 2] = node.x ?? 0;
      places[index * 2 + 1] = node.y ?? 0;
    });
    const answer: LayoutAnswer = { id: data.id, places, isDone };
    postMessage(answer, { transfer: [places.buffer] });
  };

  let posted = performance.now();
  while (simulation.alpha() > 0.02) {
    simulation.tick();
    if (performance.now() - posted < 120) continue;
    post(false);
    // Lets a newer request in, which ends this one.
    await new Promise((resolve) => setTimeout(resolve));
    if (current !== data.id) return;
    posted = performance.now();
  }
  post(true);
};

const degrees = new WeakMap<object, Map<unknown, number>>();

/** How many links the busier end of a link has. */
function linkCount(link: SimulationLinkDatum<Placed>, links: SimulationLinkDatum<Placed>[]): number {
  let counts = degrees.get(links);
  if (counts === undefined) {
    counts = new Map();
    for (const { source, target } of links) {
      counts.set(source, (counts.get(source) ?? 0) + 1);
      counts.set(target, (counts.get(target) ?? 0) + 1);
    }
    degrees.set(links, counts);
  }
  return Math.max(counts.get(link.source) ?? 0, counts.get(link.target) ?? 0);
}

// Draws the map on a canvas and finds what lies under a point; knows nothing of React.
import type { GraphEdge, GraphNode } from './graph';
import { groupIconPath, iconPath } from './icons';
import type { Lane } from './lanes';
import type { Place } from './use-layout';

export interface Colours {
  background: string;
  surface: string;
  text: string;
  muted: string;
  line: string;
  lineStrong: string;
  accent: string;
  accentSoft: string;
  font: string;
  /** Of an alert by its severity; what is not here is drawn as information. */
  severity: Record<'critical' | 'high' | 'medium' | 'low' | 'info', string>;
}

/** Where the window onto the map is: pixels = (place - centre) * scale + half the window. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

export interface Scene {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** What each group is called. */
  groupNames: ReadonlyMap<string, string>;
  places: ReadonlyMap<string, Place>;
  /** Of the layouts by level and by place; the layout by connection has none. */
  lanes: readonly Lane[];
  view: View;
  width: number;
  height: number;
  /** Node under the pointer: its neighbours stay bright, the rest fades. */
  hovered: string | undefined;
  selectedNode: string | undefined;
  selectedEdge: string | undefined;
  /** Found by the search; undefined while nothing is searched for. */
  found: ReadonlySet<string> | undefined;
}

export function radiusOf(node: GraphNode): number {
  if (node.kind === 'group') return Math.min(44, 16 + Math.sqrt(node.count) * 3);
  return Math.min(20, 11 + Math.log10(1 + node.bytes / 1e5));
}

/** From far away nodes are drawn larger than they are, so that they can be seen and met. */
function zoomedRadius(node: GraphNode, scale: number): number {
  return radiusOf(node) * Math.max(1, Math.min(1.5, 0.75 / scale));
}

export function edgeWidth(bytes: number): number {
  return Math.min(6, 0.7 + Math.log10(1 + bytes / 1000) * 0.7);
}

const paths = new Map<string, Path2D>();
function path(text: string): Path2D {
  let known = paths.get(text);
  if (known === undefined) {
    known = new Path2D(text);
    paths.set(text, known);
  }
  return known;
}

export function drawScene(context: CanvasRenderingContext2D, scene: Scene, colours: Colours, pixelRatio: number): void {
  const { view, width, height } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, width, height);
  context.translate(width / 2, height / 2);
  context.scale(view.scale, view.scale);
  context.translate(-view.x, -view.y);

  const bright = brightOf(scene);
  if (scene.lanes.length > 0) drawLanes(context, scene, colours);
  else drawGroups(context, scene, colours);
  drawEdges(context, scene, colours, bright);
  drawNodes(context, scene, colours, bright);
}

function drawLanes(context: CanvasRenderingContext2D, scene: Scene, colours: Colours): void {
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.font = `600 ${String(Math.max(13, Math.min(28, 13 / scene.view.scale)))}px ${colours.font}`;
  for (const lane of scene.lanes) {
    context.fillStyle = colours.surface;
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(lane.left, lane.top, lane.width, lane.height, 8);
    context.fill();
    context.stroke();
    context.fillStyle = colours.muted;
    context.fillText(lane.label, lane.left + 10, lane.top + 8);
  }
}

/** A soft disc behind the members of an open group, with the group's name above. */
function drawGroups(context: CanvasRenderingContext2D, scene: Scene, colours: Colours): void {
  const members = new Map<string, Place[]>();
  for (const node of scene.nodes) {
    const place = scene.places.get(node.id);
    if (node.kind === 'group' || node.group === null || place === undefined) continue;
    const known = members.get(node.group);
    if (known === undefined) members.set(node.group, [place]);
    else known.push(place);
  }
  for (const [group, places] of members) {
    if (places.length < 2) continue;
    const x = places.reduce((sum, place) => sum + place[0], 0) / places.length;
    const y = places.reduce((sum, place) => sum + place[1], 0) / places.length;
    const radius = Math.max(...places.map((place) => Math.hypot(place[0] - x, place[1] - y))) + 36;
    context.fillStyle = colours.accentSoft;
    context.globalAlpha = 0.45;
    context.beginPath();
    context.arc(x, y, radius, 0, Math.PI * 2);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = colours.muted;
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    context.font = `600 ${String(Math.max(12, Math.min(26, 12 / scene.view.scale)))}px ${colours.font}`;
    context.fillText(scene.groupNames.get(group) ?? group, x, y - radius - 4);
  }
}

/** Nodes that are not faded; undefined when all are bright. */
function brightOf(scene: Scene): ReadonlySet<string> | undefined {
  const centre = scene.hovered ?? scene.selectedNode;
  if (centre === undefined) return scene.found;
  const near = new Set([centre]);
  for (const edge of scene.edges) {
    if (edge.client === centre) near.add(edge.server);
    if (edge.server === centre) near.add(edge.client);
  }
  return near;
}

function drawEdges(context: CanvasRenderingContext2D, scene: Scene, colours: Colours, bright: ReadonlySet<string> | undefined): void {
  const centre = scene.hovered ?? scene.selectedNode;
  const isBright = (edge: GraphEdge) =>
    centre !== undefined ? edge.client === centre || edge.server === centre : bright === undefined || (bright.has(edge.client) && bright.has(edge.server));
  const withArrows = scene.view.scale > 0.45 && scene.edges.length < 3000;
  const visible = scene.edges.filter((edge) => isWithin(scene, edge));
  // Two passes, so that what is bright lies on top; lines of the same look share one path.
  for (const pass of [false, true]) {
    const batches = new Map<string, GraphEdge[]>();
    for (const edge of visible) {
      if (isBright(edge) !== pass || edge.id === scene.selectedEdge) continue;
      const key = `${edge.isOt ? 'ot' : 'it'} ${edgeWidth(edge.bytes).toFixed(0)}`;
      const batch = batches.get(key);
      if (batch === undefined) batches.set(key, [edge]);
      else batch.push(edge);
    }
    for (const [key, batch] of batches) {
      const isOt = key.startsWith('ot');
      context.globalAlpha = pass ? (isOt ? 0.65 : 0.4) : 0.08;
      context.strokeStyle = isOt ? colours.text : colours.lineStrong;
      context.fillStyle = context.strokeStyle;
      context.lineWidth = isOt ? Number(key.slice(3)) + 0.6 : Math.max(0.6, Number(key.slice(3)) * 0.6);
      context.beginPath();
      for (const edge of batch) line(context, scene, edge);
      context.stroke();
      if (withArrows && pass) for (const edge of batch) arrow(context, scene, edge);
    }
  }
  const selected = scene.edges.find((edge) => edge.id === scene.selectedEdge);
  if (selected !== undefined) {
    context.globalAlpha = 1;
    context.strokeStyle = colours.accent;
    context.fillStyle = colours.accent;
    context.lineWidth = edgeWidth(selected.bytes) + 2;
    context.beginPath();
    line(context, scene, selected);
    context.stroke();
    arrow(context, scene, selected);
  }
  context.globalAlpha = 1;
}

/** Whether a part of the edge may lie within the window. */
function isWithin({ view, width, height, places }: Scene, edge: GraphEdge): boolean {
  const from = places.get(edge.client);
  const to = places.get(edge.server);
  if (from === undefined || to === undefined) return false;
  const [across, down] = [width / 2 / view.scale, height / 2 / view.scale];
  return (
    Math.max(from[0], to[0]) >= view.x - across &&
    Math.min(from[0], to[0]) <= view.x + across &&
    Math.max(from[1], to[1]) >= view.y - down &&
    Math.min(from[1], to[1]) <= view.y + down
  );
}

function line(context: CanvasRenderingContext2D, scene: Scene, edge: GraphEdge): void {
  const from = scene.places.get(edge.client);
  const to = scene.places.get(edge.server);
  if (from === undefined || to === undefined) return;
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
}

/** An arrowhead in the middle, from client to server. */
function arrow(context: CanvasRenderingContext2D, scene: Scene, edge: GraphEdge): void {
  const from = scene.places.get(edge.client);
  const to = scene.places.get(edge.server);
  if (from === undefined || to === undefined) return;
  const [x, y] = [from[0] * 0.45 + to[0] * 0.55, from[1] * 0.45 + to[1] * 0.55];
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const size = 4 + edgeWidth(edge.bytes) * 0.8;
  context.beginPath();
  context.moveTo(x + Math.cos(angle) * size, y + Math.sin(angle) * size);
  context.lineTo(x + Math.cos(angle + 2.5) * size, y + Math.sin(angle + 2.5) * size);
  context.lineTo(x + Math.cos(angle - 2.5) * size, y + Math.sin(angle - 2.5) * size);
  context.fill();
}

/** Around what has an open alert, with a gap, so that the mark of the selection stays its own. */
function drawRing(context: CanvasRenderingContext2D, node: GraphNode, x: number, y: number, radius: number, colour: string): void {
  const outer = radius + 4;
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.beginPath();
  if (node.kind === 'group') context.roundRect(x - outer, y - outer, outer * 2, outer * 2, 11);
  else context.arc(x, y, outer, 0, Math.PI * 2);
  context.stroke();
}

function drawNodes(context: CanvasRenderingContext2D, scene: Scene, colours: Colours, bright: ReadonlySet<string> | undefined): void {
  const { view } = scene;
  const halfWidth = scene.width / 2 / view.scale + 60;
  const halfHeight = scene.height / 2 / view.scale + 60;
  const withIcons = view.scale > 0.3;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineCap = 'round';
  context.lineJoin = 'round';
  const hubs = hubsOf(scene);
  for (const node of scene.nodes) {
    const place = scene.places.get(node.id);
    if (place === undefined) continue;
    const [x, y] = place;
    if (Math.abs(x - view.x) > halfWidth || Math.abs(y - view.y) > halfHeight) continue;
    const radius = zoomedRadius(node, view.scale);
    const isFocus = node.id === scene.selectedNode || node.id === scene.hovered;
    context.globalAlpha = bright === undefined || bright.has(node.id) ? 1 : 0.2;
    context.fillStyle = isFocus ? colours.accentSoft : colours.surface;
    context.strokeStyle = isFocus || scene.found?.has(node.id) === true ? colours.accent : node.isLocal ? colours.muted : colours.line;
    context.lineWidth = isFocus ? 2.5 : 1.5;
    context.beginPath();
    if (node.kind === 'group') context.roundRect(x - radius, y - radius, radius * 2, radius * 2, 8);
    else context.arc(x, y, radius, 0, Math.PI * 2);
    context.fill();
    context.stroke();
    if (node.severity !== null) drawRing(context, node, x, y, radius, colours.severity[node.severity]);
    if (withIcons) {
      const size = node.kind === 'group' ? 20 : radius * 1.15;
      const top = node.kind === 'group' ? y - radius + 5 : y - size / 2;
      context.save();
      context.translate(x - size / 2, top);
      context.scale(size / 24, size / 24);
      context.strokeStyle = node.isLocal ? colours.text : colours.muted;
      context.lineWidth = 1.8;
      context.stroke(path(node.kind === 'group' ? groupIconPath : iconPath(node.type, node.isRouter)));
      context.restore();
    }
    if (node.kind === 'group') {
      context.fillStyle = colours.text;
      context.font = `600 12px ${colours.font}`;
      context.fillText(String(node.count), x, y + (withIcons ? 2 : -6));
    }
  }
  context.globalAlpha = 1;
  // Names last, so that no icon lies on one.
  const taken: Box[] = [];
  const important = (node: GraphNode) => (node.id === scene.selectedNode || node.id === scene.hovered ? 2 : hubs.has(node.id) ? 1 : 0);
  for (const node of [...scene.nodes].sort((a, b) => important(b) - important(a))) {
    const place = scene.places.get(node.id);
    if (place === undefined || !isLabelled(node, scene, bright, hubs)) continue;
    label(context, node, place[0], place[1] + zoomedRadius(node, view.scale) + 3, colours, scene, taken);
  }
}

interface Box {
  left: number;
  right: number;
  top: number;
}

const hubCache = new WeakMap<GraphEdge[], ReadonlySet<string>>();

/** The few nodes with most neighbours: their names give the picture its landmarks. */
function hubsOf(scene: Scene): ReadonlySet<string> {
  const known = hubCache.get(scene.edges);
  if (known !== undefined) return known;
  const degrees = new Map<string, number>();
  for (const edge of scene.edges) {
    degrees.set(edge.client, (degrees.get(edge.client) ?? 0) + 1);
    degrees.set(edge.server, (degrees.get(edge.server) ?? 0) + 1);
  }
  const hubs = new Set([...degrees].sort((a, b) => b[1] - a[1]).slice(0, 12).map(([id]) => id));
  hubCache.set(scene.edges, hubs);
  return hubs;
}

/** Names that would only lie over each other are left out until one comes closer. */
function isLabelled(
  node: GraphNode,
  scene: Scene,
  bright: ReadonlySet<string> | undefined,
  hubs: ReadonlySet<string>,
): boolean {
  if (node.kind === 'group' || scene.found?.has(node.id) === true) return true;
  if (bright !== undefined) return bright.has(node.id) && bright.size < 60;
  return scene.view.scale > 0.7 || scene.nodes.length <= 40 || hubs.has(node.id);
}

/** Writes a name, unless it would lie on one that is written already. */
function label(
  context: CanvasRenderingContext2D,
  node: GraphNode,
  x: number,
  y: number,
  colours: Colours,
  scene: Scene,
  taken: Box[],
): void {
  const { view } = scene;
  // From near, names grow less than what they name.
  const size = Math.min(22, Math.max(11, Math.min(14, 11 * view.scale)) / view.scale);
  context.font = `${String(size)}px ${colours.font}`;
  context.lineWidth = 3;
  context.strokeStyle = colours.background;
  // The end of a long name tells devices of one maker apart.
  const text = node.label.length > 24 ? `${node.label.slice(0, 13).trimEnd()}…${node.label.slice(-9).trimStart()}` : node.label;
  const half = context.measureText(text).width / 2;
  // The name of a node near the edge moves inwards rather than being cut.
  const room = scene.width / 2 / view.scale - half - 4 / view.scale;
  if (room > 0 && Math.abs(x - view.x) < room + half) x = Math.max(view.x - room, Math.min(view.x + room, x));
  const box = { left: x - half, right: x + half, top: y };
  if (taken.some((one) => one.left < box.right && box.left < one.right && Math.abs(one.top - y) < size)) return;
  taken.push(box);
  context.strokeText(text, x, y);
  context.fillStyle = node.isLocal ? colours.text : colours.muted;
  context.fillText(text, x, y);
}

/** The point of the map under a pixel of the window. */
export function toMap(scene: Pick<Scene, 'view' | 'width' | 'height'>, x: number, y: number): Place {
  const { view } = scene;
  return [(x - scene.width / 2) / view.scale + view.x, (y - scene.height / 2) / view.scale + view.y];
}

export function nodeAt(scene: Scene, x: number, y: number): GraphNode | undefined {
  const [mx, my] = toMap(scene, x, y);
  const slack = 4 / scene.view.scale;
  return scene.nodes.findLast((node) => {
    const place = scene.places.get(node.id);
    return place !== undefined && Math.hypot(place[0] - mx, place[1] - my) <= zoomedRadius(node, scene.view.scale) + slack;
  });
}

export function edgeAt(scene: Scene, x: number, y: number): GraphEdge | undefined {
  const [mx, my] = toMap(scene, x, y);
  const reach = 6 / scene.view.scale;
  let best: GraphEdge | undefined;
  let nearest = reach;
  for (const edge of scene.edges) {
    const from = scene.places.get(edge.client);
    const to = scene.places.get(edge.server);
    if (from === undefined || to === undefined) continue;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const along = Math.max(0, Math.min(1, ((mx - from[0]) * dx + (my - from[1]) * dy) / (dx * dx + dy * dy || 1)));
    const distance = Math.hypot(from[0] + along * dx - mx, from[1] + along * dy - my);
    if (distance < nearest) {
      nearest = distance;
      best = edge;
    }
  }
  return best;
}

/** What fitting leaves free round the outermost nodes, in pixels: their names, the buttons above, the legend below. */
const margin = { side: 80, top: 36, bottom: 84 };

/** The view that shows everything as large as the window lets it be; a few nodes at most twice life-size. `radius`: the largest. */
export function fitted(places: ReadonlyMap<string, Place>, width: number, height: number, radius: number): View {
  const all = [...places.values()];
  if (all.length === 0) return { x: 0, y: 0, scale: 1 };
  const xs = all.map(([x]) => x);
  const ys = all.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = Math.min(margin.side, width * 0.15);
  const across = (width - 2 * side) / (right - left + 2 * radius);
  const down = (height - margin.top - margin.bottom) / (bottom - top + 2 * radius);
  const scale = Math.max(0.05, Math.min(2, across, down));
  return { x: (left + right) / 2, y: (top + bottom) / 2 + (margin.bottom - margin.top) / 2 / scale, scale };
}

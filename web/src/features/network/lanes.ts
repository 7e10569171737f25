// Layouts that are known beforehand: a lane per level of the Purdue model, or a box per place (subnet), nodes in rows inside.
import type { GraphNode } from './graph';
import type { Place } from './use-layout';

export interface Lane {
  label: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Lanes {
  places: Map<string, Place>;
  lanes: Lane[];
}

const cell = { width: 110, height: 84 };
const head = 34;
const gap = 40;

/** Rows of at most `across` nodes from the corner on; returns the lane around them. */
function fill(nodes: GraphNode[], label: string, left: number, top: number, across: number, places: Map<string, Place>): Lane {
  nodes.forEach((node, at) => {
    places.set(node.id, [left + ((at % across) + 0.5) * cell.width, top + head + (Math.floor(at / across) + 0.5) * cell.height]);
  });
  const columns = Math.min(across, Math.max(1, nodes.length));
  return { label, left, top, width: columns * cell.width, height: head + Math.ceil(nodes.length / across) * cell.height };
}

function sorted(nodes: GraphNode[]): GraphNode[] {
  return [...nodes].sort((a, b) => b.bytes - a.bytes || a.id.localeCompare(b.id));
}

/** The highest level above, what is not known below. Lanes are equally wide. */
export function levelLanes(nodes: GraphNode[], nameOf: (level: string | null) => string): Lanes {
  const places = new Map<string, Place>();
  const levels = ['5', '4', '3.5', '3', '2', '1', '0', null];
  const largest = Math.max(1, ...levels.map((level) => nodes.filter((node) => node.level === level).length));
  const across = Math.max(8, Math.ceil(Math.sqrt(largest * 4)));
  const lanes: Lane[] = [];
  let top = 0;
  for (const level of levels) {
    const members = sorted(nodes.filter((node) => node.level === level));
    if (members.length === 0) continue;
    const lane = fill(members, nameOf(level), 0, top, across, places);
    lanes.push({ ...lane, width: across * cell.width });
    top += lane.height + gap;
  }
  return { places, lanes };
}

/** The largest place first, boxes beside each other as far as the widest row goes. */
export function placeBoxes(nodes: GraphNode[], unknown: string): Lanes {
  const places = new Map<string, Place>();
  const groups = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const key = node.place ?? unknown;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [node]);
    else members.push(node);
  }
  const width = Math.max(8, Math.ceil(Math.sqrt(nodes.length * 2.2))) * cell.width;
  const lanes: Lane[] = [];
  let [left, top, lowest] = [0, 0, 0];
  for (const [key, members] of [...groups].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]))) {
    const across = Math.max(2, Math.ceil(Math.sqrt(members.length * 1.6)));
    const needed = Math.min(across, members.length) * cell.width;
    if (left > 0 && left + needed > width) [left, top] = [0, lowest + gap];
    const lane = fill(sorted(members), key, left, top, across, places);
    lanes.push(lane);
    left += lane.width + gap;
    lowest = Math.max(lowest, top + lane.height);
  }
  return { places, lanes };
}

// Saves the map as a picture: PNG as it is on screen, SVG of everything.
import type { Graph } from './graph';
import type { Lane } from './lanes';
import { iconPath, groupIconPath } from './icons';
import { edgeWidth, radiusOf, type Colours } from './scene';
import type { Place } from './use-layout';

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

export function exportPng(canvas: HTMLCanvasElement | null): void {
  canvas?.toBlob((blob) => {
    if (blob !== null) save(blob, 'network.png');
  });
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

export function svgOf(graph: Graph, places: ReadonlyMap<string, Place>, lanes: readonly Lane[], colours: Colours): string {
  const all = graph.nodes.flatMap((node) => {
    const place = places.get(node.id);
    return place === undefined ? [] : [{ node, x: Math.round(place[0]), y: Math.round(place[1]) }];
  });
  const margin = 80;
  const left = Math.min(...all.map((one) => one.x)) - margin;
  const top = Math.min(...all.map((one) => one.y)) - margin;
  const width = Math.max(...all.map((one) => one.x)) + margin - left;
  const height = Math.max(...all.map((one) => one.y)) + margin - top;
  const boxes = lanes.map(
    (lane) =>
      `<rect x="${String(lane.left)}" y="${String(lane.top)}" width="${String(lane.width)}" height="${String(lane.height)}" rx="8" fill="${colours.surface}" stroke="${colours.line}"/><text x="${String(lane.left + 10)}" y="${String(lane.top + 22)}" font-family="${escaped(colours.font)}" font-size="14" fill="${colours.muted}">${escaped(lane.label)}</text>`,
  );
  const lines = graph.edges.flatMap((edge) => {
    const from = places.get(edge.client);
    const to = places.get(edge.server);
    if (from === undefined || to === undefined) return [];
    const stroke = edge.isOt ? colours.text : colours.lineStrong;
    const [x1, y1, x2, y2] = [...from, ...to].map(Math.round);
    return `<line x1="${String(x1)}" y1="${String(y1)}" x2="${String(x2)}" y2="${String(y2)}" stroke="${stroke}" stroke-width="${edgeWidth(edge.bytes).toFixed(1)}" stroke-opacity="${edge.isOt ? '0.9' : '0.5'}"/>`;
  });
  const shapes = all.map(({ node, x, y }) => {
    const r = Math.round(radiusOf(node));
    const shape =
      node.kind === 'group'
        ? `<rect x="${String(x - r)}" y="${String(y - r)}" width="${String(2 * r)}" height="${String(2 * r)}" rx="8" fill="${colours.surface}" stroke="${colours.muted}"/>`
        : `<circle cx="${String(x)}" cy="${String(y)}" r="${String(r)}" fill="${colours.surface}" stroke="${node.isLocal ? colours.muted : colours.line}"/>`;
    const ring =
      node.severity === null
        ? ''
        : node.kind === 'group'
          ? `<rect x="${String(x - r - 4)}" y="${String(y - r - 4)}" width="${String(2 * r + 8)}" height="${String(2 * r + 8)}" rx="11" fill="none" stroke="${colours.severity[node.severity]}" stroke-width="3"/>`
          : `<circle cx="${String(x)}" cy="${String(y)}" r="${String(r + 4)}" fill="none" stroke="${colours.severity[node.severity]}" stroke-width="3"/>`;
    const icon = node.kind === 'group' ? groupIconPath : iconPath(node.type, node.isRouter);
    const scale = (r * 1.15) / 24;
    const name = node.kind === 'group' ? `${node.label} (${String(node.count)})` : node.label;
    return `${ring}${shape}<path d="${icon}" transform="translate(${String(x - r * 0.575)} ${String(y - r * 0.575)}) scale(${scale.toFixed(3)})" fill="none" stroke="${colours.text}" stroke-width="1.8"/><text x="${String(x)}" y="${String(y + r + 13)}">${escaped(name)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[left, top, width, height].join(' ')}" width="${String(width)}" height="${String(height)}"><rect x="${String(left)}" y="${String(top)}" width="100%" height="100%" fill="${colours.background}"/>${boxes.join('')}${lines.join('')}<g font-family="${escaped(colours.font)}" font-size="11" text-anchor="middle" fill="${colours.text}">${shapes.join('')}</g></svg>`;
}

export function exportSvg(graph: Graph, places: ReadonlyMap<string, Place>, lanes: readonly Lane[], colours: Colours | undefined): void {
  if (colours !== undefined) save(new Blob([svgOf(graph, places, lanes, colours)], { type: 'image/svg+xml' }), 'network.svg');
}

// The one time range of the UI: relative ("24h") or absolute ("from..to"), as it stands in the URL.

export const relativeRanges = ['1h', '6h', '24h', '7d', '30d'] as const;
export type RelativeRange = (typeof relativeRanges)[number];

export type TimeRange =
  | { kind: 'relative'; range: RelativeRange }
  | { kind: 'absolute'; from: Date; to: Date };

export const defaultRange: TimeRange = { kind: 'relative', range: '24h' };

const hourMs = 3_600_000;
const lengthMs: Record<RelativeRange, number> = {
  '1h': hourMs,
  '6h': 6 * hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
};

export function parseRange(text: string | undefined): TimeRange | undefined {
  if (text === undefined) return undefined;
  const relative = relativeRanges.find((range) => range === text);
  if (relative !== undefined) return { kind: 'relative', range: relative };
  const [first, second, ...rest] = text.split('..');
  if (first === undefined || second === undefined || rest.length > 0) return undefined;
  const from = new Date(first);
  const to = new Date(second);
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to) return undefined;
  return { kind: 'absolute', from, to };
}

export function formatRange(range: TimeRange): string {
  if (range.kind === 'relative') return range.range;
  return `${isoSeconds(range.from)}..${isoSeconds(range.to)}`;
}

/** RFC 3339 in UTC with whole seconds: what the API reads. */
export function isoSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Bounds of a range. A relative range ends at the next full minute, so that a query's key stays the same for a while. */
export function boundsOf(range: TimeRange, now: Date): { from: Date; to: Date } {
  if (range.kind === 'absolute') return { from: range.from, to: range.to };
  const to = new Date(Math.ceil(now.getTime() / 60_000) * 60_000);
  return { from: new Date(to.getTime() - lengthMs[range.range]), to };
}

/** Width of a traffic bucket that gives at most about 240 points, in seconds: only widths the store keeps. */
export function stepOf(from: Date, to: Date): number {
  const spanSeconds = (to.getTime() - from.getTime()) / 1000;
  const steps = [60, 300, 900, 3600, 6 * 3600, 24 * 3600];
  return steps.find((step) => spanSeconds / step <= 240) ?? 24 * 3600;
}

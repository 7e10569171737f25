// What a time chart measures: traffic in bits a second, or how often operations were done in a bucket.
import type { Schemas } from '@/shared/lib/api';
import { formatBitRate, formatBytes, formatCount, type Locale } from '@/shared/lib/format';

import { rates } from './stack';

export type ChartSeries = Schemas['TrafficSeries'] | Schemas['OperationSeries'];
export type ChartLine = ChartSeries['series'][number];

/** The figures of a line, a bucket each; null - no data arrived. */
export function figuresOf(line: ChartLine): (number | null)[] {
  return 'bytes' in line ? line.bytes : line.count;
}

/** The same as the plot shows them. */
export function plottedOf(line: ChartLine, stepSeconds: number): (number | null)[] {
  return 'bytes' in line ? rates(line.bytes, stepSeconds) : line.count;
}

export function totalText(line: ChartLine, locale: Locale): string {
  return 'bytes' in line ? formatBytes(line.total_bytes) : formatCount(line.total_count, locale);
}

export function figureText(line: ChartLine, figure: number, locale: Locale): string {
  return 'bytes' in line ? formatBytes(figure) : formatCount(figure, locale);
}

/** What the value axis may count by: nothing is done half a time. */
export function tickSteps(data: ChartSeries): number[] {
  const [line] = data.series;
  const least = line === undefined || 'bytes' in line ? -3 : 0;
  return Array.from({ length: 16 - least }, (_, place) => 10 ** (place + least)).flatMap((ten) => [ten, 2 * ten, 5 * ten]);
}

/** A value of the plot: of its axis and beside its cursor. */
export function plottedText(data: ChartSeries, value: number, locale: Locale): string {
  const [line] = data.series;
  if (line === undefined || 'bytes' in line) return formatBitRate(value);
  return formatCount(value, locale);
}

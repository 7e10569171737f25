// The two periods that are compared: named pairs that move on with the clock, a moment, or any two.
import { isoSeconds } from '@/shared/lib/time-range';

export const pairs = ['shift', 'day', 'week', 'moment', 'own'] as const;
export type Pair = (typeof pairs)[number];

export interface Period {
  from: Date;
  to: Date;
}
export interface Periods {
  before: Period;
  after: Period;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How long a shift is, and how far a moment is looked at to both sides. */
const shiftMs = 8 * hourMs;

export function parsePeriod(text: string | undefined): Period | undefined {
  const [first, second, ...rest] = text?.split('..') ?? [];
  if (first === undefined || second === undefined || rest.length > 0) return undefined;
  const [from, to] = [new Date(first), new Date(second)];
  return Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to ? undefined : { from, to };
}

export function formatPeriod({ from, to }: Period): string {
  return `${isoSeconds(from)}..${isoSeconds(to)}`;
}

export interface PeriodSearch {
  compare?: Pair;
  /** The moment to compare before and after of. */
  at?: string;
  before?: string;
  after?: string;
}

/** Ends at the next full hour, so that the answer can be kept for a while. */
export function periodsOf(search: PeriodSearch, now: Date): Periods {
  const end = Math.ceil(now.getTime() / hourMs) * hourMs;
  const span = (from: number, to: number): Period => ({ from: new Date(from), to: new Date(to) });
  switch (search.compare ?? 'day') {
    case 'shift':
      return { before: span(end - shiftMs - dayMs, end - dayMs), after: span(end - shiftMs, end) };
    case 'week':
      return { before: span(end - 14 * dayMs, end - 7 * dayMs), after: span(end - 7 * dayMs, end) };
    case 'moment': {
      const asked = new Date(search.at ?? '').getTime();
      const at = Number.isNaN(asked) ? end - dayMs : asked;
      return { before: span(at - dayMs, at), after: span(at, at + dayMs) };
    }
    case 'own': {
      const day = periodsOf({ compare: 'day' }, now);
      return { before: parsePeriod(search.before) ?? day.before, after: parsePeriod(search.after) ?? day.after };
    }
    case 'day':
      return { before: span(end - 2 * dayMs, end - dayMs), after: span(end - dayMs, end) };
  }
}

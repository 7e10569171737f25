// Which hours are compared with which.
import { expect, test } from 'vitest';

import { formatPeriod, periodsOf } from './periods';

const now = new Date('2026-03-10T04:20:00Z');
const texts = (search: Parameters<typeof periodsOf>[0]) => {
  const { before, after } = periodsOf(search, now);
  return [formatPeriod(before), formatPeriod(after)];
};

test('a day, a shift and a week are compared with the one before, to the end of the running hour', () => {
  expect(texts({})).toEqual(['2026-03-08T05:00:00Z..2026-03-09T05:00:00Z', '2026-03-09T05:00:00Z..2026-03-10T05:00:00Z']);
  expect(texts({ compare: 'shift' })).toEqual([
    '2026-03-08T21:00:00Z..2026-03-09T05:00:00Z',
    '2026-03-09T21:00:00Z..2026-03-10T05:00:00Z',
  ]);
  expect(texts({ compare: 'week' })[0]).toBe('2026-02-24T05:00:00Z..2026-03-03T05:00:00Z');
});

test('a moment is looked at to both sides', () => {
  expect(texts({ compare: 'moment', at: '2026-03-05T00:00:00Z' })).toEqual([
    '2026-03-04T00:00:00Z..2026-03-05T00:00:00Z',
    '2026-03-05T00:00:00Z..2026-03-06T00:00:00Z',
  ]);
});

test('own periods that make no sense fall back to a day', () => {
  const own = '2026-03-01T00:00:00Z..2026-03-02T00:00:00Z';
  expect(texts({ compare: 'own', before: own, after: '2026-03-02T00:00:00Z..2026-03-01T00:00:00Z' })).toEqual([own, texts({})[1]]);
});

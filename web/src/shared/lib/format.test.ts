// Numbers and times as people read them.
import { expect, test } from 'vitest';

import { formatAgo, formatAgoWithClock, formatBitRate, formatBytes, formatLocal, parseLocal } from './format';

const now = new Date('2026-11-23T13:17:00Z');

test('bytes keep three figures at most and never show 1000 of a unit', () => {
  expect([0, 999, 1000, 1234, 999_949, 12_345_678, 123_456_789_012].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.2 kB',
    '1.0 MB',
    '12.3 MB',
    '123 GB',
  ]);
  expect(formatBitRate(2_500_000)).toBe('2.5 Mbit/s');
});

test('a moment of today is said with its clock, an older one with its day', () => {
  const recent = new Date('2026-11-23T13:14:00Z');
  const older = new Date('2026-11-20T13:14:00Z');
  expect(formatAgoWithClock(recent, now, 'ja', 'Asia/Tokyo')).toBe('3 分前 (22:14)');
  expect(formatAgoWithClock(recent, now, 'en', 'Asia/Tokyo')).toBe('3m ago (22:14)');
  expect(formatAgoWithClock(older, now, 'ja', 'Asia/Tokyo')).toBe('3 日前 (11月20日 22:14)');
  expect(formatAgoWithClock(older, now, 'en', 'Asia/Tokyo')).toBe('3d ago (20 Nov 22:14)');
});

test('yesterday evening is not mistaken for today', () => {
  const yesterday = new Date('2026-11-22T14:00:00Z');
  expect(formatAgoWithClock(yesterday, now, 'en', 'Asia/Tokyo')).toBe('23h ago (22 Nov 23:00)');
});

test('a clock that runs ahead does not speak of the future', () => {
  expect(formatAgo(new Date('2026-11-23T13:17:30Z'), now, 'en')).toBe('0s ago');
});

test("what is typed in the site's zone means that moment, also across a change of the clocks", () => {
  expect(parseLocal('2026-11-23T22:14', 'Asia/Tokyo')?.toISOString()).toBe('2026-11-23T13:14:00.000Z');
  expect(parseLocal('2026-03-29T03:30', 'Europe/Berlin')?.toISOString()).toBe('2026-03-29T01:30:00.000Z');
  expect(formatLocal(new Date('2026-11-23T13:14:00Z'), 'Asia/Tokyo')).toBe('2026-11-23T22:14');
  expect(parseLocal('yesterday', 'Asia/Tokyo')).toBeUndefined();
});

// The URL as the state of a view.
import { expect, test } from 'vitest';

import { changeFilter, decodeValue, readListSearch } from './list-search';
import { defined, parseSearch, stringifySearch } from './search';
import { boundsOf, formatRange, parseRange } from './time-range';

test('filters, commas and Japanese survive the way through the URL, and it stays readable', () => {
  const text = '?q=%E5%88%B6%E5%BE%A1&sort=-last_seen&columns=name,ips&filter.type=plc&filter.type=!hmi&filter.vendor=';
  const search = parseSearch(text);
  expect(search).toEqual({
    q: '制御',
    sort: '-last_seen',
    columns: 'name,ips',
    filter: { type: ['plc', '!hmi'], vendor: [''] },
  });
  expect(stringifySearch(search)).toBe(text);
  expect(stringifySearch({})).toBe('');
});

test('what a list does not understand in its URL is dropped, not obeyed', () => {
  expect(readListSearch(parseSearch('?sort=name;drop&open=../x&columns=name&density=huge&q=a'))).toEqual({
    columns: 'name',
    q: 'a',
  });
});

test('a filter value is taken in, turned round and taken out', () => {
  const one = changeFilter(undefined, 'type', 'plc', 'include');
  expect(one).toEqual({ type: ['plc'] });
  const turned = changeFilter(one, 'type', 'plc', 'exclude');
  expect(turned).toEqual({ type: ['!plc'] });
  expect(changeFilter(turned, 'type', 'plc', 'remove')).toBeUndefined();
  expect(decodeValue('!plc')).toEqual({ value: 'plc', isExcluded: true });
  expect(decodeValue('!!plc')).toEqual({ value: '!plc', isExcluded: false });
});

test('ranges: relative, absolute, nonsense', () => {
  const now = new Date('2026-11-23T13:17:20Z');
  const relative = parseRange('6h');
  expect(relative && boundsOf(relative, now)).toEqual({
    from: new Date('2026-11-23T07:18:00Z'),
    to: new Date('2026-11-23T13:18:00Z'),
  });
  const absolute = parseRange('2026-11-23T01:00:00Z..2026-11-23T02:00:00Z');
  expect(absolute && formatRange(absolute)).toBe('2026-11-23T01:00:00Z..2026-11-23T02:00:00Z');
  for (const text of ['', '5y', '2026-11-23T02:00:00Z..2026-11-23T01:00:00Z', 'a..b', 'x..y..z']) {
    expect(parseRange(text)).toBeUndefined();
  }
});

test('only what is set stands in the URL', () => {
  expect(defined({ a: 1, b: undefined })).toEqual({ a: 1 });
});

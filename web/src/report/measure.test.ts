// Tables on slides: nothing cut, nothing lost, nothing twice.
import { expect, test } from 'vitest';

import type { Table } from '@/shared/report/document';

import { headerHeight, pages, rowHeights } from './measure';

const table = (rows: string[][]): Table => ({
  kind: 'table',
  columns: [
    { header: '名前', width: 1 },
    { header: '対策', width: 3 },
  ],
  rows,
});

test('a long text takes more lines than a short one, and a full-width text more than a Latin one', () => {
  const [short = 0, long = 0, latin = 0] = rowHeights(
    table([
      ['a', '短い'],
      ['a', '長'.repeat(200)],
      ['a', 'l '.repeat(100)],
    ]),
    10,
  );
  expect(long).toBeGreaterThan(short * 2);
  expect(latin).toBeLessThan(long);
});

test.each([1, 7, 60])('%i rows are on the pages once each, and each page holds what is on it', (count) => {
  const long = table(Array.from({ length: count }, (_, index) => [`端末 ${String(index)}`, '対策を書きます。'.repeat(1 + (index % 9))]));
  const parts = pages(long, 10, 1.5, 4);
  expect(parts.map(({ begin, end }) => [begin, end]).flat().at(-1)).toBe(count);
  let next = 0;
  parts.forEach(({ begin, end, heights }, index) => {
    expect(begin).toBe(next);
    next = end;
    if (end > begin) expect(headerHeight(long, 10) + heights.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(index === 0 ? 1.5 : 4);
  });
});

test('a row taller than a page has a page of its own', () => {
  expect(pages(table([['a', '長'.repeat(5000)]]), 10, 4, 4).filter(({ begin, end }) => end > begin)).toHaveLength(1);
});

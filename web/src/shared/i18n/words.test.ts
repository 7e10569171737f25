// Both languages say the same things: no key stands in one of them only.
import { expect, test } from 'vitest';

import en from './en.json';
import ja from './ja.json';
import enPages from './en/pages.json';
import jaPages from './ja/pages.json';
import reportEn from './report-en.json';
import reportJa from './report-ja.json';

/** English tells one from many; Japanese does not. */
function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keysOf(value as object, `${before}${key}.`) : [`${before}${key}`.replace(/_(one|other)$/, '')],
  );
}

test.each([
  ['words', ja, en],
  ['pages', jaPages, enPages],
  ['reports', reportJa, reportEn],
])('Japanese and English have the same keys: %s', (_, japanese, english) => {
  expect([...new Set(keysOf(english))].sort()).toEqual([...new Set(keysOf(japanese))].sort());
});

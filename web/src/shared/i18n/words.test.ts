// Both languages say the same things: no key stands in one of them only.
import { expect, test } from 'vitest';

import en from './en.json';
import ja from './ja.json';

/** English tells one from many; Japanese does not. */
function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keysOf(value as object, `${before}${key}.`) : [`${before}${key}`.replace(/_(one|other)$/, '')],
  );
}

test('Japanese and English have the same keys', () => {
  expect([...new Set(keysOf(en))].sort()).toEqual([...new Set(keysOf(ja))].sort());
});

// What a browser loads for a page stays under 200 kB of script and style (the first page and every other one), compressed as
// the cloud sends it to a browser over TLS: with Brotli.
import { existsSync, readFileSync, statSync } from 'node:fs';

import { expect, test } from 'vitest';

const limit = 200_000;
const dist = new URL('../../dist/', import.meta.url);

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  isEntry?: boolean;
}

/** A chunk with all it imports at once. */
function filesOf(manifest: Record<string, Chunk>, key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (chunk === undefined || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const one of chunk.imports ?? []) filesOf(manifest, one, seen);
  return seen;
}

/** As it is sent: a small file is not worth compressing. */
function sent(file: string): number {
  const compressed = new URL(`${file}.br`, dist);
  return statSync(existsSync(compressed) ? compressed : new URL(file, dist)).size;
}

test.skipIf(!existsSync(new URL('.vite/manifest.json', dist)))('every page is light', () => {
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8')) as Record<string, Chunk>;
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true) ?? '';
  const pages = Object.keys(manifest).filter((key) => /^src\/features\/.*-page\.tsx$/.test(key));
  expect(pages.length).toBeGreaterThan(7);
  for (const page of pages) {
    const files = filesOf(manifest, entry);
    filesOf(manifest, 'src/shared/i18n/ja.json', files);
    filesOf(manifest, page, files);
    const bytes = [...files].reduce((sum, file) => sum + sent(file), 0);
    expect(bytes, `${page} loads ${String(bytes)} bytes`).toBeLessThan(limit);
  }
});

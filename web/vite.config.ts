// How the web is built and tested; see README.md. Nothing is inlined: the cloud serves it under `default-src 'self'`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const cloud = process.env['OSECT_CLOUD'] ?? 'http://127.0.0.1:8080';

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

/** Tells early.js which files a page and a language need beside what index.html names itself. */
function early(): Plugin {
  return {
    name: 'early',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      const manifest = JSON.parse(readFileSync(join(dir, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
      const filesOf = (key: string, seen: Set<string>): Set<string> => {
        const chunk = manifest[key];
        if (chunk === undefined || seen.has(chunk.file)) return seen;
        for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
        for (const one of chunk.imports ?? []) filesOf(one, seen);
        return seen;
      };
      const known = filesOf('index.html', new Set());
      const files = Object.fromEntries(
        Object.keys(manifest).flatMap((key) => {
          const name = /^src\/features\/.*\/(\w+)-page\.tsx$/.exec(key)?.[1] ?? /^src\/shared\/i18n\/(\w+)\.json$/.exec(key)?.[1];
          return name === undefined ? [] : [[name, [...filesOf(key, new Set())].filter((file) => !known.has(file))]];
        }),
      );
      const path = join(dir, 'early.js');
      writeFileSync(path, readFileSync(path, 'utf8').replace('var files = {};', `var files = ${JSON.stringify(files)};`));
    },
  };
}

/**
 * `virtual:protocol-names`: what the sensor's protocols are called, from the table that is written from its dissectors, so that
 * a protocol that comes to the sensor has its name here without anyone thinking of it. What a name explains in brackets is left
 * out.
 */
export function protocolNames(): Plugin {
  const id = 'virtual:protocol-names';
  const source = fileURLToPath(new URL('../docs/protocols.md', import.meta.url));
  return {
    name: 'protocol-names',
    resolveId: (asked) => (asked === id ? `\0${id}` : undefined),
    load(asked) {
      if (asked !== `\0${id}`) return undefined;
      this.addWatchFile(source);
      const rows = readFileSync(source, 'utf8').matchAll(/^\| ([^|]+) \| `([^`]+)` \|/gm);
      const names = Object.fromEntries([...rows].map(([, name = '', key = '']) => [key, name.replace(/ \(.*\)$/, '').trim()]));
      return `export const protocolNames = ${JSON.stringify(names)};`;
    },
  };
}

/** Leaves compressed copies beside the files; the cloud serves them as they are. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const entry of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(entry)) continue;
        const content = readFileSync(join(dir, entry));
        if (content.length < 1024) continue;
        writeFileSync(join(dir, `${entry}.br`), brotliCompressSync(content));
        writeFileSync(join(dir, `${entry}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

// eslint-disable-next-line no-restricted-syntax -- Vite reads its configuration from the default export
export default defineConfig({
  plugins: [react(), protocolNames(), early(), compressed()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': cloud } },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    manifest: true,
    modulePreload: { polyfill: false },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});

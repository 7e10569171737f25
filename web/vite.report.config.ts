// How the program that draws reports is built: one file for Node.js 18.20 (Debian 12's), with everything it needs inside.
import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

import { protocolNames } from './vite.config';

export default defineConfig({
  plugins: [protocolNames()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'src/report/main.ts',
    outDir: 'dist-report',
    target: 'node18',
    copyPublicDir: false,
    rollupOptions: { output: { entryFileNames: 'report.mjs', inlineDynamicImports: true } },
  },
});

// What the web's code may import and how it is written; docs/architecture.md, "Web".
import { readdirSync } from 'node:fs';

import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const features = readdirSync(new URL('./src/features', import.meta.url));

// An import zone: files under `folder` may not import what matches `group`.
const zone = (folder, group, message) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default [
  { ignores: ['dist', 'dist-report', 'node_modules', 'src/gen'] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  hooks.configs.flat.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  ...features.map((feature) =>
    zone(
      `features/${feature}`,
      ['@/app/**', ...features.filter((other) => other !== feature).map((f) => `@/features/${f}/**`), '../../*'],
      'A feature imports only itself and shared/.',
    ),
  ),
  zone('shared', ['@/app/**', '@/features/**', '**/features/**'], 'shared/ knows no feature.'),
];

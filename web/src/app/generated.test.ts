// The types of the API are those of cloud/api/openapi.yaml: `npm run generate` after it has changed.
import { readFileSync } from 'node:fs';

import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';

test('gen/api.ts is what openapi.yaml says', async () => {
  const source = new URL('../../../cloud/api/openapi.yaml', import.meta.url);
  const fresh = astToString(await openapiTS(source));
  const stored = readFileSync(new URL('../gen/api.ts', import.meta.url), 'utf8');
  // The command line puts a notice above the types.
  expect(stored.slice(stored.indexOf('export interface paths')).trim()).toBe(fresh.trim());
});

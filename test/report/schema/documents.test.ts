import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { generateSchemas } from '../../../src/report/schema/documents.ts';

it.each(generateSchemas())('schemas/%s is what the definitions say', (file, content) => {
  expect(readFileSync(new URL(`../../../schemas/${file}`, import.meta.url), 'utf8')).toBe(content);
});

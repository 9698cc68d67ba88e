import { mkdirSync, writeFileSync } from 'node:fs';

import { generateSchemas } from '../src/report/schema/documents.ts';

/** Writes `schemas/` anew from the definitions in `src/report/schema/`. Run with `npx tsx scripts/schemas.ts`. */
const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [file, content] of generateSchemas()) writeFileSync(new URL(file, folder), content);

import { z } from 'zod';

import { analysisSchema } from './analysis.ts';
import { decodeSchema } from './decode.ts';
import { keysSchema } from './keys.ts';
import { logDocumentSchema } from './log.ts';
import { predictionSchema } from './prediction.ts';

/** Every output document that has a schema: the file's name in `schemas/`, and what it is generated from. */
const documents: Readonly<Record<string, z.ZodType>> = {
  'analysis.schema.json': analysisSchema,
  'decode.schema.json': decodeSchema,
  'keys.schema.json': keysSchema,
  'log.schema.json': logDocumentSchema,
  'prediction.schema.json': predictionSchema,
};

/** File name and content of every JSON Schema, as they stand in `schemas/`. */
export function generateSchemas(): readonly (readonly [string, string])[] {
  return Object.entries(documents).map(([file, schema]) => {
    const json = z.toJSONSchema(schema, { target: 'draft-2020-12' });
    return [file, `${JSON.stringify(json, null, 2)}\n`] as const;
  });
}

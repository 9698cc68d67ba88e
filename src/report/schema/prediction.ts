import { z } from 'zod';

import type { PredictionDocument } from '../predict/document.ts';
import { findingSchema } from './analysis.ts';

/** `ike-autopsy/prediction@1`. Only for who validates or generates. */

const text = z.string();
const name = text.nullable();
const line = z.int().min(1);
const verification = z.enum(['passes', 'fails', 'none', 'unknown']);

const router = z.strictObject({
  name,
  inputs: z.array(text),
  keyrings: z.array(
    z.strictObject({
      name: text,
      vrf: name,
      entries: z.array(
        z.strictObject({ kind: text, address: text, mask: name, keyToken: text, line }),
      ),
      line,
    }),
  ),
  profiles: z.array(
    z.strictObject({ name: text, keyrings: z.array(text), matches: z.array(text), line }),
  ),
});

const chosen = {
  requestedProfile: name,
  keyring: name,
  entry: name,
  matchedProfile: name,
  verification,
};

const selection = z.strictObject({
  router: name,
  role: z.enum(['initiator', 'responder']),
  peer: text,
  tunnel: text.exactOptional(),
  fvrf: name,
  ...chosen,
  rules: z.array(text),
  candidates: z.array(z.strictObject({ keyring: text, entry: text, lost: text, line })),
  branches: z.array(z.strictObject({ rule: text, source: text, ...chosen })).exactOptional(),
});

const direction = z.strictObject({
  initiator: name,
  responder: name,
  tunnel: name,
  outcome: z.enum(['up', 'fails', 'unknown']),
  failingStep: name,
  finding: name,
  why: text,
});

export const predictionSchema: z.ZodType<PredictionDocument> = z
  .strictObject({
    schema: z.literal('ike-autopsy/prediction@1'),
    routers: z.array(router),
    selections: z.array(selection),
    directions: z.array(direction),
    findings: z.array(findingSchema),
  })
  .meta({ title: 'ike-autopsy prediction' });

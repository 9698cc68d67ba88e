import { z } from 'zod';

import type { KeysDocument } from '../keys/document.ts';

/** `ike-autopsy/keys@1`. Only for who validates or generates. */

const text = z.string();
const name = text.nullable();
const octet = z.int().min(0).max(255);
const frame = z.int().min(1);
const hex = text.regex(/^(?:[0-9a-f]{2})*$/);
const side = z.enum(['initiator', 'responder']);
const token = text.regex(/^(?:<key#\d+>)?$/);
const end = z.strictObject({
  address: text,
  port: z.int().min(0).max(65535),
  cookie: text.regex(/^[0-9a-f]{16}$/),
});

const candidate = z.strictObject({
  label: text,
  token,
  router: name,
  keyring: name,
  scope: name,
  input: name,
  line: z.int().min(1).nullable(),
  /** Only with `--show-secrets`. */
  psk: text.exactOptional(),
});

const provenKey = z
  .strictObject({
    token,
    labels: z.array(text),
    keyrings: z.array(z.strictObject({ router: name, keyring: text })),
    keyring: name,
  })
  .nullable();

const exchange = z.strictObject({
  id: text.regex(/^x\d+$/),
  capture: z.int().min(0),
  version: z.union([z.literal(1), z.literal(2)]),
  mode: z.enum(['main', 'aggressive', 'base', 'quick', 'informational', 'ikev2', 'unknown']),
  initiator: end,
  responder: end,
  status: z.enum(['decrypted', 'no-key-material', 'no-candidate-fits', 'not-encrypted']),
  why: text,
  proven: z.strictObject({ initiator: provenKey, responder: provenKey }),
  matrix: z.array(
    z.strictObject({
      side,
      candidate: text,
      token,
      verdict: z.enum(['verified', 'refuted', 'not-testable']),
      by: name,
      frame: frame.nullable(),
      why: text,
    }),
  ),
  messages: z.array(
    z.strictObject({
      frame,
      step: text,
      direction: z.enum(['i2r', 'r2i']).nullable(),
      decrypted: z.boolean(),
      verified: z.boolean(),
      check: name,
      keyOf: side.nullable(),
      firstBlockLost: z.boolean(),
      by: name,
      reason: name,
      why: name,
    }),
  ),
  garbage: z.array(
    z.strictObject({
      frame,
      candidate: text,
      reserved: octet,
      nextPayload: octet,
      payloadLength: z.int().min(0).max(65535),
      firstOctets: hex,
      trueOctets: hex.nullable(),
    }),
  ),
});

export const keysSchema: z.ZodType<KeysDocument> = z.strictObject({
  schema: z.literal('ike-autopsy/keys@1'),
  candidates: z.array(candidate),
  exchanges: z.array(exchange),
});

import { z } from 'zod';

import type { LogNegotiation, LogPacket } from '../../model/log.ts';
import type { EventRow, logSchema as schemaName } from '../log/document.ts';

/** `ike-autopsy/log@1`. Only for who validates or generates. */

const text = z.string();
const name = text.nullable();
const count = z.int().min(0);
/** Lines count from 1. */
const line = z.int().min(1);
const number = z.union([z.number(), text]);
const connId = number.nullable();

const place = z.strictObject({
  input: text,
  line: line.exactOptional(),
  frame: line.exactOptional(),
  offset: count.exactOptional(),
});

const input = z.strictObject({
  id: text,
  path: text,
  lines: count,
  events: count,
  generation: name,
  routers: z.array(z.strictObject({ name, basis: text, addresses: z.array(text) })),
  anomalies: z.array(z.strictObject({ place, code: text, text })),
  unmatched: z.array(
    z.strictObject({
      shape: text,
      count: line,
      firstLine: line,
      kind: z.enum(['annotation', 'unknown-message']),
      example: text,
    }),
  ),
});

const event = z.strictObject({
  input: text,
  line,
  lastLine: line,
  router: name,
  time: name,
  written: name,
  clock: z.enum(['authoritative', 'not-authoritative', 'lost-sync', 'uptime']).nullable(),
  connId,
  message: text,
  fields: z.record(text, number),
  text,
}) satisfies z.ZodType<EventRow>;

const step = z.enum([
  'sa-request',
  'mm1',
  'mm2',
  'mm3',
  'mm4',
  'mm5',
  'mm6',
  'am1',
  'am2',
  'am3',
  'auth',
]);

const packet = z.strictObject({
  line,
  direction: z.enum(['sent', 'received']),
  peer: text,
  localPort: count.nullable(),
  peerPort: count.nullable(),
  state: text,
  retransmission: z.boolean(),
  notification: z.literal(true).exactOptional(),
  time: name,
}) satisfies z.ZodType<Omit<LogPacket, 'time'>>;

const identity = z.strictObject({ type: text, value: text, line }).nullable();

const negotiation = z.strictObject({
  id: text,
  input: text,
  router: name,
  speaker: count,
  role: z.enum(['initiator', 'responder']),
  ikeVersion: z.union([z.literal(1), z.literal(2)]),
  assumed: z.array(z.enum(['role', 'ikeVersion'])).exactOptional(),
  exchange: z.enum(['main', 'aggressive', 'ikev2']),
  localAddress: name,
  peerAddress: name,
  fvrf: name,
  connId,
  initiatorCookie: name,
  responderCookie: name,
  auth: name,
  transform: z
    .strictObject({
      encryption: name,
      hash: name,
      group: number.nullable(),
      auth: name,
      lifeSeconds: z.number().nullable(),
    })
    .nullable(),
  policyMatched: z.strictObject({ transform: z.number(), priority: z.number(), line }).nullable(),
  policyRejections: z.array(
    z.strictObject({
      transform: z.number(),
      priority: z.number(),
      attribute: z.enum([
        'encryption',
        'key-length',
        'hash',
        'dh-group',
        'authentication',
        'lifetime',
      ]),
      line,
    }),
  ),
  keyringSelections: z.array(
    z.strictObject({
      step,
      keyring: name,
      entry: text.exactOptional(),
      peerBlock: text.exactOptional(),
      line,
    }),
  ),
  saRequestProfile: z.strictObject({ name, line }).exactOptional(),
  profileMatched: z.strictObject({ name, step, line }).exactOptional(),
  statePath: z.array(text),
  qmStatePath: z.array(text),
  packetStates: z.array(text),
  packets: z.array(packet),
  peerIdentity: identity,
  ownIdentity: identity,
  natFound: z.boolean().nullable(),
  messageIds: z.array(count),
  spis: z.array(count),
  proxies: z.strictObject({ local: text, remote: text, line }).nullable(),
  deleteReason: z.strictObject({ text, line }).nullable(),
  evidenceLines: z.array(line),
  firstLine: line,
  lastLine: line,
  firstTime: name,
  lastTime: name,
  events: count,
  phase1: z.enum(['complete', 'failed', 'incomplete', 'not-started']),
  phase2: z.enum(['complete', 'failed', 'not-reached', 'incomplete']),
  outcome: z.enum(['established', 'failed', 'incomplete']),
  failingStep: name,
  verdict: text,
}) satisfies z.ZodType<Omit<LogNegotiation, 'packets' | 'firstTime' | 'lastTime' | 'events'>>;

export const logDocumentSchema: z.ZodType = z.strictObject({
  schema: z.literal('ike-autopsy/log@1' satisfies typeof schemaName),
  tool: z.strictObject({ name: text, version: text }),
  inputs: z.array(input),
  negotiations: z.array(negotiation),
  events: z.array(event),
});

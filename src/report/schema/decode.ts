import { z } from 'zod';

import type { CaptureRecord, DecodeDocument, MessageRecord } from '../decode/document.ts';
import type { Named, TransformRecord } from '../decode/names.ts';

/** `ike-autopsy/decode@1`. Only for who validates or generates: `decode` itself does not load zod. */

const text = z.string();
const count = z.int().min(0);
/** Frames count from 1. */
const frame = z.int().min(1);
const frames = z.array(frame);
const octet = z.int().min(0).max(255);
const hex = text.regex(/^(?:[0-9a-f]{2})*$/);
const cookie = text.regex(/^[0-9a-f]{16}$/);
const port = z.int().min(0).max(65535);
const direction = z.enum(['i2r', 'r2i']).nullable();
const side = z.enum(['initiator', 'responder']);
const named = z.strictObject({
  value: count,
  name: text.nullable(),
}) satisfies z.ZodType<Named>;
const endpoint = z.strictObject({ address: text, port });
const anomaly = z.strictObject({ code: text, offset: count, text });

const capture = z.strictObject({
  path: text,
  sha256: text.regex(/^[0-9a-f]{64}$/).nullable(),
  format: z.enum(['pcap', 'pcapng', 'hexdump']),
  linkTypes: z.array(count),
  packets: count,
  ikeMessages: count,
  firstTime: text.nullable(),
  lastTime: text.nullable(),
  keepaliveFrames: frames,
  comments: z.array(text),
  anomalies: z.array(anomaly.extend({ frame: frame.nullable() })),
  omitted: z.array(z.strictObject({ code: text, count: frame })),
}) satisfies z.ZodType<CaptureRecord>;

const attributes = z.record(text, z.union([text, z.number()]));

const transform = z.strictObject({
  /** IKEv1. */
  number: octet.exactOptional(),
  /** IKEv2. */
  type: named.exactOptional(),
  id: named,
  attributes,
});

const proposal = z.strictObject({
  number: octet,
  protocol: named,
  spi: hex,
  transforms: z.array(transform),
});

/** What the kinds of payload hold beside these stands in further fields. */
const payload = z.looseObject({
  type: octet,
  name: text.nullable(),
  offset: count,
  length: port,
  critical: z.boolean().exactOptional(),
  data: hex.exactOptional(),
  vendor: text.nullable().exactOptional(),
  proposals: z.array(proposal).exactOptional(),
  idType: named.exactOptional(),
  value: text.exactOptional(),
  notifyType: named.exactOptional(),
  spi: hex.exactOptional(),
  spis: z.array(hex).exactOptional(),
  subject: text.nullable().exactOptional(),
  issuer: text.nullable().exactOptional(),
  selectors: z.array(z.looseObject({ text })).exactOptional(),
  attributes: z
    .array(z.strictObject({ type: count, name: text.nullable(), value: z.union([text, count]) }))
    .exactOptional(),
  of: z.enum(['source', 'destination']).exactOptional(),
  fits: z.boolean().nullable().exactOptional(),
});

const flags = z.union([
  z.strictObject({ encrypted: z.boolean(), commit: z.boolean(), authentication: z.boolean() }),
  z.strictObject({ initiator: z.boolean(), response: z.boolean(), version: z.boolean() }),
]);

const message = z.strictObject({
  capture: count,
  frame,
  time: text.nullable(),
  src: endpoint,
  dst: endpoint,
  transport: z.enum(['udp', 'tcp']),
  nonEspMarker: z.boolean(),
  fragmentFrames: frames,
  initiatorCookie: cookie,
  responderCookie: cookie,
  version: text.regex(/^\d+\.\d+$/),
  exchangeType: named,
  flags,
  messageId: text.regex(/^[0-9a-f]{8}$/),
  length: count,
  step: text,
  exchange: text,
  direction,
  retransmissionOf: frame.nullable(),
  copyOf: frame.nullable(),
  partOf: frame.nullable(),
  encrypted: z.boolean(),
  decrypted: z
    .strictObject({
      by: text,
      verified: z.boolean(),
      check: text.nullable(),
      keyOf: side.nullable(),
      firstBlockLost: z.boolean(),
    })
    .nullable(),
  opaque: z.strictObject({ reason: text, why: text }).nullable(),
  inference: text.nullable(),
  payloads: z.array(payload),
  anomalies: z.array(anomaly),
}) satisfies z.ZodType<Omit<MessageRecord, 'payloads'>>;

const nameOrNumber = z.union([text, count]).nullable();

const negotiated = z.strictObject({
  encryption: nameOrNumber,
  keyLength: count.nullable(),
  hash: nameOrNumber,
  integrity: nameOrNumber,
  prf: nameOrNumber,
  group: count.nullable(),
  groupName: text.nullable(),
  authentication: nameOrNumber,
  lifeSeconds: count.nullable(),
  lifeKilobytes: count.nullable(),
}) satisfies z.ZodType<TransformRecord>;

const exchange = z.strictObject({
  id: text.regex(/^x\d+$/),
  version: z.union([z.literal(1), z.literal(2)]),
  mode: text,
  initiator: endpoint.extend({ cookie }),
  responder: endpoint.extend({ cookie }),
  frames,
  offered: z.array(negotiated),
  transform: negotiated.nullable(),
  natDetected: z.boolean().nullable(),
  nat: z.strictObject({
    initiatorTranslated: z.boolean().nullable(),
    responderTranslated: z.boolean().nullable(),
  }),
  retransmissions: frames,
  copies: frames,
  notifications: z.array(z.strictObject({ frame, direction, type: named, protected: z.boolean() })),
  keys: z.strictObject({
    status: z.enum(['decrypted', 'no-key-material', 'no-candidate-fits', 'not-encrypted']),
    psk: z.strictObject({ fits: z.boolean(), label: text }).exactOptional(),
    initiatorPsk: text.nullable(),
    responderPsk: text.nullable(),
    why: text,
  }),
  completed: z.boolean(),
  startedBefore: z.boolean(),
  stop: z.strictObject({
    lastStep: text.nullable(),
    lastFrame: frame.nullable(),
    expected: text.nullable(),
    silent: side.nullable(),
    repeating: side.nullable(),
    insteadFrames: frames,
    resends: z.array(
      z.strictObject({ frame, afterMs: z.int().nullable(), gapMs: z.int().nullable() }),
    ),
  }),
  verdict: text,
});

export const decodeSchema: z.ZodType = z.strictObject({
  schema: z.literal('ike-autopsy/decode@1' satisfies DecodeDocument['schema']),
  captures: z.array(capture),
  messages: z.array(message),
  exchanges: z.array(exchange),
});

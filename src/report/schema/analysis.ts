import { z } from 'zod';

import type { Finding } from '../../model/finding.ts';
import type {
  AnalysisReport,
  Decision,
  Excerpts,
  InputRecord,
  Negotiation,
  RouterRecord,
  TimelineItem,
  TreeNode,
} from '../../model/report.ts';

/**
 * `ike-autopsy/analysis@1`. Only for who validates or generates: nothing on the way of an analysis imports this module,
 * so that zod is not loaded for it.
 */

const count = z.int().min(0);
/** Lines and frames count from 1. */
const ordinal = z.int().min(1);
const names = z.array(z.string());

const inputAnomaly = z.strictObject({
  code: z.string(),
  text: z.string(),
  line: ordinal.exactOptional(),
  frame: ordinal.exactOptional(),
  offset: count.exactOptional(),
});
const inputAnomalies = z.array(inputAnomaly);

const inputKind = z.enum(['capture', 'ios-debug', 'ios-config', 'ios-show', 'key-material']);

const input = z.strictObject({
  id: z.string(),
  path: z.string(),
  kind: inputKind,
  bytes: count,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  router: z.string().exactOptional(),
  counts: z.record(z.string(), z.number()),
  anomalies: inputAnomalies,
  clock: z
    .strictObject({ offsetMs: z.number(), jitterMs: z.number(), basis: z.string() })
    .exactOptional(),
}) satisfies z.ZodType<InputRecord>;

const router = z.strictObject({
  name: z.string().nullable(),
  addresses: names,
  inputs: names,
  clock: z.strictObject({
    offsetMs: z.number().nullable(),
    jitterMs: z.number().nullable(),
    basis: z.string(),
    steps: z
      .array(
        z.strictObject({
          input: z.string(),
          line: z.number(),
          byMs: z.number(),
          isMeasured: z.boolean(),
          or: z
            .strictObject({
              router: z.string().nullable(),
              input: z.string(),
              line: z.number(),
              byMs: z.number(),
            })
            .exactOptional(),
        }),
      )
      .exactOptional(),
  }),
}) satisfies z.ZodType<RouterRecord>;

const side = z.enum(['initiator', 'responder']);
const keyringStep = z.enum([
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

const decision = z.strictObject({
  step: z.union([keyringStep, z.enum(['qm1', 'qm2'])]),
  side,
  what: z.enum(['keyring', 'profile', 'verification', 'phase2-profile']),
  expected: z
    .strictObject({
      value: z.string(),
      rule: z.string(),
      input: z.string(),
      basis: ordinal,
    })
    .exactOptional(),
  observed: z.strictObject({ value: z.string(), input: z.string(), line: ordinal }).exactOptional(),
  proven: z
    .strictObject({ value: z.string(), input: z.string(), frame: ordinal, how: z.string() })
    .exactOptional(),
  verdict: z.enum(['agrees', 'diverges', 'unknown']),
}) satisfies z.ZodType<Decision>;

const timelineItem = z.strictObject({
  time: z.string().nullable(),
  clock: z.string(),
  referenceMs: z.number().nullable(),
  kind: z.string(),
  text: z.string(),
  input: z.string(),
  line: ordinal.exactOptional(),
  frame: ordinal.exactOptional(),
  step: z.string().exactOptional(),
  direction: z.enum(['sent', 'received']).exactOptional(),
  state: z.string().exactOptional(),
}) satisfies z.ZodType<TimelineItem>;

const transform = z.strictObject({
  encryption: z.string().nullable(),
  hash: z.string().nullable(),
  group: z.union([z.string(), z.number()]).nullable(),
  auth: z.string().nullable(),
  lifeSeconds: z.number().nullable(),
});

const policyRejection = z.strictObject({
  transform: count,
  priority: count,
  attribute: z.enum(['encryption', 'key-length', 'hash', 'dh-group', 'authentication', 'lifetime']),
  line: ordinal,
});

const keys = z.strictObject({
  status: z.string(),
  why: z.string(),
  initiatorPsk: z.string().nullable(),
  responderPsk: z.string().nullable(),
  identities: z.array(
    z.strictObject({
      step: z.string(),
      frame: ordinal,
      type: z.string(),
      value: z.string(),
      hash: z.string().nullable(),
      hashVerifies: z.boolean().nullable(),
    }),
  ),
});

const negotiation = z.strictObject({
  id: z.string(),
  router: z.string().nullable(),
  role: side,
  pairedWith: names,
  pairedBy: names,
  ikeVersion: z.literal([1, 2]),
  assumed: z.array(z.enum(['role', 'ikeVersion'])).exactOptional(),
  exchange: z.enum(['main', 'aggressive', 'ikev2']),
  localAddress: z.string().nullable(),
  peerAddress: z.string().nullable(),
  fvrf: z.string().nullable(),
  connId: z.union([z.number(), z.string()]).nullable(),
  initiatorCookie: z.string().exactOptional(),
  responderCookie: z.string().exactOptional(),
  frames: z.array(ordinal),
  auth: z.string().nullable(),
  transform: transform.nullable(),
  policyMatched: z.strictObject({ transform: count, priority: count, line: ordinal }).nullable(),
  policyRejections: z.array(policyRejection),
  keyringSelections: z.array(
    z.strictObject({
      step: keyringStep,
      keyring: z.string().nullable(),
      entry: z.string().exactOptional(),
      peerBlock: z.string().exactOptional(),
      line: ordinal,
    }),
  ),
  saRequestProfile: z.strictObject({ name: z.string().nullable(), line: ordinal }).exactOptional(),
  profileMatched: z
    .strictObject({ name: z.string().nullable(), step: keyringStep, line: ordinal })
    .exactOptional(),
  decisions: z.array(decision),
  divergence: z.strictObject({ step: z.string(), text: z.string() }).nullable(),
  statePath: names,
  qmStatePath: names,
  packetStates: names,
  phase1: z.enum(['complete', 'failed', 'incomplete', 'not-started']),
  phase2: z.enum(['complete', 'failed', 'not-reached', 'incomplete']),
  outcome: z.enum(['established', 'failed', 'incomplete']),
  failingStep: z.string().nullable(),
  verdict: z.string(),
  evidenceLines: z.array(ordinal),
  keys: keys.nullable(),
  timeline: z.array(timelineItem),
}) satisfies z.ZodType<Negotiation>;

/** Also used by `ike-autopsy/prediction@1`. */
export const findingSchema: z.ZodType<Finding> = z.strictObject({
  id: z.string(),
  severity: z.enum(['failure', 'warning', 'note']),
  confidence: z.enum(['proven', 'observed', 'inferred', 'predicted']),
  negotiations: names,
  title: z.string(),
  explanation: z.string(),
  evidence: z.array(
    z.strictObject({
      input: z.string(),
      line: ordinal.exactOptional(),
      frame: ordinal.exactOptional(),
      offset: count.exactOptional(),
      text: z.string(),
    }),
  ),
  remedies: z.array(
    z.strictObject({
      text: z.string(),
      router: z.string().exactOptional(),
      config: z.string().exactOptional(),
      verified: z.boolean(),
    }),
  ),
  settle: names,
  references: names,
});

const treeNode: z.ZodType<TreeNode> = z.strictObject({
  label: z.string(),
  value: z.string().exactOptional(),
  offset: count.exactOptional(),
  length: count.exactOptional(),
  children: z.lazy(() => z.array(treeNode)).exactOptional(),
});

const line = z.strictObject({
  input: z.string(),
  line: ordinal,
  text: z.string(),
  means: z.string().nullable(),
  negotiation: z.string().nullable(),
});

const excerpts = z.strictObject({
  frames: z.array(
    z.strictObject({
      input: z.string(),
      frame: ordinal,
      time: z.string().nullable(),
      src: z.string(),
      dst: z.string(),
      step: z.string(),
      direction: z.enum(['i2r', 'r2i']).nullable(),
      length: count,
      encrypted: z.boolean(),
      decryptedBy: z.string().nullable(),
      opaqueWhy: z.string().nullable(),
      retransmissionOf: ordinal.nullable(),
      copyOf: ordinal.nullable(),
      exchange: z.string(),
      summary: z.string(),
      tree: z.array(treeNode),
      anomalies: inputAnomalies,
    }),
  ),
  logLines: z.array(line),
  configLines: z.array(line),
  unmatched: z.array(
    z.strictObject({
      input: z.string(),
      kind: z.enum(['annotation', 'unknown-message', 'unknown-command']),
      shape: z.string(),
      count,
      firstLine: ordinal,
      example: z.string(),
    }),
  ),
  omitted: z.strictObject({ frames: count, logLines: count }),
}) satisfies z.ZodType<Excerpts>;

export const analysisSchema: z.ZodType<AnalysisReport> = z
  .strictObject({
    schema: z.literal('ike-autopsy/analysis@1'),
    tool: z.strictObject({ name: z.literal('ike-autopsy'), version: z.string() }),
    inputs: z.array(input),
    routers: z.array(router),
    negotiations: z.array(negotiation),
    findings: z.array(findingSchema),
    verdict: z.strictObject({
      finding: z.string().nullable(),
      negotiation: z.string().nullable(),
      summary: z.string(),
    }),
    excerpts,
  })
  .meta({ title: 'ike-autopsy/analysis@1', description: 'The result of `ike-autopsy analyze`.' });

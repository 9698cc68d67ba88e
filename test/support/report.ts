import type { Finding } from '../../src/model/finding.ts';
import type {
  AnalysisReport,
  Decision,
  FrameExcerpt,
  LineExcerpt,
  Negotiation,
  TimelineItem,
  TreeNode,
} from '../../src/model/report.ts';

/**
 * Reports as the analysis of two routers with two keyrings each would make them: R2 initiates, R1 takes keyring1 at
 * MM3 and keyring2 after MM5. Made by hand, for reporters to draw.
 */

export const R1 = '192.168.0.1';
export const R2 = '192.168.0.2';

const START = Date.UTC(2024, 5, 19, 12, 28, 44, 250);

const iso = (ms: number): string => new Date(START + ms).toISOString();

const sha256 = (digit: string): string => digit.repeat(64);

const R1_LOG: readonly (readonly [string, string | null])[] = [
  ['received packet from 192.168.0.2 dport 500 sport 500 Global (N) NEW SA', 'packet received'],
  ['ISAKMP:(0):Found ADDRESS key in keyring keyring1', 'key found in a keyring'],
  ['ISAKMP:(0):Old State = IKE_READY  New State = IKE_R_MM1', 'state change'],
  ['sending packet to 192.168.0.2 my_port 500 peer_port 500 (R) MM_SA_SETUP', 'packet sent'],
  ['ISAKMP:(0):Old State = IKE_R_MM1  New State = IKE_R_MM2', 'state change'],
  [
    'received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_SA_SETUP',
    'packet received',
  ],
  ['ISAKMP:(0):Old State = IKE_R_MM2  New State = IKE_R_MM3', 'state change'],
  ['ISAKMP:(0):Found ADDRESS key in keyring keyring1', 'key found in a keyring'],
  ['sending packet to 192.168.0.2 my_port 500 peer_port 500 (R) MM_KEY_EXCH', 'packet sent'],
  ['ISAKMP:(1012):Old State = IKE_R_MM3  New State = IKE_R_MM4', 'state change'],
  [
    'received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_KEY_EXCH',
    'packet received',
  ],
  ['ISAKMP:(1012):Old State = IKE_R_MM4  New State = IKE_R_MM5', 'state change'],
  ['ISAKMP:(0):: peer matches profile2 profile', 'profile matched'],
  ['ISAKMP:(1012):Found ADDRESS key in keyring keyring2', 'key found in a keyring'],
  ['ISAKMP:(1012):Key not found in keyrings of profile , aborting exchange', 'verification failed'],
  ['ISAKMP (1012): FSM action returned error: 2', null],
];

const R2_LOG: readonly (readonly [string, string | null])[] = [
  ['ISAKMP:(0): SA request profile is profile1', 'profile requested'],
  ['ISAKMP:(0):Found ADDRESS key in keyring keyring1', 'key found in a keyring'],
  ['sending packet to 192.168.0.1 my_port 500 peer_port 500 (I) MM_NO_STATE', 'packet sent'],
  [
    'received packet from 192.168.0.1 dport 500 sport 500 Global (I) MM_NO_STATE',
    'packet received',
  ],
  ['sending packet to 192.168.0.1 my_port 500 peer_port 500 (I) MM_SA_SETUP', 'packet sent'],
  [
    'received packet from 192.168.0.1 dport 500 sport 500 Global (I) MM_SA_SETUP',
    'packet received',
  ],
  ['ISAKMP:(0):Found ADDRESS key in keyring keyring1', 'key found in a keyring'],
  ['sending packet to 192.168.0.1 my_port 500 peer_port 500 (I) MM_KEY_EXCH', 'packet sent'],
  ['ISAKMP:(1012):Old State = IKE_I_MM4  New State = IKE_I_MM5', 'state change'],
  ['retransmitting phase 1 MM_KEY_EXCH...', 'retransmission'],
  ['sending packet to 192.168.0.1 my_port 500 peer_port 500 (I) MM_KEY_EXCH', 'packet sent'],
];

const R1_CONFIG: readonly (readonly [string, string])[] = [
  ['hostname R1', 'modelled'],
  ['crypto keyring keyring1', 'modelled'],
  ['  pre-shared-key address 192.168.0.2 key <key#1>', 'modelled'],
  ['crypto keyring keyring2', 'modelled'],
  ['  pre-shared-key address 192.168.0.2 key <key#1>', 'modelled'],
  ['crypto isakmp profile profile1', 'modelled'],
  ['   keyring keyring1', 'modelled'],
  ['   match identity address 192.168.0.102 255.255.255.255', 'modelled'],
  ['crypto isakmp profile profile2', 'modelled'],
  ['   keyring keyring2', 'modelled'],
  ['   match identity address 192.168.0.2 255.255.255.255', 'modelled'],
];

const R2_CONFIG: readonly (readonly [string, string])[] = [
  ['hostname R2', 'modelled'],
  ['crypto keyring keyring1', 'modelled'],
  ['  pre-shared-key address 192.168.0.1 key <key#1>', 'modelled'],
  ['crypto isakmp profile profile1', 'modelled'],
  ['   keyring keyring1', 'modelled'],
];

const lines = (
  input: string,
  texts: readonly (readonly [string, string | null])[],
  negotiation: string | null,
): LineExcerpt[] =>
  texts.map(([text, means], i) => ({ input, line: i + 1, text, means, negotiation }));

/** Milliseconds after the start at which each log line was written. */
const R1_TIMES = [1, 1, 1, 2, 2, 8, 8, 13, 13, 13, 20, 20, 20, 20, 20, 20];
const R2_TIMES = [0, 0, 0, 6, 6, 14, 19, 20, 20, 10020, 10020];

function logTimeline(
  input: string,
  clock: string,
  texts: readonly (readonly [string, string | null])[],
  times: readonly number[],
): TimelineItem[] {
  return texts.map(([text, means], i) => {
    const state = /New State = (\w+)/.exec(text)?.[1] ?? /\([IRN]\) (.+)$/.exec(text)?.[1];
    const direction = text.startsWith('sending packet')
      ? 'sent'
      : text.startsWith('received packet')
        ? 'received'
        : undefined;
    return {
      time: iso(times[i] ?? 0),
      clock,
      referenceMs: START + (times[i] ?? 0),
      kind: means ?? 'unmatched',
      text,
      input,
      line: i + 1,
      ...(direction === undefined ? {} : { direction }),
      ...(state === undefined ? {} : { state }),
    };
  });
}

const KEYS_BY = 'g^xy with PSK <key#1>';

const IDENTITY_TREE: readonly TreeNode[] = [
  {
    label: 'ISAKMP header',
    offset: 42,
    length: 28,
    children: [
      { label: 'Initiator cookie', value: '5f1c2a90be7d4413', offset: 42, length: 8 },
      { label: 'Exchange type', value: 'Identity Protection (2)', offset: 60, length: 1 },
      { label: 'Flags', value: 'encrypted', offset: 61, length: 1 },
    ],
  },
  {
    label: 'Identification (5)',
    offset: 0,
    length: 12,
    children: [
      { label: 'ID type', value: 'ID_IPV4_ADDR (1)', offset: 4, length: 1 },
      { label: 'Value', value: R2, offset: 8, length: 4 },
    ],
  },
  { label: 'Hash (8)', value: '9a3f0c7be1d25568aa01f4b2c97d6e30', offset: 12, length: 20 },
];

function frame(
  number: number,
  step: string,
  direction: 'i2r' | 'r2i',
  ms: number,
  length: number,
  more: Partial<FrameExcerpt> = {},
): FrameExcerpt {
  const encrypted = step === 'MM5' || step === 'MM6';
  return {
    input: 'i5',
    frame: number,
    time: iso(ms),
    src: `${direction === 'i2r' ? R2 : R1}:500`,
    dst: `${direction === 'i2r' ? R1 : R2}:500`,
    step,
    direction,
    length,
    encrypted,
    decryptedBy: encrypted ? KEYS_BY : null,
    opaqueWhy: null,
    retransmissionOf: null,
    copyOf: null,
    exchange: 'x1',
    summary: encrypted ? 'Identification, Hash' : 'Security Association, Vendor ID',
    tree: IDENTITY_TREE,
    anomalies: [],
    ...more,
  };
}

const FRAMES: readonly FrameExcerpt[] = [
  frame(1, 'MM1', 'i2r', 0, 168),
  frame(2, 'MM2', 'r2i', 3, 108),
  frame(3, 'MM3', 'i2r', 7, 356, { summary: 'Key Exchange, Nonce, NAT-D, NAT-D' }),
  frame(4, 'MM4', 'r2i', 13, 356, { summary: 'Key Exchange, Nonce, NAT-D, NAT-D' }),
  frame(5, 'MM5', 'i2r', 20, 92),
  frame(6, 'MM5', 'i2r', 10020, 92, { retransmissionOf: 5 }),
  frame(7, 'MM5', 'i2r', 20020, 92, { retransmissionOf: 5 }),
];

const R1_DECISIONS: readonly Decision[] = [
  {
    step: 'mm3',
    side: 'responder',
    what: 'keyring',
    expected: { value: 'keyring1', rule: 'KS-FIRST', input: 'i3', basis: 3 },
    observed: { value: 'keyring1', input: 'i1', line: 8 },
    verdict: 'agrees',
  },
  {
    step: 'mm5',
    side: 'responder',
    what: 'profile',
    expected: { value: 'profile2', rule: 'PS-MATCH', input: 'i3', basis: 11 },
    observed: { value: 'profile2', input: 'i1', line: 13 },
    proven: { value: R2, input: 'i5', frame: 5, how: 'identity in MM5, HASH_I verified' },
    verdict: 'agrees',
  },
  {
    step: 'mm5',
    side: 'responder',
    what: 'verification',
    expected: { value: 'keyring2', rule: 'KV-PROFILE', input: 'i3', basis: 10 },
    observed: { value: 'keyring1', input: 'i1', line: 15 },
    verdict: 'diverges',
  },
];

const R2_DECISIONS: readonly Decision[] = [
  {
    step: 'sa-request',
    side: 'initiator',
    what: 'profile',
    expected: { value: 'profile1', rule: 'PS-CONFIGURED', input: 'i4', basis: 4 },
    observed: { value: 'profile1', input: 'i2', line: 1 },
    verdict: 'agrees',
  },
  {
    step: 'mm4',
    side: 'initiator',
    what: 'keyring',
    expected: { value: 'keyring1', rule: 'KS-PROFILE', input: 'i4', basis: 3 },
    observed: { value: 'keyring1', input: 'i2', line: 7 },
    verdict: 'agrees',
  },
];

const TRANSFORM = {
  encryption: '3DES-CBC',
  hash: 'MD5',
  group: 2,
  auth: 'pre-share',
  lifeSeconds: 86400,
};

export const responder: Negotiation = {
  id: 'n1',
  router: 'R1',
  role: 'responder',
  pairedWith: ['n2'],
  pairedBy: ['addresses, ports, states and times'],
  ikeVersion: 1,
  exchange: 'main',
  localAddress: R1,
  peerAddress: R2,
  fvrf: null,
  connId: 1012,
  initiatorCookie: '5f1c2a90be7d4413',
  responderCookie: '8812d0c46a3e97fb',
  frames: FRAMES.map((excerpt) => excerpt.frame),
  auth: 'psk',
  transform: TRANSFORM,
  policyMatched: { transform: 1, priority: 10, line: 4 },
  policyRejections: [],
  keyringSelections: [
    { step: 'mm1', keyring: 'keyring1', line: 2 },
    { step: 'mm3', keyring: 'keyring1', entry: `${R2},255.255.255.255`, line: 8 },
    { step: 'mm5', keyring: 'keyring2', line: 14 },
  ],
  profileMatched: { name: 'profile2', step: 'mm5', line: 13 },
  decisions: R1_DECISIONS,
  divergence: {
    step: 'mm5',
    text: 'R1 used keyring1 at MM3, but profile2, matched by the identity in MM5, holds only keyring2',
  },
  statePath: ['IKE_READY', 'IKE_R_MM1', 'IKE_R_MM2', 'IKE_R_MM3', 'IKE_R_MM4', 'IKE_R_MM5'],
  qmStatePath: [],
  packetStates: ['NEW SA', 'MM_SA_SETUP', 'MM_KEY_EXCH'],
  phase1: 'failed',
  phase2: 'not-reached',
  outcome: 'failed',
  failingStep: 'mm5-verify',
  verdict: 'keyring-mismatch-after-mm5',
  evidenceLines: [8, 13, 14, 15],
  keys: {
    status: 'decrypted',
    why: 'MM5 was decrypted with g^xy and <key#1>',
    initiatorPsk: '<key#1>',
    responderPsk: '<key#1>',
    identities: [
      {
        step: 'MM5',
        frame: 5,
        type: 'ID_IPV4_ADDR',
        value: R2,
        hash: 'HASH_I',
        hashVerifies: true,
      },
    ],
  },
  timeline: [
    ...logTimeline('i1', 'R1', R1_LOG, R1_TIMES),
    ...FRAMES.map((excerpt): TimelineItem => ({
      time: excerpt.time,
      clock: 'capture',
      referenceMs: Date.parse(excerpt.time ?? ''),
      kind: 'frame',
      text: `${excerpt.step} ${excerpt.summary}`,
      input: excerpt.input,
      frame: excerpt.frame,
      step: excerpt.step,
    })),
  ],
};

export const initiator: Negotiation = {
  ...responder,
  id: 'n2',
  router: 'R2',
  role: 'initiator',
  pairedWith: ['n1'],
  localAddress: R2,
  peerAddress: R1,
  policyMatched: null,
  keyringSelections: [
    { step: 'mm1', keyring: 'keyring1', line: 2 },
    { step: 'mm4', keyring: 'keyring1', line: 7 },
  ],
  saRequestProfile: { name: 'profile1', line: 1 },
  decisions: R2_DECISIONS,
  divergence: null,
  statePath: ['IKE_READY', 'IKE_I_MM1', 'IKE_I_MM2', 'IKE_I_MM3', 'IKE_I_MM4', 'IKE_I_MM5'],
  packetStates: ['MM_NO_STATE', 'MM_SA_SETUP', 'MM_KEY_EXCH'],
  phase1: 'incomplete',
  outcome: 'failed',
  failingStep: 'mm6-wait',
  verdict: 'mm5-unanswered',
  evidenceLines: [7, 8],
  timeline: logTimeline('i2', 'R2', R2_LOG, R2_TIMES),
};

export const mismatch: Finding = {
  id: 'keyring-mismatch-after-mm5',
  severity: 'failure',
  confidence: 'observed',
  negotiations: ['n1'],
  title: 'R1 verified MM5 with another keyring than the one it used',
  explanation:
    'As responder R1 had to choose a key at MM3, before it knew who was calling, and took keyring1, the first keyring that holds a key for 192.168.0.2. The identity in MM5 then matched profile2, which names only keyring2. Both keyrings hold the same key, so MM5 decrypted well; the check that the key came from a keyring of the profile failed all the same.',
  evidence: [
    { input: 'i1', line: 8, text: 'Found ADDRESS key in keyring keyring1' },
    { input: 'i1', line: 13, text: 'peer matches profile2 profile' },
    { input: 'i1', line: 15, text: 'Key not found in keyrings of profile , aborting exchange' },
    { input: 'i5', frame: 5, offset: 42, text: 'MM5 decrypts with <key#1>, HASH_I verifies' },
    { input: 'i3', line: 10, text: '   keyring keyring2' },
  ],
  remedies: [
    {
      text: 'Keep one key for 192.168.0.2, in the keyring of the profile that the peer matches.',
      router: 'R1',
      config: 'crypto keyring keyring1\n no pre-shared-key address 192.168.0.2',
      verified: true,
    },
    {
      text: 'Or move to IKEv2, where the key is not needed before the identity is known.',
      verified: false,
    },
  ],
  settle: [],
  references: ['RFC 2409 section 5', 'RFC 2409 section 3.2'],
};

export const ambiguous: Finding = {
  id: 'keyring-ambiguous',
  severity: 'warning',
  confidence: 'predicted',
  negotiations: [],
  title: 'Two keyrings of R1 hold a key for 192.168.0.2',
  explanation: 'Which of them a responder takes depends on their order.',
  evidence: [
    { input: 'i3', line: 3, text: '  pre-shared-key address 192.168.0.2 key <key#1>' },
    { input: 'i3', line: 5, text: '  pre-shared-key address 192.168.0.2 key <key#1>' },
  ],
  remedies: [],
  settle: ['`show running-config` of R2 in full'],
  references: [],
};

/** Both debugs, both configurations, the capture and the key material. */
export function referenceReport(): AnalysisReport {
  return {
    schema: 'ike-autopsy/analysis@1',
    tool: { name: 'ike-autopsy', version: '0.1.0' },
    inputs: [
      {
        id: 'i1',
        path: 'r1-debug.txt',
        kind: 'ios-debug',
        bytes: 14211,
        sha256: sha256('1'),
        router: 'R1',
        counts: { lines: 16, events: 15, unmatched: 1 },
        anomalies: [],
      },
      {
        id: 'i2',
        path: 'r2-debug.txt',
        kind: 'ios-debug',
        bytes: 12890,
        sha256: sha256('2'),
        router: 'R2',
        counts: { lines: 11, events: 11 },
        anomalies: [],
      },
      {
        id: 'i3',
        path: 'r1.cfg',
        kind: 'ios-config',
        bytes: 1480,
        sha256: sha256('3'),
        router: 'R1',
        counts: { lines: 11, keyrings: 2, profiles: 2 },
        anomalies: [],
      },
      {
        id: 'i4',
        path: 'r2.cfg',
        kind: 'ios-config',
        bytes: 1410,
        sha256: sha256('4'),
        router: 'R2',
        counts: { lines: 5, keyrings: 1, profiles: 1 },
        anomalies: [],
      },
      {
        id: 'i5',
        path: 'path.pcap',
        kind: 'capture',
        bytes: 2180,
        sha256: sha256('5'),
        counts: { packets: 9, ikeMessages: 7 },
        anomalies: [
          { code: 'packet-truncated', text: 'The last packet is cut short.', frame: 9, offset: 60 },
        ],
      },
      {
        id: 'i6',
        path: 'keys.txt',
        kind: 'key-material',
        bytes: 420,
        sha256: sha256('6'),
        counts: { keys: 1 },
        anomalies: [],
      },
    ],
    routers: [
      {
        name: 'R1',
        addresses: [R1],
        inputs: ['i1', 'i3'],
        clock: { offsetMs: 0.4, jitterMs: 0.6, basis: '6 packets in log and capture' },
      },
      {
        name: 'R2',
        addresses: [R2],
        inputs: ['i2', 'i4'],
        clock: { offsetMs: null, jitterMs: null, basis: 'nothing to compare with' },
      },
    ],
    negotiations: [responder, initiator],
    findings: [mismatch, ambiguous],
    verdict: {
      finding: 'keyring-mismatch-after-mm5',
      negotiation: 'n1',
      summary:
        'R1, responding to 192.168.0.2, took the key from keyring1 at MM3, but the identity in MM5 matched profile2, which holds only keyring2. R1 dropped the exchange although MM5 decrypted well. The tunnel comes up only when R1 initiates. Keep one key for 192.168.0.2 on R1, in keyring2.',
    },
    excerpts: {
      frames: FRAMES,
      logLines: [...lines('i1', R1_LOG, 'n1'), ...lines('i2', R2_LOG, 'n2')],
      configLines: [...lines('i3', R1_CONFIG, null), ...lines('i4', R2_CONFIG, null)],
      unmatched: [
        {
          input: 'i1',
          kind: 'unknown-message',
          shape: 'ISAKMP (N): FSM action returned error: N',
          count: 1,
          firstLine: 16,
          example: 'ISAKMP (1012): FSM action returned error: 2',
        },
        {
          input: 'i2',
          kind: 'annotation',
          shape: 'the profile is bound here',
          count: 2,
          firstLine: 1,
          example: 'From the outset, R2 knows the profile',
        },
      ],
      omitted: { frames: 0, logLines: 0 },
    },
  };
}

/** Fields whose values come from a fixed set, or that tie one part of a report to another. */
const FIXED: ReadonlySet<string> = new Set([
  'schema',
  'id',
  'input',
  'inputs',
  'kind',
  'severity',
  'confidence',
  'negotiation',
  'negotiations',
  'role',
  'side',
  'exchange',
  'direction',
  'what',
  'verdict',
  'phase1',
  'phase2',
  'outcome',
  'pairedWith',
  'sha256',
  'finding',
  'step',
  'attribute',
  'tool',
  'referenceMs',
]);

/** The report with every text that evidence can influence put through `change`. */
export function mapTexts(report: AnalysisReport, change: (text: string) => string): AnalysisReport {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return FIXED.has(key) ? value : change(value);
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (value !== null && typeof value === 'object') {
      if (key === 'tool') return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, child]) => [name, walk(child, name)]),
      );
    }
    return value;
  };
  return walk(report, '') as AnalysisReport;
}

/** Many attempts, for measuring: each as the reference incident, with `events` log lines among them all. */
export function largeReport(attempts: number, events: number): AnalysisReport {
  const base = referenceReport();
  const perSide = Math.ceil(events / attempts / 2);
  const negotiations: Negotiation[] = [];
  const logLines: LineExcerpt[] = [];
  const findings: Finding[] = [ambiguous];
  const frames: FrameExcerpt[] = [];
  for (let i = 0; i < attempts; i += 1) {
    const ids = [`a${i}r`, `a${i}i`] as const;
    const own = FRAMES.map((excerpt) => ({
      ...excerpt,
      frame: excerpt.frame + i * 10,
      retransmissionOf:
        excerpt.retransmissionOf === null ? null : excerpt.retransmissionOf + i * 10,
      exchange: `x${i + 1}`,
    }));
    frames.push(...own);
    for (const [side, template] of [responder, initiator].entries()) {
      const id = ids[side]!;
      const input = template.router === 'R1' ? 'i1' : 'i2';
      const source = template.timeline.filter(({ line }) => line !== undefined);
      const timeline = Array.from({ length: perSide }, (_, at): TimelineItem => {
        const item = source[at % source.length]!;
        const line = i * perSide + at + 1;
        logLines.push({ input, line, text: item.text, means: item.kind, negotiation: id });
        return { ...item, line };
      });
      negotiations.push({
        ...template,
        id,
        pairedWith: [ids[1 - side]!],
        frames: own.map((excerpt) => excerpt.frame),
        timeline,
        decisions: template.decisions.map((decision) =>
          decision.observed === undefined
            ? decision
            : {
                ...decision,
                observed: { ...decision.observed, line: decision.observed.line + i * perSide },
              },
        ),
      });
    }
    if (i % 10 === 0) findings.push({ ...mismatch, negotiations: [ids[0]] });
  }
  return {
    ...base,
    negotiations,
    findings,
    verdict: { ...base.verdict, negotiation: 'a0r' },
    excerpts: { ...base.excerpts, frames, logLines },
  };
}

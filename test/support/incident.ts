import { correlate } from '../../src/correlate/correlate.ts';
import { diagnose } from '../../src/diagnose/engine.ts';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { parseLog } from '../../src/logparse/parse.ts';
import type { CaptureSummary } from '../../src/model/capture.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import type {
  Decryption,
  Exchange,
  ExchangeMessage,
  KeyStatus,
  NatVerdict,
  NegotiatedTransform,
  Step,
} from '../../src/model/exchange.ts';
import type { EvidenceSet, Incident } from '../../src/model/incident.ts';
import type { Payload, PayloadContent } from '../../src/model/isakmp.ts';
import type { CandidatePsk } from '../../src/model/key-material.ts';
import type {
  LogDocument,
  LogEvent,
  LogNegotiation,
  LogPacket,
  LogTime,
} from '../../src/model/log.ts';
import type { InputRecord } from '../../src/model/report.ts';

/** Incidents built by hand: exchanges from a list of messages, logs and configurations from their own texts. */

export const INITIATOR = '192.0.2.1';
export const RESPONDER = '198.51.100.2';
const NONE = new Uint8Array(0);

export const transform: NegotiatedTransform = {
  encryption: 7,
  keyLength: 256,
  hash: 2,
  prf: null,
  group: 14,
  authentication: 1,
  lifeSeconds: 86_400,
  lifeKilobytes: null,
};

const payloadOf = (type: number, content: PayloadContent): Payload => ({
  type,
  offset: 0,
  length: 4,
  reserved: 0,
  body: { bytes: NONE, offset: 0 },
  content,
});

const bytes = (text: string): { readonly bytes: Uint8Array; readonly offset: number } => ({
  bytes: new TextEncoder().encode(text),
  offset: 0,
});

export const payloads = {
  vendor: (octets: Uint8Array): Payload =>
    payloadOf(13, { kind: 'vendor-id', data: { bytes: octets, offset: 0 } }),
  identity: (name: string): Payload =>
    payloadOf(5, { kind: 'identification', idType: 2, protocol: 0, port: 0, data: bytes(name) }),
  certificate: (octets: Uint8Array): Payload =>
    payloadOf(6, { kind: 'certificate', encoding: 4, data: { bytes: octets, offset: 0 } }),
  notify: (notifyType: number): Payload =>
    payloadOf(11, {
      kind: 'notification',
      doi: 1,
      protocol: 1,
      notifyType,
      spi: bytes(''),
      data: bytes(''),
    }),
  /** A notification about the SA of an SPI. */
  about: (
    notifyType: number,
    protocol: number,
    spi: readonly number[],
    data: readonly number[] = [],
  ): Payload =>
    payloadOf(41, {
      kind: 'notification',
      doi: null,
      protocol,
      notifyType,
      spi: { bytes: Uint8Array.from(spi), offset: 0 },
      data: { bytes: Uint8Array.from(data), offset: 0 },
    }),
  deletion: (protocol: number): Payload =>
    payloadOf(12, { kind: 'delete', doi: 1, protocol, spis: [bytes('spi')] }),
  /** Of an IPv4 network, as quick mode names what it protects. */
  network: (...octets: readonly number[]): Payload =>
    payloadOf(5, {
      kind: 'identification',
      idType: octets.length === 4 ? 1 : 4,
      protocol: 0,
      port: 0,
      data: { bytes: Uint8Array.from(octets), offset: 0 },
    }),
  keyExchange: (): Payload => payloadOf(4, { kind: 'key-exchange', group: null, data: bytes('') }),
  /** One ESP proposal; attributes by class number, as in RFC 2407 section 4.5. */
  esp: (id: number, ...sets: readonly Readonly<Record<number, number>>[]): Payload => {
    const place = { offset: 0, length: 0 };
    const transforms = sets.map((set, number) => ({
      ...place,
      number,
      id,
      reserved2: 0,
      attributes: Object.entries(set).map(([type, value]) => ({
        type: Number(type),
        value,
        data: bytes(''),
      })),
    }));
    const proposal = { ...place, number: 1, protocol: 3, spi: bytes(''), transforms };
    return payloadOf(1, { kind: 'sa-v1', doi: 1, situation: 1, proposals: [proposal] });
  },
  auth: (method: number): Payload =>
    payloadOf(39, { kind: 'authentication', method, data: bytes('') }),
  childSa: (): Payload => payloadOf(33, { kind: 'sa-v2', proposals: [] }),
  /** One proposal of IKEv2; transforms as type and id. */
  proposal: (protocol: number, sets: readonly (readonly [type: number, id: number])[]): Payload => {
    const place = { offset: 0, length: 0 };
    const transforms = sets.map(([type, id]) => ({ ...place, type, id, attributes: [] }));
    return payloadOf(33, {
      kind: 'sa-v2',
      proposals: [{ ...place, number: 1, protocol, spi: bytes('1234'), transforms }],
    });
  },
  selectors: (startAddress: string, endAddress: string): Payload =>
    payloadOf(44, {
      kind: 'traffic-selectors',
      selectors: [
        { type: 7, protocol: 0, startPort: 0, endPort: 65_535, startAddress, endAddress },
      ],
    }),
  /** What a CREATE_CHILD_SA holds that agrees on an IKE SA: proposal, nonce and public value. */
  rekey: (): readonly Payload[] => [
    payloadOf(33, {
      kind: 'sa-v2',
      proposals: [
        { offset: 0, length: 0, number: 1, protocol: 1, spi: bytes('12345678'), transforms: [] },
      ],
    }),
    payloadOf(40, { kind: 'nonce', data: bytes('nonce') }),
    payloads.keyExchange(),
  ],
  eap: (code: number, ...octets: readonly number[]): Payload =>
    payloadOf(48, {
      kind: 'eap',
      code,
      identifier: 1,
      data: { bytes: Uint8Array.from(octets), offset: 0 },
    }),
  deleteIke: (): Payload => payloadOf(42, { kind: 'delete', doi: null, protocol: 1, spis: [] }),
  piece: (number: number, last: boolean): Payload =>
    payloadOf(132, { kind: 'cisco-fragment', id: 1, number, last, data: bytes('') }),
  fragment: (fragment: number, total: number): Payload =>
    payloadOf(53, {
      kind: 'encrypted-fragment',
      firstPayload: 35,
      fragment,
      total,
      data: bytes(''),
    }),
  configuration: (configType: number, type: number, value: number): Payload =>
    payloadOf(14, {
      kind: 'configuration',
      configType,
      identifier: 1,
      attributes: [{ type, value, data: bytes('') }],
    }),
};

/** One message: who sends what, when, how long. `>` is from the initiator, `<` from the responder. */
export type Sent = {
  readonly step: Step;
  readonly way: '>' | '<';
  /** Milliseconds after the start of the exchange. */
  readonly at: number;
  readonly length?: number;
  readonly again?: boolean;
  /** Frame that is repeated, where it is not the first of its step. */
  readonly retransmits?: number;
  readonly clear?: boolean;
  readonly port?: number;
  readonly messageId?: number;
  /** Under IKEv2 what is sent by the initiator is a request, by the responder a response, when nothing is given. */
  readonly flags?: number;
  readonly notify?: number;
  readonly contents?: readonly Payload[];
  readonly opened?: Partial<Extract<Decryption, { kind: 'decrypted' }>>;
  readonly cut?: boolean;
  readonly fragments?: readonly number[];
  /** Not all of its IP fragments are in the capture. */
  readonly inPieces?: true;
};

export type WireOptions = {
  readonly id?: string;
  readonly version?: 1 | 2;
  readonly mode?: Exchange['mode'];
  readonly initiator?: string;
  readonly responder?: string;
  readonly cookie?: string;
  /** Milliseconds since 1970. */
  readonly startMs?: number;
  readonly completed?: boolean;
  readonly startedBefore?: boolean;
  readonly nat?: NatVerdict;
  readonly transform?: NegotiatedTransform | null;
  readonly keys?: Partial<KeyStatus>;
  readonly garbage?: Exchange['garbage'];
  readonly capture?: number;
  readonly firstFrame?: number;
};

export const START_MS = Date.UTC(2024, 5, 19, 10, 0, 0);
const CLEAR: ReadonlySet<Step> = new Set<Step>([
  'MM1',
  'MM2',
  'MM3',
  'MM4',
  'AM1',
  'AM2',
  'SA_INIT',
]);

export function wire(sent: readonly Sent[], options: WireOptions = {}): Exchange {
  const version = options.version ?? 1;
  const initiator = { address: options.initiator ?? INITIATOR, port: 500 };
  const responder = { address: options.responder ?? RESPONDER, port: 500 };
  const cookie = options.cookie ?? 'aaaaaaaaaaaaaaaa';
  const start = BigInt(options.startMs ?? START_MS) * 1_000_000n;
  const capture = options.capture ?? 0;
  const firsts = new Map<string, number>();
  const messages = sent.map((each, index): ExchangeMessage => {
    const frame = (options.firstFrame ?? 1) + index;
    const encrypted = each.clear === true ? false : !CLEAR.has(each.step);
    const key = `${each.step} ${each.way}`;
    const original = firsts.get(key);
    if (original === undefined) firsts.set(key, frame);
    const port = each.port ?? 500;
    const from = each.way === '>' ? initiator : responder;
    const to = each.way === '>' ? responder : initiator;
    const length = each.length ?? 100;
    const contents = [
      ...(each.contents ?? []),
      ...(each.notify === undefined ? [] : [payloads.notify(each.notify)]),
    ];
    return {
      message: {
        capture,
        frame,
        fragmentFrames: each.fragments ?? [],
        timeNs: start + BigInt(Math.round(each.at * 1000)) * 1000n,
        interfaceId: 0,
        transport: 'udp',
        src: { address: from.address, port },
        dst: { address: to.address, port },
        nonEspMarker: port === 4500,
        header: {
          initiatorCookie: cookie,
          responderCookie: 'bbbbbbbbbbbbbbbb',
          nextPayload: contents[0]?.type ?? 0,
          majorVersion: version,
          minorVersion: 0,
          exchangeType: 2,
          flags: each.flags ?? (version === 1 ? Number(encrypted) : each.way === '>' ? 0x08 : 0x20),
          messageId: each.messageId ?? 0,
          length,
        },
        pdu: { bytes: new Uint8Array(each.cut === true ? 28 : length), offset: 42 },
        payloads: contents,
        anomalies:
          each.inPieces === true ? [{ code: 'fragments-incomplete', offset: 34, length: 0 }] : [],
      },
      step: each.step,
      direction: each.way === '>' ? 'i2r' : 'r2i',
      retransmissionOf:
        each.retransmits ?? (each.again === true && original !== undefined ? original : null),
      copyOf: null,
      partOf: null,
      encrypted,
      decryption: !encrypted
        ? null
        : each.opened === undefined
          ? { kind: 'opaque', reason: 'no-key-material', why: 'no key material was given' }
          : {
              kind: 'decrypted',
              by: 'test',
              keyOf: null,
              verified: true,
              check: 'HASH',
              firstBlockLost: false,
              plaintext: NONE,
              ...each.opened,
            },
      payloads: contents,
      anomalies: [],
    };
  });
  const last = (way: 'i2r' | 'r2i'): Step | null =>
    messages.filter((entry) => entry.direction === way).at(-1)?.step ?? null;
  return {
    id: options.id ?? 'x1',
    capture,
    version,
    mode: options.mode ?? (version === 2 ? 'ikev2' : 'main'),
    initiatorCookie: cookie,
    responderCookie: 'bbbbbbbbbbbbbbbb',
    initiator,
    responder,
    messages,
    offered: options.transform === null ? [] : [options.transform ?? transform],
    transform: options.transform === undefined ? transform : options.transform,
    nat: options.nat ?? { initiatorTranslated: false, responderTranslated: false },
    notifications: sent.flatMap((each, index) =>
      each.notify === undefined
        ? []
        : [
            {
              frame: messages[index]!.message.frame,
              direction: messages[index]!.direction,
              notifyType: each.notify,
              protocol: 1,
              isProtected: messages[index]!.encrypted,
            },
          ],
    ),
    completed: options.completed ?? false,
    startedBefore: options.startedBefore ?? false,
    rekeyedFrom: null,
    lastFromInitiator: last('i2r'),
    lastFromResponder: last('r2i'),
    keys: {
      status: 'no-key-material',
      initiatorPsk: null,
      responderPsk: null,
      candidates: [],
      why: '',
      ...options.keys,
    },
    garbage: options.garbage ?? [],
  };
}

const step = (name: Step, way: '>' | '<', at: number, more: Partial<Sent> = {}): Sent => ({
  step: name,
  way,
  at,
  ...more,
});

/** MM1 to MM4 in clear, 20 ms apart. */
export const opening: readonly Sent[] = [
  step('MM1', '>', 0),
  step('MM2', '<', 20),
  step('MM3', '>', 40, { length: 300 }),
  step('MM4', '<', 60, { length: 300 }),
];

export const mainModeUp: readonly Sent[] = [
  ...opening,
  step('MM5', '>', 80),
  step('MM6', '<', 100),
  step('QM1', '>', 120, { messageId: 77, length: 180 }),
  step('QM2', '<', 140, { messageId: 77, length: 180 }),
  step('QM3', '>', 160, { messageId: 77, length: 60 }),
];

/** MM5 and its repetitions, ten seconds apart. */
export const unanswered = (copies: number, more: Partial<Sent> = {}): readonly Sent[] =>
  Array.from({ length: copies }, (_, index) =>
    step('MM5', '>', 80 + 10_000 * index, { again: index > 0, ...more }),
  );

export const sent = step;

const summary: CaptureSummary = {
  format: 'pcap',
  linkTypes: [1],
  interfaces: [],
  packets: 0,
  firstTimeNs: null,
  lastTimeNs: null,
  comments: [],
  anomalies: [],
  omitted: [],
};

export type Given = {
  readonly exchanges?: readonly Exchange[];
  readonly logs?: readonly (string | LogDocument)[];
  readonly configs?: readonly string[];
  readonly candidates?: readonly CandidatePsk[];
  readonly options?: EvidenceSet['options'];
  readonly counts?: EvidenceSet['captures'][number]['counts'];
};

const record = (id: string, kind: InputRecord['kind']): InputRecord => ({
  id,
  path: id,
  kind,
  bytes: 1,
  sha256: '',
  counts: {},
  anomalies: [],
});

/** The evidence of a scenario. Captures are `cap0`, …; logs `log0`, …; configurations `cfg0`, …. */
export function evidenceOf(given: Given): EvidenceSet {
  const exchanges = given.exchanges ?? [];
  const captureNumbers = [...new Set(exchanges.map((exchange) => exchange.capture))];
  const logs = (given.logs ?? []).map((log, index) =>
    typeof log === 'string' ? parseLog(log, `log${index}`) : log,
  );
  const configs: ConfigModel[] = (given.configs ?? []).flatMap((text, index) => [
    ...parseConfigs(text, `cfg${index}`),
  ]);
  return {
    inputs: [
      ...captureNumbers.map((number) => record(`cap${number}`, 'capture')),
      ...logs.map((log) => record(log.input, 'ios-debug')),
      ...configs.map((config) => record(config.input, 'ios-config')),
    ],
    captures: captureNumbers.map((number) => ({
      input: `cap${number}`,
      capture: number,
      summary,
      ...(given.counts === undefined ? {} : { counts: given.counts }),
    })),
    exchanges,
    logs,
    configs,
    candidates: given.candidates ?? [],
    options: given.options ?? {},
  };
}

export const incidentOf = (given: Given): Incident => correlate(evidenceOf(given));
export const diagnosisOf = (given: Given): Diagnosis => diagnose(incidentOf(given));

export const psk = (secret: string, label: string): CandidatePsk => ({
  secret: new TextEncoder().encode(secret),
  label,
  place: null,
  router: null,
  keyring: null,
  scope: null,
});

export const logTime = (ms: number, more: Partial<LogTime> = {}): LogTime => ({
  written: new Date(ms).toISOString(),
  mark: 'not-authoritative',
  ms,
  resolutionMs: 1,
  year: new Date(ms).getUTCFullYear(),
  zone: null,
  ...more,
});

/** What a router would have logged of an exchange, by its own clock. */
export function loggedView(
  exchange: Exchange,
  role: 'initiator' | 'responder',
  id: string,
  input: string,
  stamp: (wireMs: number, own: boolean) => LogTime | null,
): LogNegotiation {
  const tags: Readonly<Record<string, readonly [string, string]>> = {
    MM1: ['MM_NO_STATE', 'NEW SA'],
    MM2: ['MM_NO_STATE', 'MM_SA_SETUP'],
    MM3: ['MM_SA_SETUP', 'MM_SA_SETUP'],
    MM4: ['MM_SA_SETUP', 'MM_KEY_EXCH'],
    MM5: ['MM_KEY_EXCH', 'MM_KEY_EXCH'],
    MM6: ['MM_KEY_EXCH', 'MM_KEY_EXCH'],
  };
  const own = role === 'initiator' ? 'i2r' : 'r2i';
  const packets = exchange.messages.flatMap((entry, index): LogPacket[] => {
    const tag = tags[entry.step];
    if (tag === undefined) return [];
    const wireMs = Number(entry.message.timeNs / 1000n) / 1000;
    const isOwn = entry.direction === own;
    return [
      {
        line: index + 1,
        time: stamp(wireMs, isOwn),
        direction: isOwn ? 'sent' : 'received',
        peer: role === 'initiator' ? exchange.responder.address : exchange.initiator.address,
        localPort: 500,
        peerPort: 500,
        state: tag[role === 'initiator' ? 0 : 1],
        retransmission: entry.retransmissionOf !== null && isOwn,
      },
    ];
  });
  const complete = exchange.completed;
  const local = role === 'initiator' ? exchange.initiator.address : exchange.responder.address;
  const peer = role === 'initiator' ? exchange.responder.address : exchange.initiator.address;
  return {
    id,
    input,
    router: null,
    speaker: 0,
    role,
    ikeVersion: 1,
    exchange: 'main',
    localAddress: local,
    peerAddress: peer,
    fvrf: null,
    connId: 1001,
    initiatorCookie: null,
    responderCookie: null,
    auth: 'psk',
    transform: null,
    policyMatched: null,
    policyRejections: [],
    keyringSelections: [],
    statePath: complete ? ['IKE_P1_COMPLETE'] : [],
    qmStatePath: [],
    packetStates: [],
    packets,
    peerIdentity: null,
    ownIdentity: null,
    natFound: null,
    messageIds: [],
    spis: [],
    proxies: null,
    deleteReason: null,
    evidenceLines: [],
    firstLine: 1,
    lastLine: packets.length,
    firstTime: packets[0]?.time ?? null,
    lastTime: packets.at(-1)?.time ?? null,
    events: [],
    phase1: complete ? 'complete' : 'failed',
    phase2: complete ? 'complete' : 'not-reached',
    outcome: complete ? 'established' : 'failed',
    failingStep: null,
    verdict: complete ? 'tunnel-up' : 'inconclusive',
  };
}

export const documentOf = (
  input: string,
  negotiations: readonly LogNegotiation[],
  name: string | null = null,
): LogDocument => ({
  input,
  lines: 100,
  events: [],
  negotiations: negotiations.map((entry) => ({ ...entry, router: name })),
  routers: [{ name, basis: 'test', addresses: [] }],
  unmatched: [],
  generation: null,
  anomalies: [],
});

/** The document of one attempt whose packets stand in it as lines, with what else is said there. */
export function packetsLogged(
  log: LogNegotiation,
  router: string,
  said: readonly Pick<LogEvent, 'line' | 'text' | 'time'>[] = [],
): LogDocument {
  const events = [...log.packets.map(({ line, time }) => ({ line, time, text: 'packet' })), ...said]
    .sort((a, b) => a.line - b.line)
    .map((event) => ({
      message: 'unmatched',
      lastLine: event.line,
      router: null,
      connId: null,
      fields: {},
      ...event,
    }));
  const whole = { ...log, firstLine: 1, events: events.map((_, index) => index) };
  return { ...documentOf(log.input, [whole], router), events };
}

/** A log of one negotiation, given by its lines and what the parser would have made of them. */
export function logOf(
  lines: readonly string[],
  told: Partial<LogNegotiation> = {},
  input = 'log0',
): LogDocument {
  const role = told.role ?? 'responder';
  const negotiation: LogNegotiation = {
    ...loggedView(wire([]), role, `${input}-n1`, input, () => null),
    phase1: 'failed',
    phase2: 'not-reached',
    outcome: 'failed',
    verdict: 'inconclusive',
    events: lines.map((_, index) => index),
    firstLine: 1,
    lastLine: Math.max(1, lines.length),
    ...told,
  };
  return {
    input,
    lines: lines.length,
    events: lines.map((text, index) => ({
      message: 'test',
      line: index + 1,
      lastLine: index + 1,
      router: told.router ?? null,
      time: null,
      connId: 0,
      fields: {},
      text,
    })),
    negotiations: [negotiation],
    routers: [{ name: told.router ?? null, basis: 'test', addresses: [] }],
    unmatched: [],
    generation: null,
    anomalies: [],
  };
}

export const packetLine = (
  line: number,
  direction: LogPacket['direction'],
  state: string,
  more: Partial<LogPacket> = {},
): LogPacket => ({
  line,
  time: null,
  direction,
  peer: RESPONDER,
  localPort: 500,
  peerPort: 500,
  state,
  retransmission: false,
  ...more,
});

import type { Side } from '../../model/exchange.ts';
import type {
  FailureCause,
  KeyringSelection,
  KeyringStep,
  LogNegotiation,
  LogPacket,
  LogTime,
  NegotiationOutcome,
  PolicyRejection,
} from '../../model/log.ts';
import type { Fields } from '../matcher.ts';
import { Noted } from './noted.ts';

export type Verdict = NegotiationOutcome & {
  readonly cause?: FailureCause;
  readonly evidenceLines: readonly number[];
};

/** What is kept of a line for a negotiation. */
export type Sighting = {
  readonly id: string;
  readonly line: number;
  readonly time: LogTime | null;
  readonly connId: number | string | null;
  readonly fields: Fields;
  /** Position among the events of the log. */
  readonly event: number;
};

/** No negotiation needs more of these; a session that lives for weeks would otherwise grow with the log. */
const mostPackets = 2000;
const mostLines = 64;
const mostIds = 1000;

/** Too common to be cited, and no verdict asks for them. */
export const quiet: ReadonlySet<string> = new Set([
  'vendor-processing',
  'vendor-seems',
  'vendor-is',
  'vendor-ios',
  'vendor-constructed',
  'nat-payload',
  'packet-sending',
  'input',
  'node-input',
  'state',
  'offer-encryption',
  'offer-key-length',
  'offer-hash',
  'offer-group',
  'offer-auth',
  'offer-life-type',
  'offer-life',
  'offer-life-basic',
  'phase-1-life',
  'lifetime-timer',
  'proposal-transform',
  'proposal-attributes',
  'proposal-mode',
  'proposal-life-type',
  'proposal-life',
  'proposal-life-basic',
  'proposal-authenticator',
  'proposal-key-length',
  'proposal-group',
  'payload-processing',
  'peer-found',
  'peer-created',
  'peer-new',
  'peer-unlocked',
  'peer-reaped',
  'local-port',
  'node-new',
  'node-purged',
  'node-deleted',
  'sa-inserted',
  'packet-received',
  'packet-sent',
  'id-payload',
  'id-address',
  'id-protocol',
  'id-part',
  'id-length',
  'own-id-type',
  'own-id-begins',
  'peer-insert',
  'peer-inserted',
  'map-proxy-match',
  'ipsec-queue-event',
  'xauth-scan',
  'xauth-in-profile',
  'key-not-in',
  'key-candidate',
  'key-entry',
  'v2-processing',
  'v2-crypto-engine',
  'asa-other',
  'asa-packet',
  'asa-line',
  'asa-v2-other',
]);

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenSelection = Omit<Open<KeyringSelection>, 'step'> & { step: KeyringStep | null };
type Identity = { type: string; value: string; line: number };

/** One attempt while it is being read. */
export class Context {
  readonly label: string | null;
  readonly order: number;
  role: Side | null = null;
  ikeVersion: 1 | 2 = 1;
  exchange: LogNegotiation['exchange'] = 'main';
  local: string | null = null;
  /** How sure `local` is: an own identity is only a guess. */
  localRank = 0;
  peer: string | null = null;
  fvrf: string | null = null;
  /** The last id other than zero. */
  connId: number | string | null = null;
  zeroForm: number | string = 0;
  initiatorCookie: string | null = null;
  responderCookie: string | null = null;
  auth: string | null = null;
  check: { transform: number; priority: number } | null = null;
  offer: {
    encryption: string | null;
    hash: string | null;
    group: number | null;
    auth: string | null;
    lifeSeconds: number | null;
  } | null = null;
  accepted: Context['offer'] = null;
  policyMatched: LogNegotiation['policyMatched'] = null;
  readonly rejections: PolicyRejection[] = [];
  readonly selections: OpenSelection[] = [];
  detailKeyring: string | null = null;
  candidates: { keyring: string | null; entry: string; line: number }[] = [];
  saRequestProfile: { name: string | null; line: number } | null = null;
  profileMatched: { name: string | null; step: KeyringStep | null; line: number } | null = null;
  readonly states: string[] = [];
  readonly qmStates: string[] = [];
  readonly packetStates: string[] = [];
  readonly packets: LogPacket[] = [];
  packetCount = 0;
  lastSent: string | null = null;
  lastReceived: string | null = null;
  retransmitting = false;
  peerIdentity: Identity | null = null;
  ownIdentity: Identity | null = null;
  idOf: 'peer' | 'own' = 'own';
  idOpen: { of: 'peer' | 'own'; type: number; line: number } | null = null;
  natFound: boolean | null = null;
  readonly messageIds: Set<number> = new Set();
  readonly spis: Set<number> = new Set();
  proxies: { local: string; remote: string; line: number } | null = null;
  deleteReason: { text: string; line: number } | null = null;
  /** Lines by message. */
  readonly facts: Noted = new Noted();
  /** Error numbers of refused proposals. */
  readonly proposalErrors: { error: number; line: number }[] = [];
  readonly notifies: { type: string; sent: boolean; line: number }[] = [];
  /** IKEv2: what the last SA payload proposes. */
  proposed: 'ike' | 'child' | null = null;
  /** The key for the session keys was just looked up: the next id that shows up is this SA's. */
  keyed = false;
  /** Nothing but the request itself was seen. */
  fresh = true;
  closed = false;
  /** Messages went to and fro, though no line may tell of one. */
  begun = false;
  /** Number of the message of phase 1 that never came. */
  waitedFor: number | null = null;
  /** Networks of a quick mode of which the other one is not told yet. */
  networks: { local?: string; remote?: string } | null = null;
  /** Set when nothing more can come. */
  verdict: Verdict | null = null;
  firstLine = 0;
  lastLine = 0;
  firstTime: LogTime | null = null;
  lastTime: LogTime | null = null;
  readonly events: number[] = [];

  constructor(order: number, label: string | null) {
    this.order = order;
    this.label = label;
  }

  /** The id that shows up next is this attempt's: SKEYID was made of what has just come, MM3 or MM4. */
  get awaitsId(): boolean {
    return (
      this.keyed &&
      this.connId === null &&
      (this.exchange !== 'main' || this.packetCount === 0 || this.lastReceived === 'MM_SA_SETUP')
    );
  }

  has(id: string): boolean {
    return this.facts.has(id);
  }

  first(id: string): number | null {
    return this.facts.of(id)?.[0] ?? null;
  }

  last(id: string): number | null {
    return this.facts.of(id)?.at(-1) ?? null;
  }

  note(id: string, line: number): void {
    this.facts.add(id, line);
  }

  setLocal(address: string | undefined, rank: number): void {
    if (address === undefined || rank <= this.localRank || !/[\d:*x]/i.test(address)) return;
    this.local = address;
    this.localRank = rank;
  }

  addMessageId(value: string | number | undefined): void {
    if (typeof value === 'number' && value !== 0 && this.messageIds.size < mostIds)
      this.messageIds.add(value);
  }

  addSpi(value: string | number | undefined): void {
    if (typeof value === 'number' && value !== 0 && this.spis.size < mostIds) this.spis.add(value);
  }

  addPacket(packet: LogPacket): void {
    this.packetCount++;
    this.keyed = false;
    if (this.packets.length < mostPackets) this.packets.push(packet);
    if (packet.direction === 'sent') this.lastSent = packet.state;
    else this.lastReceived = packet.state;
    if (
      packet.state !== 'NEW SA' &&
      this.packetStates.at(-1) !== packet.state &&
      this.packetStates.length < mostLines
    ) {
      this.packetStates.push(packet.state);
    }
  }

  /** What arrived last repeats an earlier message: it says nothing of how far the exchange has come. */
  repeatLastReceived(fact: (packet: LogPacket) => string): void {
    const last = this.packets.at(-1);
    if (last?.direction !== 'received' || this.packetCount > this.packets.length) return;
    this.packets[this.packets.length - 1] = { ...last, retransmission: true };
    this.facts.takeBack(fact(last), last.line);
  }

  /** What arrived last is a notification in clear; returns the tag under which it came. */
  notifiedInClear(fact: (packet: LogPacket) => string): string | null {
    const last = this.packets.at(-1);
    if (last?.direction !== 'received' || this.packetCount > this.packets.length) return null;
    this.packets[this.packets.length - 1] = { ...last, notification: true };
    this.facts.takeBack(fact(last), last.line);
    return last.state;
  }

  addState(path: string[], state: string): void {
    if (path.at(-1) !== state && path.length < mostIds) path.push(state);
  }
}

/** The step of the keyring search that this negotiation stands at. */
export function currentStep(context: Context): KeyringStep | null {
  const { role } = context;
  if (role === null) return null;
  if (context.exchange === 'ikev2') return 'auth';
  const state = context.states.at(-1) ?? '';
  if (context.exchange === 'aggressive') {
    if (role === 'responder') return context.lastSent === null ? 'am1' : 'am3';
    return context.lastReceived === null ? 'am1' : 'am2';
  }
  if (role === 'initiator') {
    if (context.lastSent === 'MM_KEY_EXCH' || state === 'IKE_I_MM6') return 'mm6';
    if (
      context.lastSent === 'MM_SA_SETUP' ||
      context.lastReceived === 'MM_SA_SETUP' ||
      state === 'IKE_I_MM4'
    )
      return 'mm4';
    if (
      context.lastSent === 'MM_NO_STATE' ||
      context.lastReceived === 'MM_NO_STATE' ||
      state === 'IKE_I_MM2'
    )
      return 'mm2';
    return 'mm1';
  }
  if (
    context.lastSent === 'MM_KEY_EXCH' ||
    context.lastReceived === 'MM_KEY_EXCH' ||
    state === 'IKE_R_MM5'
  )
    return 'mm5';
  if (
    context.lastSent === 'MM_SA_SETUP' ||
    context.lastReceived === 'MM_SA_SETUP' ||
    state === 'IKE_R_MM3'
  )
    return 'mm3';
  return 'mm1';
}

/** The keys, and of a responder the profile, were looked up before a line named the mode. */
export function aggressive(context: Context): void {
  if (context.exchange === 'aggressive') return;
  context.exchange = 'aggressive';
  for (const selection of context.selections) selection.step &&= 'am1';
  const { profileMatched } = context;
  if (profileMatched?.step) profileMatched.step = profileStep(context);
}

const stepOfState: Readonly<Record<string, KeyringStep>> = {
  IKE_I_MM1: 'mm1',
  IKE_I_MM2: 'mm2',
  IKE_I_MM3: 'mm2',
  IKE_I_MM4: 'mm4',
  IKE_I_MM5: 'mm4',
  IKE_I_MM6: 'mm6',
  IKE_R_MM1: 'mm1',
  IKE_R_MM2: 'mm1',
  IKE_R_MM3: 'mm3',
  IKE_R_MM4: 'mm3',
  IKE_R_MM5: 'mm5',
  IKE_R_AM_AAA_AWAIT: 'am1',
  IKE_R_AM2: 'am1',
  IKE_I_AM1: 'am1',
  IKE_I_AM2: 'am2',
};
const stepOfSent: Readonly<Record<string, KeyringStep>> = {
  'responder MM_SA_SETUP': 'mm1',
  'responder MM_KEY_EXCH': 'mm3',
  'initiator MM_NO_STATE': 'mm1',
  'initiator MM_SA_SETUP': 'mm2',
  'initiator MM_KEY_EXCH': 'mm4',
};

function hasOpenStep({ selections, profileMatched }: Context): boolean {
  return (
    (profileMatched !== null && profileMatched.step === null) ||
    selections.some(({ step }) => step === null)
  );
}

/** The log began in the middle: searches seen before the role was known belong to the step that just ended. */
export function resolveSteps(
  context: Context,
  at: { readonly state?: string; readonly sent?: string },
): void {
  if (context.role === null || !hasOpenStep(context)) return;
  const step =
    at.state === undefined ? stepOfSent[`${context.role} ${at.sent ?? ''}`] : stepOfState[at.state];
  if (step === undefined) return;
  for (const selection of context.selections) selection.step ??= step;
  if (context.profileMatched) context.profileMatched.step ??= profileStep(context);
}

/** The peer's identity comes with MM5 or MM6, in aggressive mode with the first message. */
export function profileStep(context: Context): KeyringStep | null {
  if (context.exchange === 'ikev2') return 'auth';
  if (context.role === null) return null;
  if (context.exchange === 'aggressive') return context.role === 'responder' ? 'am1' : 'am2';
  return context.role === 'responder' ? 'mm5' : 'mm6';
}

const maskLength = (entry: string): number => {
  const mask = entry.split(',')[1] ?? '';
  return mask
    .split('.')
    .reduce((bits, octet) => bits + Number(octet).toString(2).replaceAll('0', '').length, 0);
};

/** A search ended: says where the key came from, or that it was found somewhere. */
export function addSelection(
  context: Context,
  found: { keyring: string | null; entry?: string; peerBlock?: string; line: number },
): void {
  let chosen = found;
  if (found.keyring === null && context.candidates.length > 0) {
    // The winner was not marked: the most specific entry is it.
    const best = context.candidates.reduce((a, b) =>
      maskLength(b.entry) > maskLength(a.entry) ? b : a,
    );
    chosen = { keyring: best.keyring, entry: best.entry, line: best.line };
  }
  context.candidates = [];
  const step = currentStep(context);
  const last = context.selections.at(-1);
  if (last && last.step === step) {
    // The same search, told in two ways.
    if (
      chosen.keyring === null ||
      (chosen.keyring === last.keyring && (chosen.entry ?? last.entry) === last.entry)
    )
      return;
    if (last.keyring === null) context.selections.pop();
  }
  if (context.selections.length < 64) context.selections.push({ step, ...chosen });
}

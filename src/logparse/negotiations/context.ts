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

/** An address, or what somebody wrote who hides it; no name. */
const addressLike = /[\d:*x]|^<|^[a-z]{1,3}(?:\.[a-z]{1,3}){3}$/i;

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenSelection = Omit<Open<KeyringSelection>, 'step'> & { step: KeyringStep | null };
type Identity = { type: string; value: string; line: number };

/** One attempt while it is being read. */
export class Context {
  readonly label: string | null;
  readonly order: number;
  role: Side | null = null;
  /** Where no line tells the role: who asks for a quick mode has most often begun phase 1 as well. */
  likelyRole: Side = 'responder';
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
  /** The keyring searched last, while no line told whether it holds the key. */
  searched: { keyring: string; line: number } | null = null;
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
  /** The next packet that is sent carries a notification. */
  notifying = false;
  peerIdentity: Identity | null = null;
  ownIdentity: Identity | null = null;
  idOf: 'peer' | 'own' = 'own';
  idOpen: { of: 'peer' | 'own'; type: number; line: number } | null = null;
  natFound: boolean | null = null;
  readonly messageIds: Set<number> = new Set();
  /** The message id of the quick mode begun last from here. */
  quickMode: number | null = null;
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
  /** Lines that may be of this attempt, or of another one: nobody was given them. */
  readonly doubts: { readonly id: string; readonly line: number }[] = [];
  /** A line of its state machine may have been given to nobody. */
  statesUnsure = false;
  /** Its lines came in turns with those of another attempt, perhaps of another router. */
  crossed = false;
  /** Set when nothing more can come. */
  verdict: Verdict | null = null;
  verdictAlone: Verdict | null = null;
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

  doubt(id: string, line: number): void {
    if (this.doubts.length < mostLines && !quiet.has(id)) this.doubts.push({ id, line });
  }

  note(id: string, line: number): void {
    this.facts.add(id, line);
  }

  setLocal(address: string | undefined, rank: number): void {
    if (address === undefined || rank <= this.localRank || !addressLike.test(address)) return;
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

  /** What arrived last is not what its tag says: it tells nothing of how far the exchange has come. */
  markLastReceived(
    mark: 'retransmission' | 'notification',
    fact: (packet: LogPacket) => string,
  ): LogPacket | null {
    const last = this.packets.at(-1);
    if (last?.direction !== 'received' || this.packetCount > this.packets.length) return null;
    this.packets[this.packets.length - 1] = { ...last, [mark]: true };
    this.facts.takeBack(fact(last), last.line);
    return last;
  }

  addState(path: string[], state: string): void {
    if (path.at(-1) !== state && path.length < mostIds) path.push(state);
  }
}

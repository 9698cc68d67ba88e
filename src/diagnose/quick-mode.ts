import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { Story } from './common-rule.ts';
import { eventsOfSide, frameEvidence } from './evidence.ts';
import { between, errors, frameOf, notificationName } from './facts.ts';
import { fromCisco } from './mm5.ts';
import type { QuickModeOffer } from './quick-mode-offer.ts';
import { differInGroupAlone, offerIn, transformsText } from './quick-mode-offer.ts';
import type { Weighed } from './rule.ts';

const ATTRIBUTES_NOT_SUPPORTED = 13;
const NO_PROPOSAL_CHOSEN = 14;
const INVALID_ID_INFORMATION = 18;

export type QuickModeRefusal = {
  /**
   * What the responder objects to, as far as it can be told. `group` only where nothing but the group of perfect
   * forward secrecy can be meant: that a proposal with one is refused does not say so.
   */
  readonly about: 'identities' | 'transforms' | 'group' | 'unknown';
  readonly evidence: readonly Weighed[];
  /** The notification was read, not guessed. */
  readonly isRead: boolean;
  /** Its name; null while it is closed. */
  readonly answer: string | null;
  /** What was asked for; null while QM1 is closed. */
  readonly offer: QuickModeOffer | null;
  /** QM1 carries, or may carry, a key exchange of its own. */
  readonly pfsProposed: boolean;
  /** Whose quick mode is refused; either end of an SA may begin one. */
  readonly asker: AttemptSide;
  readonly refuser: AttemptSide;
};

/** Octets of a public value by MODP group; elliptic groups are too short to be told apart by length. */
const PUBLIC_VALUE: Readonly<Record<number, number>> = {
  1: 96,
  2: 128,
  5: 192,
  14: 256,
  15: 384,
  16: 512,
};
const HEADER = 28;

/** HASH, an SA of one proposal, a nonce and two identities stay below this. */
const WITHOUT_KEY_EXCHANGE = 260;

function proposesPfs(attempt: Attempt, entry: ExchangeMessage): boolean {
  if (entry.decryption?.kind === 'decrypted') {
    return entry.payloads.some((payload) => payload.content.kind === 'key-exchange');
  }
  const value = PUBLIC_VALUE[attempt.exchange?.transform?.group ?? 0] ?? 96;
  return entry.message.header.length - HEADER > Math.max(WITHOUT_KEY_EXCHANGE, 130 + value);
}

/** What stands when a quick mode fails: phase 1, or a tunnel that an earlier one made. */
export const quickModeIntro = ({ initiator, responder, phase2 }: Attempt): string =>
  phase2 === 'complete'
    ? `The tunnel from ${initiator.label} to ${responder.label} is up; a later quick mode of the same SA fails.`
    : `Phase 1 from ${initiator.label} to ${responder.label} completes.`;

/** What the quick mode that failed was to protect, as this side logs it. */
export function networksAsked(
  attempt: Attempt,
  side: AttemptSide,
): { readonly local: string; readonly remote: string } | null {
  if (attempt.phase2 !== 'complete') return side.log?.proxies ?? null;
  // The log keeps those of the first quick mode; of a later one the request behind it tells.
  const events = eventsOfSide(side);
  const later = events.slice(events.findLastIndex(({ text }) => COMPLETED.test(text)) + 1);
  const { localProxy, remoteProxy } =
    later.findLast(({ fields }) => 'localProxy' in fields && 'remoteProxy' in fields)?.fields ?? {};
  return localProxy === undefined || remoteProxy === undefined
    ? null
    : { local: String(localProxy), remote: String(remoteProxy) };
}

const COMPLETED =
  /New State = IKE_QM_PHASE2_COMPLETE|Creating IPSec SAs|Successfully installed IPSEC SA/i;

/** The quick mode that was refused last, or last of those refused for one thing, and not granted later. */
export function refusedQuickMode(
  attempt: Attempt,
  about?: QuickModeRefusal['about'],
): QuickModeRefusal | null {
  const { exchange } = attempt;
  if (exchange === null || attempt.version !== 1) return null;
  const originals = exchange.messages.filter(
    (entry) => entry.retransmissionOf === null && entry.copyOf === null,
  );
  const refusals = originals
    .filter((entry) => entry.step === 'QM1' && !isGranted(originals, entry))
    .flatMap((first) => refusalOf(attempt, originals, first) ?? []);
  return refusals.findLast((each) => about === undefined || each.about === about) ?? null;
}

/** It has its answer, or a later one for the same networks has. */
function isGranted(originals: readonly ExchangeMessage[], first: ExchangeMessage): boolean {
  const networks = networksIn(first);
  return originals.some(
    (entry) =>
      entry.step === 'QM2' &&
      (entry.message.header.messageId === first.message.header.messageId ||
        (networks !== null && networksIn(requestOf(originals, entry)) === networks)),
  );
}

const requestOf = (
  originals: readonly ExchangeMessage[],
  { message }: ExchangeMessage,
): ExchangeMessage | undefined =>
  originals.find(
    (entry) => entry.step === 'QM1' && entry.message.header.messageId === message.header.messageId,
  );

function networksIn(entry: ExchangeMessage | undefined): string | null {
  const networks = entry === undefined ? null : (offerIn(entry)?.networks ?? null);
  return networks === null ? null : `${networks.own} ${networks.far}`;
}

/** An informational answers a quick mode instead of QM2. */
function refusalOf(
  attempt: Attempt,
  originals: readonly ExchangeMessage[],
  first: ExchangeMessage,
): QuickModeRefusal | null {
  const later = originals.slice(originals.indexOf(first) + 1);
  const next = later.findIndex(
    ({ step, direction }) => step === 'QM1' && direction === first.direction,
  );
  const answer = (next < 0 ? later : later.slice(0, next)).find(
    (entry) =>
      entry.step === 'INFO' && entry.direction !== first.direction && entry.direction !== null,
  );
  if (answer === undefined) return null;
  const [asker, refuser] =
    first.direction === 'r2i'
      ? [attempt.responder, attempt.initiator]
      : [attempt.initiator, attempt.responder];
  const offer = offerIn(first);
  const pfsProposed = proposesPfs(attempt, first);
  const common = { offer, pfsProposed, asker, refuser };
  const read = errors(attempt).find((entry) => entry.frame === answer.message.frame);
  if (read === undefined) {
    if (answer.decryption?.kind === 'decrypted') return null;
    // Beside a tunnel that is up there are keepalives and deletions, which look the same while they are closed.
    if (attempt.phase2 === 'complete' && !isReaction(attempt, first, answer)) return null;
    return { ...common, ...closed(attempt, first, answer, pfsProposed) };
  }
  const name = notificationName(attempt, read);
  const own = originals
    .filter((entry) => entry.step === 'QM1' && entry.direction !== first.direction)
    .flatMap((entry) => offerIn(entry) ?? []);
  const about = objection(attempt, read.notifyType, offer, own);
  return {
    ...common,
    about,
    isRead: true,
    answer: name,
    evidence: [
      ...frameEvidence(attempt, read.frame, `quick mode is answered with ${name}`, {
        // That it was sent is proven. Of what may be wrong with a proposal it names nothing.
        basis: about === 'identities' ? 'proven' : 'inferred',
        decisive: true,
      }),
      ...(offer === null ? [] : asked(attempt, first, offer)),
    ],
  };
}

/** A refusal leaves within this time of what it refuses, paths by satellite included. */
const REACTS_WITHIN_MS = 1000;

/** The next word in the exchange after QM1, too soon for anything else, and whoever asked does not ask again. */
function isReaction(
  { exchange }: Attempt,
  first: ExchangeMessage,
  answer: ExchangeMessage,
): boolean {
  const spoken = (exchange?.messages ?? []).filter(({ copyOf }) => copyOf === null);
  const at = spoken.indexOf(first);
  return (
    spoken[at + 1] === answer &&
    between(first, answer) <= REACTS_WITHIN_MS &&
    !spoken.some(({ retransmissionOf }) => retransmissionOf === frameOf(first))
  );
}

function objection(
  attempt: Attempt,
  notifyType: number,
  offer: QuickModeOffer | null,
  own: readonly QuickModeOffer[],
): QuickModeRefusal['about'] {
  if (notifyType === INVALID_ID_INFORMATION) return 'identities';
  // IOS says NO-PROPOSAL-CHOSEN for every refusal.
  const aboutProposals =
    notifyType === ATTRIBUTES_NOT_SUPPORTED ||
    (notifyType === NO_PROPOSAL_CHOSEN && !fromCisco(attempt));
  if (!aboutProposals) return 'unknown';
  return offer !== null && own.some((other) => differInGroupAlone(offer, other))
    ? 'group'
    : 'transforms';
}

function asked(
  attempt: Attempt,
  entry: ExchangeMessage,
  offer: QuickModeOffer,
): readonly Weighed[] {
  const parts = [
    transformsText(offer),
    offer.networks === null ? null : `${offer.networks.own} to ${offer.networks.far}`,
  ].filter((part) => part !== null);
  if (parts.length === 0) return [];
  const text = `QM1 asks for ${parts.join(', for ')}`;
  return frameEvidence(attempt, entry, text, { basis: 'proven', decisive: false });
}

/** Nothing of it can be read: INVALID-ID-INFORMATION and NO-PROPOSAL-CHOSEN are equally long. */
function closed(
  attempt: Attempt,
  first: ExchangeMessage,
  answer: ExchangeMessage,
  pfsProposed: boolean,
): Pick<QuickModeRefusal, 'about' | 'evidence' | 'isRead' | 'answer'> {
  const size = `QM1 has ${first.message.header.length} octets, ${pfsProposed ? 'room for a key exchange or many proposals' : 'no room for a key exchange'}`;
  const weight = { basis: 'inferred', decisive: true } as const;
  const text = 'an encrypted notification answers QM1 instead of QM2';
  // Where there is more to propose, there is more that may not fit. IOS refuses for its profile as well.
  const likelier = pfsProposed ? 'transforms' : 'identities';
  return {
    about: fromCisco(attempt) ? 'unknown' : likelier,
    isRead: false,
    answer: null,
    evidence: [
      ...frameEvidence(attempt, answer, text, weight),
      ...frameEvidence(attempt, first, size, weight),
    ],
  };
}

/** A refusal that nobody logged and that cannot be read: what may be behind it, without a choice among them. */
export function toldByLength(attempt: Attempt, refused: QuickModeRefusal): Story {
  const { asker, refuser, pfsProposed } = refused;
  const causes = pfsProposed
    ? 'its transforms, its group for perfect forward secrecy, or its proxy identities'
    : 'its proxy identities or its transforms';
  const more = pfsProposed
    ? `QM1 has room for a key exchange, so its group is one of the things that may not fit`
    : `QM1 has no room for a key exchange, so ${refuser.label} may also demand perfect forward secrecy`;
  return {
    title: `${refuser.label} refuses the quick mode of ${asker.label}: ${causes}`,
    explanation: `${quickModeIntro(attempt)} An encrypted notification of ${refuser.label} answers quick mode. Those that refuse proxy identities and those that refuse transforms are equally long, so that the packets do not tell which it is. ${more}.`,
    advice: `Compare the crypto access lists, which must be mirror images, then transform sets and "set pfs" of both ends.`,
    settle: [
      `The log of ${refuser.label} ("debug crypto isakmp" and "debug crypto ipsec" on IOS): it says what it refuses.`,
      'Key material of the exchange: it opens the notification and QM1.',
    ],
  };
}

/** What the decrypted QM1 is to protect, in a sentence with a blank before it. */
export function networksText({ offer, asker, refuser }: QuickModeRefusal): string {
  const networks = offer?.networks ?? null;
  if (networks === null) return '';
  const at = (network: string, side: AttemptSide): string =>
    network === side.address ? network : `${network} behind ${side.label}`;
  return ` Asked for: ${at(networks.own, asker)} with ${at(networks.far, refuser)}.`;
}

/** The transforms of the decrypted QM1, likewise. */
export function offeredText({ offer }: Pick<QuickModeRefusal, 'offer'>): string {
  const offered = offer === null ? null : transformsText(offer);
  return offered === null ? '' : ` Offered: ${offered}.`;
}

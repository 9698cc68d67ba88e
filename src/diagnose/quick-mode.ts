import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { eventsOfSide, frameEvidence } from './evidence.ts';
import { errors, frameOf, notificationName } from './facts.ts';
import { fromCisco } from './mm5.ts';
import type { Weighed } from './rule.ts';

const NO_PROPOSAL_CHOSEN = 14;
const INVALID_ID_INFORMATION = 18;

export type QuickModeRefusal = {
  /** What the responder objects to, as far as it can be told. */
  readonly about: 'identities' | 'transforms' | 'pfs' | 'unknown';
  /** The initiator proposed a key exchange of its own (perfect forward secrecy). */
  readonly pfsProposed: boolean;
  readonly evidence: readonly Weighed[];
  /** The notification was read, not guessed. */
  readonly isRead: boolean;
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

/** An informational answers quick mode instead of QM2. */
export function refusedQuickMode(attempt: Attempt): QuickModeRefusal | null {
  const { exchange } = attempt;
  if (exchange === null || attempt.version !== 1 || attempt.phase2 === 'complete') return null;
  const originals = exchange.messages.filter(
    (entry) => entry.retransmissionOf === null && entry.copyOf === null,
  );
  const first = originals.find((entry) => entry.step === 'QM1');
  if (first === undefined || originals.some((entry) => entry.step === 'QM2')) return null;
  const answer = originals.find(
    (entry) =>
      entry.step === 'INFO' &&
      entry.direction !== first.direction &&
      entry.direction !== null &&
      entry.message.timeNs >= first.message.timeNs,
  );
  if (answer === undefined) return null;
  const pfsProposed = proposesPfs(attempt, first);
  const read = errors(attempt).find((entry) => entry.frame === answer.message.frame);
  if (read !== undefined) {
    const text = `quick mode is answered with ${notificationName(attempt, read)}`;
    return {
      about:
        read.notifyType === INVALID_ID_INFORMATION
          ? 'identities'
          : read.notifyType === NO_PROPOSAL_CHOSEN && !fromCisco(attempt)
            ? 'transforms'
            : 'unknown',
      pfsProposed,
      evidence: frameEvidence(attempt, read.frame, text, {
        // IOS says NO_PROPOSAL_CHOSEN for every refusal, so that reading it proves no cause.
        basis: read.notifyType === NO_PROPOSAL_CHOSEN && fromCisco(attempt) ? 'inferred' : 'proven',
        decisive: true,
      }),
      isRead: true,
    };
  }
  if (answer.decryption?.kind === 'decrypted') return null;
  const size = `QM1 has ${first.message.header.length} octets, ${pfsProposed ? 'room for a key exchange or many proposals' : 'no room for a key exchange'}`;
  // IOS refuses a quick mode for its profile as well, and in the same words.
  const guess = pfsProposed ? 'pfs' : 'identities';
  return {
    about: fromCisco(attempt) ? 'unknown' : guess,
    pfsProposed,
    evidence: [
      ...frameEvidence(
        attempt,
        frameOf(answer),
        'an encrypted notification answers QM1 instead of QM2',
        {
          basis: 'inferred',
          decisive: true,
        },
      ),
      ...frameEvidence(attempt, frameOf(first), size, { basis: 'inferred', decisive: true }),
    ],
    isRead: false,
  };
}

import { WORDING } from '../correlate/log-lines.ts';
import { asksForMm6, trusted } from '../exchange/facts.ts';
import { hex } from '../bytes/hex.ts';
import { namesTheSa } from '../exchange/infer.ts';
import type { ExchangeMessage, ExchangeNotification, Side } from '../model/exchange.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import { endsTooSoon } from './capture-end.ts';
import { frameEvidence, lineEvidence, eventsOfSide, quoted } from './evidence.ts';
import {
  NAT_T,
  between,
  errors,
  frameOf,
  isIkeFragmented,
  notificationName,
  packets,
  sides,
  times,
} from './facts.ts';
import { configuredMismatch, differentKeyEvidence, sameKeyEvidence } from './key-evidence.ts';
import type { KeyRelation } from './keys-used.ts';
import { compareKeys } from './keys-used.ts';
import type { Weighed } from './rule.ts';

/**
 * What became of MM5. The two failures that are mistaken for one another, the same value from a keyring that the
 * profile does not allow and another value, are told apart here and nowhere else.
 */
export type Mm5Cause =
  'wrong-keyring' | 'different-keys' | 'identity-refused' | 'lost' | 'undecided';

export type Mm5Reading = {
  readonly cause: Mm5Cause;
  readonly evidence: readonly Weighed[];
  readonly keys: KeyRelation;
  /** The likelier of causes that the packets do not tell apart. */
  readonly isLikely: boolean;
};

/** Vendor id of Cisco Unity without its version octets. IOS sends it in MM4; daemons only when told to. */
const CISCO_UNITY = '12f5f28c457168a9702d9fe274cc';

export function fromCisco(attempt: Attempt): boolean {
  const { responder, exchange } = attempt;
  if (responder.log !== null || responder.config !== null) return true;
  return (exchange?.messages ?? []).some(
    (entry) =>
      entry.direction === 'r2i' &&
      entry.payloads.some(
        (payload) =>
          payload.content.kind === 'vendor-id' &&
          hex(payload.content.data.bytes).startsWith(CISCO_UNITY),
      ),
  );
}

/** With signatures MM5 is encrypted without any pre-shared key. Unknown counts as PSK. */
export function usesPsk(attempt: Attempt): boolean {
  const told = attempt.responder.log?.auth ?? attempt.initiator.log?.auth ?? null;
  if (told !== null) return /psk|pre-?share/i.test(told);
  const method = attempt.exchange?.transform?.authentication ?? null;
  return method === null || method === PRE_SHARED || XAUTH_PSK.has(method);
}

/** RFC 2409 Appendix A, and XAUTHInitPreShared, XAUTHRespPreShared of draft-beaulieu-ike-xauth-02. */
const PRE_SHARED = 1;
const XAUTH_PSK: ReadonlySet<number> = new Set([65001, 65002]);

type Wire = {
  readonly mm5: readonly ExchangeMessage[];
  /** Encrypted informational messages of the responder after MM5. */
  readonly answers: readonly ExchangeMessage[];
  readonly repeatedAfterAnswer: number;
  readonly mm4After: readonly ExchangeMessage[];
  readonly floated: boolean;
};

export function mm5OnWire(attempt: Attempt): Wire {
  const mm5 = packets(attempt, 'MM5', 'initiator');
  const first = mm5[0];
  if (first === undefined)
    return { mm5, answers: [], repeatedAfterAnswer: 0, mm4After: [], floated: false };
  const later = (entry: ExchangeMessage): boolean => entry.message.timeNs >= first.message.timeNs;
  const answers = packets(attempt, 'INFO', 'responder').filter(
    (entry) => entry.encrypted && later(entry),
  );
  const answer = answers[0];
  const mm3 = packets(attempt, 'MM3', 'initiator')[0];
  return {
    mm5,
    answers,
    repeatedAfterAnswer:
      answer === undefined
        ? 0
        : mm5.filter((entry) => between(answer, entry) > 0 && entry !== first).length,
    mm4After: packets(attempt, 'MM4', 'responder').filter((entry) => between(first, entry) > 0),
    floated: mm3 !== undefined && mm3.message.dst.port !== first.message.dst.port,
  };
}

/** MM5 goes to UDP 4500: the first message there. */
export const floats = (attempt: Attempt): boolean =>
  mm5OnWire(attempt).floated ||
  (attempt.initiator.log?.packets.some(
    ({ direction, state, peerPort }) =>
      direction === 'sent' && state === 'MM_KEY_EXCH' && peerPort === NAT_T,
  ) ??
    false);

/** The responder refuses MM5: the initiator logs it, or a notification in clear, or any with signatures, whose keys agree, answers it. */
export const rejectsMm5 = (attempt: Attempt): boolean => {
  const { log } = attempt.initiator;
  return (
    (!usesPsk(attempt) && mm5OnWire(attempt).answers.length > 0) ||
    (log?.verdict === 'mm5-unanswered' && log.cause === 'refused-by-peer') ||
    clearAnswer(attempt, mm5OnWire(attempt)) !== null
  );
};

/** What the responder says in clear once MM5 was sent. */
function clearAnswer(attempt: Attempt, { mm5 }: Wire): ExchangeNotification | null {
  const first = mm5[0];
  if (first === undefined) return null;
  const later = new Set(
    (attempt.exchange?.messages ?? [])
      .filter(({ message }) => message.timeNs >= first.message.timeNs)
      .map(frameOf),
  );
  return (
    errors(attempt, 'responder').find(
      ({ isProtected, frame }) => !isProtected && later.has(frame),
    ) ?? null
  );
}

/** MM6 is on the wire, and the initiator does not ask for it again: MM5 is answered. */
export function mm6Passes({ exchange }: Attempt): boolean {
  const messages = trusted(exchange?.messages ?? []);
  return messages.some(({ step }) => step === 'MM6') && !asksForMm6(messages);
}

/** The lines in which the responder says that it has verified MM5. */
export const authenticates = ({ responder }: Attempt): readonly Weighed[] =>
  quoted(responder, WORDING.authenticated, true);

/** The responder's log tells of MM6: it sends it once it has verified MM5, or holds phase 1 for complete. */
export function logsMm6(attempt: Attempt): boolean {
  const { log } = attempt.responder;
  if (log === null) return false;
  const verified = authenticates(attempt).at(-1)?.line ?? Number.POSITIVE_INFINITY;
  return (
    log.phase1 === 'complete' ||
    log.packets.some(
      ({ direction, state, line, notification }) =>
        direction === 'sent' && /^MM_KEY_/.test(state) && !notification && line > verified,
    )
  );
}

/** True when something shows that MM5 left and phase 1 did not complete. */
function pending(attempt: Attempt, wire: Wire): boolean {
  if (attempt.version !== 1 || attempt.mode !== 'main') return false;
  const { initiator, responder } = attempt;
  if (initiator.log?.phase1 === 'complete' || attempt.phase1 === 'complete') return false;
  if (mm6Passes(attempt)) return false;
  // What its sender tells of MM6 stands where nothing else was seen to answer MM5; whether it is lost is told by others.
  if (logsMm6(attempt) && wire.answers.length === 0 && clearAnswer(attempt, wire) === null)
    return false;
  // The identity in MM6 was read: MM5 is answered.
  if (initiator.log?.peerIdentity) return false;
  const passage = attempt.passages.find((entry) => entry.step === 'MM5');
  const reached = responder.log?.statePath.includes('IKE_R_MM5') ?? false;
  return (
    wire.mm5.length > 0 ||
    passage !== undefined ||
    initiator.log?.verdict === 'mm5-unanswered' ||
    reached ||
    quoted(responder, WORDING.garbage, true).length > 0
  );
}

/** The capture is all there is, and ends so soon after the only MM5 that nothing is known of an answer. */
export function isUnheard(attempt: Attempt, incident: Incident): boolean {
  const { mm5, mm4After } = mm5OnWire(attempt);
  const [only, second] = mm5;
  return (
    only !== undefined &&
    second === undefined &&
    mm4After.length === 0 &&
    !isIkeFragmented(attempt, only) &&
    attempt.phase1 === 'incomplete' &&
    sides(attempt).every(({ log }) => log === null) &&
    endsTooSoon(incident, only) !== null
  );
}

export function readMm5(attempt: Attempt, incident: Incident): Mm5Reading | null {
  // What this SA waited for came on another one.
  if (sides(attempt).some(({ log }) => log?.cause === 'superseded')) return null;
  const wire = mm5OnWire(attempt);
  if (!pending(attempt, wire)) return null;
  const keys = usesPsk(attempt)
    ? compareKeys(attempt, incident)
    : { relation: 'unknown' as const, initiator: null, responder: null };
  const reading = (
    cause: Mm5Cause,
    evidence: readonly Weighed[],
    isLikely = false,
  ): Mm5Reading => ({
    cause,
    evidence: [...evidence, ...wireEvidence(attempt, wire, cause, isLikely)],
    keys,
    isLikely,
  });

  const rejected = quoted(attempt.responder, WORDING.keyNotInProfile, true);
  if (rejected.length > 0)
    return reading('wrong-keyring', [...rejected, ...sameKeyEvidence(attempt, keys)]);

  const garbage = quoted(attempt.responder, WORDING.garbage, true);
  if (garbage.length > 0)
    return reading('different-keys', [
      ...garbage,
      ...differentKeyEvidence(attempt, incident, keys),
    ]);

  const provenKeys = keys.initiator?.basis === 'proven' && keys.responder?.basis === 'proven';
  if (keys.relation === 'different' && provenKeys) {
    return reading('different-keys', differentKeyEvidence(attempt, incident, keys));
  }
  const apart = underAnotherKey(wire);
  if (apart !== null && usesPsk(attempt)) {
    const text =
      'what answers MM5 is encrypted with another key than MM5, made of the same Diffie-Hellman exchange: only the pre-shared key can differ';
    return reading('different-keys', [
      ...frameEvidence(attempt, apart, text, { basis: 'proven', decisive: true }),
      ...differentKeyEvidence(attempt, incident, keys),
    ]);
  }
  const refusal = refusalRead(attempt, wire);
  if (refusal !== null && keys.relation !== 'different') {
    const name = notificationName(attempt, refusal);
    const text = `the responder answers MM5 with ${name}, encrypted with the key that both share`;
    // One error is of the identity (RFC 2408 §3.14.1); the other does not name its reason.
    const isNamed = refusal.notifyType === INVALID_ID_INFORMATION;
    return reading(
      usesPsk(attempt) || isNamed ? 'identity-refused' : 'undecided',
      frameEvidence(attempt, refusal.frame, text, {
        basis: isNamed ? 'proven' : 'inferred',
        decisive: true,
      }),
    );
  }

  const lost = attempt.passages.find(
    ({ step, fate }) => step === 'MM5' && fate.startsWith('lost') && fate !== 'lost-or-missed',
  );
  if (lost !== undefined) return reading('lost', []);

  // What a router logs of the key weighs more than what packets or a configuration make likely.
  const verified = authenticates(attempt);
  if (verified.length > 0) return reading('undecided', verified);

  if (keys.relation === 'different')
    return reading('different-keys', differentKeyEvidence(attempt, incident, keys));
  if (keys.relation === 'same' && attempt.responder.selection?.verification === 'fails') {
    return reading('wrong-keyring', [
      ...configuredMismatch(attempt),
      ...sameKeyEvidence(attempt, keys),
    ]);
  }
  if (keys.relation === 'same') return reading('undecided', sameKeyEvidence(attempt, keys));

  if (wire.answers.length > 0) return fromAnswers(attempt, incident, wire, reading);
  const clear = clearAnswer(attempt, wire);
  if (clear !== null) {
    const text = `the responder answers MM5 with ${notificationName(attempt, clear)} in clear`;
    const seen = frameEvidence(attempt, clear.frame, text, { basis: 'inferred', decisive: true });
    // What another key decrypts is malformed.
    return clear.notifyType === PAYLOAD_MALFORMED && usesPsk(attempt)
      ? reading('different-keys', seen, true)
      : reading('undecided', seen);
  }
  // A responder that still asks for MM5 over the path that MM5 took got nothing that it could use.
  const asksAgain = wire.mm4After.length > 0 && !wire.floated && wire.mm5.length > 1;
  if (asksAgain && usesPsk(attempt) && !fromCisco(attempt))
    return reading('different-keys', [], true);
  return isUnheard(attempt, incident) ? null : reading('undecided', []);
}

const PAYLOAD_MALFORMED = 16;
export const INVALID_ID_INFORMATION = 18;

/** The answer to MM5 that opens, while MM5 opens under another key. */
function underAnotherKey({ mm5, answers }: Wire): ExchangeMessage | null {
  const keyOf = ({ decryption }: ExchangeMessage): Side | null =>
    decryption?.kind === 'decrypted' ? decryption.keyOf : null;
  if (!mm5.some((entry) => keyOf(entry) === 'initiator')) return null;
  return answers.find((entry) => keyOf(entry) === 'responder') ?? null;
}

/** What the responder objects to MM5 under the common key, where it could be read. */
export function refusalRead(
  attempt: Attempt,
  { mm5, answers }: Pick<Wire, 'mm5' | 'answers'> = mm5OnWire(attempt),
): ExchangeNotification | null {
  if (mm5.length === 0 || !answers.some(({ decryption }) => decryption?.kind === 'decrypted'))
    return null;
  const first = errors(attempt, 'responder').find(({ isProtected }) => isProtected);
  return first === undefined || first.notifyType === PAYLOAD_MALFORMED ? null : first;
}

/**
 * Whether the initiator repeats MM5 once it has the responder's complaint is up to its maker, so the packets tell the likelier cause
 * and no more: one that can read the complaint mostly stops. The length speaks too: MM5 that could not be read is refused with a
 * notification that names no SA, and the identity in it mostly with one that does.
 */
function fromAnswers(
  attempt: Attempt,
  incident: Incident,
  wire: Wire,
  reading: (cause: Mm5Cause, evidence: readonly Weighed[], isLikely?: boolean) => Mm5Reading,
): Mm5Reading {
  const answer = wire.answers[0]!;
  const opened = wire.mm5[0]?.decryption?.kind === 'decrypted' && wire.mm5[0].decryption.verified;
  const sealed =
    answer.decryption?.kind === 'opaque' && answer.decryption.reason !== 'no-key-material';
  if (opened && sealed && usesPsk(attempt)) {
    const text = 'the key that opens MM5 does not open this answer';
    return reading(
      'different-keys',
      frameEvidence(attempt, answer, text, { basis: 'inferred', decisive: true }),
    );
  }
  const text = `an encrypted notification of ${answer.message.header.length} octets answers MM5`;
  const seen = frameEvidence(attempt, answer, text, { basis: 'inferred', decisive: true });
  // With signatures no pre-shared key is in the keys of phase 1: what is refused is the certificate, the signature or the identity.
  if (!usesPsk(attempt)) return reading('undecided', seen);
  const isNamed = namesTheSa(attempt.exchange!, answer);
  if (wire.repeatedAfterAnswer > 0)
    return isNamed ? reading('undecided', seen) : reading('different-keys', seen, true);
  return isNamed || endsTooSoon(incident, answer) === null
    ? reading('identity-refused', seen, true)
    : reading('undecided', seen);
}

function wireEvidence(
  attempt: Attempt,
  wire: Wire,
  cause: Mm5Cause,
  isLikely: boolean,
): readonly Weighed[] {
  const first = wire.mm5[0];
  const said: Weighed[] = [];
  if (first !== undefined) {
    const copies = wire.mm5.length;
    const verified = first.decryption?.kind === 'decrypted' && first.decryption.verified;
    const read = verified
      ? `; it decrypts and ${first.decryption.check ?? 'its hash'} verifies`
      : '';
    const text = `MM5 is sent ${times(copies)} and phase 1 does not complete${read}`;
    said.push(
      ...frameEvidence(attempt, first, text, {
        basis: 'inferred',
        decisive: cause === 'undecided',
      }),
    );
  }
  const again = wire.mm4After[0];
  if (again !== undefined) {
    const text = `the responder repeats MM4 ${times(wire.mm4After.length)} after MM5 was sent`;
    said.push(
      ...frameEvidence(attempt, again, text, {
        basis: 'inferred',
        decisive: cause === 'different-keys' && isLikely,
      }),
    );
  }
  const { log } = attempt.initiator;
  if (log !== null) {
    const events = eventsOfSide(attempt.initiator).filter((event) =>
      /retransmitting phase 1 MM_KEY_EXCH/i.test(event.text),
    );
    const event = events[0];
    if (event !== undefined)
      said.push(lineEvidence(attempt.initiator, event, cause === 'undecided'));
  }
  return said;
}

/** The initiator's own log says that what answers MM5 decrypts to garbage. */
export const initiatorReadsGarbage = (attempt: Attempt): boolean =>
  attempt.initiator.log?.verdict === 'psk-mismatch';

import { keyedAnswer } from '../exchange/entries.ts';
import type { Attempt, AttemptSide, Join, NegotiationView } from '../model/incident.ts';
import type { Exchange } from '../model/exchange.ts';
import type { LogNegotiation, Transform } from '../model/log.ts';
import type { Negotiation, TimelineItem } from '../model/report.ts';
import {
  authenticationMethods,
  encryptionAlgorithms,
  hashAlgorithms,
} from '../isakmp/registry/phase1.ts';
import { nameOrNumber } from '../isakmp/registry/table.ts';
import { encryptionTransforms, integrityTransforms } from '../isakmp/registry/v2-transforms.ts';
import { identitiesOf } from './identity.ts';
import { interfaceAddresses } from './routers.ts';

const PSK = new Set([1, 65001, 65002]);
const RSA = new Set([3, 65005, 65006]);

function authName(method: number | null): string | null {
  if (method === null) return null;
  if (PSK.has(method)) return 'psk';
  if (RSA.has(method)) return 'rsa-sig';
  return nameOrNumber(authenticationMethods, method);
}

/** IKEv2 agrees on no method: each end names its own in AUTH. The initiator's tells, which under EAP has none of its own at first. */
function authOf({ version, transform, messages }: Exchange): string | null {
  if (version === 1) return authName(transform?.authentication ?? null);
  const sent = messages.flatMap(({ step, direction, payloads }) =>
    step !== 'AUTH' ? [] : payloads.map(({ content }) => ({ direction, content })),
  );
  if (sent.some(({ content }) => content.kind === 'eap')) return 'eap';
  const methods = sent.flatMap(({ direction, content }) =>
    content.kind === 'authentication' ? [{ direction, method: content.method }] : [],
  );
  const told = methods.find(({ direction }) => direction === 'i2r') ?? methods[0];
  return told === undefined ? null : (V2_METHODS[told.method] ?? String(told.method));
}

/** IANA "IKEv2 Authentication Method", in the words of the logs where they have one. */
const V2_METHODS: Readonly<Record<number, string>> = {
  1: 'rsa-sig',
  2: 'psk',
  3: 'dss-sig',
  9: 'ecdsa-sig',
  10: 'ecdsa-sig',
  11: 'ecdsa-sig',
  12: 'secure-password',
  13: 'null',
  14: 'digital-signature',
};

function wireTransform(exchange: Exchange): Transform | null {
  const { transform, version } = exchange;
  if (transform === null) return null;
  const ciphers = version === 1 ? encryptionAlgorithms : encryptionTransforms;
  const hashes = version === 1 ? hashAlgorithms : integrityTransforms;
  const cipher = transform.encryption === null ? null : nameOrNumber(ciphers, transform.encryption);
  return {
    encryption:
      cipher === null || transform.keyLength === null ? cipher : `${cipher}-${transform.keyLength}`,
    hash: transform.hash === null ? null : nameOrNumber(hashes, transform.hash),
    group: transform.group,
    auth: authOf(exchange),
    lifeSeconds: transform.lifeSeconds,
  };
}

function keysOf(exchange: Exchange): NonNullable<Negotiation['keys']> {
  const { keys } = exchange;
  return {
    status: keys.status,
    why: keys.why,
    initiatorPsk: keys.initiatorPsk,
    responderPsk: keys.responderPsk,
    identities: identitiesOf(exchange),
  };
}

const framesOf = (exchange: Exchange | null): readonly number[] =>
  exchange === null
    ? []
    : exchange.messages
        .flatMap((entry) => [...entry.message.fragmentFrames, entry.message.frame])
        .filter((frame, index, all) => all.indexOf(frame) === index)
        .sort((a, b) => a - b);

/** The other ids under which the attempt is known, each with what the join rests on. */
function partners(
  id: string,
  attempt: Attempt,
): { readonly ids: readonly string[]; readonly by: readonly string[] } {
  const { joins } = attempt;
  const ids = [
    ...attempt.negotiations,
    ...(attempt.exchange === null ? [] : [attempt.exchange.id]),
  ].filter((other) => other !== id);
  const by = ids.map((other) => {
    const direct = joins.find((join) => connects(join, id, other));
    if (direct !== undefined) return direct.by;
    const wire = attempt.exchange?.id;
    return wire === undefined ? 'the same attempt' : `exchange ${wire}, to which both are joined`;
  });
  return { ids, by };
}

const connects = (join: Join, a: string, b: string): boolean =>
  (join.left === a && join.right === b) || (join.left === b && join.right === a);

/**
 * A responder's log does not print its own address; the peer's log, the capture or the configuration has it. Behind a
 * NAT what the others see is the translator's, unless the router itself has it: NAT-D is also falsified to force UDP.
 */
function ownAddress(side: AttemptSide, attempt: Attempt): string | null {
  const { config, address } = side;
  if (config !== null && address !== null && interfaceAddresses(config).includes(address))
    return address;
  const { nat } = attempt.exchange ?? { nat: null };
  const hidden = side.side === 'initiator' ? nat?.initiatorTranslated : nat?.responderTranslated;
  return hidden === true ? null : address;
}

function fromLog(
  log: LogNegotiation,
  side: AttemptSide,
  attempt: Attempt,
  timeline: readonly TimelineItem[],
): NegotiationView {
  const { exchange } = attempt;
  const { ids, by } = partners(log.id, attempt);
  const initiatorCookie = log.initiatorCookie ?? exchange?.initiatorCookie;
  const responderCookie = log.responderCookie ?? exchange?.responderCookie;
  return {
    id: log.id,
    router: side.router,
    role: log.role,
    pairedWith: ids,
    pairedBy: by,
    ikeVersion: log.ikeVersion,
    ...(log.assumed === undefined || exchange !== null ? {} : { assumed: log.assumed }),
    exchange: log.exchange,
    localAddress: log.localAddress ?? ownAddress(side, attempt),
    peerAddress: log.peerAddress,
    fvrf: log.fvrf,
    connId: log.connId,
    ...(initiatorCookie === undefined ? {} : { initiatorCookie }),
    ...(responderCookie === undefined ? {} : { responderCookie }),
    frames: framesOf(exchange),
    auth:
      log.auth ?? (exchange === null ? null : authName(exchange.transform?.authentication ?? null)),
    transform: log.transform ?? (exchange === null ? null : wireTransform(exchange)),
    policyMatched: log.policyMatched,
    policyRejections: log.policyRejections,
    keyringSelections: log.keyringSelections,
    ...(log.saRequestProfile === undefined ? {} : { saRequestProfile: log.saRequestProfile }),
    ...(log.profileMatched === undefined ? {} : { profileMatched: log.profileMatched }),
    decisions: attempt.decisions,
    statePath: log.statePath,
    qmStatePath: log.qmStatePath,
    packetStates: log.packetStates,
    ...endOf(log, attempt),
    evidenceLines: log.evidenceLines,
    keys: exchange === null ? null : keysOf(exchange),
    timeline,
  };
}

type End = Pick<NegotiationView, 'phase1' | 'phase2' | 'outcome' | 'failingStep'>;

/** How it ended by the log itself; where that is cut short, by what the other side or the capture saw. */
function endOf({ phase1, phase2, outcome, failingStep }: LogNegotiation, attempt: Attempt): End {
  const own = { phase1, phase2, outcome, failingStep };
  if (outcome !== 'incomplete' || phase1 === 'failed' || phase2 === 'failed') return own;
  if (attempt.phase2 === 'complete')
    return phase2 === 'complete'
      ? own
      : { phase1: 'complete', phase2: 'complete', outcome: 'established', failingStep: null };
  const isOpen = phase1 === 'incomplete' || phase1 === 'not-started';
  if (attempt.phase1 !== 'failed' || !isOpen || attempt.exchange === null) return own;
  return { ...own, phase1: 'failed', outcome: 'failed', failingStep: stoppedAt(attempt.exchange) };
}

/** The step after the last one that was answered, on which a capture-only attempt stopped. */
function stoppedAt(exchange: Exchange): string | null {
  const last = exchange.messages.at(-1);
  const waiting: Readonly<Record<string, string>> = {
    MM1: 'mm2-wait',
    MM2: 'mm3-wait',
    MM3: 'mm4-wait',
    MM4: 'mm5-wait',
    MM5: 'mm6-wait',
    MM6: 'mm6-verify',
    AM1: 'am2-wait',
    AM2: 'am3-wait',
    AM3: 'am3-verify',
    SA_INIT: 'ike-sa-init-wait',
    AUTH: 'ike-auth-wait',
  };
  const steps = exchange.messages.map((entry) => entry.step).filter((step) => step in waiting);
  const deepest = Object.keys(waiting)
    .filter((step) => steps.some((seen) => seen === step))
    .at(-1);
  if (deepest === undefined || last === undefined) return null;
  return deepest === 'SA_INIT' && isInitDone(exchange) ? waiting.AUTH! : waiting[deepest]!;
}

/** IKE_SA_INIT is answered with keys, and the initiator does not ask again. */
function isInitDone({ messages }: Exchange): boolean {
  const answer = keyedAnswer(messages);
  return (
    answer !== undefined &&
    !messages
      .slice(messages.indexOf(answer))
      .some(({ direction, copyOf }) => direction === 'i2r' && copyOf === null)
  );
}

function fromWire(
  exchange: Exchange,
  attempt: Attempt,
  timeline: readonly TimelineItem[],
): NegotiationView {
  const { phase1, phase2 } = attempt;
  const up = phase1 === 'complete' && (phase2 === 'complete' || phase2 === 'not-reached');
  const failed = phase1 === 'failed' || phase2 === 'failed';
  return {
    id: exchange.id,
    router: null,
    role: 'initiator',
    pairedWith: [],
    pairedBy: [],
    ikeVersion: exchange.version,
    exchange: attempt.mode,
    localAddress: exchange.initiator.address,
    peerAddress: exchange.responder.address,
    fvrf: null,
    connId: null,
    initiatorCookie: exchange.initiatorCookie,
    responderCookie: exchange.responderCookie,
    frames: framesOf(exchange),
    auth: authOf(exchange),
    transform: wireTransform(exchange),
    policyMatched: null,
    policyRejections: [],
    keyringSelections: [],
    decisions: attempt.decisions,
    statePath: [],
    qmStatePath: [],
    packetStates: [],
    phase1,
    phase2,
    outcome: up ? 'established' : failed ? 'failed' : 'incomplete',
    failingStep: up
      ? null
      : phase2 === 'failed'
        ? 'qm1'
        : phase1 === 'complete'
          ? null
          : stoppedAt(exchange),
    evidenceLines: [],
    keys: keysOf(exchange),
    timeline,
  };
}

/** One negotiation for each router that logged the attempt, or one without a router for an attempt that only a capture saw. */
export function negotiationsOf(
  attempt: Attempt,
  timeline: readonly TimelineItem[],
): readonly NegotiationView[] {
  const logged = [attempt.initiator, attempt.responder].flatMap((side) =>
    side.log === null ? [] : [fromLog(side.log, side, attempt, timeline)],
  );
  if (logged.length > 0) return logged;
  return attempt.exchange === null ? [] : [fromWire(attempt.exchange, attempt, timeline)];
}

import { equalOctets } from '../bytes/span.ts';
import { authOctets, pskAuth } from '../crypto/v2/key-schedule.ts';
import type { CandidateVerdict, Side } from '../model/exchange.ts';
import type { Payload } from '../model/isakmp.ts';
import type { FactsV2 } from './facts-v2.ts';
import type { KeysV2 } from './open-v2.ts';
import type { PskGroup } from './psk-groups.ts';
import { survives, type Survivors } from './screening.ts';

/** The AUTH that one side sent, with its ID, as decrypted. */
export type SentAuth = {
  readonly frame: number;
  readonly method: number;
  readonly data: Uint8Array;
  readonly idBody: Uint8Array | null;
};

type Lacking = {
  /** Why the message with AUTH cannot be read although its keys are known: fragments that are not there. */
  readonly lacking: string | null;
  /** Of an IKE SA that was rekeyed (RFC 7296 §2.18). */
  readonly isSuccessor: boolean;
};

export type AuthDecision = {
  readonly verdicts: readonly CandidateVerdict[];
  readonly verified: number | null;
  /** Indices of all groups that fit. */
  readonly fitting: readonly number[];
  readonly checked: boolean;
};

const ID_INITIATOR = 35;
const ID_RESPONDER = 36;

/** IANA "IKEv2 Authentication Method". */
const SHARED_KEY = 2;
const METHOD_NAMES: Readonly<Record<number, string>> = {
  1: 'an RSA signature',
  3: 'a DSS signature',
  9: 'an ECDSA signature',
  10: 'an ECDSA signature',
  11: 'an ECDSA signature',
  12: 'a generic secure password method',
  13: 'no authentication at all (NULL)',
  14: 'a digital signature',
};

/** AUTH and ID among decrypted payloads. */
export function authIn(payloads: readonly Payload[], frame: number, side: Side): SentAuth | null {
  const idType = side === 'initiator' ? ID_INITIATOR : ID_RESPONDER;
  const id = payloads.find(({ type }) => type === idType);
  for (const { content } of payloads) {
    if (content.kind === 'authentication') {
      return {
        frame,
        method: content.method,
        data: content.data.bytes,
        idBody: id?.body.bytes ?? null,
      };
    }
  }
  return null;
}

/** Decides every candidate for one side by its AUTH (RFC 7296 §2.15). */
export function decideAuth(
  facts: FactsV2 & Lacking,
  side: Side,
  keys: KeysV2 | null,
  sent: SentAuth | null,
  groups: readonly PskGroup[],
  survivors: Survivors,
): AuthDecision {
  const untestable = whyUntestable(facts, side, keys, sent);
  if (untestable !== null || sent === null) {
    const outcome = {
      verdict: 'not-testable' as const,
      by: null,
      frame: sent?.frame ?? null,
      why: untestable ?? '',
    };
    return {
      verdicts: groups.flatMap(({ labels }) =>
        labels.map((candidate) => ({ candidate, side, ...outcome })),
      ),
      verified: null,
      fitting: [],
      checked: false,
    };
  }
  const name = keys!.suite.prf!;
  const signed = signedOctets(facts, side, keys!, sent);
  const verdicts: CandidateVerdict[] = [];
  const fitting: number[] = [];
  for (const [number, group] of groups.entries()) {
    const fits =
      survives(survivors, number) &&
      signed.some((octets) => equalOctets(pskAuth(name, group.secret, octets), sent.data));
    if (fits) fitting.push(number);
    const why = fits
      ? `AUTH of frame ${sent.frame} equals the value computed with it`
      : `AUTH of frame ${sent.frame} was not made with it`;
    for (const candidate of group.labels) {
      verdicts.push({
        candidate,
        side,
        verdict: fits ? 'verified' : 'refuted',
        by: 'AUTH',
        frame: sent.frame,
        why,
      });
    }
  }
  return { verdicts, verified: fitting[0] ?? null, fitting, checked: true };
}

function signedOctets(
  facts: FactsV2,
  side: Side,
  keys: KeysV2,
  sent: SentAuth,
): readonly Uint8Array[] {
  const initiator = side === 'initiator';
  const skP = (initiator ? keys.skPi : keys.skPr)!;
  const peerNonce = (initiator ? facts.nonceR : facts.nonceI)!;
  const messages = initiator ? facts.requests : facts.responses;
  return messages.map((message) =>
    authOctets(keys.suite.prf!, message, peerNonce, skP, sent.idBody!),
  );
}

/** The exact reason why AUTH cannot be computed; null when it can. */
function whyUntestable(
  facts: FactsV2 & Lacking,
  side: Side,
  keys: KeysV2 | null,
  sent: SentAuth | null,
): string | null {
  if (facts.unsupported) {
    return 'AUTH is encrypted with algorithms that are not available in this runtime';
  }
  if (keys === null) {
    return 'IKEv2 encrypts AUTH under keys that need no PSK but need g^ir: give g^ir, a Diffie-Hellman private value or SK_* with SK_pi and SK_pr (a charon log at ike = 4)';
  }
  if (sent === null && facts.isSuccessor) {
    return 'a rekeyed IKE SA has no IKE_AUTH of its own, that of the SA before it shows the key';
  }
  if (sent === null && facts.lacking !== null) {
    return `the IKE_AUTH message of the ${side} is not whole: ${facts.lacking}`;
  }
  if (sent === null) {
    return side === 'responder'
      ? 'the responder sent no AUTH, so nothing shows its key'
      : 'the initiator sent no AUTH (it uses EAP, or the capture lacks its IKE_AUTH request)';
  }
  if (sent.method !== SHARED_KEY) {
    return `the ${side} authenticates with ${METHOD_NAMES[sent.method] ?? `method ${sent.method}`}, not with a pre-shared key`;
  }
  if (facts.usesPpk) {
    return 'both sides announced a post-quantum pre-shared key (RFC 8784), which also enters SK_pi and SK_pr';
  }
  if (facts.hasIntermediate) {
    return 'IKE_INTERMEDIATE messages enter AUTH (RFC 9242), which is not computed here';
  }
  if (keys.suite.prf === null) return 'the prf is not known or not available';
  const skP = side === 'initiator' ? keys.skPi : keys.skPr;
  if (skP === null) {
    const name = side === 'initiator' ? 'SK_pi' : 'SK_pr';
    return `AUTH also needs ${name}, which a Wireshark table does not hold: give g^ir or ${name}`;
  }
  const messages = side === 'initiator' ? facts.requests : facts.responses;
  const nonce = side === 'initiator' ? facts.nonceR : facts.nonceI;
  if (messages.length === 0 || nonce === null) {
    return 'AUTH covers the IKE_SA_INIT messages, which are not in the capture';
  }
  return sent.idBody === null
    ? 'its AUTH comes without an ID payload, as after EAP, where a key of the EAP method makes it and no pre-shared key (RFC 7296 §2.16)'
    : null;
}

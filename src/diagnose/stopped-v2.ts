import { addressText } from '../isakmp/address.ts';
import { hasRounds, isInFlight, isTooShortForChild } from '../exchange/ike-auth.ts';
import { fragmentSets, missingText } from '../exchange/ike-fragments.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { eventsOfSide, frameEvidence, lineEvidence } from './evidence.ts';
import { errors, notificationName, otherSide, senderOf } from './facts.ts';
import { meaningOfError } from './ikev2-errors.ts';
import { authEndOf } from './ikev2.ts';
import type { Stop } from './stopped-wire.ts';

/** Told once for an attempt, by its packets; `side` is the one that is asked about. */
type Told = (attempt: Attempt) => Stop | null;

const debugOf = (side: AttemptSide): string => `"debug crypto ikev2" of ${side.label}`;

const REDIRECT = 16407;
const GATEWAY_KINDS: Readonly<Record<number, string>> = { 1: 'address', 2: 'address', 3: 'name' };

/** RFC 5685 §6: kind and length of the new gateway, then its address or name. */
function gatewayOf(data: Uint8Array): string | null {
  const kind = GATEWAY_KINDS[data[0] ?? 0];
  const value = data.subarray(2, 2 + (data[1] ?? 0));
  if (kind === undefined || value.length === 0) return null;
  const text = kind === 'address' ? addressText(value) : new TextDecoder().decode(value);
  return text === '' ? null : text;
}

const redirected: Told = (attempt) => {
  for (const entry of attempt.exchange?.messages ?? []) {
    for (const { content } of entry.payloads) {
      if (content.kind !== 'notification' || content.notifyType !== REDIRECT) continue;
      const gateway = gatewayOf(content.data.bytes);
      const { initiator, responder } = attempt;
      const where = gateway ?? 'another gateway';
      return {
        title: `${responder.label} sends ${initiator.label} to ${where}`,
        explanation: `${responder.label} answers with REDIRECT (RFC 5685): ${initiator.label} is to set up the tunnel with ${where} instead. What became of that is to be looked for between those two.`,
        advice: `See whether ${initiator.label} reaches ${where} on UDP 500 and 4500, and whether its configuration knows that peer.`,
        ask: [`a capture of UDP 500 and 4500 between ${initiator.label} and ${where}`],
        evidence: frameEvidence(attempt, entry, `REDIRECT to ${where}`, {
          basis: entry.encrypted ? 'proven' : 'observed',
          decisive: true,
        }),
      };
    }
  }
  return null;
};

/** The log lists the notification, and not the gateway in it. */
const redirectLogged: Told = (attempt) => {
  const { initiator, responder } = attempt;
  const told = eventsOfSide(initiator).find(
    ({ message, fields }) =>
      message === 'v2-received' &&
      String(fields.notify ?? '')
        .split(' ')
        .includes('REDIRECT'),
  );
  if (told === undefined) return null;
  return {
    title: `${responder.label} sends ${initiator.label} to another gateway`,
    explanation: `${responder.label} answers with REDIRECT (RFC 5685): ${initiator.label} is to set up the tunnel with another gateway instead. What became of that is to be looked for in an attempt of its own.`,
    advice: `See whether ${initiator.label} reaches that gateway on UDP 500 and 4500.`,
    ask: [`the rest of the log of ${initiator.label}`],
    evidence: [lineEvidence(initiator, told, true)],
  };
};

const fragmentMissing: Told = (attempt) => {
  const set = fragmentSets(attempt.exchange?.messages ?? []).find(
    ({ step, missing }) => step === 'AUTH' && missing !== null,
  );
  if (set === undefined) return null;
  const from = senderOf(attempt, set) ?? attempt.responder;
  const to = otherSide(attempt, from);
  const what = missingText(set);
  return {
    title: `IKE_AUTH of ${from.label} is not whole in the capture`,
    explanation: `${from.label} sends IKE_AUTH in IKE fragments (RFC 7383), and ${what}. Where it was lost before the capture, ${to.label} cannot answer; where the capture missed it, nothing is known.`,
    advice: `Capture again at ${to.label}, and look at the path for what drops single packets.`,
    ask: [debugOf(to), `a capture of UDP 500 and 4500 at ${to.label}`],
    evidence: frameEvidence(attempt, set.entries.at(-1)!, what, {
      basis: 'inferred',
      decisive: true,
    }),
  };
};

/** Closed, and IKE_AUTH may go on behind it. */
const roundsUnfinished: Told = (attempt) => {
  const { exchange, initiator, responder } = attempt;
  const end = authEndOf(attempt);
  if (exchange === null || attempt.phase1 === 'complete') return null;
  if ((end.kind !== 'closed' && end.kind !== 'open') || end.answer === null) return null;
  if (end.answer.decryption?.kind === 'decrypted') return null;
  const hasMore = hasRounds(exchange.messages);
  if (!hasMore && !isInFlight(exchange, end.answer)) return null;
  const isShort = isTooShortForChild(exchange, end.answer);
  const shows = hasMore
    ? `${initiator.label} asks more than once in IKE_AUTH`
    : `The IKE_AUTH request of ${initiator.label} has no room for an AUTH`;
  return {
    title: `IKE_AUTH between ${initiator.label} and ${responder.label} is not seen to its end`,
    explanation: `${shows}, as with EAP (or several authentications), and the messages are encrypted. The last answer of ${responder.label}${isShort ? ' is too short for an SA: it' : ''} may go on with EAP, accept the user or refuse it. The IKE_AUTH that would end it is not in the evidence.`,
    advice: `Look at ${initiator.label} for what it does with the last answer, and at the AAA server.`,
    ask: [
      debugOf(responder),
      debugOf(initiator),
      'g^ir, a Diffie-Hellman private value or SK_* of this SA: they open the answer',
    ],
    evidence: frameEvidence(attempt, end.answer, 'the last answer to IKE_AUTH', {
      basis: 'inferred',
      decisive: true,
    }),
  };
};

const eapUnfinished: Told = (attempt) => {
  const end = authEndOf(attempt);
  if (end.kind !== 'open' || end.answer?.decryption?.kind !== 'decrypted') return null;
  if (!end.answer.payloads.some(({ content }) => content.kind === 'eap')) return null;
  const { initiator, responder } = attempt;
  return {
    title: `The authentication of ${initiator.label} by EAP does not come to its end`,
    explanation: `${responder.label} authenticates itself in IKE_AUTH and goes on with EAP. The last IKE_AUTH, in which ${initiator.label} would prove that EAP succeeded, is not in the evidence, so the IKE SA is not up.`,
    advice: `Look at ${initiator.label} for what it does with the EAP request, and at the AAA server.`,
    ask: [debugOf(initiator), 'the log of the AAA server'],
    evidence: frameEvidence(attempt, end.answer, 'the last answer carries EAP', {
      basis: 'proven',
      decisive: true,
    }),
  };
};

/** A closed answer too short for an SA: something else stands in it. */
const childMissing: Told = (attempt) => {
  const end = authEndOf(attempt);
  if (end.kind !== 'closed' || attempt.phase1 !== 'complete' || attempt.phase2 !== 'failed')
    return null;
  const { initiator, responder } = attempt;
  const { length } = end.answer.message.header;
  return {
    title: `${responder.label} gives ${initiator.label} no child SA`,
    explanation: `${responder.label} answers IKE_AUTH with ${length} octets: more than a refusal of the authentication takes, and too few for an identity, AUTH, an SA and traffic selectors. The IKE SA is up or goes on with EAP, and the child SA is refused or absent; the reason is encrypted (most often NO_PROPOSAL_CHOSEN or TS_UNACCEPTABLE).`,
    advice: 'Compare transform sets, access lists and address pools of both ends.',
    ask: [
      debugOf(responder),
      'g^ir, a Diffie-Hellman private value or SK_* of this SA: they open the answer',
    ],
    evidence: frameEvidence(
      attempt,
      end.answer,
      `the answer to IKE_AUTH has ${length} octets, too few for a child SA`,
      { basis: 'inferred', decisive: true },
    ),
  };
};

/** An error that was read is told, even where no rule is about it. */
const errorTold: Told = (attempt) => {
  // In clear anybody may have said so, and only what is the last word stopped the attempt.
  const entry = errors(attempt).at(-1);
  if (entry === undefined) return null;
  const from = senderOf(attempt, entry) ?? attempt.responder;
  const to = otherSide(attempt, from);
  const name = notificationName(attempt, entry);
  const means = meaningOfError(name);
  const how = entry.isProtected ? '' : ', unprotected, so that anybody may have sent it';
  return {
    title: `${from.label} answers ${to.label} with ${name}`,
    explanation: `The attempt of ${attempt.initiator.label} towards ${attempt.responder.label} does not complete: ${from.label} says ${name}${how}${means === null ? '' : ` (${means})`}.`,
    advice: `Look at the log of ${from.label} for what it objects to.`,
    ask: [debugOf(from)],
    evidence: frameEvidence(
      attempt,
      entry.frame,
      `${name}${entry.isProtected ? '' : ' in clear'}`,
      {
        basis: entry.isProtected ? 'proven' : 'observed',
        decisive: true,
      },
    ),
  };
};

const STORIES: readonly Told[] = [
  redirected,
  redirectLogged,
  errorTold,
  fragmentMissing,
  eapUnfinished,
  roundsUnfinished,
  childMissing,
];

/** Where the packets of an IKEv2 attempt stop that did not come up. */
export function whereV2Stopped(attempt: Attempt): Stop | null {
  if (attempt.version !== 2) return null;
  for (const tell of STORIES) {
    const told = tell(attempt);
    if (told !== null) return told;
  }
  return null;
}

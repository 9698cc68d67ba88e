import { keyedAnswer } from '../exchange/entries.ts';
import { trusted } from '../exchange/facts.ts';
import type { Step } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { ikeDebug } from './facts.ts';
import type { Stop } from './stopped-wire.ts';

/** What closes the part in clear, and what the initiator sends next: under a translation the first message on UDP 4500. */
const NEXT: Readonly<
  Record<Attempt['mode'], readonly [closes: Step, next: Step, name: string] | null>
> = {
  main: ['MM4', 'MM5', 'MM5'],
  ikev2: ['SA_INIT', 'AUTH', 'IKE_AUTH'],
  aggressive: null,
};

/** The responder has said all that it says in clear, and the next message of the initiator is not in the capture. */
export function afterOpening(attempt: Attempt): Stop | null {
  const { exchange, initiator, responder } = attempt;
  const steps = NEXT[attempt.mode];
  if (exchange === null || steps === null) return null;
  const [closes, next, name] = steps;
  const messages = trusted(exchange.messages);
  const answer =
    closes === 'SA_INIT'
      ? keyedAnswer(messages)
      : messages.find(({ step, direction }) => step === closes && direction === 'r2i');
  if (answer === undefined || messages.some(({ step }) => step === next)) return null;
  const { initiatorTranslated, responderTranslated } = exchange.nat;
  const isTranslated = initiatorTranslated === true || responderTranslated === true;
  const closing = closes === 'SA_INIT' ? 'IKE_SA_INIT' : closes;
  const port = isTranslated
    ? ` A translation was found between the two, so ${name} goes to UDP 4500, while everything before it went to UDP 500: a filter on UDP 4500 has this effect.`
    : closes === 'SA_INIT'
      ? ` ${name} may also go on at UDP 4500, which a capture of UDP 500 alone does not hold.`
      : '';
  return {
    title: `${name} of ${initiator.label} is not in the capture`,
    explanation: `${responder.label} sends ${closing}, and ${name} of ${initiator.label} does not follow in the capture. ${name} is lost on its way, ${closing} did not reach ${initiator.label}, or the capture ends too soon.${port} Keys and identities were not tested yet.`,
    advice: isTranslated
      ? 'Look at filters on UDP 4500 between the two, and capture that port as well.'
      : `Look at the path between ${initiator.label} and ${responder.label}.`,
    ask: [
      `a capture of UDP 500 and 4500 at ${initiator.label}: it shows whether ${name} leaves`,
      `${ikeDebug(attempt)} of ${initiator.label}`,
    ],
    evidence: frameEvidence(
      attempt,
      answer,
      `${closing} of the responder; ${name} does not follow`,
      { basis: 'inferred', decisive: true },
    ),
  };
}

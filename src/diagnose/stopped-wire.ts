import { trusted } from '../exchange/facts.ts';
import { unansweredQuickMode } from '../exchange/unanswered.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import { endsTooSoon, seconds } from './capture-end.ts';
import { frameEvidence } from './evidence.ts';
import {
  errors,
  frameOf,
  ikeDebug,
  notificationName,
  otherSide,
  packets,
  senderOf,
  times,
} from './facts.ts';
import { isUnheard } from './mm5.ts';
import { readPhase1End } from './phase1-end.ts';
import { quickModeIntro } from './quick-mode.ts';
import type { Weighed } from './rule.ts';

/** Where an attempt stopped that no rule explains, as far as its logs and packets tell. */
export type Stop = {
  /** Where it is not one finding with the other attempts between the two. */
  readonly key?: string;
  readonly title: string;
  readonly explanation: string;
  readonly advice: string;
  /** What would tell more, the most useful first. */
  readonly ask: readonly string[];
  readonly evidence: readonly Weighed[];
  /** Something was tried and did not come to be, also where a tunnel stands beside it. */
  readonly isFailure?: true;
};

type Told = (attempt: Attempt) => Stop | null;

const PATH = 'a capture of UDP 500 and 4500 at the other end: it shows what arrives there';

/** The last message of phase 1 passed, and the packets do not show what the other side made of it. */
const afterPhase1: Told = (attempt) => {
  const end = readPhase1End(attempt);
  if (end === null || end.kind === 'refused') return null;
  const { step, through, sender, evidence } = end;
  const other = otherSide(attempt, through);
  const begins = `${through.label} sends ${step} to ${other.label}, the last message of phase 1, so for ${through.label} phase 1 is complete.`;
  const ask = [
    `${ikeDebug(attempt)} of ${other.label}: it says whether it accepts ${step}`,
    'the Diffie-Hellman shared secret of one end with candidate keys: what is encrypted can then be read',
  ];
  if (sender === null)
    return {
      title: `Nothing follows ${step} of ${through.label}`,
      explanation: `${begins} Nothing follows it in the capture, so whether ${other.label} accepts ${step} is not in the evidence.`,
      advice: '',
      ask: ['a capture that goes on longer', ...ask],
      evidence,
    };
  const means =
    sender === other
      ? `It refuses ${step} (identity, profile or keyring do not fit), or deletes the SA. Where that comes seconds later and an SA of the two stands already, it may as well be a keepalive of one that is renewed: that has no quick mode.`
      : `A DELETE has this place, where ${sender.label} ends the SA. Where that comes seconds later and an SA of the two stands already, it may as well be a keepalive of one that is renewed: that has no quick mode.`;
  return {
    title: `An encrypted message of ${sender.label} ends the attempt after ${step}`,
    explanation: `${begins} The next message is an informational of ${sender.label} that cannot be read, and no quick mode follows. ${means}`,
    advice: '',
    ask,
    evidence,
  };
};

/** The last word of quick mode is said again and again, and nothing comes, or the question behind it is asked again. */
const quickModeSilence: Told = (attempt) => {
  const { exchange } = attempt;
  if (exchange === null || attempt.version !== 1 || attempt.phase2 === 'not-reached') return null;
  const seen = unansweredQuickMode(trusted(exchange.messages));
  const first = seen?.sendings[0];
  const from = first === undefined ? null : senderOf(attempt, first);
  if (seen === null || first === undefined || from === null) return null;
  const { sendings, askedAgain } = seen;
  const to = otherSide(attempt, from);
  const { step } = first;
  const asks = step === 'QM1';
  const sent = `${from.label} sends ${step}${sendings.length > 1 ? ` ${times(sendings.length)}` : ''}`;
  const why = asks
    ? `${sent} and gets no answer. The message is lost on the path, ${to.label} has no SA to read it with, or it drops it without a word.`
    : askedAgain === null
      ? `${to.label} begins a quick mode, ${sent} and gets no answer. ${step} does not reach ${to.label}, or it does not accept it and says nothing.`
      : `${to.label} begins a quick mode, ${sent}, and ${to.label} sends QM1 again as if nothing had come: ${step} does not reach ${to.label}, or it cannot use it.`;
  const [shown, text] =
    askedAgain === null
      ? [first, `${step} is sent ${times(sendings.length)} and not answered`]
      : [askedAgain, `QM1 is sent again after QM2 (frame ${frameOf(first)}) was seen`];
  return {
    title: asks
      ? `${to.label} does not answer the quick mode of ${from.label}`
      : askedAgain === null
        ? `${to.label} does not go on with its quick mode after QM2 of ${from.label}`
        : `QM2 of ${from.label} does not reach ${to.label}`,
    explanation: `${quickModeIntro(attempt)} ${why}`,
    advice: `Look at the log of ${to.label} for the same moment: it shows whether ${step} arrives there.`,
    ask: [`${ikeDebug(attempt)} and "debug crypto ipsec" of ${to.label}`, PATH],
    evidence: frameEvidence(attempt, shown, text, { basis: 'inferred', decisive: true }),
    isFailure: true,
  };
};

/** What `seconds` does not show as 0.0 s. */
const SHOWN_MS = 50;

/** The capture ends before MM5 could be sent again. */
export function cutAfterMm5(attempt: Attempt, incident: Incident): Stop | null {
  const mm5 = packets(attempt, 'MM5', 'initiator')[0];
  if (mm5 === undefined || !isUnheard(attempt, incident)) return null;
  const { initiator, responder } = attempt;
  const ms = endsTooSoon(incident, mm5) ?? 0;
  const isLast = ms < SHOWN_MS;
  return {
    title: isLast
      ? `The capture ends with MM5 of ${initiator.label}`
      : `The capture ends ${seconds(ms)} after MM5 of ${initiator.label}`,
    explanation: `${initiator.label} sends MM5 to ${responder.label}, and the capture ends ${isLast ? 'with this packet' : `${seconds(ms)} later`}: an answer, or a repetition of MM5, may follow it.`,
    advice: 'Capture again until the attempt is over.',
    ask: [
      'a capture that goes on for a minute',
      `${ikeDebug(attempt)} of ${responder.label}: it says what it makes of MM5`,
    ],
    evidence: frameEvidence(attempt, mm5, 'MM5 is the last message of the attempt', {
      basis: 'inferred',
      decisive: true,
    }),
  };
}

const again = (
  messages: readonly ExchangeMessage[],
  step: ExchangeMessage['step'],
): readonly ExchangeMessage[] =>
  messages.filter((entry) => entry.step === step && entry.retransmissionOf !== null);

/** MM3 comes again after MM4 was sent, and MM5 never. */
const mm4Lost: Told = (attempt) => {
  const { exchange, initiator, responder } = attempt;
  if (exchange === null || attempt.mode !== 'main') return null;
  const messages = trusted(exchange.messages).filter(({ copyOf }) => copyOf === null);
  const mm4 = messages.find(({ step }) => step === 'MM4');
  if (mm4 === undefined || messages.some(({ step }) => step === 'MM5')) return null;
  const repeated = again(messages, 'MM3').filter(
    ({ message }) => message.timeNs > mm4.message.timeNs,
  );
  if (repeated.length === 0) return null;
  return {
    title: `MM4 of ${responder.label} does not reach ${initiator.label}`,
    explanation: `${initiator.label} and ${responder.label} agree on a policy. ${responder.label} answers MM3 with MM4, and ${initiator.label} sends MM3 again as if nothing had come: MM4 is lost on its way, or ${initiator.label} cannot use it, for instance because it has no key for ${responder.label}.`,
    advice: `Look at the path from ${responder.label} to ${initiator.label} and at the log of ${initiator.label}.`,
    ask: [`${ikeDebug(attempt)} of ${initiator.label}`, `a capture at ${initiator.label}`],
    evidence: frameEvidence(
      attempt,
      repeated[0]!,
      `MM3 is sent ${times(repeated.length)} more after MM4 (frame ${frameOf(mm4)}) was seen`,
      { basis: 'inferred', decisive: true },
    ),
  };
};

/** What one end says of the exchange is told, also where nothing is known of its reason. */
const complaint: Told = (attempt) => {
  const { exchange } = attempt;
  if (exchange === null || attempt.version !== 1 || attempt.phase1 === 'complete') return null;
  const said = errors(attempt).at(-1);
  const from = said === undefined ? null : senderOf(attempt, said);
  if (said === undefined || from === null) return null;
  const to = otherSide(attempt, from);
  const name = notificationName(attempt, said);
  const before = trusted(exchange.messages).findLast(
    ({ step, message }) => step !== 'INFO' && step !== 'OTHER' && message.frame < said.frame,
  );
  const answers = before === undefined ? '' : ` after ${before.step}`;
  const doubt = said.isProtected
    ? ''
    : ' It came in clear, so that anyone on the path could have sent it.';
  return {
    title: `${from.label} ends the attempt with ${name}`,
    explanation: `${from.label} says ${name} to ${to.label}${answers}, and the attempt goes no further.${doubt}`,
    advice: '',
    ask: [`${ikeDebug(attempt)} of ${from.label}: it says what it objects to`],
    evidence: frameEvidence(attempt, said.frame, `${name} of the ${from.side}`, {
      basis: said.isProtected ? 'proven' : 'inferred',
      decisive: true,
    }),
  };
};

/** Stories that packets tell where no log does, the surest first. */
export const WIRE_STORIES: readonly Told[] = [quickModeSilence, afterPhase1, mm4Lost, complaint];

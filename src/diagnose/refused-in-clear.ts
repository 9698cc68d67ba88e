import { packetSteps } from '../correlate/steps.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { LogEvent } from '../model/log.ts';
import { eventsOfSide, lineEvidence } from './evidence.ts';
import type { Stop } from './stopped-wire.ts';

/** The line in which a firewall names the notification that came in clear. */
export function notifyInClear(
  side: AttemptSide,
): { readonly type: string; readonly event: LogEvent } | null {
  const event = eventsOfSide(side).find(({ message }) => message === 'asa-notify-in-clear');
  return event === undefined ? null : { type: String(event.fields.notify), event };
}

/** What went before the line, as far as the log shows packets. */
function before(
  { log }: AttemptSide,
  line: number,
): {
  readonly message: string;
  readonly gotAnswer: boolean;
  readonly repeated: boolean;
} {
  const earlier = log === null ? [] : packetSteps(log).filter(({ packet }) => packet.line < line);
  const sent = earlier.filter(({ packet }) => packet.direction === 'sent');
  return {
    message: /^[MA]M\d$/.test(sent.at(-1)?.step ?? '') ? sent.at(-1)!.step : 'a message',
    gotAnswer: earlier.some(
      ({ packet }) => packet.direction === 'received' && packet.notification !== true,
    ),
    repeated: sent.some(({ packet }) => packet.retransmission),
  };
}

/** The peer answers with an error notification that nothing authenticates. */
export function refusedInClear(_: Attempt, side: AttemptSide, peer: AttemptSide): Stop | null {
  const { log } = side;
  if (side.side !== 'initiator' || log?.verdict !== 'inconclusive' || log.phase1 === 'complete')
    return null;
  const named = notifyInClear(side);
  if (named === null) return null;
  const { type, event } = named;
  const ask = [`"debug crypto isakmp" of ${peer.label} for the same moment`];
  const evidence = [{ ...lineEvidence(side, event, true), basis: 'inferred' as const }];
  const { message, gotAnswer, repeated } = before(side, event.line);
  const answers = `${peer.label} answers ${message} of ${side.label} with ${type}`;
  // RFC 2408 section 3.14.1: the cookies are of no SA that the peer has.
  if (type === 'INVALID_COOKIE' && gotAnswer && repeated)
    return {
      title: `${peer.label} answers ${side.label} with INVALID_COOKIE: it has given the exchange up`,
      explanation: `${peer.label} answered the first message of ${side.label}. What came next got no answer, and when it was repeated, ${peer.label} no longer knew the exchange: it gave it up by itself, or was begun anew. Why stands in its own log; a missing key for its peer is the first thing to look for.`,
      advice: `Look at ${peer.label} for a key for the address from which ${side.label} comes, and read its debug.`,
      ask,
      evidence,
    };
  return {
    title: answers,
    explanation: `${answers}, in clear. ${type === 'INVALID_COOKIE' ? 'So it knows of no exchange with these cookies' : 'So it refuses to go on'}; nothing authenticates such a notification. Why stands in the log of ${peer.label}.`,
    advice: `Read the debug of ${peer.label}.`,
    ask,
    evidence,
  };
}

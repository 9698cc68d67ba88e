import { createHearsay, type Hearsay } from '../logparse/hearsay.ts';
import type { LogDocument, LogEvent } from '../model/log.ts';
import type { CaseFile, Claim } from './rule.ts';
import { SAYINGS, type Saying } from './sayings.ts';

/** Findings of logs that hold system messages and no negotiation. */
export function overheard({
  incident,
}: CaseFile): readonly { readonly rule: string; readonly claim: Claim }[] {
  // What only repeats another log is read there, with its negotiations.
  const repeating = new Set(incident.repeats.map(({ input }) => input));
  return incident.evidence.logs
    .filter(({ negotiations, input }) => negotiations.length === 0 && !repeating.has(input))
    .flatMap((log) =>
      heard({ events: log.events.filter(counts) }).flatMap((said) =>
        SAYINGS.filter(({ message }) => message === said.message).flatMap((saying) => {
          const event = log.events.find(({ line }) => line === said.line);
          if (event === undefined || (saying.isMinor === true && comesUpLater(log, event)))
            return [];
          const { rule } = saying;
          return {
            rule: typeof rule === 'string' ? rule : rule(event),
            claim: claimOf(log, event, said, saying),
          };
        }),
      ),
    );
}

const comesUpLater = ({ events }: LogDocument, { line, fields: { peer } }: LogEvent): boolean =>
  events.some(
    (later) =>
      later.line > line &&
      later.message.startsWith('syslog-session') &&
      later.fields.status === 'UP' &&
      later.fields.peer === peer,
  );

const counts = ({ message, text }: LogEvent): boolean =>
  SAYINGS.find((saying) => saying.message === message)?.wording?.test(text) !== false;

/** What system messages of these events say. */
export function heard({ events }: Pick<LogDocument, 'events'>): readonly Hearsay[] {
  const hearsay = createHearsay();
  events.forEach(hearsay.take);
  return hearsay.all();
}

function claimOf(log: LogDocument, event: LogEvent, said: Hearsay, saying: Saying): Claim {
  const here = event.router ?? log.routers[0]?.name ?? 'the router that wrote this log';
  const peer = said.peer ?? 'its peer';
  const explanation = saying.explanation(here, peer, event);
  const { basis, advice, severity } = saying;
  const title = saying.title(here, peer, event);
  return {
    attempt: null,
    key: `${here} ${peer} ${title}`,
    title,
    explanation,
    summary: `${explanation} ${advice}`,
    evidence: [
      { input: log.input, line: said.line, text: event.text.trim(), basis, decisive: true },
    ],
    remedies: [{ text: advice, verified: false }],
    settle: [
      '"debug crypto isakmp" (for IKEv2 "debug crypto ikev2") and "debug crypto ipsec" while the tunnel is tried.',
    ],
    ...(severity !== undefined && { severity }),
  };
}

import { provesStrangers } from '../../correlate/match.ts';
import type { Attempt, AttemptSide, Incident, RefusedJoin } from '../../model/incident.ts';
import type { RouterRecord } from '../../model/report.ts';
import { duration } from '../clock-words.ts';
import { frameEvidence } from '../evidence.ts';
import { listed, sides } from '../facts.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';

/** Two zones cannot be so far apart; what begins later than that is of another day. */
const ANOTHER_DAY_MS = 26 * 3_600_000;
/** Pairs of ends that a reader wants to see. */
const MOST_ENDS = 3;

type Logged = { readonly attempt: Attempt; readonly side: AttemptSide };

function loggedBy({ attempts }: Incident, { name, inputs }: RouterRecord): readonly Logged[] {
  return attempts.flatMap((attempt) =>
    sides(attempt).flatMap((side) =>
      side.log !== null && side.router === name && inputs.includes(side.log.input)
        ? [{ attempt, side }]
        : [],
    ),
  );
}

const isCaptured = ({ attempt }: Logged): boolean => attempt.exchange !== null;

function check(incident: Incident): readonly Claim[] {
  const captured = incident.attempts.filter(({ exchange }) => exchange !== null);
  if (captured.length === 0) return [];
  const routers = incident.routers
    .map((router) => loggedBy(incident, router))
    .filter((logged) => logged.length > 0);
  const isAnyJoined = routers.some((logged) => logged.some(isCaptured));
  return routers.flatMap((logged) =>
    logged.some(isCaptured) ? [] : [claimOf(logged, captured, incident, isAnyJoined)],
  );
}

function claimOf(
  logged: readonly Logged[],
  captured: readonly Attempt[],
  incident: Incident,
  isAnyJoined: boolean,
): Claim {
  const { side } = logged[0]!;
  const log = side.log!;
  const what = incident.evidence.captures.length > 1 ? 'the captures' : 'the capture';
  const refusals = refusalsOf(logged, incident);
  const reasons = [...new Set(refusals.map(({ why }) => why))];
  const isOpen = refusals.some(({ isAmbiguous }) => isAmbiguous);
  const days = daysApart(logged, captured, what);
  const isProven =
    days !== '' || (reasons.length > 0 && reasons.every((reason) => provesStrangers(reason)));
  const title = isOpen
    ? `Nothing tells which attempt in the log of ${side.label} ${what} shows`
    : isProven
      ? `The log of ${side.label} and ${what} have no attempt in common`
      : `The log of ${side.label} and ${what} could not be joined`;
  const peers = listed(endsOf(logged.map(({ side: own }) => own.log!.peerAddress ?? 'a peer')));
  const ends = listed(
    endsOf(
      captured.map(
        ({ exchange }) => `${exchange!.initiator.address} to ${exchange!.responder.address}`,
      ),
    ),
  );
  const because = reasons.length === 0 ? '' : ` What keeps them apart: ${reasons.join('; ')}.`;
  const explanation =
    `The log of ${side.label} tells of attempts with ${peers}; ${what}, of attempts from ${ends}.${because}${days} ` +
    (isOpen || isProven
      ? 'Each is judged by itself, and nothing that is told of the one explains the other.'
      : 'That does not prove that they tell of different attempts: each is judged by itself, and may still be the other view of the same one.');
  const frame = captured[0]!.exchange!.messages[0]!;
  return {
    attempt: null,
    key: `${side.label} ${log.input}`,
    title,
    explanation,
    summary: `${title}. ${explanation}`,
    ...(isAnyJoined || !(isOpen || isProven) ? {} : { severity: 'warning' as const }),
    evidence: [
      {
        input: log.input,
        line: log.firstLine,
        text: `${side.label}: first line of its first attempt`,
        basis: 'inferred',
        decisive: true,
      },
      ...frameEvidence(captured[0]!, frame, `the first attempt in ${what}`, {
        basis: 'inferred',
        decisive: true,
      }),
    ],
    remedies: [],
    settle: [
      isOpen
        ? `A debug with time stamps from ${side.label} for the time of ${what}: times between messages, and the message ids of quick mode, tell attempts apart.`
        : 'A debug and a capture of one and the same attempt, taken together.',
    ],
  };
}

const endsOf = (all: readonly string[]): readonly string[] => {
  const each = [...new Set(all)];
  return each.length <= MOST_ENDS
    ? each
    : [...each.slice(0, MOST_ENDS), `${each.length - MOST_ENDS} more`];
};

/** The exchanges that could have been meant, with what speaks against each. */
function refusalsOf(
  logged: readonly Logged[],
  { refused, attempts }: Incident,
): readonly RefusedJoin[] {
  const logs = new Set(logged.map(({ side }) => side.log!.id));
  const exchanges = new Set(attempts.flatMap(({ exchange }) => exchange?.id ?? []));
  return refused.filter(
    ({ left, right }) =>
      (logs.has(left) && exchanges.has(right)) || (logs.has(right) && exchanges.has(left)),
  );
}

/** Where the stamps name the year, dates can be compared. */
function daysApart(logged: readonly Logged[], captured: readonly Attempt[], what: string): string {
  const starts = captured.flatMap(({ startMs }) => startMs ?? []);
  const distances = logged.flatMap(({ attempt: { startMs }, side }) =>
    startMs === null || side.log?.firstTime?.year == null
      ? []
      : starts.map((start) => startMs - start),
  );
  if (distances.length === 0) return '';
  const nearest = distances.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
  return Math.abs(nearest) <= ANOTHER_DAY_MS
    ? ''
    : ` By its stamps the log is ${duration(nearest)} ${nearest < 0 ? 'before' : 'after'} ${what}.`;
}

export const logOutsideCapture: Rule = {
  id: 'log-outside-capture',
  title: 'A log and the captures have no attempt in common',
  severity: 'note',
  needs: ['log', 'packets'],
  means:
    "No attempt of a router's log could be joined with one that a capture holds. Other peers, proposals, directions or days prove that they are different ones: what the log says and what the packets show are two stories, and the findings of the one do not explain the other. Where several fit equally well, or too little of one is in the other, nothing tells.",
  recognised:
    'Both hold attempts to set up an SA, and none of the log could be joined with one of the captures. It weighs more where no log could be joined at all and it is proven that they differ, or several fit.',
  fix: 'Take the debug and the capture together, while the same attempt fails.',
  references: [REFERENCES.ike],
  supersedes: [],
  check: ({ incident }) => check(incident),
};

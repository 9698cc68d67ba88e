import {
  DELETE_RECEIVED_V2,
  SA_DELETED_V2,
  deletedByPeer,
  deletedByPeerV2,
  endedByPeer,
} from '../logparse/negotiations/deletion.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { Remedy } from '../model/finding.ts';
import type { LogEvent } from '../model/log.ts';
import { citedLines, eventsOfSide } from './evidence.ts';
import { pairKey, sides } from './facts.ts';
import type { Claim, Weighed } from './rule.ts';

/** Asks for the configuration of a router only where it was not given. */
export const withoutConfig = (
  { config }: AttemptSide,
  ...wanted: readonly string[]
): readonly string[] => (config === null ? wanted : []);

type Telling = {
  readonly title: string;
  readonly explanation: string;
  readonly advice: string;
  readonly remedies?: readonly Remedy[];
  readonly settle?: readonly string[];
  readonly evidence?: readonly Weighed[];
  readonly key?: string;
};

/** A claim as every rule makes it: told once, cited, with one sentence of advice. */
export function claimOf(attempt: Attempt, telling: Telling): Claim {
  return {
    attempt,
    key: telling.key ?? pairKey(attempt),
    title: telling.title,
    explanation: telling.explanation,
    summary: `${telling.explanation} ${telling.advice}`.trim(),
    evidence: telling.evidence ?? [],
    remedies: telling.remedies ?? [{ text: telling.advice, verified: false }],
    settle: notGiven(attempt, telling.settle ?? []),
  };
}

const IKE_DEBUG = /^"debug crypto (?:isakmp|ikev2)" of /i;

/** What would tell more, without the debug of an end that is at hand already. */
export function notGiven(attempt: Attempt, asked: readonly string[]): readonly string[] {
  const given = sides(attempt)
    .filter(({ log }) => log !== null && log.packets.length > 0)
    .map(({ label }) => label);
  return asked.filter((text) => {
    const rest = IKE_DEBUG.test(text) ? text.replace(IKE_DEBUG, '') : '';
    return !given.some(
      (label) => rest.startsWith(label) && /^[.:,;]?(?:\s|$)/.test(rest.slice(label.length)),
    );
  });
}

/** The side whose own log ends in this verdict, with the lines that it rests on. */
export function loggedVerdict(
  attempt: Attempt,
  verdict: string,
): { readonly side: AttemptSide; readonly evidence: readonly Weighed[] } | null {
  const side = sides(attempt).find((entry) => entry.log?.verdict === verdict);
  if (side === undefined) return null;
  const evidence = citedLines(side, true);
  const { log } = side;
  if (evidence.length > 0 || log === null) return { side, evidence };
  const text = `${side.label}: lines ${log.firstLine} to ${log.lastLine} of its log`;
  return {
    side,
    evidence: [{ input: log.input, line: log.firstLine, text, basis: 'observed', decisive: true }],
  };
}

/** The side whose SA was deleted by the other, and that by no other SA replaced before; `all` are the attempts of the case. */
export function toldToDelete(attempt: Attempt, all: readonly Attempt[]): AttemptSide | null {
  const told = (side: AttemptSide): boolean => {
    if (isReplaced(side, all)) return false;
    const events = eventsOfSide(side);
    if (endedByPeer(endOfFirewall(side) ?? '')) return true;
    const lines = (of: (event: LogEvent) => boolean): readonly number[] =>
      events.filter(of).map(({ line }) => line);
    if (attempt.version === 1) {
      const deletes = lines(({ fields }) => fields.payload === 'DELETE');
      return deletedByPeer(deletes, side.log?.deleteReason ?? null);
    }
    return deletedByPeerV2(
      lines(({ message }) => message === DELETE_RECEIVED_V2),
      lines(({ message }) => SA_DELETED_V2.includes(message)),
    );
  };
  return sides(attempt).find(told) ?? null;
}

const SESSION_ENDS: ReadonlySet<string> = new Set([
  'asa-terminated',
  'asa-torn-down',
  'asa-disconnected',
  'asa-v2-down',
]);

/** Why a session that stood is over, in the words of an ASA firewall; null if its log does not tell of an end. */
export function endOfFirewall(side: AttemptSide): string | null {
  if (side.log?.phase1 !== 'complete' || side.log.deleteReason === null) return null;
  const { line, text } = side.log.deleteReason;
  const isEnd = eventsOfSide(side).some(
    (event) => event.line === line && SESSION_ENDS.has(event.message),
  );
  return isEnd ? text.trim() : null;
}

const SESSION_STATUS: ReadonlySet<string> = new Set(['syslog-session', 'syslog-session-ikev2']);

/** The message by which IOS last said that the session with this peer is down; null if it stands or is not spoken of. */
export function sessionDown(side: AttemptSide): LogEvent | null {
  const last = eventsOfSide(side).findLast(({ message }) => SESSION_STATUS.has(message));
  return last?.fields.status === 'DOWN' ? last : null;
}

/** While this SA stood, another one to the same peer came up: its end is routine then. */
const isReplaced = ({ log, router }: AttemptSide, all: readonly Attempt[]): boolean =>
  log !== null &&
  all
    .flatMap(sides)
    .some(
      (other) =>
        other.log !== null &&
        other.router === router &&
        other.log.input === log.input &&
        other.log.peerAddress === log.peerAddress &&
        other.log.phase1 === 'complete' &&
        other.log.firstLine > log.firstLine &&
        other.log.firstLine < log.lastLine,
    );

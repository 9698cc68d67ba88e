import type { AttemptSide } from '../model/incident.ts';
import type { LogEvent } from '../model/log.ts';
import { eventsOfSide, lineEvidence } from './evidence.ts';
import type { Weighed } from './rule.ts';

/** IKE_AUTH has two halves: each end proves itself with its local key, which is the remote key of the other. */

/** The two ends: who does not accept whom. */
export type AuthEnds = { readonly refuser: AttemptSide; readonly refused: AttemptSide };

const ACCEPTED: ReadonlySet<string> = new Set(['v2-auth-passed', 'v2-sa-created', 'v2-session-up']);

/** The answer that sets an SA up is sent once the initiator is accepted (RFC 7296 section 1.2); with EAP the first AUTH comes before. */
function isAcceptance({ message, fields }: LogEvent): boolean {
  if (message !== 'v2-received') return false;
  if (fields.exchange !== 'IKE_AUTH' || fields.direction !== 'RESPONSE') return false;
  const payloads = String(fields.payloads ?? '').split(' ');
  return payloads.includes('AUTH') && payloads.includes('SA') && !payloads.includes('EAP');
}

/** The line that shows that the end which is refused has itself accepted the other one. */
export function acceptance({ refuser, refused }: AuthEnds): Weighed | null {
  const own = eventsOfSide(refused).find(({ message }) => ACCEPTED.has(message));
  if (own !== undefined) return lineEvidence(refused, own, false);
  const heard = eventsOfSide(refuser).find(isAcceptance);
  return heard === undefined ? null : lineEvidence(refuser, heard, false);
}

const keyFor = (side: AttemptSide, identities: ReadonlySet<string>): LogEvent | undefined =>
  eventsOfSide(side).find(
    ({ message, fields }) => message === 'v2-key-used' && identities.has(String(fields.identity)),
  );

type Lengths = {
  readonly local: number;
  readonly remote: number;
  readonly evidence: readonly Weighed[];
};

/** How long the key is that the refused end proves itself with, and the one that it is checked with; null where a log is absent. */
export function keyLengths({ refuser, refused }: AuthEnds): Lengths | null {
  const identities = new Set(
    [refused.log?.ownIdentity?.value, refuser.log?.peerIdentity?.value, refused.address].flatMap(
      (name) => name ?? [],
    ),
  );
  const local = keyFor(refused, identities);
  const remote = keyFor(refuser, identities);
  if (local === undefined || remote === undefined) return null;
  return {
    local: Number(local.fields.keyLength),
    remote: Number(remote.fields.keyLength),
    evidence: [lineEvidence(refused, local, true), lineEvidence(refuser, remote, true)],
  };
}

/** What both logs tell of the half that fails, as sentences; empty where they tell nothing. */
export function halvesText(ends: AuthEnds, isKey: boolean): string {
  const { refuser, refused } = ends;
  const parts: string[] = [];
  const lengths = isKey ? keyLengths(ends) : null;
  if (lengths !== null && lengths.local !== lengths.remote)
    parts.push(
      `${refused.label} proves itself with a key of ${lengths.local} characters, and ${refuser.label} checks it with one of ${lengths.remote}: these are two keys.`,
    );
  if (acceptance(ends) !== null) {
    const half = isKey
      ? `: the local key of ${refused.label} against the remote key of ${refuser.label}`
      : '';
    parts.push(
      `${refused.label} has accepted the AUTH of ${refuser.label}, so that only the other half fails${half}. ${refused.label} holds an IKE SA that ${refuser.label} does not have, until it is deleted or found dead.`,
    );
  }
  return parts.map((part) => ` ${part}`).join('');
}

/** The lines that it rests on. */
export const halvesEvidence = (ends: AuthEnds): readonly Weighed[] => {
  const lengths = keyLengths(ends);
  const accepted = acceptance(ends);
  return [
    ...(lengths === null || lengths.local === lengths.remote ? [] : lengths.evidence),
    ...(accepted === null ? [] : [accepted]),
  ];
};

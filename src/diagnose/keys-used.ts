import { candidateOf, holdersOf, sameSecret, secretOf } from '../correlate/secrets.ts';
import type { Side } from '../model/exchange.ts';
import type { Attempt, AttemptSide, Incident } from '../model/incident.ts';
import type { Secret } from '../model/key-material.ts';

/** The key value that a side used, as far as anything tells. */
export type UsedKey = {
  readonly secret: Secret;
  readonly basis: 'proven' | 'predicted';
  /** Names it without showing it. */
  readonly label: string;
  /** Frame whose hash proves it, or configuration line that predicts it. */
  readonly frame: number | null;
  readonly by: string | null;
  readonly line: number | null;
};

function proven(attempt: Attempt, incident: Incident, side: Side): UsedKey | null {
  const { exchange } = attempt;
  if (exchange === null) return null;
  const label = side === 'initiator' ? exchange.keys.initiatorPsk : exchange.keys.responderPsk;
  const candidate = candidateOf(incident.evidence.candidates, label);
  if (candidate === null) return null;
  const test = exchange.keys.candidates.find(
    (entry) => entry.candidate === label && entry.side === side && entry.verdict === 'verified',
  );
  return {
    secret: candidate.secret,
    basis: 'proven',
    label: candidate.label,
    frame: test?.frame ?? null,
    by: test?.by ?? null,
    line: null,
  };
}

function configured(own: AttemptSide): UsedKey | null {
  const { config, replayed: selection } = own;
  if (config === null || selection === null || selection.keyring === null) return null;
  const entry = config.keyrings
    .find((keyring) => keyring.name === selection.keyring)
    ?.entries.find((candidate) => candidate.line === selection.entryLine);
  const secret = entry === undefined ? null : secretOf(entry);
  if (secret === null) return null;
  return {
    secret,
    basis: 'predicted',
    label: `${own.label} ${selection.keyring}`,
    frame: null,
    by: null,
    line: selection.entryLine,
  };
}

/** By proof, else by what the configuration selects. */
export function keyUsed(attempt: Attempt, incident: Incident, side: Side): UsedKey | null {
  return (
    proven(attempt, incident, side) ??
    configured(side === 'initiator' ? attempt.initiator : attempt.responder)
  );
}

export type KeyRelation = {
  readonly relation: 'same' | 'different' | 'unknown';
  readonly initiator: UsedKey | null;
  readonly responder: UsedKey | null;
};

/** Whether both ends used one key value. */
export function compareKeys(attempt: Attempt, incident: Incident): KeyRelation {
  const initiator = keyUsed(attempt, incident, 'initiator');
  const responder = keyUsed(attempt, incident, 'responder');
  if (initiator === null || responder === null)
    return { relation: 'unknown', initiator, responder };
  const relation = sameSecret(initiator.secret, responder.secret) ? 'same' : 'different';
  return { relation, initiator, responder };
}

/** The keyring from which a side took its key: logged, else predicted. */
export function keyringUsed(own: AttemptSide): string | null {
  const step =
    own.side === 'initiator' ? ['mm4', 'mm2', 'mm1', 'am2', 'am1'] : ['mm3', 'mm1', 'am1'];
  for (const name of step) {
    const told = own.log?.keyringSelections.filter((entry) => entry.step === name).at(-1);
    if (told?.keyring !== undefined && told.keyring !== null) return told.keyring;
  }
  return own.replayed?.keyring ?? null;
}

/** The keyrings of a side that hold a value. */
export function ringsHolding(own: AttemptSide, secret: Secret): readonly string[] {
  if (own.config === null) return [];
  return holdersOf(own.config, own.log?.peerAddress ?? own.selection?.peer ?? null, secret, 1);
}

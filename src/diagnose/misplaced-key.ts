import { keysFor, sameSecret, secretOf } from '../correlate/secrets.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { Secret } from '../model/key-material.ts';
import { entryText, isSearched } from '../select/keyring.ts';
import { listed, ringText } from './facts.ts';
import { keyringUsed, ringsHolding, type KeyRelation } from './keys-used.ts';

/** An end that holds the key of the other one, and took another: the choice is at fault, not the key. */
export type Misplaced = {
  /** Where it holds the right key. */
  readonly places: readonly string[];
  readonly title: string;
  readonly cause: string;
  /** What helps where no repair was replayed. */
  readonly advice: string;
};

/**
 * Where else an end of an attempt holds the key of the other one; null where neither does. The responder comes first: it
 * chooses by the address alone.
 */
export function misplaced(attempt: Attempt, keys: KeyRelation): Misplaced | null {
  const { initiator, responder } = attempt;
  return (
    heldBy(responder, keys.initiator?.secret ?? null) ??
    heldBy(initiator, keys.responder?.secret ?? null)
  );
}

/** Keyrings of an end, or entries of one keyring of which the longer mask hides the other, with the key looked for. */
function heldBy(own: AttemptSide, secret: Secret | null): Misplaced | null {
  const { config, replayed: selection } = own;
  if (secret === null || config === null) return null;
  const used = keyringUsed(own);
  const taken = used === null ? 'another keyring' : ringText(used);
  const peer = own.log?.peerAddress ?? selection?.peer ?? null;
  const serving = new Set(
    keysFor(config, peer)
      .map(({ keyring }) => keyring)
      .filter((ring) => isSearched(config, ring, selection?.fvrf ?? null, own.address))
      .map(({ name }) => name),
  );
  const holders = ringsHolding(own, secret);
  if (isTaken(own, used, peer, secret)) return null;
  const places = holders.filter((ring) => ring !== used && serving.has(ring));
  if (places.length > 0) return choiceOf(own, places, taken, 'of the keyring');
  if (selection?.entry == null || selection.keyring !== used) return null;
  const beside = keysFor(config, selection.peer).find(({ keyring, entry }) => {
    const held = secretOf(entry);
    const isOther = keyring.name === used && entry.line !== selection.entryLine;
    return isOther && entry.kind !== 'hostname' && held !== null && sameSecret(held, secret);
  });
  if (beside === undefined) return null;
  const place = `the entry ${entryText(beside.entry)} of ${taken}`;
  return choiceOf(own, [place], `the entry ${selection.entry} of ${taken}`, 'of the entry');
}

/** The value looked for is the one that was taken: another keyring would have made no difference. */
function isTaken(
  { config, replayed }: AttemptSide,
  used: string | null,
  peer: string | null,
  secret: Secret,
): boolean {
  const held = config === null ? [] : keysFor(config, peer);
  const inUsed = held.filter(({ keyring }) => keyring.name === used);
  const selected = inUsed.filter(({ entry }) => entry.line === replayed?.entryLine);
  const taken = selected.length > 0 ? selected : inUsed;
  return (
    taken.length > 0 &&
    taken.every(({ entry }) => {
      const value = secretOf(entry);
      return value !== null && sameSecret(value, secret);
    })
  );
}

function choiceOf(
  { label, side, log, replayed }: AttemptSide,
  places: readonly string[],
  taken: string,
  choice: 'of the keyring' | 'of the entry',
): Misplaced {
  const right = listed(places);
  const when = side === 'responder' ? 'at MM3' : 'as initiator';
  const requested = log?.saRequestProfile?.name ?? replayed?.requestedProfile ?? null;
  const isBound = side === 'initiator' && requested !== null && choice === 'of the keyring';
  return {
    places,
    title: `${label} took the key from ${taken}; the right one is in ${right}`,
    cause: `${label} does hold the right key, in ${right}, but took ${taken} ${when}: the choice ${choice} is at fault, not the key.`,
    advice: isBound
      ? `On ${label} let the tunnel use a profile that names ${right}, in the place of ${requested}, and leave its key as it is.`
      : `On ${label} let ${right} alone serve this peer, and leave its key as it is.`,
  };
}

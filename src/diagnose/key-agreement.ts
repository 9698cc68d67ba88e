import { WORDING } from '../correlate/log-lines.ts';
import { keysFor, sameSecret, secretOf } from '../correlate/secrets.ts';
import type { Attempt, AttemptSide, Incident } from '../model/incident.ts';
import type { Secret } from '../model/key-material.ts';
import type { Contradiction } from './agreement.ts';
import { keyringNamed } from './agreement.ts';
import { quotedLine } from './agreement-policies.ts';
import { eventsOfSide, lineEvidence } from './evidence.ts';
import { otherSide, ringText, sides } from './facts.ts';
import { keyUsed, type UsedKey } from './keys-used.ts';

/**
 * Where the key that is proven, the keyring that the log names and the value that the configuration has in it cannot all be
 * true: the configuration is not the one that ran.
 */
export function keyContradictions(attempt: Attempt, incident: Incident): readonly Contradiction[] {
  if (attempt.version !== 1 || attempt.mode !== 'main') return [];
  const provenOf = ({ side }: AttemptSide): UsedKey | null => {
    const key = keyUsed(attempt, incident, side);
    return key?.basis === 'proven' ? key : null;
  };
  return sides(attempt).flatMap((side) => {
    const named = keyringNamed(side);
    const values = named === null ? [] : valuesIn(side, named.name);
    if (named === null || values.length === 0) return [];
    const holds = (key: UsedKey): boolean => values.some((value) => sameSecret(value, key.secret));
    const own = provenOf(side);
    if (own !== null)
      return holds(own)
        ? []
        : [
            {
              side,
              text: otherThanProven(side, named.name, own),
              evidence: quotedLine(side, named.line),
            },
          ];
    const far = otherSide(attempt, side);
    const sent = provenOf(far);
    const garbage = eventsOfSide(side).find(({ text }) => WORDING.garbage.test(text));
    if (sent === null || garbage === undefined || !holds(sent) || values.length > 1) return [];
    const text = `The debug of ${side.label} reads garbage with the key of ${ringText(named.name)}, and its configuration has there the very key that ${far.label} is proven to have used${proofText(sent)}`;
    return [{ side, text, evidence: [lineEvidence(side, garbage, true)] }];
  });
}

const proofText = ({ frame, by }: UsedKey): string =>
  frame === null ? '' : ` (${by ?? 'a hash'} of frame ${frame})`;

const otherThanProven = ({ label }: AttemptSide, ring: string, key: UsedKey): string =>
  `The debug of ${label} takes the key from ${ringText(ring)}, and the key that ${label} is proven to have used${proofText(key)} is not the one that its configuration has there`;

/** What a keyring holds for the peer; nothing where one of its keys cannot be read. */
function valuesIn({ config, log, selection }: AttemptSide, ring: string): readonly Secret[] {
  if (config === null) return [];
  const peer = log?.peerAddress ?? selection?.peer ?? null;
  const values = keysFor(config, peer)
    .filter(({ keyring }) => keyring.name === ring)
    .map(({ entry }) => secretOf(entry));
  const known = values.flatMap((value) => value ?? []);
  return known.length === values.length ? known : [];
}

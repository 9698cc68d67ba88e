import { u16 } from '../bytes/span.ts';
import type { GarbageReading, Side } from '../model/exchange.ts';
import { candidateKeysV1 } from './keys-v1.ts';
import { ivsOf, openV1, type KeysV1, type Sealed } from './open-v1.ts';
import type { SearchV1, SideKeys } from './search-v1.ts';
import type { SideDecision } from './verdicts-v1.ts';

/** Refuted candidates shown when the responder's own key is not proven. */
const MOST_READINGS = 16;
const SHOWN = 16;

type SideState = { readonly keys: SideKeys | null; readonly decision: SideDecision };

/**
 * What a responder with another key read in MM5: the octets that a router complains about. Under the
 * responder's proven key where there is one, otherwise under each refuted candidate.
 */
export function garbageReadings(
  search: SearchV1,
  sides: Readonly<Record<Side, SideState>>,
  nonces: Uint8Array | null,
): readonly GarbageReading[] {
  const { initiator, responder } = sides;
  const mm5 = search.index.get(0)?.find((one) => one.side === 'initiator' && !one.cut);
  if (mm5 === undefined || initiator.keys === null) return [];
  const own = initiator.keys.keys;
  if (responder.keys !== null) {
    const theirs = responder.keys.keys;
    const decided = responder.decision.verified ?? theirs.candidate;
    const label = decided === null ? theirs.by : (search.groups[decided]?.labels[0] ?? '');
    return readingUnder(search, mm5, theirs, label);
  }
  const secret = search.shared[0];
  if (secret === undefined || nonces === null) return [];
  return search.groups
    .flatMap((group, number) =>
      number === own.candidate || number === initiator.decision.verified ? [] : [{ group, number }],
    )
    .slice(0, MOST_READINGS)
    .flatMap(({ group, number }) => {
      const label = group.labels[0] ?? '';
      const keys = candidateKeysV1(
        search.facts,
        own.suite,
        nonces,
        secret,
        group.secret,
        number,
        label,
      );
      return readingUnder(search, mm5, keys, label);
    });
}

/** Nothing when the key opens the message well: then there was nothing to complain about. */
function readingUnder(
  search: SearchV1,
  mm5: Sealed,
  keys: KeysV1,
  candidate: string,
): readonly GarbageReading[] {
  const opened = openV1(keys, mm5, ivsOf(mm5, search.index, search.facts, keys.suite));
  if (opened?.kind !== 'garbage' || opened.plaintext.length < 4) return [];
  const { plaintext } = opened;
  return [
    {
      frame: mm5.message.frame,
      candidate,
      reserved: plaintext[1]!,
      nextPayload: plaintext[0]!,
      payloadLength: u16(plaintext, 2),
      firstOctets: plaintext.slice(0, SHOWN),
    },
  ];
}

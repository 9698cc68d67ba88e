import { hex } from '../bytes/hex.ts';
import { WORDING } from '../correlate/log-lines.ts';
import { candidateOf, sameSecret } from '../correlate/secrets.ts';
import type { Side } from '../model/exchange.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import { configEvidence, frameEvidence, quoted } from './evidence.ts';
import type { KeyRelation } from './keys-used.ts';
import { ringsHolding } from './keys-used.ts';
import type { Weighed } from './rule.ts';

/** Both ends hold the value that was used. */
export function sameKeyEvidence(attempt: Attempt, keys: KeyRelation): readonly Weighed[] {
  if (keys.relation !== 'same' || keys.initiator === null || keys.responder === null) return [];
  return [
    ...ofKey(attempt, keys, 'initiator', 'holds the same value as the other side used', false),
    ...ofKey(attempt, keys, 'responder', 'holds the same value as the other side used', false),
  ];
}

function ofKey(
  attempt: Attempt,
  keys: KeyRelation,
  side: 'initiator' | 'responder',
  says: string,
  decisive: boolean,
): readonly Weighed[] {
  const key = keys[side];
  const own = attempt[side];
  if (key === null) return [];
  if (key.frame !== null) {
    const rings = ringsHolding(own, key.secret);
    const held = rings.length > 0 ? `the value that its ${rings.join(' or ')} holds` : key.label;
    const text = `${own.label} used ${held}: ${key.by ?? 'a hash'} verifies`;
    return frameEvidence(attempt, key.frame, text, { basis: 'proven', decisive });
  }
  if (key.line === null || own.config === null) return [];
  return [
    configEvidence(
      own.config,
      key.line,
      `the key that ${own.label} selects (${key.label}) ${says}`,
      decisive,
    ),
  ];
}

export function differentKeyEvidence(
  attempt: Attempt,
  incident: Incident,
  keys: KeyRelation,
): readonly Weighed[] {
  const said: Weighed[] = [];
  const complained = quoted(attempt.responder, WORDING.garbage, true).length > 0;
  if (keys.relation === 'different') {
    // A difference is as sure as the less sure of its two ends.
    const both = keys.initiator?.basis === keys.responder?.basis;
    const decides = (side: Side): boolean => both || keys[side]?.basis === 'predicted';
    said.push(
      ...ofKey(
        attempt,
        keys,
        'initiator',
        'is another value than the responder used',
        decides('initiator'),
      ),
      ...ofKey(
        attempt,
        keys,
        'responder',
        'is another value than the initiator used',
        decides('responder'),
      ),
    );
  } else {
    said.push(...ofKey(attempt, keys, 'initiator', 'made MM5', false));
  }
  const used = keys.responder?.secret;
  const reading = (attempt.exchange?.garbage ?? []).find((entry) => {
    const tried = candidateOf(incident.evidence.candidates, entry.candidate);
    return tried !== null && used !== undefined && sameSecret(tried.secret, used);
  });
  if (reading !== undefined) {
    const octet = `0x${reading.reserved.toString(16).padStart(2, '0')}`;
    const complaint =
      reading.reserved === 0 ? '' : ', which is what "reserved not zero on ID payload" reports';
    const text = `decrypted with ${reading.candidate}, MM5 begins with ${hex(reading.firstOctets.subarray(0, 8))}: RESERVED is ${octet}${complaint}`;
    // The router complained of this octet, and here it is: the log and the octets prove one another.
    said.push(
      ...frameEvidence(attempt, reading.frame, text, { basis: 'proven', decisive: complained }),
    );
  }
  return said;
}

/** The configuration of the responder takes a key from one keyring and allows another. */
export function configuredMismatch(attempt: Attempt): readonly Weighed[] {
  const { responder } = attempt;
  const { config, selection } = responder;
  if (config === null || selection === null) return [];
  const said: Weighed[] = [];
  if (selection.entryLine !== null && selection.keyring !== null) {
    const text = `${responder.label} takes the key for ${selection.peer} from ${selection.keyring} at MM3`;
    said.push(configEvidence(config, selection.entryLine, text, true));
  }
  if (selection.matchedLine !== null && selection.matchedProfile !== null) {
    const rings = selection.profileKeyrings.join(' or ') || 'no named keyring';
    const text = `the identity of MM5 matches ${selection.matchedProfile}, which allows ${rings}`;
    said.push(configEvidence(config, selection.matchedLine, text, true));
  }
  return said;
}

import {
  NOWHERE,
  OTHER_TRUSTPOINT,
  REFUSED_CERTIFICATE,
  UNREADABLE,
} from '../correlate/decision.ts';
import type { Attempt } from '../model/incident.ts';
import type { Decision, Negotiation } from '../model/report.ts';
import { ringText } from './facts.ts';
import { keyringUsed } from './keys-used.ts';

const STEP_WORDS: Readonly<Record<Decision['what'], string>> = {
  keyring: 'the keyring',
  profile: 'the profile',
  verification: 'the check of the keyring',
  'phase2-profile': 'the profile that phase 2 demands',
};

/** The first decision that diverges, in words. */
export function divergenceOf(attempt: Attempt): Negotiation['divergence'] {
  const first = attempt.decisions.find((entry) => entry.verdict === 'diverges');
  if (first === undefined) return null;
  const side = first.side === 'initiator' ? attempt.initiator : attempt.responder;
  if (first.observed?.value === UNREADABLE)
    return { step: first.step, text: unreadable(attempt, first, side.label) };
  if (first.observed?.value === REFUSED_CERTIFICATE || first.observed?.value === OTHER_TRUSTPOINT)
    return { step: first.step, text: refusedCertificate(first, side.label) };
  const parts = [
    first.expected === undefined
      ? null
      : `${first.what === 'verification' ? 'allowed is' : 'the configuration gives'} ${first.expected.value}`,
    first.observed === undefined
      ? null
      : `the router ${first.what === 'verification' ? 'used' : 'had'} ${first.observed.value}`,
    first.proven === undefined ? null : `the packets prove ${first.proven.value}`,
  ].filter((part) => part !== null);
  const used = side.selection?.keyring ?? null;
  const selected =
    first.what === 'verification' &&
    first.observed === undefined &&
    first.proven === undefined &&
    used !== null
      ? [`by the configuration ${used} is selected before`]
      : [];
  return {
    step: first.step,
    text: `${side.label} (${first.side}), ${STEP_WORDS[first.what]}: ${[...parts, ...selected].join(', ')}`,
  };
}

/** MM5 decrypted to garbage: which keyring was used, and which would have fitted. */
function unreadable(attempt: Attempt, decision: Decision, label: string): string {
  const used = keyringUsed(attempt.responder);
  const maker = decision.proven?.value;
  // Without the configuration the value is the phrase that names the key, not a keyring.
  const phrase = attempt.responder.config === null || maker === NOWHERE;
  const fitting =
    maker === undefined
      ? ''
      : `; it was made with ${phrase ? maker : `the key of ${ringText(maker)}`}`;
  const taken =
    used === null ? 'the key selected at MM3' : `the key of ${ringText(used)}, selected at MM3`;
  return `${label} (${decision.side}): MM5 does not decrypt with ${taken}${fitting}`;
}

function refusedCertificate({ side, expected, observed }: Decision, label: string): string {
  const allowed = expected === undefined ? '' : `allowed is ${expected.value}; `;
  return `${label} (${side}), the check of the certificate: ${allowed}the one that came is ${observed?.value === OTHER_TRUSTPOINT ? 'of another trustpoint' : 'refused'}`;
}

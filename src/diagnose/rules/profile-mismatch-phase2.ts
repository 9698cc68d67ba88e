import type { AttemptSide } from '../../model/incident.ts';
import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import { translatedIdentity } from '../stray-identity.ts';

/** The line that demands a profile may stand in the interface, before which the IPsec profile does not count. */
function placeOf({ config }: AttemptSide, line: number | undefined): string {
  const owner = config?.interfaces.find(({ tunnel }) => tunnel?.isakmpProfile?.line === line);
  return line === undefined || owner === undefined
    ? 'crypto map or IPsec profile'
    : `tunnel protection line of ${owner.name}`;
}

export const profileMismatchPhase2: Rule = commonRule({
  id: 'profile-mismatch-phase2',
  title: 'Phase 2 demands another ISAKMP profile',
  severity: 'failure',
  needs: ['log'],
  means:
    'Phase 1 completes under the profile that the identity selected; the crypto map or IPsec profile demands another. The refusal looks like a proxy identity mismatch.',
  recognised:
    'The responder logs "map_db_check_isakmp_profile profile did not match" before error 32 and PROPOSAL_NOT_CHOSEN.',
  fix: 'Let the tunnel or crypto map name the profile that the identity of the peer matches, or make the profiles disjoint.',
  references: [REFERENCES.keyrings, REFERENCES.quickMode],
  supersedes: [
    'proxy-identity-mismatch',
    'profile-not-matched',
    'deleted-by-peer',
    'transform-set-mismatch',
    'inconclusive',
  ],
  wording: /map_db_check_isakmp_profile profile did not match/i,
  // Where no profile was matched at all, profile-not-matched tells it.
  when: (attempt, { log }) => attempt.phase2 !== 'complete' && log?.profileMatched?.name !== null,
  tell: (attempt, side) => {
    const matched = side.log?.profileMatched?.name ?? 'no profile';
    const demand = attempt.decisions.find((entry) => entry.what === 'phase2-profile');
    const bound = demand?.expected?.value ?? null;
    const place = placeOf(side, demand?.expected?.basis);
    const wants = bound === null ? 'another' : bound;
    return {
      title: `${side.label} matched ${matched}, but phase 2 demands ${wants}`,
      explanation: [
        `Phase 1 completes: ${side.label} matched ${matched} by the identity of the peer.`,
        translatedIdentity(attempt),
        `The ${place} demands ${wants}, so the quick mode finds no map and is refused with error 32. The proxy identities are not at fault.`,
      ]
        .filter((part) => part !== '')
        .join(' '),
      advice: `On ${side.label} make the ${place} name ${matched}, or change the match statements so that the identity selects ${wants}.`,
      settle:
        bound === null
          ? [`The configuration of ${side.label}: it names the profile that phase 2 demands.`]
          : [],
    };
  },
});

import type { Attempt } from '../../model/incident.ts';
import { configEvidence, eventsOfSide, lineEvidence } from '../evidence.ts';
import { listed, pairKey } from '../facts.ts';
import { predictedClaims } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** A profile that lost only by specificity or order fits the identity too; the readings of the documents then differ. */
function check(attempt: Attempt): Claim | null {
  const { responder } = attempt;
  const { config, selection } = responder;
  if (config === null || selection === null || selection.matchedProfile === null) return null;
  const rivals = selection.lostProfiles.filter((lost) => lost.lost.startsWith('matches as well'));
  if (rivals.length === 0) return null;
  const all = [selection.matchedProfile, ...rivals.map((rival) => rival.profile)];
  const logged = responder.log?.profileMatched;
  const isTie = selection.lostProfiles.some(({ lost }) => lost.includes('is defined after'));
  const rank = isTie ? 'the first of those that match equally well' : 'the most specific';
  // The log decides between the readings, here and for this router.
  const taken =
    logged === undefined || logged.name === null
      ? `${selection.matchedProfile} wins because it is ${rank}; Cisco calls such a configuration invalid${isTie ? '' : ', and other releases take the first'}.`
      : `The debug shows that ${responder.label} takes ${logged.name}${logged.name === selection.matchedProfile ? `, ${rank}` : `, although ${selection.matchedProfile} is ${rank}`}. Cisco calls such a configuration invalid, and other releases select otherwise.`;
  const told = `${listed([...new Set(all)])} of ${responder.label} all match the identity of ${attempt.initiator.label}. ${taken}`;
  const winner = logged?.name ?? selection.matchedProfile;
  return {
    attempt,
    key: pairKey(attempt),
    title: `Several ISAKMP profiles of ${responder.label} match ${attempt.initiator.label}`,
    explanation: told,
    summary: `Warning: ${told} Make the match statements disjoint.`,
    evidence: [
      ...(selection.matchedLine === null
        ? []
        : [
            configEvidence(
              config,
              selection.matchedLine,
              `${selection.matchedProfile} matches${winner === selection.matchedProfile ? ' and wins' : isTie ? ', and is defined first' : ', most specifically'}`,
              true,
            ),
          ]),
      ...rivals.map((rival) =>
        configEvidence(
          config,
          rival.line,
          rival.profile === winner
            ? `${rival.profile} matches as well, and is taken`
            : `${rival.profile} ${winner === selection.matchedProfile ? `loses: ${rival.lost}` : 'matches as well'}`,
          true,
        ),
      ),
      ...eventsOfSide(responder)
        .filter(({ line }) => line === logged?.line)
        .map((event) => lineEvidence(responder, event, false)),
    ],
    remedies: [
      {
        text: 'Make the match statements of the profiles disjoint, so that one profile is left for each peer.',
        ...(responder.router === null ? {} : { router: responder.router }),
        verified: false,
      },
    ],
    settle: [],
    leads: true,
  };
}

export const profileOverlap: Rule = {
  id: 'profile-overlap',
  title: 'Several profiles match one peer',
  severity: 'warning',
  needs: ['config'],
  means:
    'The identity of one peer matches two ISAKMP profiles, or two IKEv2 profiles. The documents disagree whether the most specific or the first wins, and call the configuration invalid.',
  recognised:
    'The configuration has two profiles whose match statements cover the same identity in the same VRF.',
  fix: 'Make the match statements disjoint.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  check: (file) => {
    const seen = perAttempt(check)(file);
    return seen.length > 0 ? seen : predictedClaims(file, 'profile-overlap');
  },
};

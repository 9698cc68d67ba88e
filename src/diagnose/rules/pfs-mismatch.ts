import { againstQuickMode, refusalReplayed } from '../agreement-quick-mode.ts';
import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import {
  groupsAsked,
  refusalIntro,
  refusalTitle,
  refusedFor,
  standsUntil,
  type RefusedChild,
} from '../refused-child.ts';
import { offeredText, refusedQuickMode } from '../quick-mode.ts';

const SAME_GROUP = 'Configure "set pfs" with the same group on both ends, or on neither.';

const NO_PROPOSAL_CHOSEN = 14;

/** Under IKEv2 a CREATE_CHILD_SA offers again what was accepted before: only its group is new. */
function refusedGroup(attempt: Attempt): RefusedChild | null {
  const refused = refusedFor(attempt, NO_PROPOSAL_CHOSEN);
  return refused?.isAboutGroup === true ? refused : null;
}

export const pfsMismatch: Rule = commonRule({
  id: 'pfs-mismatch',
  title: 'The ends disagree about perfect forward secrecy',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'One end demands a Diffie-Hellman exchange in quick mode (set pfs) and the other does not, or in another group. Under IKEv2 the first child SA needs none, so that the tunnel comes up and its rekey fails.',
  recognised:
    'Error 2048, or a proposal is refused while everything but its group fits: by decrypted packets, where the end that refuses proposes the same transforms itself, with another group or none; under IKEv2, where a CREATE_CHILD_SA offers algorithms again that were accepted before.',
  fix: SAME_GROUP,
  references: [REFERENCES.quickMode, REFERENCES.ikev2Rekey],
  supersedes: [
    'transform-set-mismatch',
    'ikev2-no-proposal-chosen',
    'deleted-by-peer',
    'inconclusive',
  ],
  wording: /invalidated proposal with error 2048/i,
  when: (attempt) => attempt.phase2 !== 'complete',
  seen: (attempt) => {
    const child = refusedGroup(attempt);
    if (child === null) return refusedQuickMode(attempt, 'group')?.evidence ?? [];
    const weight = { basis: 'inferred', decisive: true } as const;
    return [
      ...frameEvidence(
        attempt,
        child.request,
        `CREATE_CHILD_SA offers algorithms that were accepted before, and ${groupsAsked(child)}`,
        weight,
      ),
      ...frameEvidence(attempt, child.response, child.answer, weight),
    ];
  },
  against: againstQuickMode,
  alone: refusalReplayed,
  tell: (attempt) => {
    const child = refusedGroup(attempt);
    if (child !== null)
      return {
        title: `${refusalTitle(child)}: perfect forward secrecy`,
        explanation: `${refusalIntro(attempt, child)} The algorithms are those of a child SA that was accepted before; what CREATE_CHILD_SA adds is perfect forward secrecy, and ${child.asker.label} asks for ${groupsAsked(child)}. So ${child.refuser.label} most likely demands another group${child.groups.length === 0 ? '' : ', or none'}. ${standsUntil(child)}`,
        advice: SAME_GROUP,
        settle: child.refuser.config === null ? [`"set pfs" of ${child.refuser.label}.`] : [],
      };
    const refused = refusedQuickMode(attempt, 'group');
    const { asker, refuser } = refused ?? { asker: attempt.initiator, refuser: attempt.responder };
    return {
      title: `${refuser.label} and ${asker.label} disagree about perfect forward secrecy`,
      explanation: `${refuser.label} refuses the quick mode of ${asker.label} for its Diffie-Hellman group: one end demands perfect forward secrecy and the other does not propose it, or their groups differ.${refused === null ? '' : offeredText(refused)}`,
      advice: SAME_GROUP,
      settle: refuser.config === null ? [`"set pfs" of ${refuser.label}.`] : [],
    };
  },
});

import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import { offeredText, refusedQuickMode } from '../quick-mode.ts';

export const pfsMismatch: Rule = commonRule({
  id: 'pfs-mismatch',
  title: 'The ends disagree about perfect forward secrecy',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'One end demands a Diffie-Hellman exchange in quick mode (set pfs) and the other does not, or in another group. Under IKEv2 the first child SA needs none, so that the tunnel comes up and its rekey fails.',
  recognised:
    'Error 2048, or a proposal is refused while everything but its group fits: by decrypted packets, where the end that refuses proposes the same transforms itself, with another group or none.',
  fix: 'Configure "set pfs" with the same group on both ends, or on neither.',
  references: [REFERENCES.quickMode],
  supersedes: ['transform-set-mismatch', 'deleted-by-peer', 'inconclusive'],
  wording: /invalidated proposal with error 2048/i,
  when: (attempt) => attempt.phase2 !== 'complete',
  seen: (attempt) => {
    return refusedQuickMode(attempt, 'group')?.evidence ?? [];
  },
  tell: (attempt) => {
    const refused = refusedQuickMode(attempt, 'group');
    const { asker, refuser } = refused ?? { asker: attempt.initiator, refuser: attempt.responder };
    return {
      title: `${refuser.label} and ${asker.label} disagree about perfect forward secrecy`,
      explanation: `${refuser.label} refuses the quick mode of ${asker.label} for its Diffie-Hellman group: one end demands perfect forward secrecy and the other does not propose it, or their groups differ.${refused === null ? '' : offeredText(refused)}`,
      advice: `Configure "set pfs" with the same group on both ends, or on neither.`,
      settle: refuser.config === null ? [`"set pfs" of ${refuser.label}.`] : [],
    };
  },
});

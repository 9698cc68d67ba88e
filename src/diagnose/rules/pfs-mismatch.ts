import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import { refusedQuickMode } from '../quick-mode.ts';

export const pfsMismatch: Rule = commonRule({
  id: 'pfs-mismatch',
  title: 'The ends disagree about perfect forward secrecy',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'One end demands a Diffie-Hellman exchange in quick mode (set pfs) and the other does not, or in another group. Under IKEv2 the first child SA needs none, so that the tunnel comes up and its rekey fails.',
  recognised:
    'Error 2048, or a proposal with a group is refused while everything else fits; on the wire a quick mode that carries a key exchange is refused.',
  fix: 'Configure "set pfs" with the same group on both ends, or on neither.',
  references: [REFERENCES.quickMode],
  supersedes: ['transform-set-mismatch', 'deleted-by-peer', 'inconclusive'],
  wording: /invalidated proposal with error 2048/i,
  when: (attempt) => attempt.phase2 !== 'complete',
  seen: (attempt) => {
    const refused = refusedQuickMode(attempt);
    if (refused === null) return [];
    return refused.about === 'pfs' || (refused.about === 'transforms' && refused.pfsProposed)
      ? refused.evidence
      : [];
  },
  tell: ({ initiator, responder }) => ({
    title: `${responder.label} refuses a quick mode with perfect forward secrecy of ${initiator.label}`,
    explanation: `The quick mode of ${initiator.label} carries a key exchange of its own, and ${responder.label} refuses it: its group differs or it demands none. Other differences of the transforms cannot be excluded unless a log names them.`,
    advice: `Configure "set pfs" with the same group on both ends, or on neither; then compare the transform sets.`,
    settle: [`"debug crypto ipsec" of ${responder.label}.`],
  }),
});

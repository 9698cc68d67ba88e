import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const deletedByPeer: Rule = commonRule({
  id: 'deleted-by-peer',
  title: 'The peer deleted the SA',
  severity: 'note',
  needs: ['log', 'packets'],
  means:
    'One end told the other that the SA is gone. After a failure that is a consequence; after a working tunnel it is routine.',
  recognised:
    'The router logs a received DELETE for the ISAKMP SA, or under IKEv2 a delete request from its peer; on the wire a decrypted DELETE of the IKE SA.',
  fix: 'Look at the end that deleted: its log says why.',
  references: [REFERENCES.isakmp],
  supersedes: ['inconclusive'],
  wording:
    /P1 delete notify \(in\)|Process delete request from peer|Recevied fatal informational|Received fatal informational/i,
  when: () => true,
  isOutcome: true,
  tell: (_, side) => ({
    // Where the log holds no more of the SA than its end, that is what there is to tell.
    leads: side.log?.verdict === 'deleted-by-peer',
    title: `The peer of ${side.label} deleted the SA`,
    explanation: `${side.label} was told by its peer that the SA is deleted.`,
    advice: `The log of the peer says why.`,
  }),
});

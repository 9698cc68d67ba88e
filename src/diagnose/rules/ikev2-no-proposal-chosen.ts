import { commonRule, failed } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const ikev2NoProposalChosen: Rule = commonRule({
  id: 'ikev2-no-proposal-chosen',
  title: 'No IKEv2 proposal fits',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The responder accepts none of the proposals: of the IKE SA in IKE_SA_INIT, or of the child SA in IKE_AUTH or later.',
  recognised:
    'The router logs that no matching policy was found or that it received NO_PROPOSAL_CHOSEN; on the wire the notification is seen.',
  fix: 'Give both ends a common proposal for the IKE SA and for the child SA.',
  references: [REFERENCES.ikev2],
  supersedes: ['deleted-by-peer', 'half-open', 'inconclusive'],
  wording: /Received no proposal chosen|Failed to find a matching policy|NO_PROPOSAL_CHOSEN/i,
  when: (attempt) => attempt.version === 2 && failed(attempt),
  // In clear anybody may have said so, and an attempt that goes on was not refused (RFC 7296 section 2.21).
  notified: (entry, attempt) =>
    attempt.version === 2 &&
    entry.notifyType === 14 &&
    (entry.isProtected || attempt.phase1 !== 'complete'),
  tell: ({ initiator, responder }) => ({
    title: `${responder.label} chooses no IKEv2 proposal of ${initiator.label}`,
    explanation: `${responder.label} answers that none of the proposals of ${initiator.label} fits.`,
    advice: `Compare "crypto ikev2 proposal" and the transform sets of both ends.`,
    settle: [
      `"debug crypto ikev2" of ${responder.label}: it prints received and expected policies.`,
    ],
  }),
});

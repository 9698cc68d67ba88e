import type { ExchangeNotification } from '../../model/exchange.ts';
import type { Attempt } from '../../model/incident.ts';
import { commonRule, failed } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import {
  refusalIntro,
  refusalTitle,
  refusedChildren,
  refusedFor,
  standsUntil,
  type Wish,
} from '../refused-child.ts';
import type { Rule } from '../rule.ts';

const NO_PROPOSAL_CHOSEN = 14;

/** In an answer to CREATE_CHILD_SA that was made good later, or that is about the group alone. */
const isToldElsewhere = ({ frame }: ExchangeNotification, attempt: Attempt): boolean =>
  refusedChildren(attempt).some(
    ({ response, isOvercome, isAboutGroup }) =>
      response.message.frame === frame && (isOvercome || isAboutGroup),
  );

/** What the proposals of a CREATE_CHILD_SA are made of. */
const COMPARE: Readonly<Record<Wish, string>> = {
  child: 'Compare the transform sets and "set pfs" of both ends for this traffic.',
  'child-rekey':
    'Compare the transform sets and "set pfs" of both ends: what "set pfs" asks for counts when the child SA is renewed, not when it is set up with the IKE SA.',
  'ike-rekey':
    'Compare "crypto ikev2 proposal" and "crypto ikev2 policy" of both ends: the end that asks for a renewal offers its own proposals, also where it had answered before, and its configuration may have changed since.',
};

export const ikev2NoProposalChosen: Rule = commonRule({
  id: 'ikev2-no-proposal-chosen',
  title: 'No IKEv2 proposal fits',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The responder accepts none of the proposals: of the IKE SA in IKE_SA_INIT, or of the child SA in IKE_AUTH, or of an SA that is to be renewed or added later.',
  recognised:
    'The router logs that no matching policy was found or that it received NO_PROPOSAL_CHOSEN; on the wire the notification is seen.',
  fix: 'Give both ends a common proposal for the IKE SA and for the child SA.',
  references: [REFERENCES.ikev2],
  supersedes: ['deleted-by-peer', 'half-open', 'inconclusive'],
  wording: /Received no proposal chosen|Failed to find a matching policy|NO_PROPOSAL_CHOSEN/i,
  // Who has an AUTH payload to check has agreed on proposals since; of whom another group is asked has them refused for it.
  when: (attempt, { log }) =>
    attempt.version === 2 &&
    failed(attempt) &&
    log?.verdict !== 'ikev2-auth-failed' &&
    log?.verdict !== 'ikev2-invalid-ke',
  // In clear anybody may have said so, and an attempt that goes on was not refused (RFC 7296 section 2.21).
  notified: (entry, attempt) =>
    attempt.version === 2 &&
    entry.notifyType === NO_PROPOSAL_CHOSEN &&
    (entry.isProtected || attempt.phase1 !== 'complete') &&
    !isToldElsewhere(entry, attempt),
  tell: (attempt) => {
    const refused = refusedFor(attempt, NO_PROPOSAL_CHOSEN);
    const { asker, refuser } = refused ?? { asker: attempt.initiator, refuser: attempt.responder };
    const settle = [
      `"debug crypto ikev2" of ${refuser.label}: it prints received and expected policies.`,
    ];
    if (refused === undefined)
      return {
        title: `${refuser.label} chooses no IKEv2 proposal of ${asker.label}`,
        explanation: `${refuser.label} answers that none of the proposals of ${asker.label} fits.`,
        advice: `Compare "crypto ikev2 proposal" and the transform sets of both ends.`,
        settle,
      };
    return {
      title: refusalTitle(refused),
      explanation: `${refusalIntro(attempt, refused)} None of the proposals fits. ${standsUntil(refused)}`,
      advice: COMPARE[refused.wish],
      settle,
    };
  },
});

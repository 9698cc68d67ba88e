import { commonRule } from '../common-rule.ts';
import { loggedVerdict } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import {
  refusalIntro,
  refusalTitle,
  refusedChildren,
  refusedFor,
  standsUntil,
} from '../refused-child.ts';
import type { Rule } from '../rule.ts';

/** SINGLE_PAIR_REQUIRED and TS_UNACCEPTABLE (RFC 7296 §3.10.1). */
const SELECTOR_ERRORS: readonly number[] = [34, 38];

export const ikev2TsUnacceptable: Rule = commonRule({
  id: 'ikev2-ts-unacceptable',
  title: 'The traffic selectors do not fit',
  severity: 'failure',
  version: 2,
  needs: ['log', 'packets'],
  means: 'The IKE SA is up; the responder accepts none of the traffic selectors of the child SA.',
  recognised: 'TS_UNACCEPTABLE or SINGLE_PAIR_REQUIRED in the log or, decrypted, on the wire.',
  fix: 'Make the traffic selectors (crypto access lists, tunnel modes) fit one another.',
  references: [REFERENCES.ikev2Selectors],
  supersedes: ['deleted-by-peer', 'ikev2-no-proposal-chosen', 'inconclusive'],
  wording: /TS_UNACCEPTABLE|SINGLE_PAIR_REQUIRED/i,
  when: (attempt) => attempt.phase2 !== 'complete',
  notified: ({ notifyType, frame }, attempt) =>
    SELECTOR_ERRORS.includes(notifyType) &&
    !refusedChildren(attempt).some(
      ({ response, isOvercome }) => isOvercome && response.message.frame === frame,
    ),
  // A log calls what it refuses by one name under both versions.
  seen: (attempt) => loggedVerdict(attempt, 'proxy-identity-mismatch')?.evidence ?? [],
  tell: (attempt) => {
    const { initiator, responder } = attempt;
    const refused = refusedFor(attempt, ...SELECTOR_ERRORS);
    if (refused === undefined)
      return {
        title: `${responder.label} accepts no traffic selector of ${initiator.label}`,
        explanation: `The IKE SA between ${initiator.label} and ${responder.label} is up, and the child SA is refused because its traffic selectors do not fit.`,
        advice: FIT,
      };
    const { asker, refuser, wish } = refused;
    const since =
      wish === 'child-rekey'
        ? ` The child SA was accepted when it was set up: a configuration has changed since, or ${asker.label} asks for more than ${refuser.label} had narrowed the selectors to.`
        : '';
    return {
      title: refusalTitle(refused),
      explanation: `${refusalIntro(attempt, refused)} The traffic selectors do not fit.${since} ${standsUntil(refused)}`,
      advice: FIT,
    };
  },
});

const FIT = 'Make the crypto access lists or tunnel modes of both ends fit one another.';

import { commonRule } from '../common-rule.ts';
import { withoutConfig } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const profileNotMatched: Rule = commonRule({
  id: 'profile-not-matched',
  title: 'No ISAKMP profile matches the peer',
  severity: 'failure',
  needs: ['log'],
  means:
    'The identity of the peer matches no ISAKMP profile, although the tunnel or crypto map demands one.',
  recognised:
    'The responder logs "peer matches *none* of the profiles" and phase 2 is refused, or the configuration binds a profile that the identity does not match.',
  fix: 'Add a match statement for the identity that the peer sends, in type and VRF.',
  references: [REFERENCES.keyrings],
  supersedes: ['proxy-identity-mismatch', 'deleted-by-peer', 'inconclusive'],
  tell: (_, side) => ({
    title: `No ISAKMP profile of ${side.label} matches its peer`,
    explanation: `${side.label} matched none of its ISAKMP profiles with the identity ${side.log?.peerIdentity?.value ?? 'of the peer'}, and what follows needs one.`,
    advice: `On ${side.label} add "match identity" for what the peer sends (type and value), in the front-door VRF of the tunnel.`,
    settle: withoutConfig(
      side,
      `The configuration of ${side.label}: it shows the match statements.`,
    ),
  }),
});

import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const ikev2ProfileNotFound: Rule = commonRule({
  id: 'ikev2-profile-not-found',
  title: 'No IKEv2 profile matches',
  severity: 'failure',
  needs: ['log'],
  means: 'The identity or certificate of the peer matches no IKEv2 profile.',
  recognised:
    'The router logs "IKEv2 profile not found" or "Profile could not be found by peer certificate".',
  fix: 'Add "match identity remote" for what the peer sends, and check "match fvrf" and "match address local".',
  references: [REFERENCES.ikev2],
  supersedes: ['ikev2-auth-failed', 'psk-mismatch', 'deleted-by-peer', 'half-open', 'inconclusive'],
  wording: /IKEv2 profile not found|Profile could not be found by peer certificate/i,
  tell: (_, side) => ({
    title: `No IKEv2 profile of ${side.label} matches its peer`,
    explanation: `${side.label} found no IKEv2 profile for the identity ${side.log?.peerIdentity?.value ?? 'of its peer'}. Keys were not compared yet.`,
    advice: `On ${side.label} add "match identity remote" for what the peer sends; check "match fvrf" and "match address local".`,
  }),
});

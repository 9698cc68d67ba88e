import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import { refusedQuickMode } from '../quick-mode.ts';

export const proxyIdentityMismatch: Rule = commonRule({
  id: 'proxy-identity-mismatch',
  title: 'The proxy identities do not fit',
  severity: 'failure',
  version: 1,
  needs: ['log', 'packets'],
  means:
    'Phase 1 is up; the traffic selectors (crypto access lists) of the two ends are not mirror images, so the responder finds no map entry.',
  recognised:
    'The responder logs "proxy identities not supported" and error 32 without a complaint about the profile; on the wire INVALID_ID_INFORMATION answers quick mode.',
  fix: 'Make the crypto access lists mirror images of one another.',
  references: [REFERENCES.quickMode],
  supersedes: ['deleted-by-peer', 'inconclusive'],
  seen: (attempt) => {
    const refused = refusedQuickMode(attempt);
    return refused?.about === 'identities' ? refused.evidence : [];
  },
  repairs: ['proxy-identity-mismatch'],
  tell: ({ initiator, responder }, side) => {
    const proxies = side.log?.proxies ?? null;
    const asked =
      proxies === null ? '' : ` Asked for: local ${proxies.local}, remote ${proxies.remote}.`;
    return {
      title: `${responder.label} refuses the proxy identities of quick mode`,
      explanation: `Phase 1 between ${initiator.label} and ${responder.label} is up. The quick mode proposes traffic that no crypto map entry or tunnel of ${responder.label} covers.${asked}`,
      advice: `Make the crypto access lists mirror images: what one end calls source the other must call destination, with the same masks.`,
      settle:
        proxies === null
          ? [
              `"debug crypto ipsec" of ${responder.label}: it prints the proxies that were asked for.`,
              'The crypto access lists of both ends.',
            ]
          : [],
    };
  },
});

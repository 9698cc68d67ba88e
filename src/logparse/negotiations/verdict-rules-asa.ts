import type { Rule } from './verdict-rule.ts';

/** Of IKEv2 on an ASA, whose causes IOS does not know. */
export const asaIkev2Rules: readonly Rule[] = [
  {
    // The certificate is good and trusted, but for another identity: no finding tells of that.
    verdict: 'inconclusive',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-verify',
    applies: (context) => context.has('asa-peer-id-refused'),
    cites: ['asa-peer-id-refused', 'v2-item-none', 'v2-auth-exchange-failed'],
  },
];

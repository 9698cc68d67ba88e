import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** 5 in both versions. */
const INVALID_MAJOR_VERSION = 5;

export const ikeVersionMismatch: Rule = commonRule({
  id: 'ike-version-mismatch',
  title: 'The ends speak different versions of IKE',
  severity: 'failure',
  needs: ['log', 'packets'],
  means: 'One end speaks IKEv1 and the other IKEv2 for the same tunnel.',
  recognised:
    'INVALID_MAJOR_VERSION answers the first message, or each end starts its own version towards the other and none is answered; in the configurations, an IKEv2 profile on one end of a tunnel only.',
  fix: 'Use one version on both ends: an IKEv2 profile on one side needs one on the other.',
  references: [REFERENCES.ikev2, REFERENCES.ike],
  supersedes: ['peer-unreachable', 'deleted-by-peer', 'inconclusive'],
  wording: /INVALID_MAJOR_VERSION|INVALID[- ]MAJOR[- ]VERSION/i,
  notified: (entry) => entry.notifyType === INVALID_MAJOR_VERSION,
  tell: ({ initiator, responder, version }) => ({
    title: `${responder.label} does not speak IKE version ${version}`,
    explanation: `${initiator.label} starts IKE version ${version}, and ${responder.label} answers that it does not support this version.`,
    advice: `Use the same IKE version on both ends of the tunnel.`,
  }),
});

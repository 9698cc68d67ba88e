import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const keyringVrfMismatch: Rule = predictedRule({
  id: 'keyring-vrf-mismatch',
  title: 'A keyring does not serve the VRF of the tunnel',
  severity: 'warning',
  needs: ['config'],
  means:
    'A keyring belongs to one front-door VRF. A key in another VRF is invisible to packets of this tunnel.',
  recognised:
    'The keyring that holds the key for the peer has another vrf than the tunnel towards it.',
  fix: 'Define the keyring in the front-door VRF of the tunnel (crypto keyring NAME vrf VRF).',
  references: [REFERENCES.keyrings],
  supersedes: [],
});

import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const keyringVrfMismatch: Rule = commonRule({
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
  predicted: true,
  tell: (_, side) => ({
    title: `A keyring of ${side.label} does not serve the VRF of the tunnel`,
    explanation: `A keyring of ${side.label} holds the key but serves another VRF.`,
    advice: `Define the keyring in the front-door VRF of the tunnel.`,
  }),
});

import { any, type Rule } from './verdict-rule.ts';

const keyless = [
  'asa-v2-key-none',
  'asa-v2-peer-method-none',
  'asa-v2-group-missing',
  'asa-v2-group-none',
  'asa-own-method-none',
];
const certificateRefused = ['asa-peer-id-refused', 'asa-v2-certificate-refused'];

/** Of IKEv2 on an ASA, which names its causes in words of its own. */
export const asaIkev2Rules: readonly Rule[] = [
  {
    verdict: 'no-psk-for-peer',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => null,
    applies: (context) => any(context, ...keyless),
    cites: [...keyless, 'asa-policy-not-built', 'asa-start-failed'],
  },
  {
    verdict: 'certificate-invalid',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-verify',
    applies: (context) => any(context, ...certificateRefused),
    cites: [...certificateRefused, 'v2-item-none', 'v2-auth-exchange-failed'],
  },
];

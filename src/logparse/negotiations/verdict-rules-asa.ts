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
    verdict: 'certificate-trustpoint-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-verify',
    applies: (context) => context.has('asa-certificate-unknown'),
    cites: ['asa-certificate-unknown', ...certificateRefused, 'v2-abort'],
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

const userRefused = ['asa-user-refused', 'asa-aaa-refused'];

/** Of phase 1, before the causes that IOS logs in the same way: the first of them names what makes the others follow. */
export const asaPhase1Causes: readonly Rule[] = [
  {
    verdict: 'no-psk-for-peer',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm1-key-lookup',
    applies: (context) => context.has('asa-method-none'),
    cites: ['asa-method-none', 'asa-policy-refused', 'asa-given-up'],
  },
  {
    verdict: 'xauth-failed',
    phase1: 'complete',
    phase2: 'not-reached',
    failingStep: () => 'xauth',
    applies: (context) => any(context, ...userRefused),
    cites: [...userRefused, 'asa-terminated'],
  },
  {
    verdict: 'certificate-trustpoint-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: ({ role }) => (role === 'initiator' ? 'mm6-cert-validate' : 'mm5-cert-validate'),
    applies: (context) => context.has('asa-certificate-unknown'),
    cites: ['asa-certificate-unknown', 'asa-given-up'],
  },
];

/** What the history of the state machine says alone, where no packet is in the log. */
export const asaPhase1Waits: readonly Rule[] = [
  {
    verdict: 'mm3-lost',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm4-wait',
    applies: (context) =>
      context.has('asa waited for MM4') && !any(context, 'refused MM3', 'asa-notify-in-clear'),
    cites: ['asa waited for MM4'],
  },
];

export const asaPhase2Rules: readonly Rule[] = [
  {
    verdict: 'xauth-failed',
    phase1: 'complete',
    phase2: 'not-reached',
    failingStep: () => 'xauth',
    applies: (context) =>
      any(context, ...userRefused) && !any(context, 'phase 2 installed', 'asa-phase2'),
    cites: [...userRefused, 'asa-terminated'],
  },
  {
    verdict: 'proxy-identity-mismatch',
    cause: 'refused-by-peer',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-map-lookup',
    applies: (context) =>
      context.has('asa-proxy-refused-there') && !any(context, 'asa-proxy-refused', 'asa-map-none'),
    cites: ['asa-phase1', 'asa-quick-initiates', 'asa-proxy-refused-there', 'asa-quick-failed'],
  },
];

/** How an IKEv1 SA that stood came to its end. */
export const asaEnds: readonly Rule[] = [
  {
    verdict: 'dpd-peer-dead',
    phase1: 'complete',
    phase2: 'incomplete',
    failingStep: () => null,
    applies: (context) => any(context, 'asa-contact-lost', 'asa-service-lost'),
    cites: [
      'asa-phase1',
      'asa-phase2',
      ['asa-contact-lost', 'all'],
      'asa-terminated',
      'asa-torn-down',
      'asa-disconnected',
    ],
  },
];

import type { Context } from './context.ts';
import { any, died, type Rule } from './verdict-rule.ts';

const responder = (context: Context): boolean => context.role !== 'initiator';
const noted = (context: Context, step: string): number | undefined =>
  context.selections.findLast((selection) => selection.step === step)?.line;
const receivedAny = (context: Context): boolean => context.lastReceived !== null;

const notInProfile = ['key-not-in-profile', 'key-not-in-named-profile'];
const citedOfProfile = ['profile-matched', ...notInProfile, 'fsm-error', 'sa-deleting'];

/** In order of precedence: the earliest cause wins over what follows from it. */
export const phase1Rules: readonly Rule[] = [
  {
    verdict: 'aggressive-mode-rejected',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'am1',
    applies: (context) =>
      context.has('syslog-aggressive-disabled') ||
      (context.exchange === 'aggressive' &&
        context.role === 'initiator' &&
        any(context, 'notify-no-hash')),
    cites: ['syslog-aggressive-disabled', 'notify-no-hash', 'syslog-mode-failure', 'sa-deleting'],
  },
  {
    verdict: 'no-psk-for-peer',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm1-key-lookup',
    applies: (context) =>
      context.has('asa-no-tunnel-group') ||
      (any(context, 'key-none', 'key-none-address', 'profile-without-keyring') &&
        context.selections.length === 0),
    cites: [
      'key-none',
      'profile-without-keyring',
      'key-none-address',
      'main-mode-impossible',
      'sa-request-error',
      'kmi-error',
      'mismatch-preshared',
      'policy-none',
      'phase-1-refused',
      'sa-deleting',
      'asa-no-tunnel-group',
    ],
  },
  {
    verdict: 'ike-policy-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: (context) => (context.exchange === 'aggressive' ? 'am1' : 'mm1-policy'),
    applies: (context) =>
      any(context, 'policy-none', 'phase-1-refused', 'asa-policy-refused') ||
      /policy proposal not accepted/i.test(context.deleteReason?.text ?? ''),
    cites: [
      'policy-none',
      'phase-1-refused',
      'sa-deleting',
      'syslog-mode-failure',
      'asa-policy-refused',
      ['asa-attribute-refused', 'last'],
      ['policy-refused', 'last'],
    ],
    also: (context) => context.rejections.map(({ line }) => line),
  },
  {
    verdict: 'ike-policy-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm2-wait',
    applies: (context) =>
      context.role === 'initiator' &&
      context.has('notify-no-hash') &&
      !context.has('policy-accepted'),
    cites: ['notify-no-hash', 'unknown-input', 'syslog-mode-failure', 'sa-deleting'],
  },
  {
    verdict: 'keyring-mismatch-after-mm5',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm5-verify',
    applies: (context) => responder(context) && any(context, ...notInProfile),
    cites: citedOfProfile,
    also: (context) => [noted(context, 'mm3'), noted(context, 'mm5')],
  },
  {
    verdict: 'keyring-mismatch-after-mm6',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm6-verify',
    applies: (context) => !responder(context) && any(context, ...notInProfile),
    cites: citedOfProfile,
    also: (context) => [noted(context, 'mm4'), noted(context, 'mm6')],
  },
  {
    verdict: 'certificate-trustpoint-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm5-cert-validate',
    applies: (context) =>
      any(
        context,
        'syslog-certificate-bad',
        'cert-name-none',
        'signature-invalid',
        'pki-no-trustpoint',
        'cert-trustpoint-none',
      ),
    cites: [
      ['cert-request-built', 'all'],
      'profile-matched',
      'cert-processing',
      'syslog-certificate-bad',
      'cert-name-none',
      'signature-invalid',
      'pki-no-trustpoint',
      'cert-trustpoint-none',
      'fsm-error',
    ],
  },
  {
    verdict: 'psk-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: (context) =>
      context.exchange === 'aggressive'
        ? 'am1'
        : context.role === 'initiator'
          ? 'mm6-wait'
          : 'mm5-decrypt',
    applies: (context) =>
      any(
        context,
        'payload-garbage',
        'syslog-bad-message',
        'hash-failed',
        'asa-psk-mismatch',
        'asa-psk-suspected',
        'asa-hash-refused-there',
        'syslog-decrypt-failed',
      ),
    cites: [
      'received MM_KEY_EXCH',
      'payload-garbage',
      'syslog-bad-message',
      'hash-failed',
      'syslog-mode-failure',
      'syslog-decrypt-failed',
      'asa-psk-mismatch',
      'asa-psk-suspected',
      'asa-hash-refused-there',
      'error-counter',
      'sa-deleting',
    ],
    also: (context) => [noted(context, context.role === 'initiator' ? 'mm4' : 'mm3')],
  },
  {
    verdict: 'peer-unreachable',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: (context) => (context.exchange === 'aggressive' ? 'am1' : 'mm2-wait'),
    applies: (context) =>
      context.has('asa waited for MM2') ||
      (context.role === 'initiator' &&
        !receivedAny(context) &&
        (context.packetCount > 0 || context.has('retransmitting-phase-1')) &&
        died(context) &&
        firstPacketOnly(context)),
    cites: [
      'asa waited for MM2',
      'sent MM_NO_STATE',
      'sent AG_INIT_EXCH',
      'sent AG_NO_STATE',
      'retransmitting-phase-1',
      'error-counter',
      'sa-deleting',
    ],
  },
  {
    verdict: 'mm5-unanswered',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm6-wait',
    applies: (context) =>
      context.has('asa waited for MM6') ||
      (context.role === 'initiator' &&
        context.lastSent === 'MM_KEY_EXCH' &&
        !context.has('received MM_KEY_EXCH') &&
        died(context)),
    cites: [
      'asa waited for MM6',
      ['nat-my-hash', 'last'],
      ['nat-found', 'last'],
      'sent MM_KEY_EXCH',
      'retransmitting-phase-1',
      'sa-deleting',
    ],
    also: (context) => [noted(context, 'mm4')],
  },
  {
    verdict: 'mm5-lost',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm5-wait',
    applies: (context) =>
      context.has('asa waited for MM5') ||
      (context.role === 'responder' &&
        context.lastSent === 'MM_KEY_EXCH' &&
        !context.has('received MM_KEY_EXCH') &&
        died(context)),
    cites: [
      'asa waited for MM5',
      ['nat-his-hash', 'last'],
      ['nat-found', 'last'],
      ['nat-my-hash', 'last'],
      'sent MM_KEY_EXCH',
      'retransmitting-phase-1',
      'sa-deleting',
    ],
  },
];

function firstPacketOnly(context: Context): boolean {
  return context.packetStates.every((state) => state === 'MM_NO_STATE' || state.startsWith('AG_'));
}

import type { NegotiationOutcome } from '../../model/log.ts';
import type { Context } from './context.ts';

/** Which of the lines that support a fact are cited. */
type Cited = 'first' | 'last' | 'all';

export type Rule = {
  readonly verdict: string;
  readonly phase1: NegotiationOutcome['phase1'];
  readonly phase2: NegotiationOutcome['phase2'];
  readonly failingStep: (context: Context) => string | null;
  readonly applies: (context: Context) => boolean;
  /** Facts cited, in addition to the packets that `also` names. */
  readonly cites: readonly (string | readonly [string, Cited])[];
  readonly also?: (context: Context) => readonly (number | null | undefined)[];
};

const responder = (context: Context): boolean => context.role !== 'initiator';
export const any = (context: Context, ...ids: readonly string[]): boolean =>
  ids.some((id) => context.has(id));
const noted = (context: Context, step: string): number | undefined =>
  context.selections.findLast((selection) => selection.step === step)?.line;
const errors = (context: Context, ...numbers: readonly number[]): boolean =>
  context.proposalErrors.some(({ error }) => numbers.includes(error));
const errorLines = (context: Context): readonly number[] =>
  context.proposalErrors.map(({ line }) => line);
const notifyLines = (context: Context, type: string): readonly number[] =>
  context.notifies.filter((notify) => notify.type === type).map(({ line }) => line);

/** Lines of quick mode, which nothing but an SA that is up has. */
const quickMode = [
  'quick-mode-begins',
  'quick-mode-at-once',
  'proposal-check',
  'proposal-invalidated',
  'phase-2-refused',
  'phase-2-refused-old',
  'phase 2 installed',
];

/** Phase 1 is up: said by the state machine, or, where none is printed, by what only an authenticated SA does. */
export function phase1Complete(context: Context): boolean {
  if (
    any(context, 'phase 1 complete', 'phase 1 implied', 'asa-phase1') ||
    context.states.includes('IKE_P1_COMPLETE')
  )
    return true;
  if (context.packetStates.includes('QM_IDLE') || any(context, ...quickMode)) return true;
  return context.states.length === 0 && context.has('authenticated');
}

export function phase2Complete(context: Context): boolean {
  return (
    any(context, 'phase 2 complete', 'phase 2 installed', 'asa-phase2') ||
    context.qmStates.includes('IKE_QM_PHASE2_COMPLETE')
  );
}

export const died = (context: Context): boolean =>
  context.retransmitting ||
  any(context, 'retransmitting-phase-1', 'error-counter') ||
  context.deleteReason !== null ||
  context.has('ipsec-request-timer');
const receivedAny = (context: Context): boolean => context.lastReceived !== null;
const refused = (context: Context): boolean =>
  any(
    context,
    'phase-2-refused',
    'phase-2-refused-old',
    'proposal-invalidated',
    'proposal-invalidated-old',
    'map-none',
    'ipsec-proxy-refused',
  );

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
    applies: (context) =>
      responder(context) && any(context, 'key-not-in-profile', 'key-not-in-named-profile'),
    cites: [
      'profile-matched',
      'key-not-in-profile',
      'key-not-in-named-profile',
      'fsm-error',
      'sa-deleting',
    ],
    also: (context) => [noted(context, 'mm3'), noted(context, 'mm5')],
  },
  {
    verdict: 'keyring-mismatch-after-mm6',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm6-verify',
    applies: (context) =>
      !responder(context) && any(context, 'key-not-in-profile', 'key-not-in-named-profile'),
    cites: [
      'profile-matched',
      'key-not-in-profile',
      'key-not-in-named-profile',
      'fsm-error',
      'sa-deleting',
    ],
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

export const phase2Rules: readonly Rule[] = [
  {
    verdict: 'profile-not-matched',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-map-lookup',
    applies: (context) =>
      context.has('map-profile-mismatch') &&
      context.profileMatched !== null &&
      context.profileMatched.name === null &&
      refused(context),
    cites: [
      'profile-none',
      'phase 1 complete',
      ['map-profile-mismatch', 'all'],
      'map-none',
      'ipsec-proxy-refused',
      'phase-2-refused',
    ],
    also: errorLines,
  },
  {
    verdict: 'profile-mismatch-phase2',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-map-lookup',
    applies: (context) => context.has('map-profile-mismatch') && refused(context),
    cites: [
      'profile-matched',
      'phase 1 complete',
      'authenticated',
      ['map-profile-mismatch', 'all'],
      'map-none',
      'ipsec-proxy-refused',
      'phase-2-refused',
      'phase-2-refused-old',
    ],
    also: errorLines,
  },
  {
    verdict: 'proxy-identity-mismatch',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-map-lookup',
    applies: (context) =>
      any(
        context,
        'ipsec-proxy-refused',
        'ipsec-peer-refused',
        'ipsec-local-address-refused',
        'asa-proxy-refused',
        'asa-proxy-refused-there',
        'asa-map-none',
        'v2-ts-refused',
        'v2-ts-refusal-sent',
        'notify TS_UNACCEPTABLE',
      ) || errors(context, 8, 32, 64),
    cites: [
      'authenticated',
      'phase 1 complete',
      'asa-phase1',
      'ipsec-proxy-refused',
      'ipsec-peer-refused',
      'ipsec-local-address-refused',
      'asa-proxy-refused',
      'asa-proxy-refused-there',
      'asa-map-none',
      'map-none',
      'phase-2-refused',
      'phase-2-refused-old',
      'v2-ts-refused',
      'v2-ts-refusal-sent',
      'notify TS_UNACCEPTABLE',
    ],
    also: errorLines,
  },
  {
    verdict: 'transform-set-mismatch',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-transform',
    applies: (context) =>
      any(
        context,
        'ipsec-transform-refused',
        'ipsec-transform-refused-old',
        'asa-transform-refused',
      ) || errors(context, 256, 2048),
    cites: [
      'phase 1 complete',
      'asa-phase1',
      'authenticated',
      'ipsec-transform-refused',
      'ipsec-transform-refused-old',
      'asa-transform-refused',
      'phase-2-refused',
      'phase-2-refused-old',
    ],
    also: errorLines,
  },
  {
    // Why stands only in the log of the other router.
    verdict: 'inconclusive',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => null,
    applies: (context) =>
      refused(context) ||
      any(context, 'quick mode given up', 'asa-quick-failed', 'asa-quick-given-up') ||
      context.notifies.some(
        ({ type }) => type === 'PROPOSAL_NOT_CHOSEN' || type === 'NO_PROPOSAL_CHOSEN',
      ),
    cites: [
      'phase 1 complete',
      'asa-phase1',
      'phase-2-refused',
      'quick mode given up',
      'asa-quick-failed',
      'asa-quick-given-up',
      'delete-received',
      'sa-deleting',
    ],
    also: (context) => [
      ...notifyLines(context, 'PROPOSAL_NOT_CHOSEN'),
      ...notifyLines(context, 'NO_PROPOSAL_CHOSEN'),
      ...errorLines(context),
    ],
  },
];

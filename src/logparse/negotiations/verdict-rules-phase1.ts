import type { Context } from './context.ts';
import { beganAfresh } from './deletion.ts';
import { any, died, lacksMm6, refusedInPhase1, type Rule } from './verdict-rule.ts';

const responder = (context: Context): boolean => context.role !== 'initiator';
const noted = (context: Context, step: string): number | undefined =>
  context.selections.findLast((selection) => selection.step === step)?.line;
const receivedAny = (context: Context): boolean => context.lastReceived !== null;

/** The peer answered this message of the initiator with a notification in clear. */
const refused = (context: Context, message: string): boolean =>
  context.role === 'initiator' && context.has(`refused ${message}`);
const citedOfRefusal = ['notify-no-hash', 'unknown-input', 'syslog-mode-failure', 'sa-deleting'];

/**
 * A key is looked for also where certificates will do: an initiator that goes on had no need of one, nor had a
 * responder to which none but certificates were offered.
 */
function needsKey(context: Context): boolean {
  if (context.has('mismatch-preshared')) return true;
  const offered = context.auth === null || context.auth.endsWith('psk');
  const looked = context.first('key-none') ?? context.first('profile-without-keyring') ?? 0;
  return (
    offered &&
    (responder(context) ||
      context.packets.every(({ direction, line }) => direction !== 'sent' || line < looked))
  );
}

const notInProfile = ['key-not-in-profile', 'key-not-in-named-profile'];
const citedOfProfile = ['profile-matched', ...notInProfile, 'fsm-error', 'sa-deleting'];

/** That no name can be taken from a certificate ends the exchange only where the step then fails. */
const certificateRefused = (context: Context): boolean =>
  any(context, 'syslog-certificate-bad', 'syslog-certificate-invalid', 'signature-invalid') ||
  (context.has('cert-name-none') && context.has('fsm-error'));
const certificateStep = (context: Context): string =>
  responder(context) ? 'mm5-cert-validate' : 'mm6-cert-validate';
const citedOfCertificates: Rule['cites'] = [
  ['cert-request-built', 'all'],
  'profile-matched',
  'cert-processing',
  'syslog-certificate-invalid',
  'syslog-certificate-bad',
  'cert-name-none',
  'signature-invalid',
  'pki-no-trustpoint',
  'cert-trustpoint-none',
  'fsm-error',
];

/** This router itself holds what was offered, or answered, against its policies. */
const refusesPolicy = (context: Context): boolean =>
  any(context, 'policy-none', 'phase-1-refused') ||
  /policy proposal not accepted/i.test(context.deleteReason?.text ?? '');

/** A responder judges what is offered, an initiator what the responder has chosen of it. */
function policyStep(context: Context): string {
  const message = context.role === 'initiator' && refusesPolicy(context) ? 2 : 1;
  return context.exchange === 'aggressive' ? `am${message}` : `mm${message}-policy`;
}

/** In order of precedence: the earliest cause wins over what follows from it. */
export const phase1Rules: readonly Rule[] = [
  {
    verdict: 'aggressive-mode-rejected',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'am1',
    applies: (context) =>
      context.has('syslog-aggressive-disabled') ||
      (refused(context, 'AM1') && !context.has('policy-accepted')),
    cites: ['syslog-aggressive-disabled', ...citedOfRefusal],
  },
  {
    verdict: 'no-psk-for-peer',
    phase1: 'failed',
    phase2: 'not-reached',
    // Of an initiator that has an answer already it is the policy chosen there that wants a key.
    failingStep: (context) =>
      context.exchange === 'aggressive'
        ? 'am1'
        : context.role === 'initiator' && receivedAny(context)
          ? 'mm2-key-lookup'
          : 'mm1-key-lookup',
    applies: (context) =>
      context.has('asa-no-tunnel-group') ||
      context.has('key-none-address') ||
      (any(context, 'key-none', 'profile-without-keyring') &&
        context.selections.length === 0 &&
        needsKey(context)),
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
    failingStep: policyStep,
    applies: (context) =>
      refusesPolicy(context) || context.has('asa-policy-refused') || refusedInPhase1(context),
    cites: [
      'policy-none',
      'phase-1-refused',
      'phase-2-refused-old',
      'proposal-not-acceptable',
      'syslog-not-offered',
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
    applies: (context) => refused(context, 'MM1') && !context.has('policy-accepted'),
    cites: citedOfRefusal,
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
    failingStep: certificateStep,
    applies: (context) =>
      any(context, 'pki-no-trustpoint', 'cert-trustpoint-none') ||
      (certificateRefused(context) &&
        responder(context) &&
        context.has('profile-matched') &&
        !any(context, 'syslog-certificate-invalid', 'signature-invalid')),
    cites: citedOfCertificates,
  },
  {
    verdict: 'certificate-invalid',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: certificateStep,
    applies: certificateRefused,
    cites: citedOfCertificates,
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
    // Both ends began at once, or the peer anew: what this SA waited for came on another one.
    verdict: 'inconclusive',
    cause: 'superseded',
    phase1: 'incomplete',
    phase2: 'not-reached',
    outcome: 'incomplete',
    failingStep: () => null,
    applies: (context) =>
      context.has('initial-contact-received') || beganAfresh(context.deleteReason?.text ?? ''),
    cites: ['initial-contact-received', 'sa-deleting', 'sa-deleting-short'],
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
    verdict: 'mm3-lost',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm4-wait',
    applies: (context) =>
      context.role === 'initiator' &&
      context.lastSent === 'MM_SA_SETUP' &&
      context.has('retransmitting-phase-1') &&
      !any(context, 'received MM_SA_SETUP', 'refused MM3', 'asa-notify-in-clear') &&
      died(context),
    cites: ['policy-accepted', 'sent MM_SA_SETUP', 'retransmitting-phase-1', 'sa-deleting'],
  },
  {
    verdict: 'mm5-unanswered',
    cause: 'refused-by-peer',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'mm6-wait',
    applies: (context) => refused(context, 'MM5'),
    cites: ['sent MM_KEY_EXCH', ...citedOfRefusal],
    also: (context) => [noted(context, 'mm4')],
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
        lacksMm6(context) &&
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
        !any(context, 'received MM_KEY_EXCH', 'notify-no-hash', 'refused MM5') &&
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

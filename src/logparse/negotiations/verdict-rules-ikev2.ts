import type { Context } from './context.ts';
import { any, type Rule } from './verdict-rule.ts';

/** The IKE SA stands, or what is looked at only once it does. */
const standing = [
  'v2-sa-created',
  'v2-session-up',
  'child refused',
  'v2-ts-refused',
  'v2-ts-refusal-sent',
  'notify TS_UNACCEPTABLE',
];
/** What comes behind IKE_AUTH, of an SA that was set up before the log begins as well. */
const behind = [
  'v2-auth-passed',
  'v2-liveness',
  'v2-delete-received',
  ...['CREATE_CHILD_SA', 'INFORMATIONAL'].flatMap((name) => [`sent ${name}`, `received ${name}`]),
];
/** IKE_AUTH has failed, though a step of it may have passed. */
const authFailed = [
  'v2-auth-failed',
  'v2-auth-failed-sa',
  'v2-auth-method-refused',
  'v2-certificate-refused',
  'v2-user-refused',
  'v2-auth-failure-sent',
  'v2-auth-exchange-failed',
  'v2-auth-missing',
  'notify AUTHENTICATION_FAILED',
];

export const isAuthenticated = (context: Context): boolean =>
  any(context, ...standing) || (any(context, ...behind) && !any(context, ...authFailed));

/** The peer says that it does not accept us; what we refuse is told by a line of our own. */
const refusedByPeer = (context: Context): boolean =>
  context.notifies.some(({ type, sent }) => type === 'AUTHENTICATION_FAILED' && !sent) &&
  !any(
    context,
    'v2-auth-failed',
    'v2-auth-failed-sa',
    'v2-auth-method-refused',
    'v2-auth-failure-sent',
  );

const answered = (context: Context): boolean => context.has('received IKE_AUTH');

/** The Diffie-Hellman group was refused, and nothing with another one went out or came in. */
function groupRefused(context: Context): boolean {
  const tries = context.role === 'initiator' ? 'sent' : 'received';
  return (
    any(context, 'v2-dh-mismatch', 'v2-dh-asked', 'v2-dh-refused', 'notify INVALID_KE_PAYLOAD') &&
    !any(context, 'sent IKE_AUTH', 'received IKE_AUTH') &&
    context.packets.at(-1)?.direction !== tries &&
    (context.deleteReason !== null || any(context, 'v2-init-failed', 'v2-abort'))
  );
}

/** The last word of the peer was that it wants another group, and the router itself finds none that it could try. */
const groupNotHeld = (context: Context): boolean =>
  context.role === 'initiator' &&
  context.has('v2-proposal-none') &&
  !any(context, 'v2-proposal-refused-by-peer', 'notify NO_PROPOSAL_CHOSEN') &&
  (context.last('notify INVALID_KE_PAYLOAD') ?? context.last('v2-dh-asked') ?? 0) >
    (context.last('sent IKE_SA_INIT') ?? 0);

/** With EAP a peer sends its AUTH payload last: a responder that refuses it before has looked at its user alone. */
const eapRefused = (context: Context): boolean =>
  context.role === 'responder' &&
  context.has('v2-eap') &&
  context.has('v2-auth-failed-sa') &&
  !any(context, 'v2-auth-passed', 'v2-auth-failed');

/** Error notifications that are about IKE_AUTH as a whole, not about the child SA in it (RFC 7296 sections 2.21.2 and 3.10.1). */
const wholeRefused: ReadonlySet<string> = new Set([
  'UNSUPPORTED_CRITICAL_PAYLOAD',
  'INVALID_IKE_SPI',
  'INVALID_MAJOR_VERSION',
  'INVALID_SYNTAX',
  'INVALID_MESSAGE_ID',
  'TEMPORARY_FAILURE',
]);
/** Those about the child SA leave the IKE SA standing (section 1.2), unless the router says that IKE_AUTH has failed. */
const childRefused: ReadonlySet<string> = new Set([
  'INVALID_SPI',
  'INVALID_KE_PAYLOAD',
  'SINGLE_PAIR_REQUIRED',
  'NO_ADDITIONAL_SAS',
  'INTERNAL_ADDRESS_FAILURE',
  'FAILED_CP_REQUIRED',
  'INVALID_SELECTORS',
  'UNACCEPTABLE_ADDRESSES',
  'UNEXPECTED_NAT_DETECTED',
]);
function wholeRefusals(context: Context): readonly number[] {
  const answer = context.first('received IKE_AUTH');
  if (answer === null) return [];
  const failed = context.has('v2-auth-exchange-failed');
  return context.notifies.flatMap(({ type, sent, line }) =>
    !sent && line >= answer && (wholeRefused.has(type) || (failed && childRefused.has(type)))
      ? [line]
      : [],
  );
}

/** The responder answered IKE_SA_INIT with a cookie (RFC 7296 section 2.6), and nothing more when it came back. */
const cookieUnanswered = (context: Context): boolean =>
  context.role === 'initiator' &&
  context.has('notify COOKIE') &&
  context.responderCookie === null &&
  context.packets.at(-1)?.direction === 'sent' &&
  any(context, 'v2-retransmit', 'v2-retransmit-limit');

const authFailure = {
  verdict: 'ikev2-auth-failed',
  phase1: 'failed',
  phase2: 'not-reached',
  cites: [
    'v2-identity',
    'v2-profile-found',
    'v2-keyring',
    'v2-peer-block',
    'v2-key-used',
    'v2-auth-failed-sa',
    'v2-auth-failed',
    'v2-auth-failure-sent',
    'notify AUTHENTICATION_FAILED',
    ['v2-auth-exchange-failed', 'all'],
    'syslog-ikev2-abort',
  ],
} as const;

const groupFailure = {
  verdict: 'ikev2-invalid-ke',
  phase1: 'failed',
  phase2: 'not-reached',
  failingStep: () => 'sa-init-policy',
  cites: [
    'notify INVALID_KE_PAYLOAD',
    'v2-dh-asked',
    'v2-dh-refused',
    'v2-dh-mismatch',
    'v2-init-failed',
    'v2-deleting',
  ],
} as const;

const citedOfCertificate: Rule['cites'] = [
  'v2-identity',
  'v2-profile-found',
  'v2-auth-method',
  'pki-no-trustpoint',
  'syslog-certificate-invalid',
  'v2-certificate-refused',
  'v2-auth-failed',
  'v2-auth-failure-sent',
];

/** In order of precedence. */
export const ikev2Rules: readonly Rule[] = [
  {
    // RFC 5685: the tunnel is to be set up with another gateway, in an attempt of its own.
    verdict: 'inconclusive',
    phase1: 'incomplete',
    phase2: 'not-reached',
    outcome: 'incomplete',
    failingStep: () => null,
    applies: (context) =>
      context.role === 'initiator' &&
      context.notifies.some(({ type, sent }) => type === 'REDIRECT' && !sent) &&
      !context.has('sent IKE_AUTH'),
    cites: ['notify REDIRECT', 'v2-deleting'],
  },
  {
    // Before any key or signature is compared: what fails behind it fails for it.
    ...authFailure,
    cause: 'method',
    failingStep: () => 'ike-auth-verify',
    applies: (context) => context.has('v2-auth-method-refused'),
    cites: [['v2-auth-method', 'last'], 'v2-auth-method-refused', ...authFailure.cites],
  },
  {
    verdict: 'no-psk-for-peer',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-key-lookup',
    applies: (context) =>
      context.has('v2-item-none') &&
      context.selections.length > 0 &&
      context.selections.at(-1)?.peerBlock === undefined &&
      !any(context, 'v2-key-used', 'v2-profile-none', 'v2-profile-none-by-certificate'),
    cites: [
      'v2-identity',
      'v2-profile-found',
      ['v2-keyring', 'last'],
      'v2-item-none',
      'v2-auth-failed',
      'v2-auth-failure-sent',
      'v2-auth-exchange-failed',
    ],
  },
  {
    verdict: 'ikev2-profile-not-found',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-profile-lookup',
    applies: (context) =>
      any(context, 'v2-profile-none', 'v2-profile-none-by-certificate') ||
      (context.has('v2-item-none') && !context.has('v2-profile-found')),
    cites: [
      'v2-identity',
      'v2-profile-none',
      'v2-profile-none-by-certificate',
      'v2-item-none',
      'v2-auth-exchange-failed',
      'v2-auth-failure-sent',
    ],
  },
  {
    ...authFailure,
    cause: 'own-certificate',
    failingStep: () => 'ike-auth-key-lookup',
    applies: (context) =>
      context.has('v2-own-certificate-none') &&
      context.has('v2-auth-exchange-failed') &&
      !any(context, 'v2-auth-failed', 'v2-auth-failed-sa', 'notify AUTHENTICATION_FAILED'),
    cites: ['v2-auth-method', 'v2-own-certificate-none', ['v2-auth-exchange-failed', 'all']],
  },
  {
    verdict: 'certificate-trustpoint-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-verify',
    applies: (context) =>
      context.has('pki-no-trustpoint') &&
      any(context, 'v2-certificate-refused', 'v2-auth-failed', 'v2-auth-failure-sent'),
    cites: citedOfCertificate,
  },
  {
    verdict: 'certificate-invalid',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-verify',
    applies: (context) =>
      context.has('v2-certificate-refused') ||
      (context.has('syslog-certificate-invalid') &&
        context.auth !== 'psk' &&
        any(context, 'v2-auth-failed', 'v2-auth-failure-sent')),
    cites: citedOfCertificate,
  },
  {
    ...authFailure,
    cause: 'user',
    failingStep: () => 'ike-auth-eap',
    applies: (context) =>
      context.has('v2-user-refused') ||
      eapRefused(context) ||
      (context.has('v2-eap') &&
        context.has('v2-auth-failure-sent') &&
        !any(context, 'v2-auth-passed', 'v2-auth-failed', 'v2-auth-failed-sa')),
    cites: [['v2-eap', 'last'], 'v2-user-refused', ...authFailure.cites],
  },
  {
    ...authFailure,
    cause: 'refused-by-peer',
    failingStep: () => 'ike-auth-verify',
    applies: refusedByPeer,
  },
  {
    ...authFailure,
    cause: 'refused-by-peer',
    failingStep: () => 'ike-auth-verify',
    applies: (context) => context.role === 'initiator' && wholeRefusals(context).length > 0,
    also: wholeRefusals,
  },
  {
    ...authFailure,
    cause: 'authorisation',
    failingStep: () => 'ike-auth-authorise',
    applies: (context) =>
      context.has('v2-auth-passed') &&
      !any(context, 'v2-auth-failed', 'v2-auth-failed-sa') &&
      any(context, 'v2-auth-failure-sent', 'v2-auth-exchange-failed'),
    cites: ['v2-auth-passed', 'v2-authorisation-failed', ...authFailure.cites],
  },
  {
    ...authFailure,
    cause: 'verification',
    failingStep: () => 'ike-auth-verify',
    applies: (context) => any(context, 'v2-auth-failed', 'v2-auth-failed-sa'),
  },
  {
    ...authFailure,
    failingStep: () => 'ike-auth-verify',
    applies: (context) => any(context, 'v2-auth-failure-sent', 'notify AUTHENTICATION_FAILED'),
  },
  {
    // The line about the timer decides, whatever came of IKE_AUTH before: EAP takes several rounds, fragments come singly.
    verdict: 'half-open',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-wait',
    applies: (context) =>
      context.has('v2-auth-missing') ||
      (!answered(context) &&
        context.role === 'initiator' &&
        context.responderCookie !== null &&
        context.has('v2-retransmit-limit')),
    cites: [
      'v2-nat-found',
      ['received IKE_AUTH', 'last'],
      ['v2-eap', 'last'],
      'sent IKE_AUTH',
      'v2-retransmit',
      'v2-retransmit-limit',
      'v2-auth-missing',
      'v2-auth-exchange-failed',
      'v2-deleting',
    ],
  },
  {
    ...authFailure,
    failingStep: () => 'ike-auth-verify',
    applies: (context) => context.has('v2-auth-exchange-failed'),
  },
  {
    ...groupFailure,
    applies: groupNotHeld,
    cites: [...groupFailure.cites, 'v2-proposal-none'],
  },
  {
    verdict: 'ike-policy-mismatch',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'sa-init-policy',
    applies: (context) =>
      any(
        context,
        'v2-proposal-refused',
        'v2-proposal-none',
        'v2-proposal-refused-by-peer',
        'v2-proposal-refusal-sent',
        'notify NO_PROPOSAL_CHOSEN',
      ) && !any(context, 'v2-auth-passed', 'sent IKE_AUTH', 'received IKE_AUTH'),
    cites: [
      'v2-proposal-refused',
      'v2-proposal-expected',
      'v2-proposal-none',
      'v2-proposal-refused-by-peer',
      'v2-proposal-refusal-sent',
      'notify NO_PROPOSAL_CHOSEN',
    ],
  },
  { ...groupFailure, applies: groupRefused },
  {
    verdict: 'half-open',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'sa-init-wait',
    applies: cookieUnanswered,
    cites: [
      'notify COOKIE',
      ['sent IKE_SA_INIT', 'last'],
      'v2-retransmit',
      'v2-retransmit-limit',
      'v2-init-failed',
      'v2-deleting',
    ],
  },
  {
    verdict: 'peer-unreachable',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'sa-init-wait',
    applies: (context) =>
      context.role === 'initiator' &&
      context.lastReceived === null &&
      context.responderCookie === null &&
      any(context, 'v2-retransmit', 'v2-retransmit-limit'),
    cites: ['sent IKE_SA_INIT', 'v2-retransmit', 'v2-retransmit-limit', 'v2-deleting'],
  },
];

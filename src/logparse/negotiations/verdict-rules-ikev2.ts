import { any, type Rule } from './verdict-rule.ts';

/** In order of precedence. */
export const ikev2Rules: readonly Rule[] = [
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
    verdict: 'certificate-invalid',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-verify',
    applies: (context) => context.has('v2-certificate-refused') && !context.has('v2-sa-created'),
    cites: [
      'v2-identity',
      'v2-profile-found',
      'v2-auth-method',
      'pki-no-trustpoint',
      'v2-certificate-refused',
      'v2-auth-failed',
      'v2-auth-failure-sent',
    ],
  },
  {
    verdict: 'ikev2-auth-failed',
    phase1: 'failed',
    phase2: 'not-reached',
    failingStep: () => 'ike-auth-verify',
    applies: (context) =>
      any(
        context,
        'v2-auth-failed',
        'v2-auth-failed-sa',
        'notify AUTHENTICATION_FAILED',
        'v2-auth-failure-sent',
      ) && !context.has('v2-sa-created'),
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
      ) && !any(context, 'v2-auth-passed', 'v2-sa-created', 'sent IKE_AUTH', 'received IKE_AUTH'),
    cites: [
      'v2-proposal-refused',
      'v2-proposal-expected',
      'v2-proposal-none',
      'v2-proposal-refused-by-peer',
      'v2-proposal-refusal-sent',
      'notify NO_PROPOSAL_CHOSEN',
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

import { matchOnce } from '../logparse/matcher.ts';
import type { Confidence } from '../model/finding.ts';
import type { LogEvent } from '../model/log.ts';
import { LOST_SA, LOST_SA_LOGGED, invalidSpi } from './rules/invalid-spi.ts';

/** What one system message proves by itself, without a debug that tells of the attempt. */
export type Saying = {
  readonly message: string;
  /** The rule whose fault it is. */
  readonly rule: string | ((event: LogEvent) => string);
  readonly basis: Confidence;
  /** A failure, whatever the rule says of its own. */
  readonly severity?: 'failure';
  /** Says nothing where the tunnel with this peer comes up after it. */
  readonly isMinor?: true;
  /** What of its lines counts; all of them where it is not given. */
  readonly wording?: RegExp;
  /** `here` wrote the message, `peer` is what it says of its peer. */
  readonly title: (here: string, peer: string, event: LogEvent) => string;
  readonly explanation: (here: string, peer: string, event: LogEvent) => string;
  readonly advice: string;
};

const OF_LOST_SA: Pick<Saying, 'rule' | 'basis' | 'title' | 'advice' | 'wording'> = {
  rule: invalidSpi.id,
  basis: 'observed',
  wording: LOST_SA_LOGGED,
  title: () => LOST_SA.title,
  advice: LOST_SA.advice,
};

const reasonOf = ({ fields }: LogEvent): string =>
  String(fields.reason ?? '')
    .trim()
    .replace(/[.!\s]+$/, '');

/** Rules by the message of the debug whose words the reason has. */
const RULES_V2: Readonly<Record<string, string>> = {
  'v2-proposal-none': 'ike-policy-mismatch',
  'v2-proposal-refused': 'ike-policy-mismatch',
  'v2-proposal-refused-by-peer': 'ike-policy-mismatch',
  'v2-auth-failed': 'ikev2-auth-failed',
  'v2-auth-failed-sa': 'ikev2-auth-failed',
  'v2-auth-method-refused': 'ikev2-auth-failed',
  'v2-auth-exchange-failed': 'ikev2-auth-failed',
  'v2-profile-none': 'ikev2-profile-not-found',
  'v2-auth-missing': 'half-open',
  'v2-ts-refused': 'ikev2-ts-unacceptable',
  'v2-ts-refused-by-peer': 'ikev2-ts-unacceptable',
};

/** Rules by what the router gives as its reason; what it does not say so plainly is undecided. */
const RULES_SETUP: readonly (readonly [RegExp, string])[] = [
  [/peer not responding/i, 'peer-unreachable'],
  [/peer lost/i, 'dpd-peer-dead'],
  [/ipsec proposal/i, 'transform-set-mismatch'],
];

const UNDECIDED = 'inconclusive';

const ofAbort = (event: LogEvent): string =>
  RULES_V2[matchOnce('ikev2', reasonOf(event))?.spec.id ?? ''] ?? UNDECIDED;

const ofSetup = (event: LogEvent): string =>
  RULES_SETUP.find(([wording]) => wording.test(reasonOf(event)))?.[1] ?? UNDECIDED;

const FAILS: Pick<Saying, 'basis' | 'severity' | 'advice'> = {
  basis: 'observed',
  severity: 'failure',
  advice: 'Collect the debug of both ends while the tunnel is tried: it names the step that fails.',
};

export const SAYINGS: readonly Saying[] = [
  {
    message: 'syslog-aggressive-disabled',
    rule: 'aggressive-mode-rejected',
    basis: 'observed',
    title: (here) => `${here} refuses aggressive mode`,
    explanation: (here) =>
      `Aggressive mode was asked of ${here}, by its own configuration or by a peer, and it is disabled there. The message does not name the peer.`,
    advice:
      'Let the end that initiates use main mode (remove "initiate mode aggressive" or "set aggressive-mode"), or allow aggressive mode on this router.',
  },
  {
    message: 'syslog-bad-message',
    rule: 'psk-mismatch',
    basis: 'inferred',
    title: (here, peer) => `${here} and ${peer} most likely use different pre-shared keys`,
    explanation: (here, peer) =>
      `${here} could not read a message of ${peer}: most often the pre-shared keys differ; a message that was damaged on its way looks the same.`,
    advice: 'Compare the key values of both ends.',
  },
  {
    message: 'syslog-group-refused',
    rule: 'identity-mismatch',
    basis: 'observed',
    title: (here, peer) => `${here} does not admit ${peer} to its group`,
    explanation: (here, peer) =>
      `${here} is the key server of the group and refuses the registration of ${peer}: its identity is not one that "authorization" of the group allows.`,
    advice:
      'Make the list or filter under "authorization" of the group and the identity of the member (address or certificate name) fit.',
  },
  {
    ...OF_LOST_SA,
    message: 'syslog-invalid-spi',
    explanation: (here, peer) =>
      `${peer} sends packets under an SA that ${here} does not have: it did not learn that the SA is gone.`,
  },
  {
    ...OF_LOST_SA,
    message: 'syslog-no-sa',
    explanation: (here, peer) =>
      `${peer} uses an IKE SA that ${here} does not have: it did not learn that the SA is gone.`,
  },
  {
    ...FAILS,
    message: 'syslog-ikev2-abort',
    rule: ofAbort,
    title: (here, peer, event) => `${here} gives up IKEv2 with ${peer}: ${reasonOf(event)}`,
    explanation: (here, _, event) =>
      `The IKEv2 negotiation of ${here} failed, and its message gives as the reason: ${reasonOf(event)}. It does not name the peer.`,
  },
  {
    ...FAILS,
    message: 'syslog-mode-failure',
    isMinor: true,
    rule: UNDECIDED,
    title: (here, peer, { fields }) => `${String(fields.mode)} mode of ${here} with ${peer} fails`,
    explanation: (here, peer, { fields }) =>
      `${here} could not process ${String(fields.mode)} mode with ${peer}; the message does not say why.`,
  },
  {
    ...FAILS,
    message: 'syslog-setup-failed',
    rule: ofSetup,
    title: (here, peer, event) => `Phase 1 of ${here} with ${peer} fails: ${reasonOf(event)}`,
    explanation: (here, peer, event) =>
      `${here} could not set up phase 1 with ${peer}, and its message gives as the reason: ${reasonOf(event)}.`,
  },
  {
    ...FAILS,
    message: 'syslog-ipsec-setup-failed',
    rule: ofSetup,
    title: (here, peer, event) => `Phase 2 of ${here} with ${peer} fails: ${reasonOf(event)}`,
    explanation: (here, peer, event) =>
      `${here} could not set up phase 2 with ${peer}, and its message gives as the reason: ${reasonOf(event)}.`,
  },
  {
    ...FAILS,
    message: 'syslog-certificate-bad',
    rule: 'certificate-invalid',
    title: (here, peer) => `${here} refuses the certificate of ${peer}`,
    explanation: (here, peer, event) =>
      `${here} does not accept the certificate that ${peer} sent: ${reasonOf(event)}.`,
    advice: 'See whether dates, issuer and revocation of that certificate hold on this router.',
  },
];

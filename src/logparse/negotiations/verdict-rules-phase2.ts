import type { Context } from './context.ts';
import { peerDied } from './deletion.ts';
import { errorsOf } from './proposal-errors.ts';
import type { Rule } from './verdict-rule.ts';

const PROXY_ERRORS = errorsOf('proxy-identity-mismatch');
const TRANSFORM_ERRORS = errorsOf('transform-set-mismatch');

/**
 * Where the last quick mode that fits was accepted: proposals refused before were its alternatives, or are of another
 * one that has had its time. Under IKEv2 only the key engine says so.
 */
const accepted = (context: Context): number =>
  Math.max(
    ...(context.ikeVersion === 2 ? grantedV2 : grantedV1).map((id) => context.last(id) ?? 0),
  );
const grantedV1 = ['quick mode accepted', 'phase 2 complete', 'phase 2 installed', 'asa-phase2'];
const grantedV2 = ['v2-child-created'];

/** What ends a whole quick mode; every other refusal is of one proposal. */
const ended = ['phase-2-refused', 'phase-2-refused-old', 'quick mode given up'];
const ofProposal = [
  'ipsec-proxy-refused',
  'ipsec-transform-refused',
  'ipsec-transform-refused-old',
  'proposal-invalidated',
  'proposal-invalidated-old',
  'proposal-not-acceptable',
];
const lastOf = (context: Context, ids: readonly string[]): number =>
  Math.max(...ids.map((id) => context.last(id) ?? 0));

/** Whether a refusal counts: where another proposal is being checked, those of the ones before decide nothing yet. */
function countsOf(context: Context): (line: number) => boolean {
  const from = accepted(context);
  const end = lastOf(context, ended);
  const checked = context.last('proposal-check') ?? 0;
  const isOpen = checked > Math.max(end, lastOf(context, ofProposal));
  return (line) => line > from && !(isOpen && line > end && line < checked);
}
const anySince = (context: Context, ...ids: readonly string[]): boolean => {
  const counts = countsOf(context);
  return ids.some((id) => context.facts.of(id)?.some(counts) === true);
};
const errorsLeft = (context: Context): Context['proposalErrors'] => {
  const counts = countsOf(context);
  return context.proposalErrors.filter(({ line }) => counts(line));
};
const errors = (context: Context, ...numbers: readonly number[]): boolean =>
  errorsLeft(context).some(({ error }) => numbers.includes(error));
const errorLines = (context: Context): readonly number[] =>
  errorsLeft(context).map(({ line }) => line);
const refusals: ReadonlySet<string> = new Set(['PROPOSAL_NOT_CHOSEN', 'NO_PROPOSAL_CHOSEN']);
/** RFC 2408 section 3.14.1, as IOS shortens it: the identities of quick mode are the networks to be protected. */
const identityRefusals: ReadonlySet<string> = new Set([
  'INVALID_ID_INFO',
  'INVALID_ID_INFORMATION',
]);
/** What reports a state and refuses nothing, or is about an SA that stands. */
const noRefusal =
  /^(?:CONNECTED|.*LIFETIME|REPLAY_STATUS|INITIAL_CONTACT|.*INITIAL_CONTACT|DPD.*|R_U_THERE.*|HEARTBEAT.*|INVALID_SPI|ADDRESS.*|CERTIFICATE_UNAVAILABLE|.*LOAD_BALANC.*|NAT.*)$/;
/** The quick mode begun last from here, while nothing grants one. */
function openQuickMode(context: Context): number {
  const begun = Math.max(
    context.last('quick-mode-begins') ?? 0,
    context.last('quick-mode-at-once') ?? 0,
  );
  return begun > accepted(context) ? begun : Number.POSITIVE_INFINITY;
}
/** Error notifications of the peer between QM1 and the answer to it: each refuses that quick mode. */
const answersOf = (context: Context, isAnswer: (type: string) => boolean): readonly number[] => {
  const from = openQuickMode(context);
  return context.notifies.flatMap(({ type, sent, line }) =>
    !sent && line > from && isAnswer(type) ? [line] : [],
  );
};
const identityAnswers = (context: Context): readonly number[] =>
  answersOf(context, (type) => identityRefusals.has(type));
const refusalLines = (context: Context): readonly number[] => {
  const from = accepted(context);
  return [
    ...context.notifies.flatMap(({ type, line }) =>
      refusals.has(type) && line > from ? [line] : [],
    ),
    ...answersOf(context, (type) => !noRefusal.test(type)),
  ];
};

const refused = (context: Context): boolean =>
  anySince(
    context,
    'phase-2-refused',
    'phase-2-refused-old',
    'proposal-invalidated',
    'proposal-invalidated-old',
    'map-none',
    'ipsec-proxy-refused',
  );

const proxiesRefused = [
  'ipsec-proxy-refused',
  'ipsec-peer-refused',
  'ipsec-local-address-refused',
  'asa-proxy-refused',
  'asa-proxy-refused-there',
  'asa-map-none',
  'v2-ts-refused',
  'v2-ts-refusal-sent',
  'notify TS_UNACCEPTABLE',
];

/** Where XAUTH keeps the SA from quick mode. */
const inXauth = (context: Context): boolean =>
  context.lastSent === 'CONF_XAUTH' && openQuickMode(context) === Number.POSITIVE_INFINITY;
const reason = (context: Context): string => context.deleteReason?.text ?? '';

/** In order of precedence. */
export const phase2Rules: readonly Rule[] = [
  {
    verdict: 'xauth-failed',
    phase1: 'complete',
    phase2: 'not-reached',
    failingStep: () => 'xauth',
    applies: (context) => accepted(context) === 0 && /^XAuth.*fail/i.test(reason(context)),
    cites: ['authenticated', 'phase 1 complete', 'sa-deleting', 'sa-deleting-short'],
  },
  {
    verdict: 'inconclusive',
    phase1: 'complete',
    phase2: 'not-reached',
    failingStep: () => 'xauth-wait',
    applies: (context) => inXauth(context) && /^Death by retransmission/i.test(reason(context)),
    cites: ['authenticated', 'phase 1 complete', 'retransmitting-phase-2', 'sa-deleting'],
  },
  {
    verdict: 'profile-not-matched',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-map-lookup',
    applies: (context) =>
      anySince(context, 'map-profile-mismatch') &&
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
    applies: (context) => anySince(context, 'map-profile-mismatch') && refused(context),
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
      anySince(context, ...proxiesRefused) ||
      errors(context, ...PROXY_ERRORS) ||
      identityAnswers(context).length > 0,
    cites: [
      'authenticated',
      'phase 1 complete',
      'asa-phase1',
      ...proxiesRefused,
      'map-none',
      'phase-2-refused',
      'phase-2-refused-old',
    ],
    also: (context) => [...errorLines(context), ...identityAnswers(context)],
  },
  {
    verdict: 'transform-set-mismatch',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-transform',
    applies: (context) =>
      anySince(
        context,
        'ipsec-transform-refused',
        'ipsec-transform-refused-old',
        'asa-transform-refused',
        'proposal-not-acceptable',
      ) || errors(context, ...TRANSFORM_ERRORS),
    cites: [
      'phase 1 complete',
      'asa-phase1',
      'authenticated',
      'ipsec-transform-refused',
      'ipsec-transform-refused-old',
      'asa-transform-refused',
      'proposal-not-acceptable',
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
      anySince(context, 'quick mode given up', 'asa-quick-failed', 'asa-quick-given-up') ||
      refusalLines(context).length > 0,
    cites: [
      'phase 1 complete',
      'asa-phase1',
      'phase-2-refused',
      'asa-quick-failed',
      'asa-quick-given-up',
      'delete-received',
      'sa-deleting',
    ],
    also: (context) => {
      const answers = refusalLines(context);
      // A node that goes behind a refusal says no more than the refusal.
      const ends = answers.length > 0 ? answers : [context.first('quick mode given up')];
      return [...ends, ...errorLines(context)];
    },
  },
];

/** How an IKEv1 SA that stood came to its end. */
export const ikev1Ends: readonly Rule[] = [
  {
    verdict: 'dpd-peer-dead',
    phase1: 'complete',
    phase2: 'incomplete',
    failingStep: () => null,
    applies: (context) => context.has('peer-not-responding') || peerDied(reason(context)),
    cites: [
      'phase 1 complete',
      'authenticated',
      'phase 2 complete',
      'phase 2 installed',
      ['dpd-unanswered', 'last'],
      'peer-not-responding',
      'sa-deleting',
    ],
  },
];

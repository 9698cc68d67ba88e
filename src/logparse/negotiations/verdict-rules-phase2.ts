import type { Context } from './context.ts';
import type { Rule } from './verdict-rule.ts';

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
const anySince = (context: Context, ...ids: readonly string[]): boolean => {
  const from = accepted(context);
  return ids.some((id) => (context.last(id) ?? 0) > from);
};
const errorsLeft = (context: Context): Context['proposalErrors'] => {
  const from = accepted(context);
  return context.proposalErrors.filter(({ line }) => line > from);
};
const errors = (context: Context, ...numbers: readonly number[]): boolean =>
  errorsLeft(context).some(({ error }) => numbers.includes(error));
const errorLines = (context: Context): readonly number[] =>
  errorsLeft(context).map(({ line }) => line);
const refusals: ReadonlySet<string> = new Set(['PROPOSAL_NOT_CHOSEN', 'NO_PROPOSAL_CHOSEN']);
const refusalLines = (context: Context): readonly number[] => {
  const from = accepted(context);
  return context.notifies.flatMap(({ type, line }) =>
    refusals.has(type) && line > from ? [line] : [],
  );
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

/** In order of precedence. */
export const phase2Rules: readonly Rule[] = [
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
    applies: (context) => anySince(context, ...proxiesRefused) || errors(context, 8, 32, 64),
    cites: [
      'authenticated',
      'phase 1 complete',
      'asa-phase1',
      ...proxiesRefused,
      'map-none',
      'phase-2-refused',
      'phase-2-refused-old',
    ],
    also: errorLines,
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
      ) || errors(context, 256, 2048),
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
      'quick mode given up',
      'asa-quick-failed',
      'asa-quick-given-up',
      'delete-received',
      'sa-deleting',
    ],
    also: (context) => [...refusalLines(context), ...errorLines(context)],
  },
];

import type { Context } from './context.ts';
import { any, type Rule } from './verdict-rule.ts';

const errors = (context: Context, ...numbers: readonly number[]): boolean =>
  context.proposalErrors.some(({ error }) => numbers.includes(error));
const errorLines = (context: Context): readonly number[] =>
  context.proposalErrors.map(({ line }) => line);
const notifyLines = (context: Context, type: string): readonly number[] =>
  context.notifies.filter((notify) => notify.type === type).map(({ line }) => line);

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
    applies: (context) => any(context, ...proxiesRefused) || errors(context, 8, 32, 64),
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
      any(
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

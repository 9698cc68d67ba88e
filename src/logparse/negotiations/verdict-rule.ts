import type { FailureCause, NegotiationOutcome } from '../../model/log.ts';
import type { Context } from './context.ts';

/** Which of the lines that support a fact are cited. */
type Cited = 'first' | 'last' | 'all';

export type Rule = {
  readonly verdict: string;
  readonly phase1: NegotiationOutcome['phase1'];
  readonly phase2: NegotiationOutcome['phase2'];
  /** Of an SA that ends without a failure; else it is one. */
  readonly outcome?: 'incomplete';
  readonly cause?: FailureCause;
  readonly failingStep: (context: Context) => string | null;
  readonly applies: (context: Context) => boolean;
  /** Facts cited, in addition to the packets that `also` names. */
  readonly cites: readonly (string | readonly [string, Cited])[];
  readonly also?: (context: Context) => readonly (number | null | undefined)[];
};

export const any = (context: Context, ...ids: readonly string[]): boolean =>
  ids.some((id) => context.has(id));
/** Lines of quick mode, which nothing but an SA that is up has. */
const quickMode = [
  'quick-mode-begins',
  'quick-mode-at-once',
  'quick mode SA',
  'quick mode told',
  'proposal-check',
  'proposal-invalidated',
  'proposal-invalidated-old',
  'phase-2-refused',
  'phase 2 installed',
  'phase 2 notification',
];
/** Refusals that old releases word alike in both phases. */
const refusalsOfEither = ['phase-2-refused-old', 'proposal-not-acceptable'];

/** Phase 1 is up: said by the state machine, or, where none is printed, by what only an authenticated SA does. */
export function phase1Complete(context: Context): boolean {
  if (
    any(context, 'phase 1 complete', 'phase 1 implied', 'asa-phase1') ||
    context.states.includes('IKE_P1_COMPLETE')
  )
    return true;
  if (context.packetStates.includes('QM_IDLE') || any(context, ...quickMode)) return true;
  if (context.states.length === 0 && context.has('authenticated')) return true;
  return any(context, ...refusalsOfEither) && !inPhase1(context);
}

/** The lines around a refusal that may be of either phase are of the first, and nothing says that it was passed. */
function inPhase1(context: Context): boolean {
  if (any(context, 'policy-none', 'phase-1-refused', 'phase 1 mode failed')) return true;
  return (
    !context.has('policy-accepted') &&
    (any(context, 'policy-check', 'policy-refused', 'phase 1 SA') ||
      context.offer !== null ||
      (context.packetCount + context.states.length > 0 &&
        [...context.packetStates, ...context.states].every((state) => beforePolicy.test(state))))
  );
}
/** Where an attempt stands until a policy is agreed on. */
const beforePolicy = /NO_STATE$|^IKE_READY$|^IKE_[IR]_(?:MM|AM)[12]$/;

/** One whose words do not say so: asked of an attempt of which phase 1 is not complete. */
export const refusedInPhase1 = (context: Context): boolean => any(context, ...refusalsOfEither);

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

/** What an initiator has received behind MM5 is no MM6: none came, or it sent MM5 once more. */
export function lacksMm6(context: Context): boolean {
  if (context.states.includes('IKE_I_MM6') || context.peerIdentity !== null) return false;
  const received = context.last('received MM_KEY_EXCH');
  return received === null || (context.last('sent MM_KEY_EXCH') ?? 0) > received;
}

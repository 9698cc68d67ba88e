import type { Context } from './context.ts';
import {
  DELETE_RECEIVED_V2,
  SA_DELETED_V2,
  deletedByPeerV2,
  endedByPeer,
  peerLost,
} from './deletion.ts';
import { any, type Rule } from './verdict-rule.ts';

/** Refused, not granted since, and not for its traffic selectors, which a rule of both versions tells. */
const stays = (context: Context, refused: string): boolean =>
  (context.last(refused) ?? 0) > (context.last('v2-child-created') ?? 0) &&
  !any(context, 'v2-ts-refused', 'v2-ts-refusal-sent', 'notify TS_UNACCEPTABLE');

/** That a DELETE of its own was not answered says nothing of how the SA ended; one behind the last repetition is its consequence. */
function unanswered(context: Context): boolean {
  const limit = context.last('v2-retransmit-limit');
  if (limit === null) return false;
  return ['ike delete sent', 'v2-delete-queued'].every(
    (id) => (context.first(id) ?? limit) >= limit,
  );
}

/** What an IKE SA that stands could not set up beneath itself. */
export const ikev2ChildRules: readonly Rule[] = [
  {
    verdict: 'transform-set-mismatch',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => 'qm1-transform',
    applies: (context) => stays(context, 'child refused'),
    cites: [
      'v2-auth-passed',
      'v2-sa-created',
      'received CREATE_CHILD_SA',
      'sent CREATE_CHILD_SA',
      'v2-child-not-valid',
      ['v2-proposal-refused', 'last'],
      ['v2-proposal-expected', 'last'],
      ['v2-proposal-none', 'last'],
      ['v2-proposal-refused-by-peer', 'last'],
      ['v2-proposal-refusal-sent', 'last'],
      ['notify NO_PROPOSAL_CHOSEN', 'last'],
    ],
  },
  {
    verdict: 'ike-policy-mismatch',
    phase1: 'complete',
    phase2: 'incomplete',
    cause: 'rekey',
    failingStep: () => 'rekey-policy',
    applies: (context) => context.has('rekey refused'),
    cites: [
      ['received CREATE_CHILD_SA', 'last'],
      ['sent CREATE_CHILD_SA', 'last'],
      ['v2-proposal-refused', 'last'],
      ['v2-proposal-expected', 'last'],
      ['rekey refused', 'all'],
    ],
  },
  {
    // The proposals fit; what the key engine misses stands in its own debug.
    verdict: 'inconclusive',
    phase1: 'complete',
    phase2: 'failed',
    cause: 'installation',
    failingStep: () => null,
    applies: (context) => stays(context, 'v2-child-not-created'),
    cites: ['v2-auth-passed', 'v2-sa-created', ['v2-child-not-created', 'last'], 'v2-deleting'],
  },
  {
    verdict: 'inconclusive',
    phase1: 'complete',
    phase2: 'failed',
    failingStep: () => null,
    applies: (context) => stays(context, 'v2-child-not-valid'),
    cites: ['v2-auth-passed', 'v2-sa-created', ['v2-child-not-valid', 'last'], 'v2-deleting'],
  },
];

/** How an IKE SA that stood came to its end. */
export const ikev2Ends: readonly Rule[] = [
  {
    verdict: 'dpd-peer-dead',
    phase1: 'complete',
    phase2: 'incomplete',
    failingStep: () => null,
    applies: (context) => unanswered(context) || peerLost(context.deleteReason?.text ?? ''),
    cites: [
      'v2-sa-created',
      ['v2-liveness', 'last'],
      ['v2-retransmit', 'last'],
      ['v2-retransmit-limit', 'last'],
      'v2-deleting',
      'asa-v2-up',
      'asa-v2-down',
    ],
  },
  {
    verdict: 'deleted-by-peer',
    phase1: 'complete',
    phase2: 'incomplete',
    outcome: 'incomplete',
    failingStep: () => null,
    applies: (context) =>
      deletedByPeerV2(
        context.facts.of(DELETE_RECEIVED_V2) ?? [],
        SA_DELETED_V2.flatMap((id) => context.facts.of(id) ?? []),
      ) || endedByPeer(context.deleteReason?.text ?? ''),
    cites: [[DELETE_RECEIVED_V2, 'last'], ...SA_DELETED_V2, 'asa-v2-down'],
  },
];

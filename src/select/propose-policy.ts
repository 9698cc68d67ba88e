import type { ConfigModel, Ikev2Proposal, IsakmpPolicy } from '../model/config.ts';
import { present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import { policyFor, proposalsOf } from './ikev2-proposals.ts';
import { policiesOf } from './policy.ts';
import { isWeaker, policyStrength, proposalStrength } from './strength.ts';
import type { Strength } from './strength.ts';
import type { Attempt } from './walk-steps.ts';

const LAST_PRIORITY = 10_000;

/** No policy fits: each side takes the strongest of the other. */
export function forPolicy({ initiator, responder }: Benches): readonly Candidate[] {
  const [first, second] = [initiator, responder].map(({ model }) => strongestPolicy(model));
  if ([initiator, responder].every(({ model }) => policiesOf(model)?.length === 0))
    return [firstPolicy([initiator, responder])];
  return present([
    copyPolicy(initiator, first ?? null, responder, second ?? null),
    copyPolicy(responder, second ?? null, initiator, first ?? null),
  ]);
}

/** A policy that every release since 15.1 has the algorithms for. */
const FIRST_POLICY = ['encr aes 256', 'hash sha256', 'authentication pre-share', 'group 14'];

/** Neither side has a policy, and those that are built in are disabled. */
function firstPolicy(benches: readonly Bench[]): Candidate {
  return {
    text: 'Give both routers one and the same ISAKMP policy.',
    edits: benches.flatMap(({ router }) =>
      FIRST_POLICY.map((command) => ({ router, block: ['crypto isakmp policy 10'], command })),
    ),
    keeps: ['keys'],
    sideEffects: [],
    whole: true,
  };
}

function strongestPolicy(model: ConfigModel): IsakmpPolicy | null {
  const written = (policiesOf(model) ?? []).filter(({ line }) => line !== null);
  return strongest(written, policyStrength);
}

function strongest<T>(items: readonly T[], strength: (item: T) => Strength): T | null {
  return items.reduce<T | null>(
    (best, each) => (best === null || isWeaker(strength(best), strength(each)) ? each : best),
    null,
  );
}

function copyPolicy(
  from: Bench,
  policy: IsakmpPolicy | null,
  to: Bench,
  other: IsakmpPolicy | null,
): Candidate | null {
  const priority = freePriority(to.model);
  if (policy === null || priority === null) return null;
  const block = [`crypto isakmp policy ${String(priority)}`];
  const size = policy.keyLength === null ? '' : ` ${String(policy.keyLength)}`;
  const commands = [
    policy.encryption === 'des' ? null : `encr ${policy.encryption}${size}`,
    policy.hash === 'sha' ? null : `hash ${policy.hash}`,
    policy.authentication === 'rsa-sig' ? null : `authentication ${policy.authentication}`,
    policy.group === 1 ? null : `group ${String(policy.group)}`,
  ].filter((each) => each !== null);
  const weaker = other !== null && isWeaker(policyStrength(policy), policyStrength(other));
  return {
    text: `Add policy ${String(policy.priority)} of ${from.name} on ${to.name}.`,
    edits: commands.map((command) => ({ router: to.router, block, command })),
    keeps: ['keys'],
    sideEffects: [`${to.name} accepts these algorithms from every peer.`],
    ...(weaker ? { behind: 'weaker' as const } : {}),
  };
}

/** A priority after those in use, or the last free one: IOS takes 1 to 10000. */
function freePriority({ policies }: ConfigModel): number | null {
  const used = new Set(policies.map(({ priority }) => priority));
  const next = Math.max(0, ...used) + 10;
  if (next <= LAST_PRIORITY) return next;
  for (let free = LAST_PRIORITY; free > 0; free -= 1) if (!used.has(free)) return free;
  return null;
}

/** No IKEv2 proposal fits: the policy of each side gets the strongest of the other as well. */
export function forProposals(
  { initiator, responder }: Benches,
  attempt: Attempt,
): readonly Candidate[] {
  const offered = proposalsOf(attempt.initiator, attempt.tunnel.fvrf, attempt.initiatorLocal);
  const accepted = proposalsOf(attempt.responder, attempt.responderVrf, attempt.responderAddress);
  const first = strongest(offered ?? [], proposalStrength);
  const second = strongest(accepted ?? [], proposalStrength);
  if (first === null || second === null) return [];
  return present([
    copyProposal(initiator, first, responder, second, attempt.responderVrf),
    copyProposal(responder, second, initiator, first, attempt.tunnel.fvrf),
  ]);
}

function copyProposal(
  from: Bench,
  proposal: Ikev2Proposal,
  to: Bench,
  other: Ikev2Proposal,
  fvrf: string | null,
): Candidate | null {
  const policy = policyFor(to.model, fvrf, to.local ?? '');
  const taken = new Set(to.model.ikev2Proposals.map(({ name }) => name));
  const name = [proposal.name, `${proposal.name}-2`, `${proposal.name}-3`].find(
    (each) => !taken.has(each),
  );
  if (policy === null || name === undefined) return null;
  const { router } = to;
  const block = [`crypto ikev2 proposal ${name}`];
  const values: readonly (readonly [string, readonly (string | number)[]])[] = [
    ['encryption', proposal.encryption],
    ['integrity', proposal.integrity],
    ['prf', proposal.prf],
    ['group', proposal.groups],
  ];
  const weaker = isWeaker(proposalStrength(proposal), proposalStrength(other));
  return {
    text: `Let policy ${policy.name} of ${to.name} accept proposal ${proposal.name} of ${from.name} as well.`,
    edits: [
      ...values
        .filter(([, list]) => list.length > 0)
        .map(([word, list]) => ({ router, block, command: `${word} ${list.join(' ')}` })),
      { router, block: [`crypto ikev2 policy ${policy.name}`], command: `proposal ${name}` },
    ],
    keeps: ['keys'],
    sideEffects: [`${to.name} accepts these algorithms from every peer of that policy.`],
    whole: true,
    ...(weaker ? { behind: 'weaker' as const } : {}),
  };
}

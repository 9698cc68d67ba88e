import type { ConfigModel, Ikev2Policy, Ikev2Proposal } from '../model/config.ts';
import type { Attempt, Stop } from './walk-steps.ts';

/** IKE_SA_INIT: a proposal of the policy of each end must meet one of the other. */
export function agreeProposals(attempt: Attempt): Stop | null {
  const offered = proposalsOf(attempt.initiator, attempt.tunnel.fvrf, attempt.initiatorLocal);
  const accepted = proposalsOf(attempt.responder, attempt.responderVrf, attempt.responderAddress);
  if (offered === null || accepted === null) return null;
  if (offered.some((one) => accepted.some((other) => overlaps(one, other)))) return null;
  return {
    outcome: 'fails',
    step: 'sa-init-proposal',
    finding: 'ike-policy-mismatch',
    why: 'no IKEv2 proposal of the initiator shares encryption, integrity, PRF and group with one of the responder',
    places: [
      ...offered.map(({ line }) => ({ side: 'initiator' as const, line })),
      ...accepted.map(({ line }) => ({ side: 'responder' as const, line })),
    ],
  };
}

/** Null when the built-in proposal applies, which differs from release to release. */
export function proposalsOf(
  model: ConfigModel,
  fvrf: string | null,
  local: string,
): readonly Ikev2Proposal[] | null {
  const named = (policyFor(model, fvrf, local)?.proposals ?? [])
    .map(({ name }) => model.ikev2Proposals.find((each) => each.name === name))
    .filter((each) => each !== undefined);
  return named.length === 0 ? null : named;
}

/** The best match wins: a policy for the local address before one for all, one for the VRF before one for any. */
export function policyFor(
  model: ConfigModel,
  fvrf: string | null,
  local: string,
): Ikev2Policy | null {
  const weight = (policy: Ikev2Policy): number =>
    (policy.localAddresses.length > 0 ? 2 : 0) + (policy.fvrf === 'any' ? 0 : 1);
  const fitting = model.ikev2Policies.filter(
    (each) =>
      (each.fvrf === 'any' || each.fvrf === fvrf) &&
      (each.localAddresses.length === 0 || each.localAddresses.includes(local)),
  );
  return fitting.sort((a, b) => weight(b) - weight(a))[0] ?? null;
}

function overlaps(one: Ikev2Proposal, other: Ikev2Proposal): boolean {
  const share = <T>(a: readonly T[], b: readonly T[]): boolean =>
    a.length === 0 || b.length === 0 || a.some((each) => b.includes(each));
  const combined = one.encryption.some(
    (each) => each.includes('gcm') && other.encryption.includes(each),
  );
  return (
    share(one.encryption, other.encryption) &&
    (combined || share(one.integrity, other.integrity)) &&
    share(prfsOf(one), prfsOf(other)) &&
    share(one.groups, other.groups)
  );
}

/** Without `prf` the hash of `integrity` serves as PRF. A combined mode has none: there `prf` must be given. */
function prfsOf({ prf, integrity }: Ikev2Proposal): readonly string[] {
  return prf.length > 0 ? prf : integrity;
}

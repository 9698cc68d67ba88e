import type { ConfigModel, Ikev2Policy, Ikev2Proposal } from '../model/config.ts';
import { isFragment } from './policy.ts';
import { unknown } from './walk-steps.ts';
import type { Attempt, Stop } from './walk-steps.ts';

/** What one end proposes or accepts, as far as the listing tells. */
type Held =
  | { readonly kind: 'configured'; readonly proposals: readonly Ikev2Proposal[] }
  /** The built-in proposal, which differs from release to release. */
  | { readonly kind: 'default' }
  | { readonly kind: 'none' | 'open'; readonly why: string; readonly line: number | null }
  /** A part of a configuration holds none. */
  | { readonly kind: 'unseen' };

/** IKE_SA_INIT: a proposal of the policy of each end must meet one of the other. */
export function agreeProposals(attempt: Attempt): Stop | null {
  const offered = heldBy(attempt.initiator, attempt.tunnel.fvrf, attempt.initiatorLocal);
  const accepted = heldBy(attempt.responder, attempt.responderVrf, attempt.responderAddress);
  const sides = [
    { side: 'initiator', held: offered },
    { side: 'responder', held: accepted },
  ] as const;
  for (const { side, held } of sides) {
    if (held.kind !== 'none' && held.kind !== 'open') continue;
    const places = held.line === null ? [] : [{ side, line: held.line }];
    const why = `on the ${side}, ${held.why}`;
    return held.kind === 'open' ? unknown(why, places) : refused(why, places);
  }
  const places = sides.flatMap(({ side, held }) =>
    held.kind === 'configured' ? held.proposals.map(({ line }) => ({ side, line })) : [],
  );
  if (offered.kind === 'configured' && accepted.kind === 'configured') {
    if (meet(offered.proposals, accepted.proposals)) return null;
    return refused(
      'no IKEv2 proposal of the initiator shares encryption, integrity, PRF and group with one of the responder',
      places,
    );
  }
  const known = offered.kind === 'configured' ? offered : accepted;
  if (known.kind !== 'configured' || (offered.kind !== 'default' && accepted.kind !== 'default'))
    return null;
  const side = offered.kind === 'default' ? 'initiator' : 'responder';
  if (DEFAULTS.every((each) => meet(known.proposals, [each]))) return null;
  return meet(known.proposals, [WIDEST])
    ? unknown(
        `the built-in IKEv2 proposal serves on the ${side}, which differs from release to release, and the other end may have nothing in common with it`,
        places,
      )
    : refused(
        `the built-in IKEv2 proposal serves on the ${side}, and in no release has it anything in common with what the other end proposes`,
        places,
      );
}

function refused(why: string, places: Stop['places']): Stop {
  return {
    outcome: 'fails',
    step: 'sa-init-proposal',
    finding: 'ike-policy-mismatch',
    why,
    places,
  };
}

function meet(some: readonly Ikev2Proposal[], others: readonly Ikev2Proposal[]): boolean {
  return some.some((one) => others.some((other) => overlaps(one, other)));
}

/** The proposals of the policy; null where the built-in one serves, or nothing tells which. */
export function proposalsOf(
  model: ConfigModel,
  fvrf: string | null,
  local: string,
): readonly Ikev2Proposal[] | null {
  const held = heldBy(model, fvrf, local);
  return held.kind === 'configured' ? held.proposals : null;
}

function heldBy(model: ConfigModel, fvrf: string | null, local: string): Held {
  const policy = policyFor(model, fvrf, local);
  if (policy === null) return builtIn(model, model.ikev2Removed.policy);
  const named = policy.proposals.map(({ name, line }) => {
    return { name, line, found: model.ikev2Proposals.find((each) => each.name === name) };
  });
  const found = named.flatMap((use) => use.found ?? []);
  const usable = isFragment(model) ? found : found.filter(isComplete);
  if (usable.length > 0) return { kind: 'configured', proposals: usable };
  const missing = named.find((use) => use.found === undefined && use.name !== 'default');
  if (named.some(({ name }) => name === 'default')) return builtIn(model, false);
  if (isFragment(model)) return { kind: 'unseen' };
  if (missing !== undefined) {
    const why = `IKEv2 proposal ${missing.name} is not in the configuration, and policy ${policy.name} has no other`;
    return { kind: 'open', why, line: missing.line };
  }
  const [part] = found;
  const lacks =
    part === undefined
      ? `IKEv2 policy ${policy.name} names no proposal`
      : `IKEv2 proposal ${part.name} lacks encryption, integrity or group`;
  return {
    kind: 'open',
    why: `${lacks}, so that it is not in use, and whether the built-in one serves in its place is not documented`,
    line: part?.line ?? policy.line,
  };
}

/** The built-in policy takes the proposal `default`, which may be changed or removed. */
function builtIn(model: ConfigModel, isRemoved: boolean): Held {
  const changed = model.ikev2Proposals.find(({ name }) => name === 'default');
  if (isFragment(model)) return { kind: 'unseen' };
  if (isRemoved || (changed === undefined && model.ikev2Removed.proposal)) {
    const why = 'the built-in IKEv2 proposal or policy was removed, and no other serves';
    return { kind: 'none', why, line: null };
  }
  return changed === undefined ? { kind: 'default' } : { kind: 'configured', proposals: [changed] };
}

function isComplete({ name, encryption, integrity, groups }: Ikev2Proposal): boolean {
  if (name === 'default') return true;
  const isCombined = encryption.some((each) => each.includes('gcm'));
  return encryption.length > 0 && groups.length > 0 && (isCombined || integrity.length > 0);
}

function release(
  encryption: readonly string[],
  integrity: readonly string[],
  groups: readonly number[],
): Ikev2Proposal {
  return { name: 'default', encryption, integrity, prf: [], groups, line: 0 };
}

const AES = ['aes-cbc-128', 'aes-cbc-192', 'aes-cbc-256'];
const HASHES = ['sha512', 'sha384', 'sha256', 'sha1', 'md5'];

/** The built-in proposal as releases from 15.1 to 17 print it. */
const DEFAULTS: readonly Ikev2Proposal[] = [
  release(['aes-cbc-128', '3des'], ['sha1', 'md5'], [5, 2]),
  release(AES, HASHES, [5, 2]),
  release(['aes-cbc-256'], ['sha512', 'sha384'], [19, 14, 21, 5]),
];

/** All that any of them may hold. */
const WIDEST: Ikev2Proposal = release([...AES, '3des'], HASHES, [2, 5, 14, 16, 19, 20, 21]);

/** The best match wins: a policy for the local address before one for all, one for the VRF before one for any. */
export function policyFor(
  model: ConfigModel,
  fvrf: string | null,
  local: string,
): Ikev2Policy | null {
  const weight = (policy: Ikev2Policy): number =>
    (policy.localAddresses.length > 0 ? 2 : 0) +
    (anyVrf(policy) ? 0 : 1) -
    (policy.name === 'default' ? 4 : 0);
  const fitting = model.ikev2Policies.filter(
    (each) =>
      (anyVrf(each) || each.fvrf === fvrf) &&
      (each.localAddresses.length === 0 || each.localAddresses.includes(local)),
  );
  return fitting.sort((a, b) => weight(b) - weight(a))[0] ?? null;
}

/** The built-in policy is for every VRF unless it says otherwise. */
function anyVrf({ name, fvrf }: Ikev2Policy): boolean {
  return fvrf === 'any' || (fvrf === null && name === 'default');
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

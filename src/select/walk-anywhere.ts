import { covers, formatIpv4, networkOf, parseIpv4 } from '../iosconfig/address.ts';
import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel } from '../model/config.ts';
import { NOBODY } from './identity.ts';
import type { HiddenCall } from './pairs.ts';
import type { Reading } from './rules.ts';
import { calledFrom, tunnelsOf } from './tunnels.ts';
import { walkAttempt } from './walk.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** A call whose end is known although the address is not, and the address that stands for all. */
export type WalkedAnywhere = { readonly walk: Walk; readonly attempt: Attempt };

/** A configuration that tells more callers apart is left undecided. */
const MOST_ADDRESSES = 512;

/**
 * A call from an address that cannot be told is walked from one address of every kind that the configurations tell
 * apart. Null where the end depends on it. What fails from every address, each in its way, fails in the way of the
 * addresses that the responder names as peers.
 */
export function walkFromAnywhere(
  call: HiddenCall,
  token: SecretToken,
  reading: Reading,
): WalkedAnywhere | null {
  if (parseIpv4(call.attempt.responderSeen) === null) return null;
  const addresses = kindsOfCallers(call);
  if (addresses === null) return null;
  const from = (address: string): WalkedAnywhere => {
    const attempt = attemptFrom(call, address);
    return { attempt, walk: walkAttempt(attempt, token, reading) };
  };
  const nobody = from(NOBODY);
  if (nobody.walk.outcome === 'unknown') return null;
  let differs = false;
  for (const address of addresses) {
    const { walk } = from(address);
    if (walk.outcome !== nobody.walk.outcome) return null;
    differs ||= endOf(walk) !== endOf(nobody.walk);
    if (differs && (walk.outcome === 'up' || call.named.length === 0)) return null;
  }
  if (!differs) {
    const end = 'whatever address the initiator is seen from, which no configuration tells';
    return withWhy(nobody, `${nobody.walk.why}, ${end}`);
  }
  const [first, ...others] = call.named.map(from);
  if (others.some(({ walk }) => endOf(walk) !== endOf(first!.walk))) return null;
  const seen = `seen from ${call.named.join(' or ')}, which the responder names`;
  return withWhy(first!, `${first!.walk.why}, ${seen}; from any other address it fails as well`);
}

function endOf({ failingStep, finding }: Walk): string {
  return `${failingStep ?? ''} ${finding ?? ''}`;
}

function withWhy({ walk, attempt }: WalkedAnywhere, why: string): WalkedAnywhere {
  return { attempt, walk: { ...walk, why } };
}

/** An address that no configuration shows is the source of the packets and, without a translation, the router's own. */
function attemptFrom({ attempt, local }: HiddenCall, address: string): Attempt {
  const own = local ?? address;
  const tunnel = calledFrom(attempt.tunnel, own);
  return { ...attempt, tunnel, initiatorLocal: own, initiatorAddress: address };
}

type Network = { readonly address: string; readonly prefixLength: number };

/** One address in each network that a configuration names and in no smaller one; null where there are too many. */
function kindsOfCallers(call: HiddenCall): readonly string[] | null {
  const named = [
    ...networksOf(call.attempt.responder),
    ...(call.local === null ? ownNetworks(call.attempt.initiator) : []),
  ];
  const networks = new Map<string, Network>();
  for (const { address, prefixLength } of named) {
    const value = parseIpv4(address);
    if (value === null) continue;
    const base = formatIpv4(networkOf(value, prefixLength));
    networks.set(`${base}/${String(prefixLength)}`, { address: base, prefixLength });
  }
  if (networks.size > MOST_ADDRESSES) return null;
  const all = [...networks.values()];
  return all.flatMap((network) => {
    const address = addressIn(network, all);
    // Translated, it may share the address of a router that is given.
    const taken = address !== null && call.local === null && call.isTaken(address);
    return address === null || taken ? [] : [address];
  });
}

/** What a responder tells callers apart by. */
function networksOf(model: ConfigModel): readonly Network[] {
  const host = (address: string): Network => ({ address, prefixLength: 32 });
  const known = <T extends { readonly prefixLength: number | null }>(
    each: T,
  ): each is T & { readonly prefixLength: number } => each.prefixLength !== null;
  const matches = model.profiles.flatMap((profile) =>
    profile.matches.map(({ value, prefixLength }) => ({ address: value, prefixLength })),
  );
  const peers = tunnelsOf(model).flatMap(({ peer, proxies }) => [
    ...(peer === null ? [] : [host(peer)]),
    ...proxies.map(({ destination }) => host(destination.address)),
  ]);
  const ikev2 = [
    ...model.ikev2Keyrings.flatMap((ring) =>
      ring.peers.flatMap(({ address, identity }) => [
        ...(address === null
          ? []
          : [{ address: address.value, prefixLength: address.prefixLength }]),
        ...(identity?.kind === 'address' ? [host(identity.value)] : []),
      ]),
    ),
    ...model.ikev2Profiles.flatMap((profile) =>
      profile.matches.map(({ value, mask }) => ({ address: value, ...lengthOf(mask) })),
    ),
  ];
  const keys = model.keyrings.flatMap(({ entries }) => entries);
  return [...[...keys, ...matches, ...ikev2].filter(known), ...peers];
}

function lengthOf(mask: string | null): { readonly prefixLength: number | null } {
  const value = parseIpv4(mask ?? '255.255.255.255');
  return { prefixLength: value === null ? null : 32 - Math.log2(2 ** 32 - value) };
}

/** What an initiator tells its own addresses apart by. */
function ownNetworks(model: ConfigModel): readonly Network[] {
  return [...model.keyrings, ...model.profiles].flatMap(({ localAddress }) =>
    localAddress === null ? [] : [{ address: localAddress.value, prefixLength: 32 }],
  );
}

function addressIn(network: Network, all: readonly Network[]): string | null {
  const size = 2 ** (32 - network.prefixLength);
  const inner = all.filter(
    ({ address, prefixLength }) =>
      prefixLength > network.prefixLength && covers(network.address, network.prefixLength, address),
  );
  const base = parseIpv4(network.address)!;
  let offset = 0;
  while (offset < size) {
    const address = formatIpv4(base + offset);
    const within = inner.find((each) => covers(each.address, each.prefixLength, address));
    if (within === undefined) return address;
    // The next address after the smaller network.
    offset = parseIpv4(within.address)! - base + 2 ** (32 - within.prefixLength);
  }
  return null;
}

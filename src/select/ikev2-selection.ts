import type { ConfigModel, Ikev2KeyringPeer } from '../model/config.ts';
import type { Side } from '../model/exchange.ts';
import type { LostCandidate, Selection } from '../model/selection.ts';
import { canonicalAddress, covers } from '../iosconfig/address.ts';
import { addressIdentity, toIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import type { Tunnel } from './tunnels.ts';
import { tunnelFor } from './selection.ts';
import { ikev2Key } from './ikev2-keys.ts';
import type { Ikev2Side } from './ikev2-keys.ts';
import { selectIkev2Profile } from './ikev2-profile.ts';

/** What a negotiation is for: a tunnel, or just a peer that calls. */
type Called = {
  readonly peer: string;
  readonly local: string | null;
  readonly fvrf: string | null;
  readonly tunnel: Tunnel | null;
};

/** The profile, keyring and peer block of an IKEv2 tunnel, in the words of a selection. */
export function describeIkev2(
  model: ConfigModel,
  role: Side,
  called: Called,
  identity: Identity | null,
): Selection {
  const { peer, local, fvrf, tunnel } = called;
  const remote = identity ?? addressIdentity(peer);
  const bound = tunnel?.ikev2Profile?.name ?? null;
  const profile =
    role === 'initiator'
      ? (model.ikev2Profiles.find(({ name }) => name === bound) ?? null)
      : selectIkev2Profile(model, { identity: remote, proof: 'unknown', fvrf, local }).profile;
  const key =
    profile === null
      ? null
      : ikev2Key(
          model,
          profile,
          peer,
          role === 'responder' ? remote : null,
          tunnel?.hostname ?? null,
        );
  const block = key?.peer ?? null;
  return {
    router: model.hostname,
    role,
    peer,
    tunnel: tunnel?.label ?? null,
    fvrf,
    requestedProfile: role === 'initiator' ? bound : null,
    keyring: key?.keyring ?? null,
    entry: block === null ? null : `peer ${block.name}`,
    entryLine: block?.line ?? null,
    matchedProfile: role === 'responder' ? (profile?.name ?? null) : null,
    matchedLine: role === 'responder' ? (profile?.line ?? null) : null,
    profileKeyrings: profile?.keyring == null ? [] : [profile.keyring.name],
    verification: 'none',
    rules: ['ikev2-no-key-for-decryption', 'ikev2-keyring-of-profile'],
    candidates: lostPeers(model, key, peer),
    lostProfiles: [],
    branches: [],
  };
}

/** Above this number of peer blocks, those that lost are not listed one by one. */
const MOST_PEERS = 48;

/** The other peer blocks of the keyring, each with the reason why it lost. */
function lostPeers(
  model: ConfigModel,
  key: Ikev2Side | null,
  peer: string,
): readonly LostCandidate[] {
  const peers = model.ikev2Keyrings.find(({ name }) => name === key?.keyring)?.peers ?? [];
  if (peers.length > MOST_PEERS) return [];
  const winner = key?.peer ?? null;
  return peers
    .filter((each) => each !== winner)
    .map((each) => ({
      keyring: key!.keyring!,
      entry: `peer ${each.name}`,
      lost: whyNot(each, winner, peer),
      line: each.line,
    }));
}

function whyNot(each: Ikev2KeyringPeer, winner: Ikev2KeyringPeer | null, peer: string): string {
  const length = each.address?.prefixLength ?? null;
  if (each.address === null) return 'names no address, and not the name or identity of the peer';
  if (length === null || !covers(each.address.value, length, peer)) return `does not cover ${peer}`;
  const best = winner?.address?.prefixLength ?? null;
  return best !== null && best > length
    ? `/${String(length)} is less specific than /${String(best)} of peer ${winner!.name}`
    : `peer ${winner?.name ?? ''} is found first`;
}

/**
 * What a router is expected to select for an IKEv2 negotiation that a log or capture shows. Null for an initiator
 * without a tunnel that names a profile, and for a router without IKEv2 profiles.
 */
export function selectionForIkev2(
  model: ConfigModel,
  role: Side,
  peer: string,
  identity: { readonly type: string; readonly value: string } | null,
  fvrf: string | null,
  local: string | null,
): Selection | null {
  const address = canonicalAddress(peer);
  const tunnel = tunnelFor(model, address, fvrf, local);
  if (role === 'initiator' && (tunnel?.ikev2Profile ?? null) === null) return null;
  if (model.ikev2Profiles.length === 0) return null;
  const remote = identity === null ? null : toIdentity(identity);
  const called = { peer: address, local: local ?? tunnel?.local ?? null, fvrf, tunnel };
  return describeIkev2(model, role, called, remote);
}

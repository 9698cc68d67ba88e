import type { ConfigModel } from '../model/config.ts';
import type { Side } from '../model/exchange.ts';
import type { Selection } from '../model/selection.ts';
import { canonicalAddress } from '../iosconfig/address.ts';
import { addressIdentity, toIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import type { Tunnel } from './tunnels.ts';
import { tunnelFor } from './selection.ts';
import { ikev2Key, selectIkev2Profile } from './walk-ikev2.ts';

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
      : selectIkev2Profile(model, remote, fvrf, local);
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
    candidates: [],
    lostProfiles: [],
    branches: [],
  };
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

import type { ConfigModel } from '../model/config.ts';
import type { Side } from '../model/exchange.ts';
import type { Selection } from '../model/selection.ts';
import { addressIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import type { Tunnel } from './tunnels.ts';
import { ikev2Key, selectIkev2Profile } from './walk-ikev2.ts';

/** The profile, keyring and peer block of an IKEv2 tunnel, in the words of a selection. */
export function describeIkev2(
  model: ConfigModel,
  role: Side,
  tunnel: Tunnel,
  identity: Identity | null,
): Selection {
  const peer = tunnel.peer!;
  const remote = identity ?? addressIdentity(peer);
  const bound = tunnel.ikev2Profile?.name ?? null;
  const profile =
    role === 'initiator'
      ? (model.ikev2Profiles.find(({ name }) => name === bound) ?? null)
      : selectIkev2Profile(model, remote, tunnel.fvrf, tunnel.local);
  const key =
    profile === null
      ? null
      : ikev2Key(model, profile, peer, role === 'responder' ? remote : null, tunnel.hostname);
  const block = key?.peer ?? null;
  return {
    router: model.hostname,
    role,
    peer,
    tunnel: tunnel.label,
    fvrf: tunnel.fvrf,
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

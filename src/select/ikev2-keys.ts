import { covers } from '../iosconfig/address.ts';
import type { SecretToken } from '../iosconfig/mask.ts';
import { formOf } from '../iosconfig/secrets.ts';
import type { ConfigModel, Ikev2Key, Ikev2KeyringPeer, Ikev2Profile } from '../model/config.ts';
import { provesByKey, weighIdentity } from './ikev2-profile.ts';
import type { Identity } from './identity.ts';
import { hiddenText, sameSecret } from './secret.ts';
import { unknown } from './walk-steps.ts';
import type { Attempt, Place, Stop } from './walk-steps.ts';

export type Ikev2Side = {
  readonly profile: Ikev2Profile | null;
  readonly keyring: string | null;
  readonly peer: Ikev2KeyringPeer | null;
};

/** The peer block of the profile's keyring: by identity, then by the longest address. */
export function ikev2Key(
  model: ConfigModel,
  profile: Ikev2Profile,
  peer: string,
  identity: Identity | null,
  hostname: string | null,
): Ikev2Side {
  const ring = model.ikev2Keyrings.find((each) => each.name === profile.keyring?.name);
  const none = { profile, keyring: ring?.name ?? null, peer: null };
  if (ring === undefined) return none;
  const byIdentity = ring.peers.find(
    (each) =>
      identity !== null &&
      each.identity !== null &&
      weighIdentity({ ...each.identity, mask: null }, identity) !== null,
  );
  if (byIdentity !== undefined) return { ...none, peer: byIdentity };
  const byName = ring.peers.find((each) => hostname !== null && each.hostname === hostname);
  if (byName !== undefined) return { ...none, peer: byName };
  let best: { peer: Ikev2KeyringPeer; length: number } | null = null;
  for (const each of ring.peers) {
    if (each.address === null) continue;
    const { value, prefixLength } = each.address;
    // Whatever a mask was that cannot be read, the address itself lies in it.
    const length = prefixLength ?? 0;
    if (prefixLength === null ? value !== peer : !covers(value, prefixLength, peer)) continue;
    if (best === null || length > best.length) best = { peer: each, length };
  }
  return { ...none, peer: best?.peer ?? null };
}

/** One end with its profile, and the peer block that it finds for the other. */
type End = {
  readonly side: Place['side'];
  readonly profile: Ikev2Profile;
  readonly block: Ikev2KeyringPeer | null;
  readonly peer: string;
};

/** An end that authenticates by key needs its local key, and the other end the same one as remote key. */
export function compareKeys(
  attempt: Attempt,
  own: Ikev2Profile,
  far: Ikev2Profile,
  ownIdentity: Identity,
  token: SecretToken,
): Stop | null {
  const { initiator, responder, responderSeen, initiatorAddress, tunnel } = attempt;
  const ends: readonly [End, End] = [
    {
      side: 'initiator',
      profile: own,
      block: ikev2Key(initiator, own, responderSeen, null, tunnel.hostname).peer,
      peer: responderSeen,
    },
    {
      side: 'responder',
      profile: far,
      block: ikev2Key(responder, far, initiatorAddress, ownIdentity, null).peer,
      peer: initiatorAddress,
    },
  ];
  const pairs = [ends, [ends[1], ends[0]] as const].filter(([prover]) =>
    provesByKey(prover.profile),
  );
  for (const [prover, checker] of pairs) {
    const missing = missingKey(prover, 'local') ?? missingKey(checker, 'remote');
    if (missing !== null) return missing;
  }
  for (const [prover, checker] of pairs) {
    const stop = compare(prover, checker, token);
    if (stop !== null) return stop;
  }
  return null;
}

function keyOf({ profile, block }: End, use: 'local' | 'remote'): Ikev2Key | null {
  const written = use === 'local' ? profile.localKey : profile.remoteKey;
  return written ?? block?.[use] ?? null;
}

function missingKey(end: End, use: 'local' | 'remote'): Stop | null {
  if (keyOf(end, use) !== null) return null;
  const { side, profile, block, peer } = end;
  if (profile.keyring === null) {
    return unknown(
      `the keys of IKEv2 profile ${profile.name} are neither in it nor in a local keyring`,
    );
  }
  return {
    outcome: 'fails',
    step: 'ike-auth-verify',
    finding: 'no-psk-for-peer',
    why: `keyring ${profile.keyring.name} of the ${side} has no ${block === null ? '' : `${use} `}key for ${peer}`,
    places: [{ side, line: block?.line ?? profile.keyring.line }],
  };
}

function compare(prover: End, checker: End, token: SecretToken): Stop | null {
  const sent = keyOf(prover, 'local')!;
  const checked = keyOf(checker, 'remote')!;
  const same = sameSecret(sent, checked);
  if (same === null) {
    return unknown(`${hiddenText(sent, checked)}, so that the two cannot be compared`);
  }
  if (same) return null;
  return {
    outcome: 'fails',
    step: 'ike-auth-verify',
    finding: 'ikev2-auth-failed',
    why: `the ${checker.side} expects ${token(checked.secret, formOf(checked))}, the peer uses ${token(sent.secret, formOf(sent))}`,
    places: [
      { side: prover.side, line: sent.line },
      { side: checker.side, line: checked.line },
    ],
  };
}

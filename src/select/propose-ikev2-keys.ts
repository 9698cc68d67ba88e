import type { Ikev2Key, Ikev2KeyringPeer } from '../model/config.ts';
import { present } from './candidates.ts';
import type { Benches, Candidate } from './candidates.ts';
import type { Edit } from './edit.ts';
import { ikev2Key } from './ikev2-keys.ts';
import { provesByKey, weighIdentity } from './ikev2-profile.ts';
import { authEnds, ikev2Block } from './propose-ikev2.ts';
import type { AuthEnd } from './propose-ikev2.ts';
import { isHidden } from './secret.ts';
import { ikev2KeyText } from './statements.ts';
import type { Attempt } from './walk-steps.ts';

/** Keys of one end: those of its profile before those of the peer block. */
type Keys = { readonly local: Ikev2Key | null; readonly remote: Ikev2Key | null };

type KeyEnd = AuthEnd & Keys & { readonly block: Ikev2KeyringPeer | null };

/** The keys of the ends do not meet, or one of them has none for the other: each side can take those of the other. */
export function forIkev2Keys(benches: Benches, attempt: Attempt): readonly Candidate[] {
  const { initiator, responder } = authEnds(benches, attempt);
  if (initiator === null || responder === null) return [];
  const first = keyEnd(initiator, null, attempt.tunnel.hostname);
  const second = keyEnd(responder, initiator.identity, null);
  return [...mend(first, second), ...mend(second, first)];
}

/** An initiator does not know yet who answers, so that it looks for the peer by address. */
function keyEnd(end: AuthEnd, identity: AuthEnd['identity'] | null, name: string | null): KeyEnd {
  const { bench, profile } = end;
  const block = ikev2Key(bench.model, profile, bench.peer, identity, name).peer;
  return {
    ...end,
    block,
    local: profile.localKey ?? block?.local ?? null,
    remote: profile.remoteKey ?? block?.remote ?? null,
  };
}

function mend(own: KeyEnd, far: KeyEnd): readonly Candidate[] {
  const { bench, profile, block } = own;
  const ring = bench.model.ikev2Keyrings.find(({ name }) => name === profile.keyring?.name);
  if (block === null && ring !== undefined) {
    const named = ring.peers.find(
      ({ identity, address }) =>
        identity !== null &&
        address === null &&
        weighIdentity({ ...identity, mask: null }, far.identity) !== null,
    );
    return present([
      named === undefined ? addBlock(own, far, ring.name) : giveAddress(own, ring.name, named),
    ]);
  }
  return present([takeKeys(own, far)]);
}

/** A block that names the identity alone is found once the peer has said who it is; who calls has its address only. */
function giveAddress({ bench }: KeyEnd, ring: string, { name }: Ikev2KeyringPeer): Candidate {
  return {
    text: `Give peer ${name} of keyring ${ring} the address ${bench.peer}, by which ${bench.name} finds it when it calls.`,
    edits: [
      {
        router: bench.router,
        block: [`crypto ikev2 keyring ${ring}`, `peer ${name}`],
        command: `address ${bench.peer}${bench.peer.includes(':') ? '/128' : ''}`,
      },
    ],
    keeps: ['keys'],
    sideEffects: [],
  };
}

function addBlock(own: KeyEnd, far: KeyEnd, ring: string): Candidate | null {
  const { bench } = own;
  const name = far.bench.model.hostname;
  const held = bench.model.ikev2Keyrings.find((each) => each.name === ring)?.peers ?? [];
  if (name === null || held.some((each) => each.name === name)) return null;
  const keys = crossed(own, far);
  if (keys.length === 0) return null;
  const block = [`crypto ikev2 keyring ${ring}`, `peer ${name}`];
  const { router, peer } = bench;
  return {
    text: `Add a peer block for ${name} with the keys that it uses to keyring ${ring} of ${bench.name}.`,
    edits: [
      { router, block, command: `address ${peer}${peer.includes(':') ? '/128' : ''}` },
      ...keys.map((command) => ({ router, block, command })),
    ],
    keeps: ['keys'],
    sideEffects: [],
  };
}

/** What the far end checks is the local key here, and what it proves itself by the remote one. */
function crossed(own: KeyEnd, far: KeyEnd): readonly string[] {
  const { token } = own.bench;
  const [local, remote] = [usable(far.remote), usable(far.local)];
  if (local !== null && remote !== null && sameKey(local, remote)) {
    return [`pre-shared-key ${ikev2KeyText(local, token)}`];
  }
  return [
    ...(local === null ? [] : [`pre-shared-key local ${ikev2KeyText(local, token)}`]),
    ...(remote === null ? [] : [`pre-shared-key remote ${ikev2KeyText(remote, token)}`]),
  ];
}

function usable(key: Ikev2Key | null): Ikev2Key | null {
  return key === null || isHidden(key) ? null : key;
}

function sameKey(one: Ikev2Key | null, other: Ikev2Key | null): boolean {
  return one?.secret === other?.secret && one?.secretType === other?.secretType;
}

/** The keys become those of the other end, wherever they stand. */
function takeKeys(own: KeyEnd, far: KeyEnd): Candidate | null {
  const edits = [...profileEdits(own, far), ...blockEdits(own, far)];
  if (edits.length === 0) return null;
  const { bench, block, profile } = own;
  const where =
    block === null
      ? `IKEv2 profile ${profile.name}`
      : `peer ${block.name} of keyring ${profile.keyring?.name ?? ''}`;
  const swapped =
    provesByKey(profile) &&
    provesByKey(far.profile) &&
    sameKey(own.local, far.local) &&
    sameKey(own.remote, far.remote);
  return {
    text: swapped
      ? `Exchange the local and the remote key of ${where} on ${bench.name}: what one end proves itself by is what the other checks.`
      : `Set the keys of ${where} on ${bench.name} to those of ${far.bench.name}, local and remote exchanged.`,
    edits,
    keeps: [],
    sideEffects: wide(block),
  };
}

function profileEdits({ bench, profile }: KeyEnd, far: KeyEnd): readonly Edit[] {
  const { router, token } = bench;
  const edit = (side: 'local' | 'remote', key: Ikev2Key | null): Edit[] =>
    usable(key) === null
      ? []
      : [
          {
            router,
            block: [ikev2Block(profile)],
            command: `authentication ${side} pre-share key ${ikev2KeyText(key!, token)}`,
          },
        ];
  return [
    ...(profile.localKey === null ? [] : edit('local', far.remote)),
    ...(profile.remoteKey === null ? [] : edit('remote', far.local)),
  ];
}

function blockEdits(own: KeyEnd, far: KeyEnd): readonly Edit[] {
  const { bench, profile, block } = own;
  if (block === null || profile.keyring === null) return [];
  const place = [`crypto ikev2 keyring ${profile.keyring.name}`, `peer ${block.name}`];
  return crossed(own, far)
    .filter((command) => !(profile.localKey !== null && command.includes(' local ')))
    .filter((command) => !(profile.remoteKey !== null && command.includes(' remote ')))
    .map((command) => ({ router: bench.router, block: place, command }));
}

function wide(block: Ikev2KeyringPeer | null): readonly string[] {
  const length = block?.address?.prefixLength ?? null;
  if (block?.address == null || length === null || length === 32 || length === 128) return [];
  return [`Every peer in ${block.address.value}/${String(length)} needs the new key.`];
}

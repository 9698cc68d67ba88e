import { covers } from '../iosconfig/address.ts';
import type { IsakmpProfile, KeyEntry } from '../model/config.ts';
import type { KeyChoice } from '../model/selection.ts';
import { addToProfile, globalCommand, keyCommand, recreate, ringBlock } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import type { Edit } from './edit.ts';
import { coveringKeys, keyIndex } from './key-index.ts';
import { keyringsOf } from './keyring.ts';
import { forLocalAddress, freeRing } from './propose-local.ts';
import { isHidden } from './secret.ts';
import type { Chosen } from './selection.ts';
import type { Attempt, Walk } from './walk-steps.ts';
import { tableText } from './words.ts';

/** A key where none is found: freed, moved, copied or added. */
export function forMissingKey(
  benches: Benches,
  attempt: Attempt,
  walk: Walk,
): readonly Candidate[] {
  const lacking = walk.initiator?.keys.winner == null ? 'initiator' : 'responder';
  const own = benches[lacking];
  const far = lacking === 'initiator' ? benches.responder : benches.initiator;
  const chosen = lacking === 'initiator' ? walk.initiator : walk.responder;
  const vrf = lacking === 'initiator' ? attempt.tunnel.fvrf : attempt.responderVrf;
  const known = farKey(far, lacking === 'initiator' ? walk.responder : walk.initiator);
  const profile = chosen?.requested ?? chosen?.profiles?.winner?.profile ?? null;
  const moved = own.model.keyrings
    .filter((ring) => ring.vrf !== vrf && ring.name !== 'default' && holds(own, ring.name))
    .map((ring): Candidate => ({
      text: `Create keyring ${ring.name} in ${tableText(vrf)}, where the peer is.`,
      edits: recreate(own, ring, vrf),
      keeps: [],
      sideEffects: [`Peers of ${ring.name} elsewhere lose their keys.`],
    }));
  const freed = own.model.keyrings
    .filter((ring) => ring.localAddress !== null && ring.vrf === vrf && holds(own, ring.name))
    .flatMap((ring) => freeRing(own, ring));
  const added = known === null ? [] : addKey(own, profile, vrf, known);
  const made = [
    ...elsewhere(own, vrf).map((entry) => newRing(own, profile, vrf, entry)),
    ...(known === null || vrf === null ? [] : [newRing(own, profile, vrf, keyFor(own, known))]),
  ];
  return [...forLocalAddress(benches), ...freed, ...moved, ...added, ...made];
}

/** Global keys for the peer, which serve the global table alone. */
function elsewhere({ model, peer }: Bench, vrf: string | null): readonly KeyEntry[] {
  return vrf === null
    ? []
    : coveringKeys(keyIndex(model), peer).flatMap(({ ring, entry }) =>
        ring.name === 'default' ? [entry] : [],
      );
}

/** The key that the other side uses, or would use. */
function farKey(far: Bench, chosen: Chosen | null): string | null {
  const used: KeyChoice | null = chosen?.keys.winner ?? null;
  const covering = coveringKeys(keyIndex(far.model), far.peer);
  const entry = used?.entry ?? covering[0]?.entry;
  return entry === undefined || isHidden(entry) ? null : entry.secret;
}

function holds({ model, peer }: Bench, keyring: string): boolean {
  return coveringKeys(keyIndex(model), peer).some(({ ring }) => ring.name === keyring);
}

/** A key for the peer alone. */
function keyFor({ peer }: Bench, secret: string): KeyEntry {
  const v6 = peer.includes(':');
  return {
    kind: v6 ? 'ipv6' : 'address',
    address: peer,
    mask: v6 ? '128' : '255.255.255.255',
    prefixLength: v6 ? 128 : 32,
    secret,
    secretType: 0,
    noXauth: false,
    line: 0,
  };
}

/** A keyring for the VRF of the peer, where none that is searched has a key: global keys serve the global table alone. */
function newRing(
  bench: Bench,
  profile: IsakmpProfile | null,
  vrf: string | null,
  entry: KeyEntry,
): Candidate {
  const { model, router, token } = bench;
  const taken = new Set(model.keyrings.map((ring) => ring.name));
  const wanted = vrf === null ? 'KEYS' : `KEYS-${vrf}`;
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${String(count)}`;
  const opened = vrf === null ? `crypto keyring ${name}` : `crypto keyring ${name} vrf ${vrf}`;
  const key: Edit = { router, block: [opened], command: keyCommand(entry, token) };
  const use: Edit[] =
    profile === null
      ? []
      : [{ router, block: [`crypto isakmp profile ${profile.name}`], command: `keyring ${name}` }];
  const named = profile === null ? '' : `, and let profile ${profile.name} name it`;
  return {
    text: `Create keyring ${name} in ${tableText(vrf)}, where the peer is, with a key for ${entry.address}${named}.`,
    edits: [key, ...use],
    keeps: ['keys'],
    sideEffects: [],
    needs: [key],
  };
}

/** A key where none is found. */
function addKey(
  bench: Bench,
  profile: IsakmpProfile | null,
  vrf: string | null,
  secret: string,
): readonly Candidate[] {
  const { model, router, token, peer } = bench;
  const entry = keyFor(bench, secret);
  const names = profile === null ? model.keyrings.map(({ name }) => name) : keyringsOf(profile);
  const ring = model.keyrings.find(
    (each) => names.includes(each.name) && each.vrf === vrf && each.name !== 'default',
  );
  const made = (text: string, edit: Edit): Candidate => ({
    text,
    edits: [edit],
    keeps: ['keys'],
    sideEffects: [],
  });
  const found: Candidate[] = [];
  if (ring !== undefined) {
    found.push(
      made(`Add a key for ${peer} to keyring ${ring.name}.`, {
        router,
        block: [ringBlock(ring)],
        command: keyCommand(entry, token),
      }),
    );
  }
  if (profile === null && vrf === null && model.keyrings.every(({ name }) => name === 'default')) {
    found.push(
      made(`Add a global key for ${peer}.`, {
        router,
        block: [],
        command: globalCommand(entry, token),
      }),
    );
  }
  for (const other of profile === null ? [] : model.keyrings) {
    const holds = other.entries.some(
      (each) => each.prefixLength !== null && covers(each.address, each.prefixLength, peer),
    );
    if (!holds || other.vrf !== vrf || names.includes(other.name) || profile === null) continue;
    found.push(addToProfile(bench, other.name, profile));
  }
  return found;
}

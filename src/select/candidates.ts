import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel, IsakmpProfile, KeyEntry, Keyring } from '../model/config.ts';
import type { Kept, KeyChoice } from '../model/selection.ts';
import type { Edit } from './edit.ts';
import { coveringKeys, keyIndex } from './key-index.ts';
import type { PlacedKey } from './key-index.ts';
import { keyringsOf } from './keyring.ts';
import { keyringText } from './words.ts';

/** A change that may help, before it is replayed. */
export type Candidate = {
  readonly text: string;
  readonly edits: readonly Edit[];
  /** What must hold after it, whatever comes up by it. */
  readonly keeps: readonly Kept[];
  readonly sideEffects: readonly string[];
  /** Stands behind what works as well without giving up strength, a check that was configured, other callers, or a key that others share, and mends what is at fault. */
  readonly behind?: 'weaker' | 'looser' | 'strands' | 'beside' | 'shared';
  /** Commands without which the text is not true. */
  readonly needs?: readonly Edit[];
  /** What it comes to without them. */
  readonly otherwise?: Candidate;
  /** Changes that it is made of, each of which may be left out. */
  readonly parts?: readonly Candidate[];
  /** The commands say something together only, so that none of them is tried alone. */
  readonly whole?: true;
  /** The rule of another reading by which it may not help, as its side effects say. */
  readonly against?: string;
};

/** One router in the role that fails, with what it selected. */
export type Bench = {
  readonly model: ConfigModel;
  readonly router: number;
  readonly name: string;
  readonly token: SecretToken;
  readonly peer: string;
  readonly local: string | null;
};

export function keyCommand(entry: KeyEntry, token: SecretToken): string {
  const secret = `${entry.secretType === 6 ? '6 ' : ''}${token(entry.secret)}`;
  return `pre-shared-key ${target(entry)} key ${secret}`;
}

export function globalCommand(entry: KeyEntry, token: SecretToken): string {
  const secret = `${entry.secretType === 6 ? '6 ' : ''}${token(entry.secret)}`;
  return `crypto isakmp key ${secret} ${target(entry)}${entry.noXauth ? ' no-xauth' : ''}`;
}

function target(entry: KeyEntry): string {
  switch (entry.kind) {
    case 'hostname':
      return `hostname ${entry.address}`;
    case 'ipv6':
      return `address ipv6 ${entry.address}/${entry.mask ?? '128'}`;
    case 'address':
      return entry.prefixLength === 32
        ? `address ${entry.address}`
        : `address ${entry.address} ${entry.mask ?? ''}`;
  }
}

/** The line that opens a keyring, with its VRF. */
export function ringBlock(ring: Keyring): string {
  return ring.vrf === null
    ? `crypto keyring ${ring.name}`
    : `crypto keyring ${ring.name} vrf ${ring.vrf}`;
}

export function removeKey(bench: Bench, { keyring, entry }: KeyChoice): Edit {
  const { router, model, token } = bench;
  if (keyring === 'default') {
    const plain = { ...entry, noXauth: false };
    return { router, block: [], command: `no ${globalCommand(plain, token)}` };
  }
  const ring = model.keyrings.find(({ name }) => name === keyring)!;
  return { router, block: [ringBlock(ring)], command: `no ${keyCommand(entry, token)}` };
}

/** Leaves the peer one key only: the one of the keyring that its profile names. */
export function dropDuplicate(bench: Bench, used: KeyChoice, others: readonly string[]): Candidate {
  const from = keyringText(used.keyring);
  const left = others.map((name) => (name === 'default' ? keyringText(name) : name));
  const serve = left.length === 1 && left[0] === others[0] ? 'serves' : 'serve';
  return {
    text: `Remove the key for ${used.entry.address} from ${from}, so that ${left.join(' and ')} alone ${serve} ${bench.peer}.`,
    edits: [removeKey(bench, used)],
    keeps: [],
    sideEffects: isWide(used.entry)
      ? relyingOn(used.entry)
      : bereft(bench, used).map(
          (profile) => `Profile ${profile} finds no key for ${used.entry.address} any more.`,
        ),
    ...(isWide(used.entry) && SHARED),
  };
}

/** Others have the key as well. */
const SHARED = { behind: 'shared' } as const;

const isWide = ({ prefixLength }: KeyEntry): boolean => prefixLength !== 32 && prefixLength !== 128;

/** Who else loses a key that goes, where it is one for a network. */
function relyingOn(entry: KeyEntry): readonly string[] {
  return isWide(entry)
    ? [`Other peers in ${entry.address} ${entry.mask ?? ''} that relied on this key lose it.`]
    : [];
}

/** Leaves the right key alone: all that win before it go. */
export function dropAll(
  bench: Bench,
  ahead: readonly PlacedKey[],
  { ring, entry }: PlacedKey,
): Candidate {
  const places = new Map<string, string[]>();
  for (const key of ahead) {
    const place = keyringText(key.ring.name);
    places.set(place, [...(places.get(place) ?? []), key.entry.address]);
  }
  const removed = [...places].map(([place, keys]) => `for ${keys.join(', ')} from ${place}`);
  const edits = ahead.map((key) => removeKey(bench, { keyring: key.ring.name, entry: key.entry }));
  return {
    text: `Remove the keys ${removed.join(' and ')}, so that the one for ${entry.address} ${entry.mask ?? ''} in ${keyringText(ring.name)} serves ${bench.peer}.`,
    edits,
    needs: edits,
    keeps: [],
    sideEffects: ahead.flatMap((key) => relyingOn(key.entry)),
    ...(ahead.some((key) => isWide(key.entry)) && SHARED),
  };
}

export function users({ model }: Bench, keyring: string): readonly IsakmpProfile[] {
  return model.profiles.filter((profile) => keyringsOf(profile).includes(keyring));
}

/** Profiles that no other of their keyrings serves the address of a key. */
function bereft(bench: Bench, { keyring, entry }: KeyChoice): readonly string[] {
  const left = coveringKeys(keyIndex(bench.model), entry.address).filter(
    (key) => key.ring.name !== keyring || (key.entry !== entry && !sameTarget(key.entry, entry)),
  );
  return users(bench, keyring)
    .filter((profile) => !left.some(({ ring }) => keyringsOf(profile).includes(ring.name)))
    .map(({ name }) => name);
}

function sameTarget(one: KeyEntry, other: KeyEntry): boolean {
  return one.kind === other.kind && one.address === other.address && one.mask === other.mask;
}

/** One keyring for all: the keys of the second move into the first, and every profile names the first. */
export function uniteKeyrings(bench: Bench, used: KeyChoice, second: string): Candidate | null {
  const { model, router, token } = bench;
  const first = model.keyrings.find(({ name }) => name === used.keyring);
  const other = model.keyrings.find(({ name }) => name === second);
  if (first === undefined || other === undefined || first === other) return null;
  if (first.name === 'default' || other.name === 'default' || first.vrf !== other.vrf) return null;
  const held = (entry: KeyEntry): boolean => first.entries.some((each) => sameTarget(each, entry));
  const moved = other.entries.filter((entry) => !held(entry));
  const edits: Edit[] = moved.map((entry) => ({
    router,
    block: [ringBlock(first)],
    command: keyCommand(entry, token),
  }));
  for (const profile of model.profiles.filter((each) =>
    each.keyrings.some(({ name }) => name === second),
  )) {
    const block = [`crypto isakmp profile ${profile.name}`];
    edits.push({ router, block, command: `no keyring ${second}` });
    if (!profile.keyrings.some(({ name }) => name === first.name)) {
      edits.push({ router, block, command: `keyring ${first.name}` });
    }
  }
  const deleted: Edit = { router, block: [], command: `no crypto keyring ${second}` };
  edits.push(deleted);
  return {
    text: `Keep one keyring: name ${first.name} in every profile that names ${second}, and delete ${second}.`,
    edits,
    keeps: ['keys', 'one-keyring'],
    sideEffects: [],
    needs: [deleted],
  };
}

/** The profile also names the keyring that wins. */
export function addToProfile(bench: Bench, keyring: string, profile: IsakmpProfile): Candidate {
  const asWell = profile.keyrings.length > 0 ? ' as well' : '';
  return {
    text: `Let profile ${profile.name} name ${keyring === 'default' ? 'the global keys (keyring default)' : `keyring ${keyring}`}${asWell}.`,
    edits: [
      {
        router: bench.router,
        block: [`crypto isakmp profile ${profile.name}`],
        command: `keyring ${keyring}`,
      },
    ],
    keeps: ['keys'],
    sideEffects: [],
  };
}

/** Deletes and creates a keyring again, so that it is defined last, or in another VRF. */
export function recreate(bench: Bench, ring: Keyring, vrf: string | null): readonly Edit[] {
  const { model, router, token } = bench;
  const profiles = model.profiles.filter((each) =>
    each.keyrings.some(({ name }) => name === ring.name),
  );
  const block = [ringBlock({ ...ring, vrf })];
  const local = ring.localAddress;
  return [
    ...profiles.map(({ name }) => ({
      router,
      block: [`crypto isakmp profile ${name}`],
      command: `no keyring ${ring.name}`,
    })),
    { router, block: [], command: `no crypto keyring ${ring.name}` },
    ...(local === null
      ? []
      : [
          {
            router,
            block,
            command: `local-address ${local.value}${local.vrf === null ? '' : ` ${local.vrf}`}`,
          },
        ]),
    ...ring.entries.map((entry) => ({ router, block, command: keyCommand(entry, token) })),
    ...profiles.map(({ name }) => ({
      router,
      block: [`crypto isakmp profile ${name}`],
      command: `keyring ${ring.name}`,
    })),
  ];
}

/** The keyring that wins is defined again, after the one that should. */
export function reorder(bench: Bench, used: KeyChoice, wanted: string): Candidate | null {
  const ring = bench.model.keyrings.find(({ name }) => name === used.keyring);
  if (ring === undefined || ring.name === 'default') return null;
  return {
    text: `Define keyring ${ring.name} again, after ${wanted}: IOS keeps keyrings in the order of creation, so that ${ring.name} must be deleted and created.`,
    edits: recreate(bench, ring, ring.vrf),
    keeps: ['keys', 'all-but-order'],
    sideEffects: [
      'It holds only as long as the order does; one address in several keyrings is not supported by the vendor.',
      `Peers of ${ring.name} are disconnected while it is missing.`,
    ],
  };
}

/** A global key moves into a keyring, where longer masks win over it. */
export function moveGlobalKey(bench: Bench, used: KeyChoice): Candidate | null {
  const { model, router, token } = bench;
  if (used.keyring !== 'default' || used.entry.prefixLength === 32) return null;
  // A key of a keyring cannot say `no-xauth`.
  if (used.entry.noXauth) return null;
  const taken = new Set(model.keyrings.map(({ name }) => name));
  const name = ['GLOBAL-KEYS', 'GLOBAL-KEYS-2', 'GLOBAL-KEYS-3'].find((each) => !taken.has(each));
  if (name === undefined) return null;
  const globals = model.keyrings.find((ring) => ring.name === 'default')!;
  // A profile that names a keyring has the global keys no more, unless it names them too.
  const names = globals.entries.length > 1 ? [name, 'default'] : [name];
  const dependent = model.profiles.filter(({ keyrings }) => keyrings.length === 0);
  const follow =
    dependent.length === 0
      ? ''
      : ` Profiles that name no keyring used it (${dependent.map((each) => each.name).join(', ')}), so that they name the new one.`;
  return {
    text: `Move the global key for ${used.entry.address} into a keyring of its own, where the longer masks of the other keyrings win over it.${follow}`,
    edits: [
      removeKey(bench, used),
      { router, block: [`crypto keyring ${name}`], command: keyCommand(used.entry, token) },
      ...dependent.flatMap((profile) =>
        names.map((each) => ({
          router,
          block: [`crypto isakmp profile ${profile.name}`],
          command: `keyring ${each}`,
        })),
      ),
    ],
    keeps: ['keys', 'profiles'],
    sideEffects: [],
  };
}

/** The key becomes that of the other side. */
export function replaceKey(bench: Bench, used: KeyChoice, secret: string): Candidate {
  const entry = { ...used.entry, secret, secretType: 0 as const };
  const ring = bench.model.keyrings.find(({ name }) => name === used.keyring)!;
  const add: Edit =
    used.keyring === 'default'
      ? { router: bench.router, block: [], command: globalCommand(entry, bench.token) }
      : { router: bench.router, block: [ringBlock(ring)], command: keyCommand(entry, bench.token) };
  const removed = removeKey(bench, used);
  const place = keyringText(used.keyring);
  return {
    text: `Set the key for ${used.entry.address} in ${place} to that of the other side.`,
    edits: [removed, add],
    needs: [add],
    otherwise: {
      text: `Remove the key for ${used.entry.address} from ${place}.`,
      edits: [removed],
      keeps: [],
      sideEffects: relyingOn(used.entry),
      ...(isWide(used.entry) && SHARED),
    },
    keeps: [],
    sideEffects: isWide(used.entry)
      ? [`Every peer in ${used.entry.address} ${used.entry.mask ?? ''} gets the new key.`]
      : [],
    ...(isWide(used.entry) && SHARED),
  };
}

/** Two changes that help together. */
export function both(first: Candidate, second: Candidate): Candidate {
  return {
    text: `${first.text} ${second.text}`,
    edits: [...first.edits, ...second.edits],
    keeps: first.keeps,
    sideEffects: [...first.sideEffects, ...second.sideEffects],
    parts: [first, second].flatMap((each) => each.parts ?? [each]),
  };
}

export type Benches = { readonly initiator: Bench; readonly responder: Bench };

export function present(candidates: readonly (Candidate | null)[]): readonly Candidate[] {
  return candidates.filter((each) => each !== null);
}

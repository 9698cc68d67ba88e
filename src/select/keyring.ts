import { MASKED_KEY } from '../iosconfig/masked-key.ts';
import type {
  AggressivePeer,
  ConfigModel,
  IsakmpProfile,
  KeyEntry,
  Keyring,
  SecretType,
} from '../model/config.ts';
import type { KeyringSearch, LostCandidate } from '../model/selection.ts';
import { coveringKeys, keyIndex } from './key-index.ts';
import type { PlacedKey } from './key-index.ts';
import { servesLocal } from './lookup.ts';
import { MAIN_READING } from './rules.ts';
import type { Reading } from './rules.ts';
import { tableText } from './words.ts';

export type KeyQuery = {
  readonly peer: string;
  /** Local IKE address; null when unknown, then a local-address excludes nothing. */
  readonly local: string | null;
  /** Front-door VRF; null is the global table. */
  readonly fvrf: string | null;
  /** The profile, when it is known at this step; its keyrings limit the search. */
  readonly profile?: IsakmpProfile | null;
  /** A host name that is known at this step: of the crypto map peer, or of an aggressive-mode identity. */
  readonly hostname?: string | null;
};

/** Why a key of a named keyring lost against a global one. */
export const GLOBAL_FIRST = 'the global keys are searched first and hold a key for the peer';

/** Above this number of keys, those that do not cover the peer are not listed one by one. */
const MOST_BYSTANDERS = 48;

/** The keyring search of one step. Cost grows with the masks in use, not with the keys. */
export function searchKeyring(
  model: ConfigModel,
  query: KeyQuery,
  reading: Reading = MAIN_READING,
): KeyringSearch {
  const index = keyIndex(model);
  const covering = coveringKeys(index, query.peer);
  const named = index.hostnames.get(query.hostname?.toLowerCase() ?? '') ?? [];
  const lost: LostCandidate[] = [];
  const rules: string[] = [];
  const eligible: PlacedKey[] = [];
  for (const key of [...named, ...covering]) {
    const bar = barred(model, key, query);
    if (bar === null) eligible.push(key);
    else lost.push(loser(key, bar.why));
    if (bar !== null && !rules.includes(bar.rule)) rules.push(bar.rule);
  }
  const profile = query.profile ?? null;
  if (profile !== null) {
    rules.unshift(
      profile.keyrings.length > 0 ? 'keyring-of-profile' : 'keyring-profile-without-keyring',
    );
  }
  const winner = pick(eligible, named, query, reading, lost, rules);
  const aside = bystanders(index.all, covering, named, query);
  lost.push(...aside.map(({ key, why }) => loser(key, why)));
  if (aside.some(({ key }) => key.entry.kind === 'hostname')) {
    rules.push('keyring-address-entries-only');
  }
  if (winner === null) rules.push('keyring-none');
  return {
    winner: winner === null ? null : { keyring: winner.ring.name, entry: winner.entry },
    lost: sorted(lost),
    rules,
  };
}

/** `crypto isakmp peer`: whom the initiator calls in aggressive mode. */
export function aggressivePeer(
  model: ConfigModel,
  { peer, fvrf }: { readonly peer: string; readonly fvrf: string | null },
): AggressivePeer | null {
  return model.aggressivePeers.find((each) => each.peer === peer && each.vrf === fvrf) ?? null;
}

/** Its password takes the place of a keyring entry. */
export function searchPassword(model: ConfigModel, query: KeyQuery): KeyringSearch | null {
  const peer = aggressivePeer(model, query);
  if (peer?.password == null) return null;
  const type = peer.password === MASKED_KEY ? 'masked' : 0;
  const entry = madeEntry(peer.peer, peer.password, type, peer.line);
  return {
    winner: { keyring: 'aggressive-mode password', entry },
    lost: [],
    rules: ['keyring-aggressive-password'],
  };
}

/** A key that stands in no keyring, under the name that it is for. */
export function madeEntry(
  name: string,
  secret: string,
  secretType: SecretType,
  line: number,
): KeyEntry {
  return {
    kind: 'hostname',
    address: name,
    mask: null,
    prefixLength: null,
    secret,
    secretType,
    noXauth: false,
    line,
  };
}

/** `address,mask`, as the debug prints it; for IPv6 `prefix/length`; or the host name. */
export function entryText(entry: KeyEntry): string {
  if (entry.kind === 'hostname') return entry.address;
  return entry.kind === 'ipv6'
    ? `${entry.address}/${entry.mask ?? '128'}`
    : `${entry.address},${entry.mask ?? ''}`;
}

/** Keyrings that a profile searches: its own, or the global keys. */
export function keyringsOf(profile: IsakmpProfile): readonly string[] {
  return profile.keyrings.length > 0 ? profile.keyrings.map((use) => use.name) : ['default'];
}

/** Whether a search for a packet of this VRF to this local address looks into the keyring at all. */
export const isSearched = (
  model: ConfigModel,
  ring: Keyring,
  fvrf: string | null,
  local: string | null,
): boolean => ring.vrf === fvrf && servesLocal(model, ring.localAddress, local);

type Bar = { readonly rule: string; readonly why: string };

function barred(model: ConfigModel, { ring }: PlacedKey, query: KeyQuery): Bar | null {
  const profile = query.profile ?? null;
  if (profile !== null && !keyringsOf(profile).includes(ring.name)) {
    return profile.keyrings.length > 0
      ? {
          rule: 'keyring-of-profile',
          why: `profile ${profile.name} does not name keyring ${ring.name}`,
        }
      : {
          rule: 'keyring-profile-without-keyring',
          why: `profile ${profile.name} names no keyring, so only the global keys count`,
        };
  }
  if (ring.vrf !== query.fvrf) {
    return {
      rule: 'keyring-vrf',
      why: `keyring ${ring.name} is in ${tableText(ring.vrf)}, the peer in ${tableText(query.fvrf)}`,
    };
  }
  if (!servesLocal(model, ring.localAddress, query.local)) {
    return {
      rule: 'keyring-local-address',
      why: `keyring ${ring.name} serves local address ${ring.localAddress?.value ?? ''} only`,
    };
  }
  return null;
}

function pick(
  eligible: readonly PlacedKey[],
  named: readonly PlacedKey[],
  query: KeyQuery,
  reading: Reading,
  lost: LostCandidate[],
  rules: string[],
): PlacedKey | null {
  const byName = eligible.find((key) => named.includes(key));
  if (byName !== undefined) {
    for (const key of eligible) {
      if (key !== byName) lost.push(loser(key, 'a key for the host name comes first'));
    }
    rules.push('aggressive-identity-first');
    return byName;
  }
  const known = (query.profile ?? null) !== null;
  const globals = eligible.filter(({ ring }) => ring.name === 'default');
  const shadowing = !known && globals.length > 0 && reading.defaultKeyring === 'first';
  const field = shadowing ? globals : eligible;
  if (shadowing && globals.length < eligible.length) {
    rules.push('keyring-default-first');
    for (const key of eligible) {
      if (key.ring.name !== 'default') {
        lost.push(loser(key, GLOBAL_FIRST));
      }
    }
  }
  return best(inOrder(field, query), reading, lost, rules);
}

/** Keyrings of a known profile count in the order of its `keyring` lines, others as defined. */
function inOrder(keys: readonly PlacedKey[], query: KeyQuery): readonly PlacedKey[] {
  const profile = query.profile ?? null;
  if (profile === null) return keys;
  const names = keyringsOf(profile);
  return [...keys].sort(
    (a, b) =>
      names.indexOf(a.ring.name) - names.indexOf(b.ring.name) || a.entryOrder - b.entryOrder,
  );
}

function best(
  keys: readonly PlacedKey[],
  reading: Reading,
  lost: LostCandidate[],
  rules: string[],
): PlacedKey | null {
  if (keys.length === 0) return null;
  const longest = Math.max(...keys.map(({ entry }) => entry.prefixLength ?? -1));
  const isTied = ({ entry }: PlacedKey): boolean => (entry.prefixLength ?? -1) === longest;
  const tied = keys.filter(isTied);
  const winner = (reading.tie === 'first-defined' ? tied[0] : tied.at(-1))!;
  for (const key of keys) {
    if (key === winner) continue;
    lost.push(
      loser(
        key,
        isTied(key)
          ? `same mask as keyring ${winner.ring.name}, which is defined first`
          : `${lengthText(key.entry)} is less specific than /${String(longest)} of keyring ${winner.ring.name}`,
      ),
    );
  }
  if (tied.length < keys.length) rules.push('keyring-longest-mask');
  if (tied.length > 1) rules.push('keyring-first-defined');
  return winner;
}

function lengthText({ prefixLength, mask }: KeyEntry): string {
  return prefixLength === null
    ? `a mask that cannot be read (${mask ?? ''})`
    : `/${String(prefixLength)}`;
}

/** Keys that never were candidates, with the reason. */
function bystanders(
  all: readonly PlacedKey[],
  covering: readonly PlacedKey[],
  named: readonly PlacedKey[],
  query: KeyQuery,
): readonly { readonly key: PlacedKey; readonly why: string }[] {
  if (all.length > MOST_BYSTANDERS) return [];
  return all
    .filter((key) => !covering.includes(key) && !named.includes(key))
    .map((key) => ({ key, why: whyNoCandidate(key.entry, query) }));
}

function whyNoCandidate(entry: KeyEntry, query: KeyQuery): string {
  if (entry.kind === 'hostname') {
    return (query.hostname ?? null) === null
      ? 'the name of the peer is not known at this step'
      : `the peer is ${query.hostname!}`;
  }
  if (entry.prefixLength === null) return `the mask ${entry.mask ?? ''} cannot be read`;
  return `does not cover ${query.peer}`;
}

function loser({ ring, entry }: PlacedKey, why: string): LostCandidate {
  return { keyring: ring.name, entry: entryText(entry), lost: why, line: entry.line };
}

function sorted(lost: readonly LostCandidate[]): readonly LostCandidate[] {
  return [...lost].sort((a, b) => a.line - b.line);
}

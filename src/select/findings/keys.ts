import { covers } from '../../iosconfig/address.ts';
import { coveringKeys, keyIndex } from '../key-index.ts';
import type { PlacedKey } from '../key-index.ts';
import { entryText, keyringsOf } from '../keyring.ts';
import { apart, servesLocal, tablesOf } from '../lookup.ts';
import { isPsk, policiesOf } from '../policy.ts';
import { sameSecret } from '../secret.ts';
import { tunnelsOf } from '../tunnels.ts';
import type { ConfigModel, IsakmpProfile } from '../../model/config.ts';
import { KEYRING_NOTE, between, nameOf } from './make.ts';
import type { Draft } from './make.ts';
import { tableText } from '../words.ts';

/** What is wrong with the keys of one router, whoever calls. */
export function keyFindings(model: ConfigModel): readonly Draft[] {
  const policies = policiesOf(model);
  // Where every policy demands signatures, no key is ever looked for.
  if (policies !== null && policies.length > 0 && !policies.some(isPsk)) return [];
  return [
    ...ambiguous(model),
    ...shadowed(model),
    ...missingFromProfile(model),
    ...vrfMismatch(model),
  ];
}

/** One address, with one mask, in several named keyrings of one VRF. */
function ambiguous(model: ConfigModel): readonly Draft[] {
  const places = new Map<string, PlacedKey[]>();
  for (const key of keyIndex(model).all) {
    const { ring, entry } = key;
    if (ring.name === 'default' || entry.prefixLength === null) continue;
    const id = `${ring.vrf ?? ''} ${entry.kind} ${entry.address} ${String(entry.prefixLength)}`;
    const list = places.get(id);
    if (list === undefined) places.set(id, [key]);
    else list.push(key);
  }
  const groups = new Map<string, PlacedKey[]>();
  for (const keys of places.values()) {
    const rings = [...new Set(keys.map(({ ring }) => ring))];
    if (rings.length < 2 || allApart(model, rings) || !meetAnywhere(model, keys)) continue;
    const id = rings.map(({ name }) => name).join(', ');
    groups.set(id, [...(groups.get(id) ?? []), ...keys]);
  }
  return [...groups].map(([rings, keys]) => {
    const addresses = [...new Set(keys.map(({ entry }) => entry.address))];
    const first = keys[0]!;
    const same = keys.every(({ entry }) => sameSecret(entry, first.entry) === true)
      ? ' The keys are equal, but the keyring is compared, not the key.'
      : '';
    return {
      id: 'keyring-ambiguous',
      severity: 'warning' as const,
      title: `${nameOf(model)} holds ${shortList(addresses)} in several keyrings: ${rings}`,
      explanation:
        `As responder ${nameOf(model)} takes the key of ${first.ring.name}, which is defined first, before it knows the profile. ` +
        `A peer whose profile names another of these keyrings is refused after MM5.${same} One address in two keyrings is not supported by the vendor.`,
      places: keys.map(({ entry }) => ({ model, line: entry.line })),
      references: [KEYRING_NOTE],
      isOf: between(model, (address) => keys.some(({ entry }) => coversPeer(entry, address))),
    };
  });
}

function allApart(model: ConfigModel, rings: readonly PlacedKey['ring'][]): boolean {
  return rings.every((one, at) =>
    rings.slice(at + 1).every((other) => apart(model, one.localAddress, other.localAddress)),
  );
}

/** Two of the keyrings serve one address at which a tunnel waits for the peer; without such a tunnel nothing tells. */
function meetAnywhere(model: ConfigModel, keys: readonly PlacedKey[]): boolean {
  const locals = keys.flatMap(({ entry }) =>
    tunnelsOf(model)
      .filter(({ peer }) => peer === null || coversPeer(entry, peer))
      .map(({ local }) => local),
  );
  return (
    locals.length === 0 ||
    locals.some((local) => {
      const serving = keys.filter(({ ring }) => servesLocal(model, ring.localAddress, local));
      return new Set(serving.map(({ ring }) => ring)).size > 1;
    })
  );
}

const coversPeer = ({ address, prefixLength }: PlacedKey['entry'], peer: string): boolean =>
  prefixLength !== null && covers(address, prefixLength, peer);

/** Global keys that hide keys of named keyrings. */
function shadowed(model: ConfigModel): readonly Draft[] {
  const globals = model.keyrings.find(({ name }) => name === 'default');
  if (globals === undefined) return [];
  const hidden = new Map<PlacedKey['entry'], PlacedKey[]>();
  for (const key of keyIndex(model).all) {
    if (key.ring.name === 'default' || key.ring.vrf !== null || key.entry.kind === 'hostname')
      continue;
    const by = coveringKeys(keyIndex(model), key.entry.address).find(
      ({ ring, entry }) =>
        ring.name === 'default' && entry.kind === key.entry.kind && entry.prefixLength !== null,
    );
    if (by === undefined) continue;
    hidden.set(by.entry, [...(hidden.get(by.entry) ?? []), key]);
  }
  return [...hidden].map(([entry, keys]) => ({
    id: 'default-keyring-shadows',
    severity: 'warning' as const,
    title: `The global key for ${entryText(entry)} hides keys of ${shortList([...new Set(keys.map(({ ring }) => ring.name))])} on ${nameOf(model)}`,
    explanation:
      `As responder ${nameOf(model)} searches the global keys before every named keyring, so that the key for ${entryText(entry)} is used ` +
      `even where ${hiddenText(entry, keys)}. A profile that names a keyring then refuses the exchange after MM5, or the key is simply another one.`,
    places: [{ model, line: entry.line }, ...keys.map((key) => ({ model, line: key.entry.line }))],
    references: [KEYRING_NOTE],
    isOf: between(model, (address) => keys.some((key) => coversPeer(key.entry, address))),
  }));
}

/** What the global key hides: a key for less, or one for just as much. */
function hiddenText(by: PlacedKey['entry'], keys: readonly PlacedKey[]): string {
  const narrower = keys.filter(({ entry }) => entry.prefixLength !== by.prefixLength);
  if (narrower.length > 0) {
    return `${shortList(narrower.map(({ entry }) => entryText(entry)))} would fit more closely`;
  }
  const rings = [...new Set(keys.map(({ ring }) => ring.name))];
  return `${shortList(rings)} ${rings.length === 1 ? 'holds' : 'hold'} a key for just as much`;
}

/** Profiles whose keyrings do not hold the key of the peers they match, while another keyring does. */
function missingFromProfile(model: ConfigModel): readonly Draft[] {
  const found: Draft[] = [];
  for (const profile of model.profiles) {
    if (profile.trustpoints.length > 0) continue;
    const rings = keyringsOf(profile);
    for (const match of profile.matches) {
      if (match.kind !== 'address' && match.kind !== 'ipv6') continue;
      const covering = coveringKeys(keyIndex(model), match.value).filter(
        ({ ring }) => ring.vrf === match.vrf,
      );
      if (covering.length === 0 || covering.some(({ ring }) => rings.includes(ring.name))) continue;
      found.push({
        id: 'keyring-missing-from-profile',
        severity: 'warning',
        title: `Profile ${profile.name} of ${nameOf(model)} does not name the keyring that holds the key for ${match.value}`,
        explanation: `Peers that match profile ${profile.name} are checked against ${profile.keyrings.length === 0 ? 'the global keys, because it names no keyring' : shortList(rings)}. The key for ${match.value} is in ${shortList(covering.map(({ ring }) => ring.name))}.`,
        places: [
          { model, line: profile.line },
          { model, line: match.line },
          ...covering.map(({ entry }) => ({ model, line: entry.line })),
        ],
        references: [KEYRING_NOTE],
        isOf: between(model, (address) => covering.some(({ entry }) => coversPeer(entry, address))),
      });
      break;
    }
  }
  return found;
}

/** Profiles and tunnels in one VRF that use a keyring of another. */
function vrfMismatch(model: ConfigModel): readonly Draft[] {
  const found: Draft[] = [];
  const seen = new Set<string>();
  const rings = new Map(model.keyrings.map((ring) => [ring.name, ring]));
  const check = (
    profile: IsakmpProfile,
    vrf: string | null,
    line: number,
    where: string,
    isServed: (vrf: string | null) => boolean = () => false,
  ): void => {
    for (const use of profile.keyrings) {
      const ring = rings.get(use.name);
      if (ring === undefined || ring.vrf === vrf || isServed(ring.vrf)) continue;
      const key = `${profile.name} ${ring.name} ${vrf ?? ''}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({
        id: 'keyring-vrf-mismatch',
        severity: 'warning',
        title: `Keyring ${ring.name} of ${nameOf(model)} is in ${tableText(ring.vrf)}, its peers are in ${tableText(vrf)}`,
        explanation: `${where} is in ${tableText(vrf)}. A keyring serves the front-door VRF it is defined in only, so that its keys are not found there.`,
        places: [
          { model, line: ring.line },
          { model, line: use.line },
          { model, line },
        ],
        references: ['Cisco command reference: crypto keyring'],
      });
    }
  };
  const used = new Set<string>();
  for (const tunnel of tunnelsOf(model)) {
    const profile = tablesOf(model).profiles.get(tunnel.isakmpProfile?.name ?? '');
    if (profile === undefined) continue;
    used.add(profile.name);
    check(profile, tunnel.fvrf, tunnel.line, tunnel.label);
  }
  // Where a tunnel tells the VRF of the peers, a match in another one is the slip: no key is missing for that.
  for (const profile of model.profiles.filter(({ name }) => !used.has(name))) {
    for (const match of profile.matches) {
      if (match.kind === 'address' || match.kind === 'ipv6') {
        const { value, prefixLength } = match;
        check(profile, match.vrf, match.line, `Profile ${profile.name}`, (vrf) =>
          tunnelsOf(model).some(
            ({ fvrf, peer }) =>
              fvrf === vrf &&
              peer !== null &&
              prefixLength !== null &&
              covers(value, prefixLength, peer),
          ),
        );
      }
    }
  }
  return found;
}

export function shortList(items: readonly string[]): string {
  const distinct = [...new Set(items)];
  if (distinct.length <= 4) return distinct.join(', ');
  return `${distinct.slice(0, 4).join(', ')} and ${String(distinct.length - 4)} more`;
}

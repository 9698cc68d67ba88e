import type { ConfigModel, Ikev2Proposal, IsakmpPolicy } from '../model/config.ts';

/** DES, 3DES, MD5 and the small groups: current IOS-XE refuses them, or hides them, unless told otherwise. */
const WEAK_GROUPS: ReadonlySet<number> = new Set([1, 2, 5, 22, 23, 24]);
const WEAK_TRANSFORM = /^(?:esp-des|esp-3des|esp-md5-hmac|ah-md5-hmac|esp-null|esp-seal)\b/;

export type WeakUse = { readonly text: string; readonly line: number };

/** Where a router uses a weak algorithm. */
export function weakUses(model: ConfigModel): readonly WeakUse[] {
  const uses: WeakUse[] = [];
  const note = (what: string, bad: readonly string[], line: number): void => {
    if (bad.length > 0) uses.push({ text: `${what} (${bad.join(', ')})`, line });
  };
  const groups = (list: readonly number[]): readonly string[] =>
    list.filter((each) => WEAK_GROUPS.has(each)).map((each) => `group ${String(each)}`);
  for (const { priority, encryption, hash, group, line } of model.policies) {
    if (line === null) continue;
    const bad = [
      ...(encryption === 'aes' ? [] : [encryption.toUpperCase()]),
      ...(hash === 'md5' ? ['MD5'] : []),
      ...groups([group]),
    ];
    note(`policy ${String(priority)}`, bad, line);
  }
  for (const { name, transforms, line } of model.transformSets) {
    const bad = transforms.filter((each) => WEAK_TRANSFORM.test(each));
    note(`transform set ${name}`, bad, line);
  }
  for (const { name, encryption, integrity, groups: offered, line } of model.ikev2Proposals) {
    const bad = [
      ...encryption.filter((each) => /^3?des/.test(each)),
      ...integrity.filter((each) => each === 'md5'),
      ...groups(offered),
    ];
    note(`proposal ${name}`, bad, line);
  }
  return uses;
}

/** Places that ask for PFS with a weak group. */
export function weakPfs({
  ipsecProfiles,
  cryptoMaps,
  dynamicMaps,
}: ConfigModel): readonly WeakUse[] {
  const entries = [...cryptoMaps, ...dynamicMaps].flatMap((map) => map.entries);
  const places = [
    ...ipsecProfiles.map(({ name, pfs }) => ({ what: `IPsec profile ${name}`, pfs })),
    ...entries.map(({ map, sequence, pfs }) => ({
      what: `map entry ${map} ${String(sequence)}`,
      pfs,
    })),
  ];
  return places.flatMap(({ what, pfs }) =>
    pfs !== null && WEAK_GROUPS.has(pfs.group)
      ? [{ text: `${what} (PFS group ${String(pfs.group)})`, line: pfs.line }]
      : [],
  );
}

/** Strength of cipher, hash and group, the most important first. */
export type Strength = readonly number[];

/** Security of the groups in bits, by NIST SP 800-57 part 1 and RFC 5114. */
const GROUP_BITS: Readonly<Record<number, number>> = {
  1: 60,
  2: 80,
  5: 90,
  14: 112,
  15: 128,
  16: 150,
  19: 128,
  20: 192,
  21: 256,
  22: 80,
  23: 112,
  24: 112,
};

export function groupStrength(group: number): Strength {
  return [GROUP_BITS[group] ?? 0];
}

export function policyStrength({ encryption, keyLength, hash, group }: IsakmpPolicy): Strength {
  const cipher = `${encryption} ${String(keyLength ?? '')}`;
  return [cipherBits(cipher), hashBits(hash), ...groupStrength(group)];
}

export function transformStrength(transforms: readonly string[]): Strength {
  const most = (bits: (text: string) => number): number => Math.max(0, ...transforms.map(bits));
  return [most(cipherBits), most(hashBits)];
}

export function proposalStrength({ encryption, integrity, groups }: Ikev2Proposal): Strength {
  return [
    Math.max(0, ...encryption.map(cipherBits)),
    Math.max(0, ...integrity.map(hashBits)),
    Math.max(0, ...groups.flatMap(groupStrength)),
  ];
}

function cipherBits(text: string): number {
  if (/3des/.test(text)) return 112;
  if (/\bdes\b/.test(text)) return 56;
  return /\b(?:aes|gcm)\b/.test(text) ? Number(/\b(?:128|192|256)\b/.exec(text)?.[0] ?? 128) : 0;
}

function hashBits(text: string): number {
  const size = /sha-?(\d*)/.exec(text)?.[1];
  if (size === undefined) return 0;
  return size === '' || size === '1' ? 160 : Number(size);
}

export function isWeaker(one: Strength, other: Strength): boolean {
  const at = one.findIndex((bits, index) => bits !== other[index]);
  return at >= 0 && one[at]! < (other[at] ?? 0);
}

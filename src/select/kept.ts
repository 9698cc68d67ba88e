import type { ConfigModel, IsakmpProfile } from '../model/config.ts';
import type { Kept } from '../model/selection.ts';
import { applyEdits } from './edit.ts';
import type { Edit, Reveal } from './edit.ts';
import { keyFindings } from './findings/keys.ts';
import { keyringsOf } from './keyring.ts';
import { isakmpProfileNamed } from './lookup.ts';
import { triesFor } from './plan.ts';

/** What each says of a repair that keeps it. */
const KEPT_WORDS: Readonly<Record<Kept, string>> = {
  keys: 'no key is lost',
  profiles: 'every profile finds the keys that it found before',
  'one-keyring': 'no address is left in two keyrings there',
  'all-but-order': 'nothing but the order of the keyrings changes',
};

const KEEPS: Readonly<Record<Kept, (before: ConfigModel, after: ConfigModel) => boolean>> = {
  keys: keepsKeys,
  profiles: keepsProfiles,
  'one-keyring': (before, after) => before === after || hasNoDuplicates(after),
  'all-but-order': (before, after) => outline(before) === outline(after),
};

/** Those that a change does not keep; a router that is left as it was keeps all. */
export function broken(
  keeps: readonly Kept[],
  before: readonly ConfigModel[],
  after: readonly ConfigModel[],
): readonly Kept[] {
  return keeps.filter((each) => !before.every((model, at) => KEEPS[each](model, after[at]!)));
}

/** A profile that named a keyring names none any more: its peers would be held against the global keys. */
export function baresProfile(
  before: readonly ConfigModel[],
  after: readonly ConfigModel[],
): boolean {
  return before.some((model, at) =>
    model.profiles.some(
      ({ name, keyrings }) =>
        keyrings.length > 0 && isakmpProfileNamed(after[at]!, name)?.keyrings.length === 0,
    ),
  );
}

/** Every key is still there, in whatever keyring. */
function keepsKeys(before: ConfigModel, after: ConfigModel): boolean {
  const now = new Set(keysOf(after));
  return keysOf(before).every((key) => now.has(key));
}

/** Every profile that is still there has the keys that it had, whatever keyrings they are in. */
function keepsProfiles(before: ConfigModel, after: ConfigModel): boolean {
  if (before === after) return true;
  return before.profiles.every((profile) => {
    const held = isakmpProfileNamed(after, profile.name);
    if (held === null) return true;
    const now = new Set(keysFor(after, held));
    return keysFor(before, profile).every((key) => now.has(key));
  });
}

function keysFor(model: ConfigModel, profile: IsakmpProfile): readonly string[] {
  const names = keyringsOf(profile);
  return keysOf({ keyrings: model.keyrings.filter(({ name }) => names.includes(name)) });
}

function keysOf(model: Pick<ConfigModel, 'keyrings'>): readonly string[] {
  return model.keyrings.flatMap(({ vrf, entries }) =>
    entries.map((entry) => [vrf, entry.kind, entry.address, entry.mask, entry.secret].join(' ')),
  );
}

function hasNoDuplicates(model: ConfigModel): boolean {
  return keyFindings(model).every(({ id }) => id !== 'keyring-ambiguous');
}

/** The keyrings with their keys and users, whatever their order. */
function outline(model: ConfigModel): string {
  return JSON.stringify([
    model.keyrings
      .map(({ name, vrf, localAddress, entries }) =>
        JSON.stringify([
          name,
          vrf,
          localAddress?.value ?? null,
          entries
            .map(({ kind, address, mask, secret }) => [kind, address, mask, secret].join(' '))
            .sort(),
        ]),
      )
      .sort(),
    model.profiles.map(({ name, keyrings }) => [name, keyrings.map((use) => use.name).sort()]),
  ]);
}

/** What would not be kept if one of the commands were left out. */
export function neededFor(
  before: readonly ConfigModel[],
  edits: readonly Edit[],
  keeps: readonly Kept[],
  reveal: Reveal,
): readonly Kept[] {
  if (edits.length < 2) return [];
  const lost = new Set<Kept>();
  for (let at = Math.min(edits.length, triesFor(before)) - 1; at >= 0; at -= 1) {
    if (keeps.every((each) => lost.has(each))) break;
    const fewer = edits.filter((_each, index) => index !== at);
    for (const each of broken(keeps, before, applyEdits(before, fewer, reveal))) lost.add(each);
  }
  return keeps.filter((each) => lost.has(each));
}

/** What a replay showed, and what some of the commands are there to keep. */
export function proofOf(replayed: string, needed: readonly Kept[]): string {
  const kept = needed.map((each) => KEPT_WORDS[each]);
  const last = kept.pop();
  return [replayed, ...kept, ...(last === undefined ? [] : [`and ${last}`])].join(', ');
}

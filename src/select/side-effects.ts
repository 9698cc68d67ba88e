import type { ConfigModel, IdentityMatch } from '../model/config.ts';
import { keyFindings } from './findings/keys.ts';
import type { Draft } from './findings/make.ts';
import { profileFindings } from './findings/profiles.ts';
import { coveringKeys, keyIndex } from './key-index.ts';
import { callersOf } from './peers.ts';
import { askedFor, chooseAsInitiator, chooseAsResponder } from './selection.ts';
import type { Asked, Chosen } from './selection.ts';
import { weakPfs, weakUses } from './strength.ts';
import type { WeakUse } from './strength.ts';
import { tunnelsOf } from './tunnels.ts';
import { keyringText } from './words.ts';

const MOST_TOLD = 3;

/**
 * What a change of one router does to whomever it calls or expects besides these peers: a key that is found no more,
 * another key, a refusal after MM5. The other ends need not be known.
 */
export function effectsElsewhere(
  before: ConfigModel,
  after: ConfigModel,
  peers: ReadonlySet<string>,
): readonly string[] {
  if (before === after) return [];
  const tunnels = tunnelsOf(before).filter(
    ({ peer, ikev2Profile }) => peer !== null && ikev2Profile === null,
  );
  const others = callersOf(before, []).filter(
    ({ ikeVersion, tunnel }) => ikeVersion === 1 && tunnel === null,
  );
  const asked: readonly Asked[] = [...tunnels.map(askedFor), ...others];
  const now = new Map(
    tunnelsOf(after).map((tunnel) => [`${tunnel.label} ${tunnel.peer!}`, tunnel]),
  );
  const effects = new Map<string, string>();
  for (const each of asked) {
    const place = each.tunnel === null ? 'A caller from' : `${each.tunnel.label} to`;
    const key = `${place} ${each.peer}`;
    if (peers.has(each.peer) || effects.has(key)) continue;
    const tunnel =
      each.tunnel === null ? null : (now.get(`${each.tunnel.label} ${each.peer}`) ?? null);
    const effect = effectOn(before, after, each, { ...each, tunnel });
    if (effect !== null) effects.set(key, `${key} ${effect}.`);
  }
  const told = [...effects.values()];
  const more = told.length - MOST_TOLD;
  return more > 0
    ? [...told.slice(0, MOST_TOLD), `The like happens to ${String(more)} more peers.`]
    : told;
}

function effectOn(
  before: ConfigModel,
  after: ConfigModel,
  asked: Asked,
  then: Asked,
): string | null {
  const roles =
    asked.tunnel === null ? [chooseAsResponder] : [chooseAsInitiator, chooseAsResponder];
  for (const choose of roles) {
    const effect = difference(choose(before, asked), choose(after, then));
    if (effect !== null) return effect;
  }
  return null;
}

function difference(held: Chosen, chosen: Chosen): string | null {
  const [was, is] = [held, chosen].map(({ keys }) => keys.winner);
  if (was == null) return null;
  if (is == null) return 'finds no key any more';
  const from = keyringText(is.keyring);
  if (is.entry.secret !== was.entry.secret) return `gets another key than before, from ${from}`;
  const isRefused = chosen.verification === 'fails' && held.verification !== 'fails';
  return isRefused ? `is refused after MM5, because its profile does not name ${from}` : null;
}

/** What is wrong with the keyrings and profiles of a router, whoever calls. */
export function warningsOf(model: ConfigModel): readonly Draft[] {
  return [...keyFindings(model), ...profileFindings(model)];
}

/** Warnings of which there are more after a change than before. */
export function newWarnings(before: ConfigModel, after: ConfigModel): readonly string[] {
  const [was, is] = [warningsOf(before), warningsOf(after)];
  const countOf = (list: readonly Draft[], id: string): number =>
    list.filter((each) => each.id === id).length;
  return is
    .filter(
      ({ id, title }) =>
        countOf(is, id) > countOf(was, id) && !was.some((each) => each.title === title),
    )
    .filter((each) => !isReplayed(after, each))
    .map(({ title }) => `It leaves a warning behind: ${title}.`);
}

/** What threatens the certificate of the one peer that a profile is for: whether it is refused, the replay shows. */
function isReplayed({ profiles }: ConfigModel, { id, places }: Draft): boolean {
  if (id !== 'certificate-trustpoint-mismatch') return false;
  const profile = profiles.find(({ trustpoints }) =>
    trustpoints.some((use) => places.some(({ line }) => line === use.line)),
  );
  return profile?.matches.every(isOnePeer) ?? false;
}

function isOnePeer({ kind, prefixLength }: IdentityMatch): boolean {
  if (kind === 'address') return prefixLength === 32;
  return kind === 'ipv6' ? prefixLength === 128 : kind === 'host' || kind === 'user';
}

/** The address of a peer that stands in several keyrings, of which one is used by its order alone. */
export function leavesAmbiguous(model: ConfigModel, peers: ReadonlySet<string>): readonly string[] {
  const lines = new Set(
    keyFindings(model)
      .filter(({ id }) => id === 'keyring-ambiguous')
      .flatMap(({ places }) => places.map(({ line }) => line)),
  );
  return [...peers]
    .filter((peer) =>
      coveringKeys(keyIndex(model), peer).some(({ entry }) => lines.has(entry.line)),
    )
    .map(
      (peer) => `A key for ${peer} stays in several keyrings, which the vendor does not support.`,
    );
}

/** Weak algorithms that a change adds. */
export function newWeakness(before: ConfigModel, after: ConfigModel): readonly string[] {
  const used = (model: ConfigModel): readonly WeakUse[] => [...weakUses(model), ...weakPfs(model)];
  const held = new Set(used(before).map(({ text }) => text));
  return used(after)
    .filter(({ text }) => !held.has(text))
    .map(({ text }) => `It adds a weak algorithm, which current releases refuse: ${text}.`);
}

import { hex } from '../bytes/hex.ts';
import { createSecretTokens, type SecretToken } from './mask.ts';
import type { ConfigModel } from '../model/config.ts';

type Held = { readonly secret: string; readonly line: number };

/** Every secret of the configurations in order of routers and lines, so that tokens do not depend on what is shown first. */
export function secretsOf(models: readonly ConfigModel[]): readonly string[] {
  return models.flatMap((model) => heldBy(model).map(({ secret }) => secret));
}

const CACHE = new WeakMap<ConfigModel, readonly Held[]>();

/** The secrets of one router by their lines. */
function heldBy(model: ConfigModel): readonly Held[] {
  const known = CACHE.get(model);
  if (known !== undefined) return known;
  const held = [
    ...model.keyrings.flatMap(({ entries }) =>
      entries.map(({ secret, line }) => ({ secret, line })),
    ),
    ...model.ikev2Keyrings.flatMap(({ peers }) =>
      peers.flatMap(({ local, remote }) => [local, remote].filter((key) => key !== null)),
    ),
    ...model.ikev2Profiles.flatMap(({ localKey, remoteKey }) =>
      [localKey, remoteKey].filter((key) => key !== null),
    ),
    ...model.aggressivePeers.map(({ password, line }) => ({ secret: password ?? '', line })),
    ...model.clientGroups.map(({ key, line }) => ({ secret: key ?? '', line })),
  ]
    .filter(({ secret }) => secret !== '')
    .sort((a, b) => a.line - b.line);
  CACHE.set(model, held);
  return held;
}

/** The secrets that were read from one line. */
export function secretsAt(model: ConfigModel, line: number): readonly string[] {
  return heldBy(model)
    .filter((each) => each.line === line)
    .map(({ secret }) => secret);
}

/** Tokens for all secrets of the configurations: equal secrets, equal tokens, in every router. */
export function tokensFor(models: readonly ConfigModel[]): SecretToken {
  const token = createSecretTokens(secretsOf(models));
  const spelled = new Map([
    ...hexSpellings(models),
    ...models.flatMap(({ openedKeys }) => [...openedKeys]),
  ]);
  return (secret) => token(spelled.get(secret) ?? secret);
}

/** The octets of a key that is written as hex, in digits of one kind; null when it is none. */
export function hexOctets(written: string): string | null {
  const digits = written.replace(/^0x/i, '').toLowerCase();
  return /^(?:[0-9a-f]{2})+$/.test(digits) ? digits : null;
}

/** The same of a key that is written as it is. */
export function textOctets(secret: string): string {
  return hex(new TextEncoder().encode(secret));
}

/** Keys in hex that another spelling stands for: that of the same octets as text, or the first in hex. */
function hexSpellings(models: readonly ConfigModel[]): ReadonlyMap<string, string> {
  const inHex = new Set(hexKeys(models));
  if (inHex.size === 0) return new Map();
  const byOctets = new Map<string, string>();
  for (const secret of secretsOf(models)) {
    if (!inHex.has(secret)) byOctets.set(textOctets(secret), secret);
  }
  const found = new Map<string, string>();
  for (const written of inHex) {
    const octets = hexOctets(written) ?? textOctets(written);
    const other = byOctets.get(octets);
    if (other === undefined) byOctets.set(octets, written);
    else found.set(written, other);
  }
  return found;
}

/** Keys that stand in hex, as they are written. */
export function hexKeys(models: readonly ConfigModel[]): readonly string[] {
  return models.flatMap(({ ikev2Keyrings, ikev2Profiles }) =>
    [
      ...ikev2Keyrings.flatMap(({ peers }) =>
        peers.flatMap(({ local, remote }) => [local, remote]),
      ),
      ...ikev2Profiles.flatMap(({ localKey, remoteKey }) => [localKey, remoteKey]),
    ].flatMap((key) => (key?.secretType === 'hex' ? key.secret : [])),
  );
}

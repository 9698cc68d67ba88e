import { hex } from '../bytes/hex.ts';
import { createSecretTokens, type SecretForm, type SecretToken } from './mask.ts';
import type { ConfigModel, SecretType } from '../model/config.ts';

type Held = {
  readonly secret: string;
  readonly secretType?: SecretType | 'hex';
  readonly line: number;
};

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

/** A secret as it is written, and how. */
export type WrittenSecret = { readonly secret: string; readonly form: SecretForm };

/** How a key is written. */
export function formOf({ secretType }: Pick<Held, 'secretType'>): SecretForm {
  return secretType === 'hex' ? 'hex' : 'text';
}

/** Every secret of the configurations with its form, in the order of `secretsOf`. */
export function writtenSecrets(models: readonly ConfigModel[]): readonly WrittenSecret[] {
  return models.flatMap((model) => heldBy(model).map(written));
}

/** The secrets that were read from one line. */
export function secretsAt(model: ConfigModel, line: number): readonly WrittenSecret[] {
  return heldBy(model)
    .filter((each) => each.line === line)
    .map(written);
}

function written(held: Held): WrittenSecret {
  return { secret: held.secret, form: formOf(held) };
}

/** Tokens for all secrets of the configurations: equal secrets, equal tokens, in every router. */
export function tokensFor(models: readonly ConfigModel[]): SecretToken {
  const all = writtenSecrets(models);
  const inText = new Set(all.flatMap(({ secret, form }) => (form === 'text' ? [secret] : [])));
  // What no command says the form of is taken for text, if any key is written so.
  const nameOf = (secret: string, form: SecretForm | undefined): string =>
    form === 'hex' && inText.has(secret) ? `hex ${secret}` : secret;
  const token = createSecretTokens(all.map(({ secret, form }) => nameOf(secret, form)));
  const spelled = new Map([
    ...hexSpellings(all, nameOf),
    ...models.flatMap(({ openedKeys }) => [...openedKeys]),
  ]);
  return (secret, form) => {
    const name = nameOf(secret, form);
    return token(spelled.get(name) ?? name);
  };
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
function hexSpellings(
  all: readonly WrittenSecret[],
  nameOf: (secret: string, form: SecretForm) => string,
): ReadonlyMap<string, string> {
  const inHex = new Set(all.flatMap(({ secret, form }) => (form === 'hex' ? [secret] : [])));
  if (inHex.size === 0) return new Map();
  const byOctets = new Map<string, string>();
  for (const { secret, form } of all) {
    if (form === 'text') byOctets.set(textOctets(secret), secret);
  }
  const found = new Map<string, string>();
  for (const secret of inHex) {
    const octets = hexOctets(secret) ?? textOctets(secret);
    const name = nameOf(secret, 'hex');
    const other = byOctets.get(octets);
    if (other === undefined) byOctets.set(octets, name);
    else found.set(name, other);
  }
  return found;
}

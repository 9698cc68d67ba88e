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
  const opened = new Map(models.flatMap(({ openedKeys }) => [...openedKeys]));
  return (secret) => token(opened.get(secret) ?? secret);
}

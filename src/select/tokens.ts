import { createSecretTokens } from '../iosconfig/mask.ts';
import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel } from '../model/config.ts';

/** Every secret of the configurations in order of routers and lines, so that tokens do not depend on what is shown first. */
export function secretsOf(models: readonly ConfigModel[]): readonly string[] {
  return models.flatMap((model) =>
    [
      ...model.keyrings.flatMap(({ entries }) =>
        entries.map(({ secret, line }) => ({ secret, line })),
      ),
      ...model.ikev2Keyrings.flatMap(({ peers }) =>
        peers.flatMap(({ local, remote }) => [local, remote].filter((key) => key !== null)),
      ),
      ...model.aggressivePeers.map(({ password, line }) => ({ secret: password ?? '', line })),
      ...model.clientGroups.map(({ key, line }) => ({ secret: key ?? '', line })),
    ]
      .filter(({ secret }) => secret !== '')
      .sort((a, b) => a.line - b.line)
      .map(({ secret }) => secret),
  );
}

/** Tokens for all secrets of the configurations: equal secrets, equal tokens, in every router. */
export function tokensFor(models: readonly ConfigModel[]): SecretToken {
  return createSecretTokens(secretsOf(models));
}

import type { CandidatePsk } from '../model/key-material.ts';
import type { Input } from './input.ts';

/** Every clear-text key of the configurations, as a candidate that knows which keyring of which router holds it. */
export function candidatesOfConfigs(inputs: readonly Input[]): readonly CandidatePsk[] {
  const encoder = new TextEncoder();
  return inputs.flatMap((input) =>
    input.configs.flatMap((config) => {
      const router = config.hostname ?? null;
      const of = (keyring: string, secret: string, scope: string, line: number): CandidatePsk => ({
        secret: encoder.encode(secret),
        label: `${router ?? input.path} ${keyring} (${scope})`,
        place: { input: input.id, line },
        router,
        keyring,
        scope,
      });
      const v1 = config.keyrings.flatMap((keyring) =>
        keyring.entries
          .filter((entry) => entry.secretType === 0)
          .map((entry) =>
            of(
              keyring.name,
              entry.secret,
              entry.mask === null ? entry.address : `${entry.address} ${entry.mask}`,
              entry.line,
            ),
          ),
      );
      const v2 = config.ikev2Keyrings.flatMap((keyring) =>
        keyring.peers.flatMap((peer) =>
          [peer.local, peer.remote].flatMap((key) =>
            key === null || key.secretType === 6
              ? []
              : [of(keyring.name, key.secret, `peer ${peer.name}`, key.line)],
          ),
        ),
      );
      return [...v1, ...v2];
    }),
  );
}

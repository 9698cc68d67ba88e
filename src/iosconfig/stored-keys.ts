import type { ConfigModel, SecretType } from '../model/config.ts';

type Held = {
  readonly secret: string;
  readonly secretType: SecretType | 'hex';
  readonly line: number;
};

/** The type 6 strings of a configuration, each once, in the order of the model. */
export function storedKeys(model: ConfigModel): readonly string[] {
  const found = new Set<string>();
  mapKeys(model, (held) => {
    if (held.secretType === 6) found.add(held.secret);
    return held;
  });
  return [...found];
}

/** The model with these type 6 keys in clear (stored string to key); it stays so when commands are applied to it. */
export function withOpenedKeys(
  model: ConfigModel,
  opened: ReadonlyMap<string, string>,
): ConfigModel {
  const clear = <H extends Held>(held: H): H => {
    const key = held.secretType === 6 ? opened.get(held.secret) : undefined;
    return key === undefined ? held : { ...held, secret: key, secretType: 0 };
  };
  return { ...mapKeys(model, clear), openedKeys: opened };
}

/** The model with each key changed in its place. */
export function mapKeys(model: ConfigModel, change: <H extends Held>(held: H) => H): ConfigModel {
  return {
    ...model,
    keyrings: model.keyrings.map((ring) => ({ ...ring, entries: ring.entries.map(change) })),
    ikev2Keyrings: model.ikev2Keyrings.map((ring) => ({
      ...ring,
      peers: ring.peers.map((peer) => ({
        ...peer,
        local: peer.local && change(peer.local),
        remote: peer.remote && change(peer.remote),
      })),
    })),
    ikev2Profiles: model.ikev2Profiles.map((profile) => ({
      ...profile,
      localKey: profile.localKey && change(profile.localKey),
      remoteKey: profile.remoteKey && change(profile.remoteKey),
    })),
    clientGroups: model.clientGroups.map((group) => {
      if (group.key === null) return group;
      const { secret, secretType } = change<{
        secret: string;
        secretType: SecretType;
        line: number;
      }>({
        secret: group.key,
        secretType: group.secretType,
        line: group.line,
      });
      return { ...group, key: secret, secretType };
    }),
  };
}

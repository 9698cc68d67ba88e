import { hex } from '../bytes/hex.ts';
import { readHex } from '../keymaterial/secret-text.ts';
import type { ConfigModel, SecretType } from '../model/config.ts';
import type { CandidatePsk, Secret } from '../model/key-material.ts';
import type { Input } from './input.ts';

/** A key as it stands in a configuration. */
type Held = {
  readonly secret: string;
  readonly secretType: SecretType | 'hex';
  /** Null for keys that are in no keyring. */
  readonly keyring: string | null;
  /** `keyring1`, `the default keyring`, `client group vpn`. */
  readonly where: string;
  readonly scope: string | null;
  readonly line: number;
};

function heldIn(config: ConfigModel): readonly Held[] {
  const v1 = config.keyrings.flatMap((keyring) =>
    keyring.entries.map(({ secret, secretType, address, mask, line }): Held => ({
      secret,
      secretType,
      keyring: keyring.name,
      where: keyring.name === 'default' ? 'the default keyring' : keyring.name,
      scope: mask === null || mask === '255.255.255.255' ? address : `${address} ${mask}`,
      line,
    })),
  );
  const v2 = config.ikev2Keyrings.flatMap((keyring) =>
    keyring.peers.flatMap((peer) =>
      [peer.local, peer.remote].flatMap((key): readonly Held[] =>
        key === null
          ? []
          : [{ ...key, keyring: keyring.name, where: keyring.name, scope: `peer ${peer.name}` }],
      ),
    ),
  );
  const profiles = config.ikev2Profiles.flatMap(({ name, localKey, remoteKey }) =>
    [localKey, remoteKey].flatMap((key): readonly Held[] =>
      key === null ? [] : [{ ...key, keyring: null, where: `IKEv2 profile ${name}`, scope: null }],
    ),
  );
  const groups = config.clientGroups.flatMap(({ name, key, secretType, line }): readonly Held[] =>
    key === null
      ? []
      : [
          {
            secret: key,
            secretType,
            keyring: null,
            where: `client group ${name}`,
            scope: null,
            line,
          },
        ],
  );
  return [...v1, ...v2, ...profiles, ...groups];
}

function nameOf({ where, scope }: Held, holder: string): string {
  return `the key in ${where} of ${holder}${scope === null ? '' : ` for ${scope}`}`;
}

const encoder = new TextEncoder();

/** Null for what cannot be read: a key that is stored encrypted, was masked or broken, hex that is none. */
function octetsOf({ secret, secretType }: Held): Secret | null {
  switch (secretType) {
    case 0:
      return encoder.encode(secret);
    case 'hex':
      return readHex(secret);
    case 6:
    case 'masked':
    case 'torn':
      return null;
  }
}

/** Every clear-text key of the configurations, as a candidate that knows which keyring of which router holds it. */
export function candidatesOfConfigs(inputs: readonly Input[]): readonly CandidatePsk[] {
  return inputs.flatMap((input) =>
    input.configs.flatMap((config) =>
      heldIn(config).flatMap((held): readonly CandidatePsk[] => {
        const secret = octetsOf(held);
        if (secret === null) return [];
        const router = config.hostname ?? null;
        const { keyring, scope, line } = held;
        const label = nameOf(held, router ?? input.path);
        return [{ secret, label, place: { input: input.id, line }, router, keyring, scope }];
      }),
    ),
  );
}

export type UnreadableKey = {
  readonly code: 'key-encrypted' | 'key-masked' | 'key-torn' | 'key-value-unreadable';
  readonly text: string;
  readonly line: number;
};

/** The keys of an input's configurations that are no candidates, and why. */
export function unreadableKeys(input: Input): readonly UnreadableKey[] {
  return input.configs.flatMap((config) =>
    heldIn(config).flatMap((held): readonly UnreadableKey[] => {
      if (octetsOf(held) !== null) return [];
      const { line } = held;
      const name = nameOf(held, config.hostname ?? input.path);
      switch (held.secretType) {
        case 6:
          return [
            {
              code: 'key-encrypted',
              text: `${name} is stored encrypted (type 6), so it cannot be compared or tried; give its master key with --master-key, or the key itself with --psk-file`,
              line,
            },
          ];
        case 'masked':
          return [
            {
              code: 'key-masked',
              text: `${name} is masked, so it cannot be compared or tried; give the key itself with --psk-file`,
              line,
            },
          ];
        case 'torn':
          return [
            {
              code: 'key-torn',
              text: `${name} is broken by the end of its line, so it cannot be compared or tried; give the text as the router prints it, or the key itself with --psk-file`,
              line,
            },
          ];
        case 0:
        case 'hex':
          return [
            { code: 'key-value-unreadable', text: `${name} is written as hex and is none`, line },
          ];
      }
    }),
  );
}

/** The same candidates under labels that name one value each: a label that comes again for another value names its place as well. */
export function withUniqueLabels(
  candidates: readonly CandidatePsk[],
  inputs: readonly Input[],
): readonly CandidatePsk[] {
  const paths = new Map(inputs.map(({ id, path }) => [id, path]));
  const values = new Map<string, string>();
  const repeats = new Map<string, number>();
  return candidates.map((candidate) => {
    const value = hex(candidate.secret);
    const { place } = candidate;
    const path = place === null ? undefined : paths.get(place.input);
    let { label } = candidate;
    if ((values.get(label) ?? value) !== value && path !== undefined)
      label = `${label} (${path}${place?.line === undefined ? '' : ` line ${place.line}`})`;
    // Counted for each label, so that a list of equal ones costs no squares.
    const base = label;
    while ((values.get(label) ?? value) !== value) {
      const number = (repeats.get(base) ?? 1) + 1;
      repeats.set(base, number);
      label = `${base} #${number}`;
    }
    values.set(label, value);
    return label === candidate.label ? candidate : { ...candidate, label };
  });
}

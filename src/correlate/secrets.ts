import type { ConfigModel, KeyEntry, Keyring } from '../model/config.ts';
import type { CandidatePsk, Secret } from '../model/key-material.ts';
import { covers } from './routers.ts';

const encoder = new TextEncoder();

/** Equality of two keys. Timing is no concern: both are evidence on the analyst's own disk. */
export function sameSecret(a: Secret, b: Secret): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

/** A key line's octets; null while the router has encrypted it (type 6), so that its value is unknown. */
export const secretOf = (entry: KeyEntry): Secret | null =>
  entry.secretType === 0 ? encoder.encode(entry.secret) : null;

export type HeldKey = { readonly keyring: Keyring; readonly entry: KeyEntry };

/** Every key line that could serve this peer: by address, or by name, which covers nothing that is known here. */
export function keysFor(config: ConfigModel, peer: string | null): readonly HeldKey[] {
  return config.keyrings.flatMap((keyring) =>
    keyring.entries
      .filter(
        (entry) =>
          peer === null ||
          entry.kind === 'hostname' ||
          covers(entry.address, entry.prefixLength, peer),
      )
      .map((entry) => ({ keyring, entry })),
  );
}

/** The key lines of a configuration that hold this very value, those for the peer first. */
export function holdersOf(
  config: ConfigModel,
  peer: string | null,
  secret: Secret,
): readonly HeldKey[] {
  const holds = (held: HeldKey): boolean => {
    const own = secretOf(held.entry);
    return own !== null && sameSecret(own, secret);
  };
  const forPeer = keysFor(config, peer).filter(holds);
  return forPeer.length > 0 ? forPeer : keysFor(config, null).filter(holds);
}

/** Names of the keyrings that hold the value, in the order of the configuration. */
export const ringNames = (held: readonly HeldKey[]): readonly string[] => [
  ...new Set(held.map((entry) => entry.keyring.name)),
];

export const candidateOf = (
  candidates: readonly CandidatePsk[],
  label: string | null,
): CandidatePsk | null =>
  label === null ? null : (candidates.find((candidate) => candidate.label === label) ?? null);

import type { ConfigModel, KeyEntry, Keyring } from '../model/config.ts';
import type { CandidatePsk, Secret } from '../model/key-material.ts';
import { covers } from './routers.ts';

const encoder = new TextEncoder();

/** Equality of two keys. Timing is no concern: both are evidence on the analyst's own disk. */
export function sameSecret(a: Secret, b: Secret): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

/** A key line's octets; null while it is encrypted (type 6) or masked, so that its value is unknown. */
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

/** The keyrings of a configuration that hold this very value, in its order; those that serve the peer where any does. */
export function holdersOf(
  config: ConfigModel,
  peer: string | null,
  secret: Secret,
  version: 1 | 2,
): readonly string[] {
  return version === 1 ? holdersV1(config, peer, secret) : holdersV2(config, secret);
}

function holdersV1(config: ConfigModel, peer: string | null, secret: Secret): readonly string[] {
  const holds = (held: HeldKey): boolean => {
    const own = secretOf(held.entry);
    return own !== null && sameSecret(own, secret);
  };
  const forPeer = keysFor(config, peer).filter(holds);
  const held = forPeer.length > 0 ? forPeer : keysFor(config, null).filter(holds);
  return [...new Set(held.map((entry) => entry.keyring.name))];
}

/** Local and remote keys of a peer block may differ; either makes it a holder. */
function holdersV2(config: ConfigModel, secret: Secret): readonly string[] {
  return config.ikev2Keyrings
    .filter((keyring) =>
      keyring.peers.some((block) =>
        [block.local, block.remote].some(
          (key) =>
            key !== null && key.secretType === 0 && sameSecret(encoder.encode(key.secret), secret),
        ),
      ),
    )
    .map((keyring) => keyring.name);
}

export const candidateOf = (
  candidates: readonly CandidatePsk[],
  label: string | null,
): CandidatePsk | null =>
  label === null ? null : (candidates.find((candidate) => candidate.label === label) ?? null);

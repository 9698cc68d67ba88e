import type { SecretToken } from '../iosconfig/mask.ts';
import { parseAddress } from './address-map.ts';
import { redactCapture } from './capture.ts';
import type { HideKeys } from './known-keys.ts';
import { collectNames, createRenamer, type Redaction } from './rename.ts';
import { redactionKey } from './report.ts';
import { redactText } from './text.ts';

export type EvidenceSources = {
  /** SHA-256 of every file, as a report of them holds it; null for one without. */
  readonly digests: readonly (string | null)[];
  /** Every log and configuration, decoded. */
  readonly texts: readonly string[];
  /** Gives equal secrets equal tokens. */
  readonly token: SecretToken;
  /** Takes out the keys that are known. */
  readonly hide: HideKeys;
  /** Names that the texts do not tell, such as those given by the user. */
  readonly names: readonly string[];
};

/** Copies of evidence files without secrets, with the same replacements in all of them and in `redactReport`. */
export type EvidenceRedactor = {
  /** `keyLines` are those that hold key material, counted from 1. */
  readonly text: (text: string, keyLines?: ReadonlySet<number>) => string;
  /** A whole pcap or pcapng file; null when it is neither. */
  readonly capture: (file: Uint8Array) => Uint8Array | null;
};

export function createEvidenceRedactor(
  { digests, texts, token, hide, names }: EvidenceSources,
  what: Redaction,
): EvidenceRedactor {
  const key = redactionKey(digests);
  const lines = texts.flatMap((text) => text.split(/\r?\n|\r/));
  const renamer = createRenamer(key, what, [...collectNames(lines), ...names]);
  const known = knownAddresses(texts);
  return {
    text: (text, keyLines) => redactText(text, token, renamer, hide, keyLines),
    capture: (file) =>
      redactCapture(file, { key, addresses: renamer.addresses, names: what.names, known }),
  };
}

const DOTTED = /(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\d|\.\d)/g;

/** Hosts that a NAT-D hash could be of; beyond this many, trying them all would take too long. */
const MOST_KNOWN = 256;

function knownAddresses(texts: readonly string[]): readonly Uint8Array[] {
  const found = new Set(texts.flatMap((text) => text.match(DOTTED) ?? []));
  return [...found].slice(0, MOST_KNOWN).flatMap((text) => parseAddress(text) ?? []);
}

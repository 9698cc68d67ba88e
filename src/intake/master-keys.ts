import { openType6 } from '../crypto/type6.ts';
import { storedKeys, withOpenedKeys } from '../iosconfig/stored-keys.ts';
import type { ConfigModel } from '../model/config.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The same configurations with their type 6 keys in clear, as far as one of the master keys opens them: those that were
 * given, and those that a configuration session shows.
 */
export function openStoredKeys(
  configs: readonly ConfigModel[],
  masterKeys: readonly string[],
): readonly ConfigModel[] {
  const shown = configs.flatMap((config) => config.masterKeys);
  const masters = [...new Set([...masterKeys, ...shown])].map((text) => encoder.encode(text));
  if (masters.length === 0) return configs;
  return configs.map((config) => {
    const opened = new Map<string, string>();
    for (const stored of storedKeys(config)) {
      const key = open(stored, masters);
      if (key !== null) opened.set(stored, key);
    }
    return opened.size === 0 ? config : withOpenedKeys(config, opened);
  });
}

function open(stored: string, masters: readonly Uint8Array[]): string | null {
  for (const master of masters) {
    const clear = openType6(stored, master);
    if (clear !== null) return text(clear);
  }
  return null;
}

/** Configuration keys are text; a checksum of 32 bits can fit by chance where this does not. */
function text(octets: Uint8Array): string | null {
  try {
    return decoder.decode(octets);
  } catch {
    return null;
  }
}

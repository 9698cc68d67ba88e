import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LabKeys } from './encounter.ts';
import { utf8 } from './octets.ts';

/** Path within the folder, and its octets. */
export type SampleFiles = ReadonlyMap<string, Uint8Array>;

export const textFile = (text: string): Uint8Array => utf8(text);

export const jsonFile = (value: unknown): Uint8Array => utf8(`${JSON.stringify(value, null, 1)}\n`);

/** Wireshark's `ikev1_decryption_table`: initiator cookie and the key of the cipher. */
export const ikev1Table = (secrets: readonly LabKeys[]): Uint8Array =>
  utf8(secrets.map((one) => `${one.initiatorCookie},${one.encryptionKey}\n`).join(''));

/** Microseconds since 1970 of a moment in UTC. */
export const moment = (iso: string): number => Date.parse(iso) * 1000;

/** Writes the files beside the calling `make.ts` when that is what was started, and only then. */
export const writeWhenMain = (moduleUrl: string, build: () => SampleFiles): void => {
  const started = process.argv[1];
  if (started === undefined || pathToFileURL(started).href !== moduleUrl) return;
  const folder = dirname(fileURLToPath(moduleUrl));
  for (const [path, octets] of build()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), octets);
  }
};

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeText } from '../intake/text.ts';
import { parseConfigs } from '../iosconfig/parse.ts';
import { scoreConfig } from '../iosconfig/recognise.ts';
import { looksLikeKeyMaterial } from '../keymaterial/harvest.ts';
import { scoreLog } from '../logparse/recognise.ts';
import { recogniseCapture } from '../pcap/reader.ts';
import { createEvidenceRedactor } from '../redact/evidence.ts';
import type { Redaction } from '../redact/rename.ts';
import { tokensFor } from '../select/tokens.ts';
import { InputError } from './errors.ts';
import { readSmallFile } from './files.ts';
import type { Io } from './io.ts';

export type LoadedFile = {
  readonly path: string;
  readonly octets: Uint8Array;
  readonly sha256: string | null;
  readonly isCapture: boolean;
};

export type RedactedFile = {
  readonly path: string;
  /** Without folders; with names redacted, `i1.txt`, as a redacted report calls it. */
  readonly name: string;
  readonly isCapture: boolean;
  /** Null: nothing of it can be handed over, and `why` says so. */
  readonly content: Uint8Array | null;
  readonly why: string | null;
};

/** No capture that anyone hands over is larger. */
const mostOctets = 2 ** 31 - 1;

/** A whole evidence file, unpacked. Throws InputError. */
export async function loadFile(path: string, io: Io): Promise<LoadedFile> {
  const read = await readSmallFile(path, io);
  const sha256 = createHash('sha256').update(read).digest('hex');
  const octets = recogniseCapture(read) === 'gzip' ? inflate(path, read) : read;
  return { path, octets, sha256, isCapture: recogniseCapture(octets) !== null };
}

function inflate(path: string, octets: Uint8Array): Uint8Array {
  try {
    return gunzipSync(octets, { maxOutputLength: mostOctets });
  } catch {
    throw new InputError(
      path,
      'is a damaged gzip file',
      'unpack as much of it as can be had first',
    );
  }
}

/**
 * Copies without secrets, replaced the same way in every file; `capture` is one more, made of these files.
 * Throws InputError for a capture that cannot be rewritten.
 */
export function redactLoaded(
  files: readonly LoadedFile[],
  what: Redaction,
  capture: Uint8Array | null = null,
): { readonly files: readonly RedactedFile[]; readonly extra: Uint8Array | null } {
  const texts = files.filter(({ isCapture }) => !isCapture).map(({ octets }) => decodeText(octets));
  // The tokens of a report on these files, so that its keys and theirs are called alike.
  const models = texts.flatMap((text) => (scoreConfig(text) > 0 ? parseConfigs(text, '') : []));
  const digests = files.map(({ sha256 }) => sha256);
  const redactor = createEvidenceRedactor(
    { digests, texts, token: tokensFor(models), names: [] },
    what,
  );
  const encoder = new TextEncoder();
  const copies = files.map(({ path, octets, isCapture }, index): RedactedFile => {
    const of = { path, name: nameOf(path, index, what.names), isCapture };
    if (isCapture) {
      const content = octets.length === 0 ? octets : redactor.capture(octets);
      if (content === null)
        throw new InputError(path, 'cannot be rewritten', 'give a pcap or pcapng file');
      return { ...of, content, why: null };
    }
    const text = decodeText(octets);
    const why = withheld(text);
    return { ...of, content: why === null ? encoder.encode(redactor.text(text)) : null, why };
  });
  return { files: copies, extra: capture === null ? null : redactor.capture(capture) };
}

/** Only what is understood can be freed of its secrets: a list of keys looks like any other text. */
function withheld(text: string): string | null {
  if (looksLikeKeyMaterial(text)) return 'holds keys and nothing else';
  if (scoreLog(text) === 0 && scoreConfig(text) === 0)
    return 'is neither a log nor a configuration';
  return null;
}

function nameOf(path: string, index: number, hidden: boolean): string {
  const plain = (path === '-' ? 'stdin.txt' : basename(path)).replace(/\.gz$/i, '');
  const end = /\.\w{1,8}$/.exec(plain)?.[0] ?? '';
  return hidden ? `i${index + 1}${end.toLowerCase()}` : plain;
}

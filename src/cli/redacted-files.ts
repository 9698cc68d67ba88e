import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { createFaultLog } from '../bytes/fault-log.ts';
import { copyOf } from '../bytes/span.ts';
import { concat } from '../crypto/octets.ts';
import { decodeText } from '../intake/text.ts';
import { parseConfigs } from '../iosconfig/parse.ts';
import { scoreConfig } from '../iosconfig/recognise.ts';
import { harvestKeys, keyMaterialLines, looksLikeKeyMaterial } from '../keymaterial/harvest.ts';
import { looksLikeSecretsJson } from '../keymaterial/secrets-json.ts';
import { scoreLog } from '../logparse/recognise.ts';
import type { CaptureAnomaly } from '../model/capture.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import { createGunzip } from '../pcap/gunzip.ts';
import { holdsHexDump } from '../pcap/hexdump.ts';
import { recogniseCapture } from '../pcap/reader.ts';
import { createEvidenceRedactor } from '../redact/evidence.ts';
import type { Redaction } from '../redact/rename.ts';
import { secrecyOf } from '../redact/secrecy.ts';
import { InputError } from './errors.ts';
import { readSmallFile } from './files.ts';
import type { Io } from './io.ts';

export type LoadedFile = {
  readonly path: string;
  readonly octets: Uint8Array;
  readonly sha256: string | null;
  readonly isCapture: boolean;
  /** Of what it was packed in. */
  readonly faults: readonly CaptureAnomaly[];
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

/** Of compressed evidence: the copy is made in memory, and a few octets may unpack to any number of them. */
const mostUnpacked = 256 << 20;
const packedStep = 1 << 16;

/** A whole evidence file, unpacked as far as it can be. Throws InputError. */
export async function loadFile(path: string, io: Io): Promise<LoadedFile> {
  const read = await readSmallFile(path, io);
  const sha256 = createHash('sha256').update(read).digest('hex');
  const { octets, faults } =
    recogniseCapture(read) === 'gzip' ? inflate(path, read) : { octets: read, faults: [] };
  return { path, octets, sha256, isCapture: recogniseCapture(octets) !== null, faults };
}

function inflate(path: string, packed: Uint8Array): Pick<LoadedFile, 'octets' | 'faults'> {
  const log = createFaultLog();
  const pieces: Uint8Array[] = [];
  let length = 0;
  const keep = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= mostUnpacked) pieces.push(copyOf(piece));
  };
  const gunzip = createGunzip({ push: keep, end: () => undefined }, log);
  for (let at = 0; at < packed.length && length <= mostUnpacked; at += packedStep) {
    gunzip.push(packed.subarray(at, at + packedStep));
  }
  if (length > mostUnpacked || log.anomalies().some(({ code }) => code === 'gzip-ratio')) {
    throw new InputError(
      path,
      'expands to more than can be rewritten at once',
      'write its IKE packets to a file with slice, and redact that',
    );
  }
  gunzip.end();
  if (length === 0 && log.anomalies().length > 0)
    throw new InputError(path, 'is a gzip file of which nothing can be unpacked', 'copy it anew');
  return { octets: concat(...pieces), faults: log.anomalies() };
}

/**
 * Copies without secrets, replaced the same way in every file; `capture` is one more, made of these files. `candidates` are
 * keys beside those of the files.
 * Throws InputError for a capture that cannot be rewritten.
 */
export function redactLoaded(
  files: readonly Omit<LoadedFile, 'faults'>[],
  what: Redaction,
  candidates: readonly CandidatePsk[],
  capture: Uint8Array | null = null,
): { readonly files: readonly RedactedFile[]; readonly extra: Uint8Array | null } {
  const texts = files.filter(({ isCapture }) => !isCapture).map(({ octets }) => decodeText(octets));
  // The tokens of a report on these files, so that its keys and theirs are called alike.
  const models = texts.flatMap((text) => (scoreConfig(text) > 0 ? parseConfigs(text, '') : []));
  const digests = files.map(({ sha256 }) => sha256);
  const redactor = createEvidenceRedactor(
    { digests, texts, ...secrecyOf({ configs: models, texts, candidates }), names: [] },
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
    if (why !== null) return { ...of, content: null, why };
    const keyLines = looksLikeKeyMaterial(text) ? keyMaterialLines(text) : new Set<number>();
    return { ...of, content: encoder.encode(redactor.text(text, keyLines)), why };
  });
  return { files: copies, extra: capture === null ? null : redactor.capture(capture) };
}

/** The keys of files that hold key material: they are not copied but as part of a log, and other files may quote them. */
export function candidatesIn(
  files: readonly Pick<LoadedFile, 'octets' | 'isCapture' | 'path'>[],
): readonly CandidatePsk[] {
  return files
    .filter(({ isCapture }) => !isCapture)
    .flatMap(({ octets, path }) => {
      const text = decodeText(octets);
      return looksLikeKeyMaterial(text) ? harvestKeys(text, path).candidates : [];
    });
}

/**
 * Only what is understood can be freed of its secrets: a list of keys looks like any other text. A debug with lines of
 * keys among its own is a debug.
 */
function withheld(text: string): string | null {
  if (holdsHexDump(text)) return 'holds octets of packets in a hex dump, which cannot be rewritten';
  const isLog = scoreLog(text) > 0;
  if (looksLikeKeyMaterial(text) && (!isLog || looksLikeSecretsJson(text)))
    return 'holds keys and no debug';
  if (!isLog && scoreConfig(text) === 0) return 'is neither a log nor a configuration';
  return null;
}

function nameOf(path: string, index: number, hidden: boolean): string {
  const plain = (path === '-' ? 'stdin.txt' : basename(path)).replace(/\.gz$/i, '');
  const end = /\.\w{1,8}$/.exec(plain)?.[0] ?? '';
  return hidden ? `i${index + 1}${end.toLowerCase()}` : plain;
}

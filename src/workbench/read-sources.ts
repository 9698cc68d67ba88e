import { sha256 } from '@noble/hashes/sha2.js';
import type { DigestedInput } from '../analyze.ts';
import { hex } from '../bytes/hex.ts';
import type { CaseSettings } from '../intake/case.ts';
import { digestedUnasked } from '../intake/digest.ts';
import { createInputReader, type Input, type Unreadable } from '../intake/input.ts';
import type { Source } from './protocol.ts';

/** Read at a time: memory is bounded by this, whatever the size of the file. */
const sliceOctets = 4 << 20;

export type ReadSource = {
  readonly source: Source;
  readonly result: Input | Unreadable;
  readonly sha256: string | null;
};

export type SourceReader = {
  /**
   * Reads what changed since the last call and keeps the rest. Resolves to null when `isStale` said so between two
   * slices: the user has typed on.
   */
  read(
    sources: readonly Source[],
    settings: CaseSettings,
    hooks: ReadHooks,
  ): Promise<readonly ReadSource[] | null>;
};

export type ReadHooks = {
  readonly isStale: () => boolean;
  readonly onProgress: (path: string, done: number, total: number) => void;
  readonly onRead: (read: ReadSource) => void;
};

type Kept = { readonly fingerprint: string; readonly read: ReadSource };

export function createSourceReader(): SourceReader {
  let kept = new Map<string, Kept>();
  return {
    read: async (sources, settings, hooks) => {
      const next = new Map<string, Kept>();
      const done: ReadSource[] = [];
      let inputs = 0;
      let captures = 0;
      for (const source of sources) {
        const { key, revision, path, router, as } = source;
        const { ports, year } = settings;
        const place = [`i${inputs + 1}`, captures, ports, year];
        const fingerprint = JSON.stringify([revision, path, router, as, place]);
        const known = kept.get(key);
        const read =
          known?.fingerprint === fingerprint
            ? known.read
            : await readSource(source, settings, `i${inputs + 1}`, captures, hooks);
        if (read === null) return null;
        next.set(key, { fingerprint, read });
        if (read.result.kind !== 'unreadable') inputs += 1;
        if (read.result.kind === 'capture') captures += 1;
        done.push(read);
        hooks.onRead(read);
      }
      kept = next;
      return done;
    },
  };
}

async function readSource(
  source: Source,
  { ports, year }: CaseSettings,
  id: string,
  captureIndex: number,
  hooks: ReadHooks,
): Promise<ReadSource | null> {
  const { path, router, as, content } = source;
  const reader = createInputReader({ id, path, captureIndex, router, ports, year, as });
  const digest = content.size <= digestedUnasked ? sha256.create() : null;
  for (let at = 0; at < content.size; at += sliceOctets) {
    const chunk = await octetsOf(content.slice(at, at + sliceOctets));
    if (chunk === null)
      return {
        source,
        result: {
          kind: 'unreadable',
          why: 'could not be read to its end',
          advice: 'choose it again; it may have been moved or changed',
        },
        sha256: null,
      };
    if (hooks.isStale()) return null;
    digest?.update(chunk);
    reader.push(chunk);
    hooks.onProgress(path, Math.min(at + sliceOctets, content.size), content.size);
  }
  return { source, result: reader.end(), sha256: digest === null ? null : hex(digest.digest()) };
}

async function octetsOf(piece: Blob): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await piece.arrayBuffer());
  } catch {
    return null;
  }
}

/** Inputs with their digests, without what is no evidence. */
export function readable(reads: readonly ReadSource[]): readonly DigestedInput[] {
  return reads.flatMap(({ result, sha256: digest }) =>
    result.kind === 'unreadable' ? [] : [{ input: result, sha256: digest }],
  );
}

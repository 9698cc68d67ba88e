import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { digestedUnasked } from '../intake/digest.ts';
import { InputError, UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** Read size: large enough that system calls do not count, small enough to stay in the cache. */
const chunkOctets = 1 << 20;

const reasons: Readonly<Record<string, readonly [why: string, advice: string]>> = {
  ENOENT: ['no such file', 'check the name and the folder'],
  EACCES: ['permission denied', 'make it readable for this user'],
  EPERM: ['permission denied', 'make it readable for this user'],
  EISDIR: ['is a directory', 'name the files in it'],
  ENOTDIR: ['a part of the path is not a directory', 'check the path'],
  ELOOP: ['too many symbolic links', 'check the path'],
};

function unreadable(path: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [why, advice] = reasons[code] ?? [
    `cannot be read (${code || 'unknown error'})`,
    'check the file',
  ];
  return new InputError(path, why, advice);
}

/** What a consumer of a file's octets must offer. The chunk is reused: copy what is kept. A promise is waited for. */
export type ChunkSink = { push(chunk: Uint8Array): void | Promise<void> };

/** `sha256` is null when the file was too large to digest unasked. */
export type FileFacts = { readonly bytes: number; readonly sha256: string | null };

export type ReadOptions = {
  readonly progress?: (done: number, total: number) => void;
  /** Whether the digest is taken: only of files that are not too large, when absent. */
  readonly digest?: 'always' | 'never';
};

/** Reads a file, or standard input for `-`, through one reused buffer into a sink. Throws InputError. */
export async function readInto(
  path: string,
  sink: ChunkSink,
  io: Io,
  options: ReadOptions = {},
): Promise<FileFacts> {
  const digest = createHash('sha256');
  let bytes = 0;
  if (path === '-') {
    for await (const chunk of io.stdin()) {
      digest.update(chunk);
      bytes += chunk.length;
      await sink.push(chunk);
    }
    return { bytes, sha256: digest.digest('hex') };
  }
  let file: number;
  try {
    file = openSync(resolve(io.cwd, path), 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const total = fstatSync(file).size;
    if (fstatSync(file).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    const isDigested =
      options.digest === 'always' || (options.digest !== 'never' && total <= digestedUnasked);
    // A pipe has no size. One octet more than the file, so that the end is seen.
    const buffer = new Uint8Array(total > 0 ? Math.min(total + 1, chunkOctets) : chunkOctets);
    for (;;) {
      const count = readSync(file, buffer, 0, buffer.length, null);
      if (count === 0) break;
      const chunk = count === buffer.length ? buffer : buffer.subarray(0, count);
      if (isDigested) digest.update(chunk);
      bytes += count;
      const waiting = sink.push(chunk);
      if (waiting) await waiting;
      options.progress?.(bytes, total);
    }
    return { bytes, sha256: isDigested ? digest.digest('hex') : null };
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw unreadable(path, error);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Reads the same octets each time it is called. */
export type ReadAgain = (sink: ChunkSink, options?: ReadOptions) => Promise<void>;

/** A file to be read more than once. What cannot be (standard input, a pipe) is kept. Throws InputError when read. */
export function openAgain(path: string, io: Io): ReadAgain {
  return path === '-' || isDevice(resolve(io.cwd, path)) ? readKept(path, io) : readSame(path, io);
}

function readKept(path: string, io: Io): ReadAgain {
  let kept: Uint8Array[] | null = null;
  return async (sink, options) => {
    if (kept) {
      for (const chunk of kept) await sink.push(chunk);
      return;
    }
    const chunks: Uint8Array[] = [];
    const both = (chunk: Uint8Array): void | Promise<void> => {
      chunks.push(new Uint8Array(chunk));
      return sink.push(chunk);
    };
    await readInto(path, { push: both }, io, options);
    kept = chunks;
  };
}

/** A log may grow meanwhile. */
function readSame(path: string, io: Io): ReadAgain {
  let size = Infinity;
  return async (sink, options) => {
    let left = size;
    const cut = (chunk: Uint8Array): void | Promise<void> => {
      const part = chunk.subarray(0, left);
      left -= part.length;
      return sink.push(part);
    };
    const { bytes } = await readInto(path, { push: cut }, io, options);
    size = Math.min(size, bytes);
  };
}

/** Refuses an output path that is one of the inputs: evidence is never overwritten. Throws UsageError. */
export function protectInputs(output: string, inputs: readonly string[], io: Io): void {
  if (output === '-') return;
  const identity = (path: string): string => {
    const full = resolve(io.cwd, path);
    try {
      const stat = statSync(full);
      return `${stat.dev}:${stat.ino}`;
    } catch {
      return full;
    }
  };
  const target = identity(output);
  const clash = inputs.find((input) => input !== '-' && identity(input) === target);
  if (clash !== undefined)
    throw new UsageError(
      `${output}: is one of the inputs (${clash}); evidence is never overwritten`,
    );
}

type Content = string | Uint8Array | readonly (string | Uint8Array)[];

/** A file that is written in pieces, and is there whole when it is closed or not at all. All of it throws UsageError. */
export type Draft = {
  readonly write: (piece: string | Uint8Array) => void;
  readonly close: () => void;
};

/** Opens a draft beside the file that it is to replace. */
export function openDraft(path: string, io: Io): Draft {
  if (path === '') throw new UsageError('an output has an empty name; name a file');
  const named = resolve(io.cwd, path);
  // A device or a pipe is written to: a file in its place would end it.
  const target = isDevice(named) ? null : followed(named);
  const draft =
    target === null
      ? named
      : join(dirname(target), `.ike-autopsy.${randomBytes(6).toString('hex')}`);
  let file: number | null = null;
  const end = (): void => {
    if (file !== null) closeSync(file);
    file = null;
    process.off('exit', discard).off('SIGINT', interrupted).off('SIGTERM', interrupted);
  };
  const discard = (): void => {
    end();
    if (target !== null) rmSync(draft, { force: true });
  };
  const interrupted = (): void => process.exit(130);
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      discard();
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      throw new UsageError(`${path}: cannot be written (${code}); choose another place`);
    }
  };
  guarded(() => {
    file = openSync(draft, target === null ? 'w' : 'wx');
    process.on('exit', discard).on('SIGINT', interrupted).on('SIGTERM', interrupted);
  });
  return {
    write: (piece) => guarded(() => writeFileSync(file!, piece)),
    close: () =>
      guarded(() => {
        end();
        if (target !== null) renameSync(draft, target);
      }),
  };
}

/** Writes a file whole or not at all. Throws UsageError. */
export function writeWhole(path: string, content: Content, io: Io): void {
  const draft = openDraft(path, io);
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  for (const piece of pieces) draft.write(piece);
  draft.close();
}

function isDevice(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** Where symbolic links lead: a link stays one. */
function followed(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

export function makeFolder(path: string, io: Io): void {
  try {
    mkdirSync(resolve(io.cwd, path), { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageError(`${path}: cannot be made a folder (${code}); choose another place`);
  }
}

/** All octets of a small file. Throws InputError. */
export async function readSmallFile(path: string, io: Io): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const { bytes } = await readInto(
    path,
    { push: (chunk) => void chunks.push(new Uint8Array(chunk)) },
    io,
  );
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

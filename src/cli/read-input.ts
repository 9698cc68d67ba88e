import { looksLikeCase, type CaseSettings } from '../intake/case.ts';
import type { Input, InputReader } from '../intake/input.ts';
import type { ChunkSink } from './files.ts';
import type { SharedOptions } from './options.ts';

/** An input and the digest that names its octets. */
export type ReadInput = {
  readonly input: Input;
  readonly sha256: string | null;
  /** Of the case file that it came in. */
  readonly settings?: CaseSettings;
};

/** A sink that keeps a case file whole and hands everything else on to the reader of inputs. */
export type CaseSink = ChunkSink & {
  /** The octets of the case; null when it was none. */
  readonly end: () => Uint8Array | null;
};

export function createCaseSink(reader: InputReader): CaseSink {
  let kept: Uint8Array[] | null | undefined;
  return {
    push: (chunk) => {
      // A case says so in its first octets, which come in one piece.
      if (kept === undefined) kept = looksLikeCase(chunk) ? [] : null;
      if (kept === null) reader.push(chunk);
      else kept.push(new Uint8Array(chunk));
    },
    end: () => (kept == null ? null : new Uint8Array(Buffer.concat(kept))),
  };
}

/** What the command line says outranks what a case was saved with. */
export function withCaseSettings(
  options: SharedOptions,
  inputs: readonly ReadInput[],
): SharedOptions {
  const settings = inputs.find((input) => input.settings !== undefined)?.settings;
  if (settings === undefined) return options;
  const { peer, since, until, tz }: CaseSettings = settings;
  return {
    ...options,
    peer: options.peer ?? peer,
    since: options.since ?? since,
    until: options.until ?? until,
    tz: options.tz ?? tz,
  };
}

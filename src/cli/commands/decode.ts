import { readPending, readWire } from '../../intake/wire.ts';
import type { Input } from '../../intake/input.ts';
import type { DecodedCapture } from '../../report/decode/document.ts';
import type { ExchangeSource } from '../../report/decode/in-order.ts';
import { makePalette } from '../../report/palette.ts';
import { typedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { readCaptures } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { evidencePaths, flag, readSharedOptions, type SharedOptions } from '../options.ts';
import { isSelective, selectExchanges } from '../selection.ts';
import { openResult } from '../result.ts';

export const decodeCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'capture');
  const result = openResult(options, paths, io);
  const inputs = await readCaptures(paths, options, io, { keepPackets: false });
  const captures = inputs.flatMap(({ input, sha256 }): readonly DecodedCapture[] =>
    input.capture ? [{ path: input.path, sha256, decoding: input.capture }] : [],
  );
  const exchanges = sourceOf(
    inputs.map(({ input }) => input),
    options,
  );
  const verbose = flag(args, 'verbose');
  const width = io.stdout.isTerminal ? io.stdout.columns : null;
  const pieces = await rendering(captures, exchanges, options, verbose, width);
  for (const piece of pieces) {
    const written = result.write(piece);
    if (written !== null) await written;
  }
  await result.close();
  return exitCodes.noFailure;
};

/** Exchange by exchange, as long as nothing asks for all of them at once. */
function sourceOf(inputs: readonly Input[], options: SharedOptions): ExchangeSource {
  const candidates = typedCandidates(options);
  const pending = isSelective(options) ? null : readPending(inputs, candidates);
  return pending ?? selectExchanges(readWire(inputs, candidates).exchanges, options);
}

async function rendering(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
  options: SharedOptions,
  verbose: boolean,
  width: number | null,
): Promise<Iterable<string>> {
  switch (options.format) {
    case 'json':
      return (await import('../../report/decode/json.ts')).decodeJson(captures, exchanges);
    case 'ndjson':
      return (await import('../../report/decode/json.ts')).decodeNdjson(captures, exchanges);
    case 'csv':
      return (await import('../../report/decode/csv.ts')).decodeCsv(captures, exchanges);
    default: {
      const { decodeLines } = await import('../../report/decode/text.ts');
      const palette = makePalette(options.color);
      const isPart = isSelective(options);
      return withLineFeeds(decodeLines(captures, exchanges, { palette, width, verbose, isPart }));
    }
  }
}

function* withLineFeeds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

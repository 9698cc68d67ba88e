import { readWire } from '../../analyze.ts';
import type { DecodedCapture } from '../../report/decode/document.ts';
import { makePalette } from '../../report/palette.ts';
import { typedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { readCaptures } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { evidencePaths, flag, readSharedOptions, type SharedOptions } from '../options.ts';
import { selectExchanges } from '../selection.ts';
import { openResult } from '../result.ts';
import type { Exchange } from '../../model/exchange.ts';

export const decodeCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'capture');
  const result = openResult(options, paths, io);
  const inputs = await readCaptures(paths, options, io);
  const captures = inputs.flatMap(({ input, sha256 }): readonly DecodedCapture[] =>
    input.capture ? [{ path: input.path, sha256, decoding: input.capture }] : [],
  );
  const wire = readWire(
    inputs.map(({ input }) => input),
    typedCandidates(options),
  );
  const exchanges = selectExchanges(wire.exchanges, options);
  const pieces = await rendering(
    captures,
    exchanges,
    options,
    flag(args, 'verbose'),
    io.stdout.isTerminal ? io.stdout.columns : null,
  );
  for (const piece of pieces) await result.write(piece);
  await result.close();
  return exitCodes.noFailure;
};

async function rendering(
  captures: readonly DecodedCapture[],
  exchanges: readonly Exchange[],
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
      return [(await import('../../report/decode/csv.ts')).decodeCsv(captures, exchanges)];
    default: {
      const { decodeLines } = await import('../../report/decode/text.ts');
      return withLineFeeds(
        decodeLines(captures, exchanges, { palette: makePalette(options.color), width, verbose }),
      );
    }
  }
}

function* withLineFeeds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

import { createSecretTokens, maskSecrets } from '../../iosconfig/mask.ts';
import type { LogNegotiation } from '../../model/log.ts';
import { toolVersion } from '../../model/tool.ts';
import type { ReadLog } from '../../report/log/document.ts';
import { maskEvent, maskLog, type LineMask } from '../../report/log/masked.ts';
import { makePalette } from '../../report/palette.ts';
import type { Command } from '../command.ts';
import { InputError } from '../errors.ts';
import { readEvidence } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { readInto } from '../files.ts';
import type { Io } from '../io.ts';
import { evidencePaths, flag, readSharedOptions, type SharedOptions } from '../options.ts';
import { noteUnselected } from '../selection.ts';
import { openResult, type Result } from '../result.ts';

const tool = { name: 'ike-autopsy', version: toolVersion };

export const logCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  await noteUnselected('log', options, io);
  const paths = evidencePaths(args, 'file');
  const result = openResult(options, paths, io);
  const token = createSecretTokens();
  const mask: LineMask = options.showSecrets ? (line) => line : (line) => maskSecrets(line, token);
  const negotiations =
    options.format === 'ndjson'
      ? await stream(paths, options, mask, result, io)
      : await whole(paths, options, mask, flag(args, 'unmatched'), result, io);
  await result.close();
  return negotiations.some(({ outcome }) => outcome === 'failed')
    ? exitCodes.failureFound
    : exitCodes.noFailure;
};

async function whole(
  paths: readonly string[],
  options: SharedOptions,
  mask: LineMask,
  unmatched: boolean,
  result: Result,
  io: Io,
): Promise<readonly LogNegotiation[]> {
  const logs = (await readEvidence(paths, options, io)).flatMap(({ input }): readonly ReadLog[] => {
    if (input.log !== null) return [{ path: input.path, document: maskLog(input.log, mask) }];
    if (input.kind === 'key-material') return [];
    throw new InputError(input.path, 'is no debug log', 'give the output of `debug crypto isakmp`');
  });
  switch (options.format) {
    case 'json':
      await result.write((await import('../../report/log/json.ts')).renderLogJson(logs, tool));
      break;
    case 'csv':
      await result.write((await import('../../report/log/csv.ts')).renderLogCsv(logs));
      break;
    default:
      await result.write(
        (await import('../../report/log/text.ts')).renderLogText(logs, makePalette(options.color), {
          unmatched,
        }),
      );
  }
  return logs.flatMap(({ document }) => document.negotiations);
}

/** One event a line as it is read: memory does not grow with the log. */
async function stream(
  paths: readonly string[],
  options: SharedOptions,
  mask: LineMask,
  result: Result,
  io: Io,
): Promise<readonly LogNegotiation[]> {
  const [{ createLogParser }, { eventLine, negotiationLine }] = await Promise.all([
    import('../../logparse/parse.ts'),
    import('../../report/log/ndjson.ts'),
  ]);
  const all: LogNegotiation[] = [];
  for (const [index, path] of paths.entries()) {
    const id = `i${index + 1}`;
    const router = options.routers.get(path);
    const parser = createLogParser(
      id,
      {
        ...(options.year !== null && { year: options.year }),
        ...(router !== undefined && { router }),
      },
      (event) => void result.write(eventLine(maskEvent(event, mask), id)),
    );
    const decoder = new TextDecoder();
    await readInto(
      path,
      { push: (chunk) => parser.push(decoder.decode(chunk, { stream: true })) },
      io,
    );
    parser.push(decoder.decode());
    for (const negotiation of parser.end().negotiations) {
      all.push(negotiation);
      await result.write(negotiationLine(negotiation));
    }
  }
  return all;
}

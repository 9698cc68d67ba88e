import { createLineMask, createSecretTokens } from '../../iosconfig/mask.ts';
import { ownersOfEvents } from '../../logparse/event-owners.ts';
import type { LogNegotiation } from '../../model/log.ts';
import type { CandidatePsk } from '../../model/key-material.ts';
import { toolVersion } from '../../model/tool.ts';
import type { LogWriter } from '../../report/log/document.ts';
import { maskEvent, maskUnmatched, type LineMask } from '../../report/log/masked.ts';
import { candidateTexts, createKeyHider } from '../../redact/known-keys.ts';
import { makePalette } from '../../report/palette.ts';
import { namedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { checkRouterFiles } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readLogs, type OpenLog } from '../logs.ts';
import { evidencePaths, flag, readSharedOptions, type SharedOptions } from '../options.ts';
import { isSelective, selectNegotiations } from '../selection.ts';
import { openResult, type Result } from '../result.ts';

const tool = { name: 'ike-autopsy', version: toolVersion };

export const logCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'file');
  checkRouterFiles(paths, options);
  const result = openResult(options, paths, io);
  const mask = options.showSecrets
    ? (line: string): string => line
    : hidingMask(await namedCandidates(options, io));
  const logs =
    options.format === 'ndjson' && !isSelective(options)
      ? await writeAtOnce(paths, options, mask, result, io)
      : await writeRead(paths, options, mask, flag(args, 'unmatched'), result, io);
  await result.close();
  return logs.some(({ document }) =>
    document.negotiations.some(({ outcome }) => outcome === 'failed'),
  )
    ? exitCodes.failureFound
    : exitCodes.noFailure;
};

/** Secrets of commands, and the keys that options name, wherever they stand. */
function hidingMask(candidates: readonly CandidatePsk[]): LineMask {
  const token = createSecretTokens();
  const mask = createLineMask(token);
  const hide = createKeyHider(candidateTexts(candidates), new Set(), token);
  return (line) => hide(mask(line));
}

/** Reads all logs, then their events again: what is written first may be known only at the end. */
async function writeRead(
  paths: readonly string[],
  options: SharedOptions,
  mask: LineMask,
  unmatched: boolean,
  result: Result,
  io: Io,
): Promise<readonly OpenLog[]> {
  const logs: OpenLog[] = [];
  for await (const log of readLogs(paths, options, io, () => null)) {
    const negotiations = selectNegotiations(log.document.negotiations, options);
    logs.push({ ...log, document: maskUnmatched({ ...log.document, negotiations }, mask) });
  }
  const writer = await openWriter(logs, options, unmatched);
  for (const piece of writer.begin()) await result.write(piece);
  for (const [i, { replay, document }] of logs.entries()) {
    const isWanted = isSelective(options) ? ofNegotiations(document.negotiations) : () => true;
    await replay((event, index) =>
      isWanted(index) ? result.write(writer.event(maskEvent(event, mask), index, i)) : null,
    );
  }
  for (const piece of writer.end()) await result.write(piece);
  return logs;
}

/** Whether the event at a place belongs to one of the negotiations. */
function ofNegotiations(negotiations: readonly LogNegotiation[]): (index: number) => boolean {
  const owners = ownersOfEvents(negotiations);
  return (index) => (owners[index] ?? -1) >= 0;
}

async function openWriter(
  logs: readonly OpenLog[],
  options: SharedOptions,
  unmatched: boolean,
): Promise<LogWriter> {
  switch (options.format) {
    case 'json':
      return (await import('../../report/log/json.ts')).createLogJson(logs, tool);
    case 'ndjson':
      return (await import('../../report/log/ndjson.ts')).createLogNdjson(logs);
    case 'csv':
      return (await import('../../report/log/csv.ts')).createLogCsv(logs);
    default:
      return (await import('../../report/log/text.ts')).createLogText(
        logs,
        makePalette(options.color),
        { unmatched, isPart: isSelective(options) },
      );
  }
}

/** Each event as it is read, a line each; what is known only at the end of a log stands behind its events. */
async function writeAtOnce(
  paths: readonly string[],
  options: SharedOptions,
  mask: LineMask,
  result: Result,
  io: Io,
): Promise<readonly OpenLog[]> {
  const { createEventLine, negotiationLine } = await import('../../report/log/ndjson.ts');
  const lineOf = new Map<string, ReturnType<typeof createEventLine>>();
  const logs: OpenLog[] = [];
  const events = readLogs(paths, options, io, (event, input) => {
    const line = lineOf.get(input) ?? createEventLine(input);
    lineOf.set(input, line);
    return result.write(line(maskEvent(event, mask)));
  });
  for await (const log of events) {
    logs.push(log);
    for (const negotiation of log.document.negotiations)
      await result.write(negotiationLine(negotiation));
  }
  return logs;
}

import { ownersOfEvents } from '../../logparse/event-owners.ts';
import type { LogEvent, LogNegotiation } from '../../model/log.ts';
import { toolVersion } from '../../model/tool.ts';
import type { LogWriter } from '../../report/log/document.ts';
import { maskEvent, maskUnmatched } from '../../report/log/masked.ts';
import { makePalette } from '../../report/palette.ts';
import { namedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { checkRouterFiles } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { createLogMask, mayBeCommand, openMask, type LogMask } from '../log-mask.ts';
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
  const mask = options.showSecrets ? openMask : createLogMask(await namedCandidates(options, io));
  const logs =
    options.format === 'ndjson' && !isSelective(options)
      ? await writeAtOnce(paths, options, mask, result, io)
      : await writeRead(paths, options, mask, flag(args, 'unmatched'), result, io);
  await result.close();
  return logs.some(({ document }) => document.negotiations.some(isFailure))
    ? exitCodes.failureFound
    : exitCodes.noFailure;
};

/** Verdicts that name no fault by themselves; every other one is a finding of severity failure in `analyze`. */
const FAULTLESS: ReadonlySet<string> = new Set(['tunnel-up', 'inconclusive', 'deleted-by-peer']);

/** An attempt that failed, or a tunnel that came up and has a fault all the same. */
const isFailure = ({ outcome, verdict }: LogNegotiation): boolean =>
  outcome === 'failed' || !FAULTLESS.has(verdict);

/** Reads all logs, then their events again: what is written first may be known only at the end, and so may a key. */
async function writeRead(
  paths: readonly string[],
  options: SharedOptions,
  mask: LogMask,
  unmatched: boolean,
  result: Result,
  io: Io,
): Promise<readonly OpenLog[]> {
  const read: OpenLog[] = [];
  const learnEvent = (event: LogEvent): null => {
    if (mayBeCommand(event)) mask.learn(event.text);
    return null;
  };
  for await (const log of readLogs(paths, options, io, learnEvent)) {
    for (const { example } of log.document.unmatched) mask.learn(example);
    const negotiations = selectNegotiations(log.document.negotiations, options);
    read.push({ ...log, document: { ...log.document, negotiations } });
  }
  const logs = read.map((log) => ({ ...log, document: maskUnmatched(log.document, mask.line) }));
  const writer = await openWriter(logs, options, unmatched);
  for (const piece of writer.begin()) await result.write(piece);
  for (const [i, { replay, document }] of logs.entries()) {
    const isWanted = isSelective(options) ? ofNegotiations(document.negotiations) : () => true;
    await replay((event, index) =>
      isWanted(index) ? result.write(writer.event(maskEvent(event, mask.line), index, i)) : null,
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
  mask: LogMask,
  result: Result,
  io: Io,
): Promise<readonly OpenLog[]> {
  const { createEventLine, negotiationLine } = await import('../../report/log/ndjson.ts');
  const lineOf = new Map<string, ReturnType<typeof createEventLine>>();
  const logs: OpenLog[] = [];
  const events = readLogs(paths, options, io, (event, input) => {
    const line = lineOf.get(input) ?? createEventLine(input);
    lineOf.set(input, line);
    if (mayBeCommand(event)) mask.learn(event.text);
    return result.write(line(maskEvent(event, mask.line)));
  });
  for await (const log of events) {
    logs.push(log);
    for (const negotiation of log.document.negotiations)
      await result.write(negotiationLine(negotiation));
  }
  return logs;
}

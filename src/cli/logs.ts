import { createLogReader } from '../intake/log-input.ts';
import type { Input, InputOptions, Unreadable } from '../intake/input.ts';
import { createEventRouters } from '../logparse/event-owners.ts';
import type { LogDocument, LogEvent } from '../model/log.ts';
import { anomalyText } from '../report/decode/anomaly-text.ts';
import type { ReadLog } from '../report/log/document.ts';
import { readCaseInputs } from './case.ts';
import { InputError } from './errors.ts';
import { inputOptions } from './evidence.ts';
import { openAgain, type ReadAgain } from './files.ts';
import type { Io } from './io.ts';
import { filesRead, type SharedOptions } from './options.ts';
import { startProgress } from './progress.ts';
import { createCaseSink, type ReadInput } from './read-input.ts';

/** Gets events one by one, each with its place in the log; a promise is waited for before more is read. */
type TakeEvent = (event: LogEvent, index: number) => Promise<void> | null;

/** A log that was read once, for what can be known only at its end. */
export type OpenLog = ReadLog & {
  /** Reads its events again, each with the router that was found to have written it. */
  readonly replay: (take: TakeEvent) => Promise<void>;
};

/**
 * Every log named, one after the other. `take` gets the events of each as they are read for the first time, with the id
 * of their input. Events are not kept: memory follows the negotiations. Throws InputError.
 */
export async function* readLogs(
  paths: readonly string[],
  options: SharedOptions,
  io: Io,
  take: (event: LogEvent, input: string) => Promise<void> | null,
): AsyncGenerator<OpenLog> {
  const read: ReadInput[] = [];
  for (const path of filesRead(options, paths)) {
    const reading = inputOptions(path, read, options);
    const file = openAgain(path, io);
    const count = { events: 0, unknown: 0 };
    const found = await readOnce(file, path, reading, options, io, (event) => {
      count.events++;
      if (event.message === 'unmatched') count.unknown++;
      return take(event, reading.id);
    });
    if (found instanceof Uint8Array) {
      for (const one of readCaseInputs(path, found, read, options)) {
        read.push(one);
        const document = documentOf(one.input);
        if (document) yield await keptLog(one.input.path, document, take);
      }
      continue;
    }
    if (found.kind === 'unreadable') throw new InputError(path, found.why, found.advice);
    read.push({ input: found, sha256: null });
    // What an option names for its keys may be a configuration.
    const document = reading.as === 'evidence' ? documentOf(found) : null;
    if (!document) continue;
    const routerOf = createEventRouters(document, reading.router);
    yield {
      path,
      document,
      ...count,
      replay: async (takeAgain) => {
        const again = { ...reading, eventsOnly: true };
        await readOnce(file, path, again, options, io, (event, index) =>
          takeAgain({ ...event, router: routerOf(event, index) }, index),
        );
      },
    };
  }
}

/** What a file is; the octets of a case file. */
async function readOnce(
  file: ReadAgain,
  path: string,
  reading: InputOptions,
  options: SharedOptions,
  io: Io,
  take: TakeEvent,
): Promise<Input | Unreadable | Uint8Array> {
  const taken: { last: Promise<void> | null } = { last: null };
  let index = 0;
  const reader = createLogReader(reading, (event) => {
    taken.last = take(event, index++) ?? taken.last;
  });
  const sink = createCaseSink(reader);
  const progress = options.progress ? startProgress(path, io) : null;
  const push = (chunk: Uint8Array): Promise<void> | undefined => {
    void sink.push(chunk);
    return taken.last ?? undefined;
  };
  await file({ push }, { digest: 'never', ...(progress && { progress: progress.update }) });
  await progress?.stop();
  return sink.end() ?? reader.end();
}

/** Null for what only holds keys. */
function documentOf(input: Input): LogDocument | null {
  if (input.log !== null) {
    const faults = input.faults.map(({ code, offset }) => ({
      place: { input: input.id, offset },
      code,
      text: anomalyText(code),
    }));
    return { ...input.log, anomalies: [...faults, ...input.log.anomalies] };
  }
  if (input.kind === 'key-material') return null;
  throw new InputError(input.path, 'is no debug log', 'give the output of `debug crypto isakmp`');
}

/** A log out of a case file, which is held whole as it is. */
async function keptLog(
  path: string,
  document: LogDocument,
  take: (event: LogEvent, input: string) => Promise<void> | null,
): Promise<OpenLog> {
  const { events } = document;
  for (const event of events) await take(event, document.input);
  return {
    path,
    document: { ...document, events: [] },
    events: events.length,
    unknown: events.filter(({ message }) => message === 'unmatched').length,
    replay: async (takeAgain) => {
      for (const [index, event] of events.entries()) await takeAgain(event, index);
    },
  };
}

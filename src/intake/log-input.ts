import { createBrokenMask } from '../iosconfig/broken-secrets.ts';
import { createLogParser, type LogParser } from '../logparse/parse.ts';
import { scoreLog } from '../logparse/recognise.ts';
import type { LogEvent } from '../model/log.ts';
import { looksLikeHexDump } from '../pcap/hexdump.ts';
import { recogniseCapture } from '../pcap/reader.ts';
import { concat } from '../crypto/octets.ts';
import {
  blank,
  createInputReader,
  type Input,
  type InputOptions,
  type InputReader,
  type Unreadable,
} from './input.ts';
import { createTextStream, decodeText, describeBinary } from './text.ts';

/** What does not show itself as a log in so many octets is read whole before it is judged. */
const headOctets = 1 << 20;

/**
 * As `createInputReader`, for who wants only the events: they are handed to `onEvent` one by one and not kept, neither
 * is the text. Only what is not plainly a log is held whole until it is known what it is.
 */
export function createLogReader(
  options: InputOptions,
  onEvent: (event: LogEvent) => void,
): InputReader {
  let reader: InputReader | null = null;
  let head: Uint8Array = new Uint8Array(0);
  let triedAt = 0;

  const open = (isPlain: boolean): InputReader => {
    const opened = isPlain ? createStream(options, onEvent) : createWhole(options, onEvent);
    opened.push(head);
    head = new Uint8Array(0);
    return opened;
  };

  return {
    push: (chunk) => {
      if (reader) {
        reader.push(chunk);
        return;
      }
      head = concat(head, chunk);
      // Chunks may be tiny: what was looked at in vain is looked at again when there is twice as much of it.
      if (head.length < 2 * triedAt && head.length < headOctets) return;
      triedAt = head.length;
      const isPlain = options.as === 'evidence' && isPlainLog(head);
      if (isPlain || head.length >= headOctets) reader = open(isPlain);
    },
    end: () => (reader ?? open(options.as === 'evidence' && isPlainLog(head))).end(),
  };
}

function isPlainLog(head: Uint8Array): boolean {
  if (recogniseCapture(head) !== null || describeBinary(head) !== null) return false;
  const text = decodeText(head);
  // Where CR alone may end the lines, only the whole text tells.
  return text.includes('\n') && scoreLog(text) > 0 && !looksLikeHexDump(text);
}

function createStream(options: InputOptions, onEvent: (event: LogEvent) => void): InputReader {
  const { id, router, year, eventsOnly = false } = options;
  const text = createTextStream();
  let bytes = 0;
  const parser: LogParser = createLogParser(
    id,
    {
      ...(router !== null && { router }),
      ...(year !== null && { year }),
      eventsOnly,
      broken: createBrokenMask(),
    },
    onEvent,
  );
  return {
    push: (chunk) => {
      bytes += chunk.length;
      parser.push(text.push(chunk));
    },
    end: () => {
      parser.push(text.end());
      return { ...blank(options), bytes, kind: 'ios-debug', log: parser.end() };
    },
  };
}

function createWhole(options: InputOptions, onEvent: (event: LogEvent) => void): InputReader {
  const reader = createInputReader(options);
  return {
    push: (chunk) => reader.push(chunk),
    end: (): Input | Unreadable => {
      const input = reader.end();
      if (input.kind === 'unreadable' || input.log === null) return input;
      input.log.events.forEach(onEvent);
      return { ...input, text: '', log: { ...input.log, events: [] } };
    },
  };
}

import type { LogDocument, LogEvent } from '../model/log.ts';
import { textAnomalies, type TextAnomalyCode } from '../model/anomalies/text.ts';
import { Assembler } from './assembler.ts';
import type { BrokenLines } from './broken-lines.ts';
import {
  newEnvelope,
  readAlike,
  readAlikeEarlier,
  readEnvelope,
  type Envelope,
} from './envelope.ts';
import { AsciiWindow } from './ascii-window.ts';
import { KnownLines, longestKnown, mostKnown } from './known-lines.ts';
import { LineTable } from './line-table.ts';
import type { MessageFamily } from './message-spec.ts';
import { OddLines } from './odd-lines.ts';
import { PasteFrame, PasteHead } from './paste-frame.ts';
import { RouterClock } from './router-clock.ts';
import { Sink } from './sink.ts';
import { splitGlued } from './split.ts';

export type LogOptions = {
  /** Year of stamps that name none. */
  readonly year?: number;
  /** Name of the router, when the user told it. */
  readonly router?: string;
  /** Negotiations are not followed: for who has read this log before. */
  readonly eventsOnly?: boolean;
  /** Hides secrets of commands that were broken into several lines. */
  readonly broken?: BrokenLines;
};

export type LogParser = {
  /** Any part of the log; lines may be cut anywhere between two calls. */
  push(text: string): void;
  end(): LogDocument;
};

/** No line of a router is longer; a longer one is searched for messages that lost their line ends. */
const longestLine = 4096;
const mostAnomalies = 200;

function beginsMessage({ family }: Envelope): boolean {
  return family !== 'none' && family !== 'other';
}

function isBare({ stamped, relayed, numbered, host }: Envelope): boolean {
  return !stamped && !relayed && !numbered && host === '';
}

class Parser implements LogParser {
  private rest = '';
  private line = 0;
  private readonly envelope: Envelope = newEnvelope();
  private readonly sink: Sink;
  private readonly assembler: Assembler;
  private readonly anomalies: LogDocument['anomalies'][number][] = [];
  private readonly known = new KnownLines();
  private readonly frame = new PasteFrame();
  private readonly head = new PasteHead(this.frame);
  /** Lines that were found to be nothing but the rest of a message, without blanks around them. */
  private readonly continuations = new LineTable<string>(mostKnown, longestKnown);
  private readonly window = new AsciiWindow();
  private readonly odd: OddLines;

  private readonly input: string;
  private readonly options: LogOptions;

  constructor(input: string, options: LogOptions, onEvent?: (event: LogEvent) => void) {
    this.input = input;
    this.options = options;
    this.sink = new Sink(onEvent, options.eventsOnly !== true);
    this.assembler = new Assembler(
      this.sink,
      new RouterClock(options.year),
      this.envelope,
      (part, line, width) => this.odd.take(part, line, width),
    );
    this.odd = new OddLines(
      this.envelope,
      this.frame,
      this.sink,
      this.assembler,
      options.broken ?? null,
    );
  }

  push(text: string): void {
    this.read(this.head.take(text));
  }

  private read(text: string): void {
    let at = 0;
    if (this.rest !== '') {
      // Only the line that was cut is put together: reading in a joined text would cost far more.
      const end = text.indexOf('\n');
      const line = this.rest + (end < 0 ? text : text.slice(0, end));
      if (end < 0) {
        this.keep(line);
        return;
      }
      this.take(line, 0, line.length);
      at = end + 1;
    }
    this.keep(text.slice(this.takeLines(text, at)));
  }

  /** Takes all whole lines of `text` from `from` on; returns where the line begins whose end did not come yet. */
  private takeLines(text: string, from: number): number {
    let at = from;
    while (at < text.length) {
      if (!this.frame.isNumbered && this.window.show(text, at)) {
        const next = this.takeWindow();
        if (next > at) {
          at = next;
          continue;
        }
      }
      // Letters other than ASCII, or a line that is longer than the window.
      const shown = at + this.window.room;
      do {
        const end = text.indexOf('\n', at);
        if (end < 0) return at;
        this.take(text, at, end);
        at = end + 1;
      } while (at < shown);
    }
    return at;
  }

  /** Takes all whole lines that the window shows; returns where the next begins in its text. */
  private takeWindow(): number {
    let at = 0;
    for (;;) {
      const end = this.takeOctets(at);
      if (end < 0) return this.window.base + at;
      at = end + 1;
    }
  }

  /** The line that begins at `from` in the window; returns its end, or -1 if that is not there. */
  private takeOctets(from: number): number {
    const { window, envelope } = this;
    if (from < window.length && window.octets[from] === 10) {
      this.line++;
      this.assembler.blank();
      return from;
    }
    return readAlike(window, from, envelope) && beginsMessage(envelope)
      ? this.takeMessage(from)
      : this.takeBare(from);
  }

  /** A line that begins a message, whose envelope was just read. */
  private takeMessage(from: number): number {
    const { window, envelope } = this;
    const { text, base } = window;
    const start = envelope.textStart - base;
    const family = envelope.family as MessageFamily;
    const { known } = this;
    const found = known.find(family, window, start);
    const { end } = known;
    if (end < 0) return -1;
    envelope.tags.before = known.before;
    const last = window.trimmed(start, end);
    if (end - from > longestLine || last <= start) {
      this.take(text, base + from, base + end);
      return end;
    }
    this.line++;
    const read = found ?? known.learn(family, window, start, last);
    this.odd.begin();
    this.assembler.open(this.line, text, base + from, base + last, last - from, read);
    return end;
  }

  /** A line that does not begin as the one before: the rest of a message, if it was found to be that before. */
  private takeBare(from: number): number {
    const { window, envelope } = this;
    const { text, base } = window;
    const rest = this.continuations.find(window, from);
    const { end } = this.continuations;
    if (end < 0) return -1;
    const last = window.trimmed(from, end);
    if (rest !== undefined && !this.odd.mayHide()) {
      this.line++;
      this.assembler.follow({ line: this.line, text: rest, width: last - from }, true);
      return end;
    }
    if (last === from || end - from > longestLine) {
      this.take(text, base + from, base + end);
      return end;
    }
    if (readAlikeEarlier(window, from, envelope) && beginsMessage(envelope))
      return this.takeMessage(from);
    const raw = text.slice(base + from, base + last);
    readEnvelope(raw, 0, raw.length, envelope);
    if (beginsMessage(envelope)) {
      readEnvelope(text, base + from, base + last, envelope);
      return this.takeMessage(from);
    }
    this.line++;
    const width = last - from;
    const isWhole = envelope.family === 'none' && isBare(envelope) && width <= longestKnown;
    const continued = this.odd.take(raw, this.line, width, true);
    // What was found is kept already, and its place in the table is not asked for twice.
    if (continued !== null && isWhole && rest === undefined)
      this.continuations.keep(window, continued);
    return end;
  }

  /** A line whose end did not come yet. */
  private keep(rest: string): void {
    this.rest = rest;
    if (rest.length <= longestLine * 64) return;
    // What it holds is read now, so that memory stays bounded.
    this.rest = '';
    this.line++;
    this.takeLong(rest);
    this.line--;
  }

  end(): LogDocument {
    this.read(this.head.end());
    if (this.rest !== '') this.take(this.rest, 0, this.rest.length);
    this.rest = '';
    this.assembler.end();
    const { input, line, options, anomalies } = this;
    return this.sink.document(input, line, options.router ?? null, anomalies);
  }

  /** One physical line, `all` from `start` to `lineEnd`. */
  private take(all: string, start: number, lineEnd: number): void {
    this.line++;
    let end = lineEnd;
    while (end > start) {
      const c = all.charCodeAt(end - 1);
      if (c !== 32 && c !== 13 && c !== 9) break;
      end--;
    }
    if (end === start) {
      this.assembler.blank();
      return;
    }
    const width = end - start;
    if (width > longestLine) {
      this.takeLong(all.slice(start, end));
      return;
    }
    const { envelope, frame } = this;
    if (frame.isNumbered) {
      // A number in front of a stamp might be taken for one that the router wrote.
      this.odd.take(all.slice(start, end), this.line, width);
      return;
    }
    readEnvelope(all, start, end, envelope);
    if (beginsMessage(envelope)) {
      this.odd.begin();
      this.assembler.open(this.line, all, start, end, width, null);
    } else this.odd.take(all.slice(start, end), this.line, width);
  }

  private takeLong(text: string): void {
    this.anomaly('line-too-long');
    const parts = splitGlued(text);
    const fits = parts.length >= 2;
    for (const part of fits ? parts : [text]) {
      if (fits && part.length <= longestLine) this.odd.take(part, this.line, part.length);
      else
        this.sink.unmatched({ line: this.line, text: part.slice(0, 200), width: 0 }, null, false);
    }
  }

  private anomaly(code: TextAnomalyCode): void {
    if (this.anomalies.length >= mostAnomalies) return;
    this.anomalies.push({
      place: { input: this.input, line: this.line },
      code,
      text: textAnomalies[code],
    });
  }
}

/** Reads a log as it comes. With `onEvent` events are handed out and not kept, so that memory follows the negotiations, not the lines. */
export function createLogParser(
  input: string,
  options: LogOptions = {},
  onEvent?: (event: LogEvent) => void,
): LogParser {
  return new Parser(input, options, onEvent);
}

/** A whole log: `input` is the id that places of evidence carry. */
export function parseLog(text: string, input: string, options: LogOptions = {}): LogDocument {
  const parser = new Parser(input, options);
  parser.push(text);
  return parser.end();
}

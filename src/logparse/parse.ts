import { createKeyTable } from '../bytes/key-table.ts';
import type { LogDocument, LogEvent } from '../model/log.ts';
import { textAnomalies, type TextAnomalyCode } from '../model/anomalies/text.ts';
import { Assembler } from './assembler.ts';
import { hideBroken, type BrokenLines } from './broken-lines.ts';
import { readPrompt, undamaged, withoutClientStamp, withShortMonth } from './clean.ts';
import {
  newEnvelope,
  readAlike,
  readAlikeEarlier,
  readEnvelope,
  type Envelope,
} from './envelope.ts';
import { AsciiWindow } from './ascii-window.ts';
import type { KnownText } from './known-groups.ts';
import { KnownLines, longestKnown, mostKnown } from './known-lines.ts';
import { LineTable } from './line-table.ts';
import { detach } from './detach.ts';
import type { MessageFamily } from './message-spec.ts';
import { ExportRows } from './export-row.ts';
import { PasteFrame, PasteHead, withoutDecoration } from './paste-frame.ts';
import { RouterClock } from './router-clock.ts';
import { maskKeyRows } from './secrets.ts';
import { nowhere, Sink } from './sink.ts';
import { splitGlued, splitStamped, splitTagged, withoutCarrier } from './split.ts';

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
/** A list whose item is a command at a prompt, or a line glued to one. */
const listNumber = /^\d{1,4}\.\s{1,3}(?=[A-Za-z][\w.-]{0,62}(?:[/(][\w/()-]{1,64})?#)/;

/** Without blanks around it, except for a single one in front: there a terminal cut between two words. */
function continuation(text: string): string {
  const own = text.trim();
  return /^\s\S/.test(text) ? ` ${own}` : own;
}

function hasTag({ family }: Envelope): boolean {
  return family !== 'none';
}

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
  private readonly rows = new ExportRows();
  private readonly keyTable = createKeyTable();
  /** Lines that were found to be nothing but the rest of a message, without blanks around them. */
  private readonly continuations = new LineTable<string>(mostKnown, longestKnown);
  private readonly window = new AsciiWindow();
  private readonly broken: BrokenLines | null;

  private readonly input: string;
  private readonly options: LogOptions;

  constructor(input: string, options: LogOptions, onEvent?: (event: LogEvent) => void) {
    this.input = input;
    this.options = options;
    this.broken = options.broken ?? null;
    this.sink = new Sink(onEvent, options.eventsOnly !== true);
    this.assembler = new Assembler(
      this.sink,
      new RouterClock(options.year),
      this.envelope,
      (part, line, width) => this.takePart(part, line, width),
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
    this.open(text, base + from, base + last, last - from, read);
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
    if (rest !== undefined && !this.mayHide()) {
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
    // What was found is kept already, and its place in the table is not asked for twice.
    const mayContinue =
      rest === undefined && envelope.family === 'none' && isBare(envelope) && width <= longestKnown;
    this.takeOdd(raw, width, true, mayContinue);
    return end;
  }

  /** The line may be, or begin, a part of a command whose secret only all its lines show. */
  private mayHide(): boolean {
    return this.broken !== null && (this.broken.isOpen || this.assembler.quoting !== null);
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
      this.takeOdd(all.slice(start, end), width);
      return;
    }
    readEnvelope(all, start, end, envelope);
    if (beginsMessage(envelope)) this.open(all, start, end, width, null);
    else this.takeOdd(all.slice(start, end), width);
  }

  /** A message begins, whose envelope was just read; rows of a table end before it. */
  private open(
    text: string,
    start: number,
    end: number,
    width: number,
    known: KnownText | null,
  ): void {
    if (this.keyTable.isOpen) this.keyTable.close();
    if (this.broken?.isOpen === true) this.broken.close();
    this.assembler.open(this.line, text, start, end, width, known);
  }

  private takeLong(text: string): void {
    this.anomaly('line-too-long');
    const parts = splitGlued(text);
    const fits = parts.length >= 2;
    for (const part of fits ? parts : [text]) {
      if (fits && part.length <= longestLine) this.takeOdd(part, part.length);
      else
        this.sink.unmatched({ line: this.line, text: part.slice(0, 200), width: 0 }, null, false);
    }
  }

  /** A part of an earlier line that holds several messages. */
  private takePart(text: string, line: number, width: number): void {
    const now = this.line;
    this.line = line;
    this.takeOdd(text, width);
    this.line = now;
  }

  /**
   * A line that does not begin a message as it stands: damage, prompts, continuations, prose. `isRead`: its envelope was
   * just read. `mayContinue`: if it is found to be nothing but the rest of a message, that is worth keeping.
   */
  private takeOdd(raw: string, written: number, isRead = false, mayContinue = false): void {
    const { envelope, assembler, frame } = this;
    const exported = this.rows.unwrap(raw);
    const whole = undamaged(exported ?? raw);
    if (whole.trim() === '') return;
    if (whole.includes('\n')) {
      // A page breaks lines with tags of its own.
      for (const each of whole.split('\n')) this.takeOdd(each, each.length);
      return;
    }
    let text = withShortMonth(this.unquote(withoutClientStamp(frame.strip(whole, this.line))));
    // What a page or a terminal added did not count when the line was broken.
    const width = written + whole.length - raw.length - frame.width;
    if (text.trim() === '') {
      assembler.blank();
      return;
    }
    const key = this.keyTable.keyAt(text);
    if (key >= 0) text = `${text.slice(0, key)}<key>`;
    else if (this.broken) {
      const { quoting } = assembler;
      const shown = hideBroken(this.broken, quoting, text);
      if (shown !== text && quoting === null) {
        // The rest of a command: with the line before it would look like a row of keys.
        assembler.end();
        this.sink.unmatched({ line: this.line, text: shown, width }, null, false);
        return;
      }
      text = shown;
    }
    const prompt = readPrompt(text.trimStart().replace(listNumber, ''));
    if (prompt) {
      // What was printed before a command is of the router whose prompt stood above it; an empty prompt may stand amid it.
      if (prompt.rest.trim() !== '' && this.sink.isOther(prompt.host)) assembler.flushLoose();
      this.sink.named(prompt.host, assembler.isOpen);
      text = prompt.rest;
      if (text.trim() === '') return;
    }
    if (!isRead || text !== raw) readEnvelope(text, 0, text.length, envelope);
    if (frame.isNumbered && envelope.stamped && text === whole) frame.forget();
    let plain = text;
    if (envelope.family === 'other') {
      const carried = withoutCarrier(text, envelope.textStart);
      if (carried !== null) {
        text = plain = carried;
        readEnvelope(text, 0, text.length, envelope);
      } else if (envelope.host !== '') {
        const rest = text.slice(envelope.textStart);
        if (assembler.takesBehindRelay(envelope.host, rest)) {
          assembler.follow({ line: this.line, text: detach(rest), width: rest.length }, false);
          return;
        }
      }
    }
    if (envelope.family === 'none') {
      plain = withShortMonth(withoutDecoration(text));
      if (plain !== text) {
        readEnvelope(plain, 0, plain.length, envelope);
        // A quote mark in front of a broken line may be a `>` of the message itself.
        if (envelope.stamped || (!assembler.pendingStamped && hasTag(envelope))) {
          if (whole.endsWith(plain)) frame.learn(whole.slice(0, -plain.length), this.line);
          text = plain;
        } else readEnvelope(text, 0, text.length, envelope);
      }
    }
    if (envelope.family === 'none' && prompt) {
      // The output of the command before ends here.
      assembler.end();
      this.command(prompt.host, text);
      return;
    }
    if (envelope.family !== 'none') {
      this.open(text, 0, text.length, width, null);
      return;
    }
    if (this.splitProse(text, width)) return;
    const rest = detach(continuation(text));
    if (mayContinue && text === raw && plain === text && !this.mayHide())
      this.continuations.keep(this.window, rest);
    assembler.follow({ line: this.line, text: rest, width }, false);
  }

  /** Prose, or the rest of a broken message, with a whole line of the router glued behind it. */
  private splitProse(text: string, width: number): boolean {
    const parts = splitStamped(text) ?? splitTagged(text);
    if (!parts) return false;
    const [before, ...lines] = parts;
    this.assembler.follow({ line: this.line, text: detach(before!.trim()), width }, false);
    for (const line of lines) this.takeOdd(line, line.length);
    return true;
  }

  /** Behind a mark of mail a prompt tells as well as a stamp that the whole line is quoted. */
  private unquote(text: string): string {
    if (!text.startsWith('>')) return text;
    const plain = withoutDecoration(text);
    if (readPrompt(plain) === null) return text;
    this.frame.learn(text.slice(0, -plain.length), this.line);
    return plain;
  }

  private command(host: string, text: string): void {
    const glued = splitGlued(maskKeyRows(text));
    // A command with prose or a log line behind it on the same line.
    const command = detach(glued[0]!);
    this.sink.emit(null, 'command', this.line, this.line, nowhere, { host, command }, command);
    for (const part of glued.slice(1)) this.takeOdd(part, part.length);
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

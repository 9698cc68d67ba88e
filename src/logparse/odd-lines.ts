import { createKeyTable } from '../bytes/key-table.ts';
import type { Assembler } from './assembler.ts';
import { hideBroken, type BrokenLines } from './broken-lines.ts';
import { readPrompt, undamaged, withoutClientStamp, withShortMonth } from './clean.ts';
import { detach } from './detach.ts';
import { readEnvelope, type Envelope } from './envelope.ts';
import { ExportRows } from './export-row.ts';
import { withoutDecoration, type PasteFrame } from './paste-frame.ts';
import { maskKeyRows } from './secrets.ts';
import { nowhere, type Sink } from './sink.ts';
import { splitGlued, splitStamped, splitTagged, withoutCarrier } from './split.ts';

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

/** Lines that do not begin a message as they stand: damage, prompts, continuations, prose. */
export class OddLines {
  private readonly rows = new ExportRows();
  private readonly keyTable = createKeyTable();

  private readonly envelope: Envelope;
  private readonly frame: PasteFrame;
  private readonly sink: Sink;
  private readonly assembler: Assembler;
  private readonly broken: BrokenLines | null;

  constructor(
    envelope: Envelope,
    frame: PasteFrame,
    sink: Sink,
    assembler: Assembler,
    broken: BrokenLines | null,
  ) {
    this.envelope = envelope;
    this.frame = frame;
    this.sink = sink;
    this.assembler = assembler;
    this.broken = broken;
  }

  /** The line may be, or begin, a part of a command whose secret only all its lines show. */
  mayHide(): boolean {
    return this.broken !== null && (this.broken.isOpen || this.assembler.quoting !== null);
  }

  /** A message begins: rows of a table and lines of a command end before it. */
  begin(): void {
    if (this.keyTable.isOpen) this.keyTable.close();
    if (this.broken?.isOpen === true) this.broken.close();
  }

  /**
   * The line `raw`, which had `written` columns. `isRead`: its envelope was just read. Returns the line without blanks
   * around it if it is nothing but the rest of a message, wherever it comes again; else null.
   */
  take(raw: string, line: number, written: number, isRead = false): string | null {
    const { envelope, assembler, frame } = this;
    const exported = this.rows.unwrap(raw);
    const whole = undamaged(exported ?? raw);
    if (whole.trim() === '') return null;
    if (whole.includes('\n')) {
      // A page breaks lines with tags of its own.
      for (const each of whole.split('\n')) this.take(each, line, each.length);
      return null;
    }
    let text = withShortMonth(this.unquote(withoutClientStamp(frame.strip(whole, line)), line));
    // What a page or a terminal added did not count when the line was broken.
    const width = written + whole.length - raw.length - frame.width;
    if (text.trim() === '') {
      assembler.blank();
      return null;
    }
    const key = this.keyTable.keyAt(text);
    if (key >= 0) text = `${text.slice(0, key)}<key>`;
    else if (this.broken) {
      const { quoting } = assembler;
      const shown = hideBroken(this.broken, quoting, text);
      if (shown !== text && quoting === null) {
        // The rest of a command: with the line before it would look like a row of keys.
        assembler.end();
        this.sink.unmatched({ line, text: shown, width }, null, false);
        return null;
      }
      text = shown;
    }
    const prompt = readPrompt(text.trimStart().replace(listNumber, ''));
    if (prompt) {
      // What was printed before a command is of the router whose prompt stood above it; an empty prompt may stand amid it.
      if (prompt.rest.trim() !== '' && this.sink.isOther(prompt.host)) assembler.flushLoose();
      this.sink.named(prompt.host, assembler.isOpen);
      text = prompt.rest;
      if (text.trim() === '') return null;
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
          assembler.follow({ line, text: detach(rest), width: rest.length }, false);
          return null;
        }
      }
    }
    if (envelope.family === 'none') {
      plain = withShortMonth(withoutDecoration(text));
      if (plain !== text) {
        readEnvelope(plain, 0, plain.length, envelope);
        // A quote mark in front of a broken line may be a `>` of the message itself.
        if (envelope.stamped || (!assembler.pendingStamped && hasTag(envelope))) {
          if (whole.endsWith(plain)) frame.learn(whole.slice(0, -plain.length), line);
          text = plain;
        } else readEnvelope(text, 0, text.length, envelope);
      }
    }
    if (envelope.family === 'none' && prompt) {
      // The output of the command before ends here.
      assembler.end();
      this.command(prompt.host, text, line);
      return null;
    }
    if (envelope.family !== 'none') {
      this.begin();
      assembler.open(line, text, 0, text.length, width, null);
      return null;
    }
    if (this.splitProse(text, line, width)) return null;
    const rest = detach(continuation(text));
    const mayRecur = text === raw && plain === text && !this.mayHide();
    assembler.follow({ line, text: rest, width }, false);
    return mayRecur ? rest : null;
  }

  /** Prose, or the rest of a broken message, with a whole line of the router glued behind it. */
  private splitProse(text: string, line: number, width: number): boolean {
    const parts = splitStamped(text) ?? splitTagged(text);
    if (!parts) return false;
    const [before, ...lines] = parts;
    this.assembler.follow({ line, text: detach(before!.trim()), width }, false);
    for (const each of lines) this.take(each, line, each.length);
    return true;
  }

  /** Behind a mark of mail a prompt tells as well as a stamp that the whole line is quoted. */
  private unquote(text: string, line: number): string {
    if (!text.startsWith('>')) return text;
    const plain = withoutDecoration(text);
    if (readPrompt(plain) === null) return text;
    this.frame.learn(text.slice(0, -plain.length), line);
    return plain;
  }

  private command(host: string, text: string, line: number): void {
    const glued = splitGlued(maskKeyRows(text));
    // A command with prose or a log line behind it on the same line.
    const command = detach(glued[0]!);
    this.sink.emit(null, 'command', line, line, nowhere, { host, command }, command);
    for (const part of glued.slice(1)) this.take(part, line, part.length);
  }
}

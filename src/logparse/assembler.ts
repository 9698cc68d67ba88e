import { cleanLine, isDirty, undamaged } from './clean.ts';
import { CutHeads } from './cut-heads.ts';
import { readEnvelope, type Envelope } from './envelope.ts';
import type { Piece } from './line-break.ts';
import { keepReadings, KnownGroups, type Group, type KnownText } from './known-groups.ts';
import {
  matchOnce,
  matchSqueezed,
  matchText,
  mayLackTag,
  squeeze,
  type Fields,
  type Match,
} from './matcher.ts';
import type { MessageFamily } from './message-spec.ts';
import { PasteWidth, type Paste } from './paste-width.ts';
import {
  cutTag,
  firstLine,
  hasWidths,
  isOneLine,
  nothingFollows,
  widthsOf,
  type Pending,
} from './pending.ts';
import type { RouterClock } from './router-clock.ts';
import type { At, Sink } from './sink.ts';
import { splitGlued } from './split.ts';
import { readTwoLines } from './two-lines.ts';
import { isPlainHead, readGroup, readLoose, readUntagged, type Reading } from './unwrap.ts';

/** A message and the lines that may follow it. */
const mostContinuations = 60;
const mostGroups = 1 << 10;
const nothingKnown: Pick<Group, 'readings' | 'widths'> = { readings: null, widths: null };

/** The lines below an IKEv2 packet: its SPIs, its exchange, its payloads. */
const packetLine =
  /^\s*(?:Initiator SPI ?:|IKEv2 [A-Z_]{1,40} Exchange\b|Payload contents|(?:(?:SA|KE|N|VID|IDi|IDr|AUTH|CERT|CERTREQ|CFG|TSi|TSr|ENCR|SKF?|EAP|DELETE|NOTIFY\(\w{1,60}\))(?:\s{1,4}|$)){1,40}$)/;

/** What no part of a broken line looks like: a remark, a fence, a ruler. */
const standsApart = /^(?:!|[^A-Za-z0-9]*$)/;

const backtick = 96;
/** Where a page of notes begins or ends a listing. */
const fence = /^`{3,}/;

/** Puts the lines of one message together and has them read. */
export class Assembler {
  private pending: Pending | null = null;
  private loose: Piece[] = [];
  /** The reading of its stamp, while the pending message may have been cut in front of its text. */
  private rawReading = 0;
  /** An empty line came behind the last line of the pending message. */
  private isApart = false;
  private readonly width = new PasteWidth();
  private readonly groups = new KnownGroups(mostGroups);

  private readonly sink: Sink;
  private readonly clock: RouterClock;
  private readonly envelope: Envelope;
  private readonly cutHeads: CutHeads;
  private readonly takePart: (text: string, line: number, width: number) => void;

  /** `takePart` is given what turns out to be a further message on a line that was taken before. */
  constructor(
    sink: Sink,
    clock: RouterClock,
    envelope: Envelope,
    takePart: (text: string, line: number, width: number) => void,
  ) {
    this.sink = sink;
    this.clock = clock;
    this.envelope = envelope;
    this.cutHeads = new CutHeads(clock);
    this.takePart = takePart;
  }

  get isOpen(): boolean {
    return this.pending !== null;
  }

  get pendingStamped(): boolean {
    return this.pending?.stamped === true;
  }

  /** A system message that still stands alone on its line, which may quote a command. */
  get quoting(): string | null {
    const { pending } = this;
    const isAlone = pending !== null && pending.following.length === 0;
    return isAlone && (pending.family === 'syslog' || pending.family === 'other')
      ? pending.text
      : null;
  }

  /** A relay that splits at line ends puts its own prefix in front of each line that belongs to a packet. */
  takesBehindRelay(host: string, text: string): boolean {
    const { pending } = this;
    return pending?.family === 'ikev2' && pending.host === host && packetLine.test(text);
  }

  /** The envelope was read from `s`; a message begins here, unless the one before is not complete without this line. */
  open(
    line: number,
    s: string,
    start: number,
    end: number,
    width: number,
    known: KnownText | null,
  ): void {
    const { envelope, pending } = this;
    const written = known ? known.text : s.slice(envelope.textStart, end);
    const cleaned = known === null ? undamaged(written) : written;
    if (known === null && cleaned.includes('\n')) {
      this.openLines(line, s.slice(start, envelope.textStart) + cleaned);
      return;
    }
    if (pending && this.continues(pending, line, s, start, end, width)) return;
    // What a page adds to a line did not count when it was broken.
    const ownWidth = width - (written.length - cleaned.length);
    const family = envelope.family as MessageFamily | 'other';
    const { stamped, host } = envelope;
    if (envelope.iosXe) this.sink.hints.iosXe = true;
    if (envelope.largePair) this.sink.hints.largePairs = true;
    const connId = this.idOf(envelope.connId);
    const time = stamped ? this.clock.time(s, envelope.stamp, host) : null;
    if (pending) this.flush();
    this.width.add(ownWidth);
    const mayBeCut = known === null && (family === 'other' || cutTag(cleaned));
    if (mayBeCut) this.rawReading = stamped ? envelope.stamp.reading : 0;
    this.pending = {
      line,
      headEnd: line,
      text: mayBeCut ? cleaned : written,
      family,
      connId,
      time,
      host,
      width: mayBeCut ? ownWidth : width,
      stamped,
      raw: mayBeCut ? s.slice(start, envelope.textStart) + cleaned : null,
      known,
      following: nothingFollows,
      group: null,
    };
  }

  /** A message that came as one line with those below it. */
  private openLines(line: number, text: string): void {
    const feed = text.indexOf('\n');
    const head = text.slice(0, feed).trimEnd();
    readEnvelope(head, 0, head.length, this.envelope);
    this.open(line, head, 0, head.length, head.length, null);
    // A page may have put further messages there as well.
    for (const each of text.slice(feed + 1).split('\n')) {
      if (each.trim() !== '') this.takePart(each.trimEnd().replace(/^\s+/, ' '), line, each.length);
    }
  }

  private followLines(line: number, lines: string): void {
    for (const each of lines.split('\n')) {
      const text = each.trimEnd().replace(/^\s+/, ' ');
      if (text !== '') this.follow({ line, text, width: text.length }, false);
    }
  }

  /** 12.2 writes `(2)` now and then where it means `(0:2)`. */
  private idOf(id: number | string | null): number | string | null {
    const { hints } = this.sink;
    if (typeof id === 'string' && id.length <= 6 && id.startsWith('0:')) hints.pairIds = true;
    return typeof id === 'number' && id > 0 && id < 1000 && hints.pairIds ? `0:${id}` : id;
  }

  /** A line that looks like a beginning but is the rest of the line before. */
  private continues(
    pending: Pending,
    line: number,
    s: string,
    start: number,
    end: number,
    width: number,
  ): boolean {
    const { envelope } = this;
    // An IKEv2 error may have no text at all; it was not cut then.
    const { family } = envelope;
    if (
      pending.family === 'ikev2' &&
      pending.text === '' &&
      (family === 'ikev2' || family === 'asa')
    )
      return false;
    if (
      pending.raw !== null &&
      pending.following.length === 0 &&
      // What begins as a whole line before it did is no rest of that.
      !(envelope.stamped && envelope.stamp.reading === this.rawReading) &&
      this.cutHeads.reopens(pending, s.slice(start, end), line, width)
    )
      return true;
    // A tag without a stamp, where the line before has one.
    if (!pending.stamped || envelope.stamped || envelope.family === 'other') return false;
    if (pending.family === 'other') return false;
    const text = s.slice(start, end);
    const alone =
      pending.following.length === 0 || isOneLine(pending)
        ? matchText(pending.family, pending.text)
        : null;
    if (alone && !alone.spec.general) return false;
    const before = [cleanLine(pending.text), ...pending.following.map((piece) => piece.text)];
    const joined = matchSqueezed(pending.family, squeeze([...before, text]));
    if (!joined) return false;
    // What takes any text proves nothing where the message is whole without the line.
    if (joined.spec.general && (alone ?? matchSqueezed(pending.family, squeeze(before))))
      return false;
    this.append(pending, { line, text: text.trim(), width }, false);
    return true;
  }

  private append(pending: Pending, written: Piece, isKnown: boolean): void {
    const { following, known } = pending;
    const before = following.at(-1)?.line ?? pending.line;
    const piece: Piece = this.isApart ? { ...written, isApart: true } : written;
    this.isApart = false;
    if (following === nothingFollows) {
      pending.group = isKnown && known?.mayRecur ? this.groups.begin(known) : null;
      pending.following = [piece];
    } else following.push(piece);
    const { group } = pending;
    if (group)
      pending.group = isKnown ? this.groups.longer(group, piece.text, piece.line - before) : null;
  }

  /** A line without an envelope of its own. `isKnown`: it was found to be nothing else before. */
  follow(piece: Piece, isKnown: boolean): void {
    if (!isKnown && piece.text.includes('\n')) {
      this.followLines(piece.line, piece.text);
      return;
    }
    const { pending } = this;
    if (!pending) {
      this.loose.push(piece);
      if (this.loose.length >= mostContinuations) this.flushLoose();
      return;
    }
    if (
      pending.raw !== null &&
      pending.following.length === 0 &&
      this.cutHeads.reopens(pending, piece.text, piece.line, piece.width)
    )
      return;
    const { text } = piece;
    if (
      text.charCodeAt(0) === backtick
        ? fence.test(text)
        : isOneLine(pending) && standsApart.test(text.trimStart())
    ) {
      this.flush();
      this.loose.push(piece);
      return;
    }
    this.append(pending, piece, isKnown);
    if (pending.following.length >= mostContinuations) this.flush();
  }

  /** An empty line, which ends a message that has no lines of its own behind it. */
  blank(): void {
    if (this.pending === null) return;
    if (isOneLine(this.pending)) this.flush();
    else this.isApart = true;
  }

  /** Nothing that follows belongs to what came so far. */
  end(): void {
    this.flush();
    this.flushLoose();
  }

  /** The pending message is complete. */
  flush(): void {
    const { pending } = this;
    if (!pending) return;
    this.pending = null;
    this.isApart = false;
    if (this.loose.length > 0) this.flushLoose();
    this.readAll(pending);
    this.sink.turn();
  }

  private readAll(pending: Pending): void {
    const { family, text, following, known } = pending;
    if (family === 'other') {
      if (mayLackTag(text) && this.readUntagged(pending)) return;
      this.sink.unmatched({ line: pending.line, text, width: pending.width }, pending, true);
      readLoose(following, (reading) => this.reading(reading, pending));
      return;
    }
    if (following.length === 0) {
      const match = known ? known.match : matchOnce(family, text);
      if (match && (known || match.spec.template.fields.length === 0 || !isDirty(text))) {
        this.message(match, match.fields, pending.line, pending.line, pending);
        return;
      }
    } else if (this.readKnown(pending) || this.readWrapped(pending, family)) return;
    if (known?.match && isPlainHead(known.match)) this.readLines(pending, family, pending);
    else this.flushSlowly(pending, family);
  }

  /** True if it is a message that stands behind its stamp without a tag. */
  private readUntagged(pending: Pending): boolean {
    const { first, remark } = firstLine('bare', pending);
    const readings: Reading[] = [];
    const pieces = [first, ...pending.following];
    if (!readUntagged(pieces, this.width.ofAny, (reading) => readings.push(reading))) return false;
    if (remark) this.sink.unmatched(remark, pending, false);
    for (const reading of readings) this.reading(reading, pending);
    return true;
  }

  /** True if all its lines came before, in this order; they are read as they were then. */
  private readKnown(pending: Pending): boolean {
    const { readings, widths } = pending.group ?? nothingKnown;
    if (!readings || (widths && !hasWidths(pending, this.pasteOf(pending), widths))) return false;
    for (const { match, fields, line, lastLine } of readings)
      this.message(match, fields, pending.line + line, pending.line + lastLine, pending);
    return true;
  }

  /** True if it is the common wrapped message of two lines. */
  private readWrapped(pending: Pending, family: MessageFamily): boolean {
    const { line, text, width, following } = pending;
    if (following.length !== 1) return false;
    const rest = following[0]!;
    const match = readTwoLines(family, { line, text, width }, rest, this.pasteOf(pending));
    if (match) this.message(match, match.fields, line, rest.line, pending);
    return match !== null;
  }

  private flushSlowly(pending: Pending, family: MessageFamily): void {
    const { first, remark } = firstLine(family, pending);
    const { text, width } = first;
    if (remark) this.sink.unmatched(remark, pending, false);
    const parts = splitGlued(text);
    if (parts.length > 1 && parts[0]!.trim() !== '' && !matchText(family, text)) {
      const head: Piece = { line: pending.line, text: parts[0]!, width };
      readGroup(family, [head], this.pasteOf(pending), (reading) => this.reading(reading, pending));
      const { following } = pending;
      for (const part of parts.slice(1)) this.takePart(part, pending.line, pending.width);
      const last: Pending | null = this.current();
      if (last) for (const piece of following) this.append(last, piece, false);
      else this.loose.push(...following);
      this.flush();
      return;
    }
    this.readLines(pending, family, first);
  }

  /** Reads the lines of a message together, of which `first` is the first. */
  private readLines(pending: Pending, family: MessageFamily, first: Piece): void {
    const readings: Reading[] = [];
    this.width.wasAsked = false;
    readGroup(family, [first, ...pending.following], this.pasteOf(pending), (reading) =>
      readings.push(reading),
    );
    for (const reading of readings) this.reading(reading, pending);
    this.remember(pending, readings);
  }

  /** What hangs on nothing but the lines and their widths need not be worked out again. */
  private remember(pending: Pending, readings: readonly Reading[]): void {
    const { group, line } = pending;
    if (group)
      keepReadings(
        group,
        line,
        readings,
        this.width.wasAsked ? widthsOf(pending, this.pasteOf(pending)) : null,
      );
  }

  /** Set by the lines that were just taken. */
  private current(): Pending | null {
    return this.pending;
  }

  /** Reads what hangs on no message, as far as it came. */
  flushLoose(): void {
    if (this.loose.length === 0) return;
    const { loose } = this;
    this.loose = [];
    readLoose(loose, (reading) => this.reading(reading, null));
  }

  private pasteOf(pending: Pending): Paste {
    return isOneLine(pending) ? this.width.ofOneLine : this.width.ofAny;
  }

  private reading(reading: Reading, pending: Pending | null): void {
    if (reading.kind === 'unmatched') {
      this.sink.unmatched(reading.piece, pending, reading.tagged);
      return;
    }
    const { match, fields, line, lastLine } = reading;
    this.message(match, fields, line, lastLine, pending);
  }

  private message(
    { spec, text }: Match,
    fields: Fields,
    line: number,
    lastLine: number,
    pending: Pending | null,
  ): void {
    const own = pending !== null && line === pending.line;
    const at: At = own
      ? pending
      : { connId: null, time: pending?.time ?? null, host: pending?.host ?? '' };
    const end = own ? Math.max(lastLine, pending.headEnd) : lastLine;
    this.sink.emit(spec, spec.id, line, end, at, fields, text);
  }
}

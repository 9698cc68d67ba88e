import type { LogDocument, LogEvent, LogTime } from '../model/log.ts';
import { textAnomalies, type TextAnomalyCode } from '../model/anomalies/text.ts';
import { cleanLine, isDirty, readPrompt, undecorate } from './clean.ts';
import { newEnvelope, readEnvelope, type Envelope } from './envelope.ts';
import { guessGeneration, type GenerationHints } from './generation.ts';
import { detach, matchSqueezed, matchText, squeeze, type Fields } from './matcher.ts';
import type { MessageFamily, MessageSpec } from './message-spec.ts';
import { messageTable } from './messages/table.ts';
import type { Context } from './negotiations/context.ts';
import { judgeAll, toNegotiation } from './negotiations/finish.ts';
import { Tracker, type TrackedLine } from './negotiations/tracker.ts';
import { findSpeakers, routerRecords, type LateLabel, type Speaker } from './routers.ts';
import { maskSecrets } from './secrets.ts';
import { splitGlued } from './split.ts';
import { UnmatchedCounter } from './unmatched.ts';
import { readGroup, readLoose, type Piece, type Reading } from './unwrap.ts';

export type LogOptions = {
  /** Year of stamps that name none. */
  readonly year?: number;
  /** Name of the router, when the user told it. */
  readonly router?: string;
};

export type LogParser = {
  /** Any part of the log; lines may be cut anywhere between two calls. */
  push(text: string): void;
  end(): LogDocument;
};

/** No line of a router is longer; a longer one is searched for messages that lost their line ends. */
const longestLine = 4096;
/** A message and the lines that may follow it. */
const mostContinuations = 60;
const mostAnomalies = 200;

type Pending = {
  readonly line: number;
  text: string;
  family: MessageFamily | 'other';
  connId: number | string | null;
  time: LogTime | null;
  host: string;
  width: number;
  stamped: boolean;
  /** The physical line, kept while its envelope may be cut. */
  raw: string | null;
  following: Piece[];
};

/** Most messages stand on one line: they share this. */
const nothingFollows: Piece[] = [];

/** Where a message comes from. */
type At = {
  readonly connId: number | string | null;
  readonly time: LogTime | null;
  readonly host: string;
};

const nowhere: At = { connId: null, time: null, host: '' };

type OpenEvent = { -readonly [K in keyof LogEvent]: LogEvent[K] };

function append(pending: Pending, piece: Piece): void {
  if (pending.following === nothingFollows) pending.following = [piece];
  else pending.following.push(piece);
}

function hasTag({ family }: Envelope): boolean {
  return family !== 'none';
}

/** What is left behind the tag is so little, or an open bracket, that the tag itself may have been cut. */
function cutTag(text: string): boolean {
  return text.length < 4 || (text.startsWith('(') && text.length < 40 && !text.includes(')'));
}

class Parser implements LogParser {
  private rest = '';
  private line = 0;
  private pending: Pending | null = null;
  private loose: Piece[] = [];
  private readonly envelope: Envelope = newEnvelope();
  private readonly tracker = new Tracker();
  /** Filled for every line; who keeps a line copies it. */
  private readonly tracked: { -readonly [K in keyof TrackedLine]: TrackedLine[K] } = {
    spec: messageTable[0]!,
    id: '',
    line: 0,
    time: null,
    connId: null,
    fields: {},
    event: -1,
    sender: '',
    label: null,
  };
  private readonly events: OpenEvent[] = [];
  private readonly unmatched = new UnmatchedCounter();
  private readonly anomalies: LogDocument['anomalies'][number][] = [];
  private lastTime: LogTime | null = null;
  private lastStamp = { month: -2, day: 0, ms: -1, year: 0, mark: '', length: 0 };
  /** Per sender: the month seen last, and how often the year turned. */
  private readonly calendars = new Map<string, { month: number; turned: number }>();
  private label: string | null = null;
  private readonly labels: string[] = [];
  private readonly lateLabels: LateLabel[] = [];
  private readonly hints: GenerationHints = {
    iosXe: false,
    engineIds: false,
    colonIds: false,
    pairIds: false,
    largePairs: false,
    ports: false,
    ikev2: false,
    states: false,
  };
  /** Lengths of the last lines that began a message: tells where a paste was wrapped. */
  private readonly widths = new Int32Array(64);
  private widthCount = 0;

  private readonly input: string;
  private readonly options: LogOptions;
  private readonly onEvent: ((event: LogEvent) => void) | undefined;

  constructor(input: string, options: LogOptions, onEvent?: (event: LogEvent) => void) {
    this.input = input;
    this.options = options;
    this.onEvent = onEvent;
  }

  push(text: string): void {
    const all = this.rest === '' ? text : this.rest + text;
    let at = 0;
    for (;;) {
      const end = all.indexOf('\n', at);
      if (end < 0) break;
      this.take(all, at, end);
      at = end + 1;
    }
    this.rest = at === 0 ? all : all.slice(at);
    if (this.rest.length > longestLine * 64) {
      // A line without an end: what it holds is read now, so that memory stays bounded.
      const long = this.rest;
      this.rest = '';
      this.line++;
      this.takeLong(long);
      this.line--;
    }
  }

  end(): LogDocument {
    if (this.rest !== '') this.take(this.rest, 0, this.rest.length);
    this.rest = '';
    this.flush();
    this.flushLoose();
    this.tracker.end();
    return this.document();
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
    if (end === start) return;
    if (end - start > longestLine) {
      this.takeLong(all.slice(start, end));
      return;
    }
    const { envelope } = this;
    readEnvelope(all, start, end, envelope);
    if (envelope.family !== 'none' && envelope.family !== 'other') {
      this.open(all, start, end, lineEnd - start);
      return;
    }
    this.takeOdd(all.slice(start, end), lineEnd - start);
  }

  private takeLong(text: string): void {
    this.anomaly('line-too-long');
    const parts = splitGlued(text);
    if (parts.length < 2) {
      this.unmatched.add(text.slice(0, 200), this.line, 'annotation');
      return;
    }
    for (const part of parts) {
      if (part.length <= longestLine) this.takeOdd(part, part.length);
      else this.unmatched.add(part.slice(0, 200), this.line, 'annotation');
    }
  }

  /** A line that does not begin a message as it stands: damage, prompts, continuations, prose. */
  private takeOdd(raw: string, written: number): void {
    const { envelope } = this;
    let text = raw;
    let width = written;
    if (isDirty(raw)) {
      // What a page or a terminal added did not count when the line was broken.
      text = cleanLine(raw);
      width += text.length - raw.length;
      text = text.trimEnd();
    }
    if (text.trim() === '') return;
    if (text.startsWith('>')) text = this.unquote(text);
    const prompt = readPrompt(text.trimStart());
    if (prompt) {
      this.named(prompt.host);
      text = prompt.rest;
      if (text.trim() === '') return;
    }
    readEnvelope(text, 0, text.length, envelope);
    if (envelope.family === 'none') {
      const plain = undecorate(text);
      if (plain !== text) {
        readEnvelope(plain, 0, plain.length, envelope);
        // A quote mark in front of a broken line may be a `>` of the message itself.
        if (envelope.stamped || (!this.pending?.stamped && hasTag(envelope))) text = plain;
        else readEnvelope(text, 0, text.length, envelope);
      }
    }
    if (envelope.family === 'none' && prompt) {
      this.flush();
      this.command(prompt.host, text);
      return;
    }
    if (envelope.family !== 'none') {
      this.open(text, 0, text.length, width);
      return;
    }
    this.follow({ line: this.line, text: text.trim(), width });
  }

  /** Mail puts `>` in front of every line; one alone may be part of a broken message. */
  private unquote(text: string): string {
    const plain = undecorate(text);
    if (!this.quoted) {
      readEnvelope(plain, 0, plain.length, this.envelope);
      this.quoted =
        this.envelope.stamped ||
        readPrompt(plain) !== null ||
        (this.envelope.family !== 'none' && !this.pending);
    }
    return this.quoted ? plain : text;
  }

  private command(host: string, text: string): void {
    const glued = splitGlued(maskSecrets(text));
    // A command with prose or a log line behind it on the same line.
    const command = detach(glued[0]!);
    this.emit(null, 'command', this.line, this.line, nowhere, { host, command }, command);
    for (const part of glued.slice(1)) this.takeOdd(part, part.length);
  }

  private named(host: string): void {
    if (!this.labels.includes(host)) {
      if (this.labels.length < 64) this.labels.push(host);
      const context = this.lastContext;
      if (context && context.label === null) this.lateLabels.push({ context, name: host });
    }
    this.label = host;
  }

  private lastContext: Context | null = null;
  private quoted = false;

  /** The envelope was read from `s`; a message begins here, unless the one before is not complete without this line. */
  private open(s: string, start: number, end: number, width: number): void {
    const { envelope, pending } = this;
    const text = s.slice(envelope.textStart, end);
    if (pending && this.continues(pending, s, start, end, width)) return;
    const family = envelope.family as MessageFamily | 'other';
    const { stamped, host } = envelope;
    if (envelope.iosXe) this.hints.iosXe = true;
    const connId = this.idOf(envelope.connId);
    const time = stamped ? this.time(s, host) : null;
    this.flush();
    // What a page adds to a line did not count when it was broken.
    this.widths[this.widthCount++ & 63] = text.includes('&')
      ? width - (text.length - cleanLine(text).length)
      : width;
    this.pending = {
      line: this.line,
      text,
      family,
      connId,
      time,
      host,
      width,
      stamped,
      raw: family === 'other' || cutTag(text) ? s.slice(start, end) : null,
      following: nothingFollows,
    };
  }

  /** 12.2 writes `(2)` now and then where it means `(0:2)`. */
  private idOf(id: number | string | null): number | string | null {
    if (typeof id === 'string' && id.length <= 6 && id.startsWith('0:')) this.hints.pairIds = true;
    return typeof id === 'number' && id > 0 && id < 1000 && this.hints.pairIds ? `0:${id}` : id;
  }

  /** A line that looks like a beginning but is the rest of the line before. */
  private continues(
    pending: Pending,
    s: string,
    start: number,
    end: number,
    width: number,
  ): boolean {
    const { envelope } = this;
    if (
      pending.raw !== null &&
      pending.following.length === 0 &&
      this.reopens(pending, s.slice(start, end), width)
    )
      return true;
    // A tag without a stamp, where the line before has one.
    if (!pending.stamped || envelope.stamped || envelope.family === 'other') return false;
    if (pending.family === 'other') return false;
    const text = s.slice(start, end);
    if (pending.following.length === 0 && matchText(pending.family, pending.text)) return false;
    if (
      !matchSqueezed(
        pending.family,
        squeeze([cleanLine(pending.text), ...pending.following.map((piece) => piece.text), text]),
      )
    )
      return false;
    append(pending, { line: this.line, text: text.trim(), width });
    return true;
  }

  /** The line before was cut inside its stamp or tag: both together make a beginning. */
  private reopens(pending: Pending, text: string, width: number): boolean {
    const { raw } = pending;
    if (raw === null || raw.length > 120) return false;
    const { envelope } = this;
    const before = {
      family: envelope.family,
      connId: envelope.connId,
      host: envelope.host,
      stamped: envelope.stamped,
      textStart: envelope.textStart,
    };
    for (const glue of ['', ' ']) {
      const joined = raw + glue + text.trimStart();
      readEnvelope(joined, 0, joined.length, envelope);
      const { family } = envelope;
      if (
        family === 'other' &&
        pending.family === 'other' &&
        envelope.textStart === joined.length &&
        envelope.textStart > raw.length
      ) {
        // Cut once more: so far only the stamp is whole.
        pending.raw = joined;
        pending.text = '';
        return true;
      }
      if (
        family === 'none' ||
        family === 'other' ||
        envelope.textStart < raw.length - pending.text.length
      )
        continue;
      if (
        pending.family !== 'other' &&
        !(pending.text === '' || pending.text.startsWith('(') || envelope.textStart > raw.length)
      )
        continue;
      pending.family = family;
      pending.connId = envelope.connId;
      pending.host = envelope.host || pending.host;
      pending.stamped = envelope.stamped;
      pending.time = envelope.stamped ? this.time(joined, pending.host) : null;
      pending.text = joined.slice(envelope.textStart);
      pending.width = width;
      pending.raw = cutTag(pending.text) ? joined : null;
      return true;
    }
    Object.assign(envelope, before);
    return false;
  }

  /** A line without an envelope of its own. */
  private follow(piece: Piece): void {
    const { pending } = this;
    if (!pending) {
      this.loose.push(piece);
      if (this.loose.length >= mostContinuations) this.flushLoose();
      return;
    }
    if (
      pending.raw !== null &&
      pending.following.length === 0 &&
      this.reopens(pending, piece.text, piece.width)
    )
      return;
    append(pending, piece);
    if (pending.following.length >= mostContinuations) this.flush();
  }

  private time(s: string, host: string): LogTime {
    const { stamp } = this.envelope;
    const last = this.lastStamp;
    if (
      this.lastTime &&
      last.ms === stamp.ms &&
      last.month === stamp.month &&
      last.day === stamp.dayOfMonth &&
      last.year === stamp.year &&
      last.mark === stamp.mark &&
      last.length === stamp.to - stamp.from
    ) {
      return this.lastTime;
    }
    let turned = 0;
    if (stamp.month >= 0 && stamp.year === 0) {
      let calendar = this.calendars.get(host);
      if (!calendar) {
        calendar = { month: stamp.month, turned: 0 };
        if (this.calendars.size < 10_000) this.calendars.set(host, calendar);
      }
      if (calendar.month === 11 && stamp.month === 0) calendar.turned++;
      else if (calendar.month === 0 && stamp.month === 11 && calendar.turned > 0) calendar.turned--;
      calendar.month = stamp.month;
      turned = calendar.turned;
    }
    last.ms = stamp.ms;
    last.month = stamp.month;
    last.day = stamp.dayOfMonth;
    last.year = stamp.year;
    last.mark = stamp.mark;
    last.length = stamp.to - stamp.from;
    const { year } = this.options;
    this.lastTime = stamp.toTime(
      s,
      (year ?? 1970) + turned,
      year === undefined ? null : year + turned,
    );
    return this.lastTime;
  }

  private flush(): void {
    const { pending } = this;
    if (!pending) return;
    this.pending = null;
    if (this.loose.length > 0) this.flushLoose();
    const { family, text, following } = pending;
    if (family === 'other') {
      this.emitUnmatched({ line: pending.line, text, width: pending.width }, pending, true);
      readLoose(following, (reading) => this.reading(reading, pending));
      return;
    }
    if (following.length === 0) {
      const match = matchText(family, text);
      if (match && !(match.spec.template.wide && isDirty(text))) {
        this.emit(
          match.spec,
          match.spec.id,
          pending.line,
          pending.line,
          pending,
          match.fields,
          match.text,
        );
        return;
      }
    } else if (following.length === 1) {
      // The common wrapped line in one step.
      const joined = matchText(family, `${text} ${following[0]!.text}`);
      if (
        joined &&
        !joined.spec.general &&
        !joined.spec.template.fields.some(({ type }) => type === 'text' || type === 'name')
      ) {
        this.emit(
          joined.spec,
          joined.spec.id,
          pending.line,
          following[0]!.line,
          pending,
          joined.fields,
          joined.text,
        );
        return;
      }
    }
    this.flushSlowly(pending, family);
  }

  private flushSlowly(pending: Pending, family: MessageFamily): void {
    const text = isDirty(pending.text) ? cleanLine(pending.text) : pending.text;
    const width = pending.width - (pending.text.length - text.length);
    const parts = splitGlued(text);
    if (parts.length > 1 && parts[0]!.trim() !== '' && !matchText(family, text)) {
      const head: Piece = { line: pending.line, text: parts[0]!, width };
      readGroup(family, [head], this.fullWidth, (reading) => this.reading(reading, pending));
      const { following } = pending;
      const line = this.line;
      this.line = pending.line;
      for (const part of parts.slice(1)) this.takeOdd(part, pending.width);
      const last: Pending | null = this.current();
      if (last) for (const piece of following) append(last, piece);
      else this.loose.push(...following);
      this.flush();
      this.line = line;
      return;
    }
    const first: Piece = { line: pending.line, text, width };
    readGroup(family, [first, ...pending.following], this.fullWidth, (reading) =>
      this.reading(reading, pending),
    );
  }

  /** Set by the lines that were just taken. */
  private current(): Pending | null {
    return this.pending;
  }

  private flushLoose(): void {
    const { loose } = this;
    this.loose = [];
    readLoose(loose, (reading) => this.reading(reading, null));
  }

  /** The width that lines of this paste seem to be broken at: few lines are longer. */
  private readonly fullWidth = (): number => {
    const seen = [...this.widths.subarray(0, Math.min(64, this.widthCount))].sort((a, b) => b - a);
    return seen.length >= 8 ? (seen[2] ?? 0) : (seen[0] ?? 80);
  };

  private reading(reading: Reading, pending: Pending | null): void {
    if (reading.kind === 'unmatched') {
      this.emitUnmatched(reading.piece, pending, reading.tagged);
      return;
    }
    const own = pending !== null && reading.line === pending.line;
    const at: At = own
      ? pending
      : { connId: null, time: pending?.time ?? null, host: pending?.host ?? '' };
    const { match, line, lastLine, fields } = reading;
    this.emit(match.spec, match.spec.id, line, lastLine, at, fields, match.text);
  }

  private emitUnmatched(piece: Piece, pending: Pending | null, tagged: boolean): void {
    this.unmatched.add(piece.text, piece.line, tagged ? 'unknown-message' : 'annotation');
    if (!tagged || !pending) return;
    this.emit(
      null,
      'unmatched',
      piece.line,
      piece.line,
      pending,
      {},
      detach(maskSecrets(piece.text)),
    );
  }

  private emit(
    spec: MessageSpec | null,
    message: string,
    line: number,
    lastLine: number,
    at: At,
    fields: Fields,
    text: string,
  ): void {
    const { connId, time, host } = at;
    const event: OpenEvent = {
      message,
      line,
      lastLine,
      router: host === '' ? this.label : host,
      time,
      connId,
      fields,
      text,
    };
    let index = -1;
    if (this.onEvent) this.onEvent(event);
    else index = this.events.push(event) - 1;
    if (!spec) return;
    this.hint(spec, connId, fields);
    const { tracked } = this;
    tracked.spec = spec;
    tracked.id = message;
    tracked.line = line;
    tracked.time = time;
    tracked.connId = connId;
    tracked.fields = fields;
    tracked.event = index;
    tracked.sender = host;
    tracked.label = this.label;
    const context = this.tracker.add(tracked);
    if (context) this.lastContext = context;
  }

  private hint(spec: MessageSpec, connId: number | string | null, fields: Fields): void {
    if (spec.family === 'ikev2') this.hints.ikev2 = true;
    if (spec.family !== 'isakmp') return;
    if (typeof connId === 'string') {
      if (connId.length > 6) this.hints.engineIds = true;
    } else if (connId !== null) this.hints.colonIds = true;
    if (spec.id === 'state') this.hints.states = true;
    if (fields.localPort !== undefined && spec.id.startsWith('packet-')) this.hints.ports = true;
  }

  private anomaly(code: TextAnomalyCode): void {
    if (this.anomalies.length >= mostAnomalies) return;
    this.anomalies.push({
      place: { input: this.input, line: this.line },
      code,
      text: textAnomalies[code],
    });
  }

  private document(): LogDocument {
    const speakers = findSpeakers(
      this.tracker.groups(),
      this.lateLabels,
      this.labels,
      this.options.router ?? null,
    );
    const negotiations = this.negotiations(speakers);
    this.nameEvents(speakers);
    return {
      input: this.input,
      lines: this.line,
      events: this.events,
      negotiations,
      routers: routerRecords(speakers),
      unmatched: this.unmatched.shapes(),
      generation: guessGeneration(this.hints),
      anomalies: this.anomalies,
    };
  }

  private negotiations(speakers: readonly Speaker[]): LogDocument['negotiations'] {
    const owner = new Map<Context, number>();
    speakers.forEach((speaker, i) => speaker.contexts.forEach((context) => owner.set(context, i)));
    const inOrder = [...owner]
      .map(([context, speaker]) => ({ context, speaker }))
      .sort(
        (a, b) => a.context.firstLine - b.context.firstLine || a.context.order - b.context.order,
      );
    return judgeAll(inOrder).map((judged, i) =>
      toNegotiation(judged, `${this.input}-n${i + 1}`, this.input, speakers[judged.speaker]!.name),
    );
  }

  /** Which router wrote a line is often known only at the end. */
  private nameEvents(speakers: readonly Speaker[]): void {
    const several = speakers.length > 1;
    const only = several ? null : (speakers[0]?.name ?? this.options.router ?? null);
    if (!several) {
      if (only !== null) for (const event of this.events) event.router ??= only;
      return;
    }
    speakers.forEach((speaker, i) => {
      const name = speaker.name ?? `router-${i + 1}`;
      for (const context of speaker.contexts)
        for (const index of context.events) this.events[index]!.router = name;
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

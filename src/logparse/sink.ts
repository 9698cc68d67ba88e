import type { LogDocument, LogEvent, LogTime } from '../model/log.ts';
import { createEventRouters } from './event-owners.ts';
import type { Piece } from './line-break.ts';
import { guessGeneration, type GenerationHints } from './generation.ts';
import { detach } from './detach.ts';
import type { Fields } from './matcher.ts';
import type { MessageSpec } from './message-spec.ts';
import { messageTable } from './messages/table.ts';
import type { Context } from './negotiations/context.ts';
import { judgeAll, toNegotiation } from './negotiations/finish.ts';
import type { TrackedLine } from './negotiations/tracked-line.ts';
import { Tracker } from './negotiations/tracker.ts';
import { findSpeakers, routerRecords, type LateLabel, type Speaker } from './routers.ts';
import { maskKeyRows } from './secrets.ts';
import { UnmatchedCounter } from './unmatched.ts';

/** Where a message comes from. */
export type At = {
  readonly connId: number | string | null;
  readonly time: LogTime | null;
  readonly host: string;
};

export const nowhere: At = { connId: null, time: null, host: '' };

type OpenEvent = { -readonly [K in keyof LogEvent]: LogEvent[K] };

const mostLabels = 64;

/** Takes what the parser reads: makes events, gives them to the negotiations, counts the rest. */
export class Sink {
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
  private count = 0;
  private readonly counter = new UnmatchedCounter();
  private label: string | null = null;
  private next: string | null = null;
  private readonly labels: string[] = [];
  private readonly lateLabels: LateLabel[] = [];
  private lastContext: Context | null = null;
  readonly hints: GenerationHints = {
    iosXe: false,
    engineIds: false,
    colonIds: false,
    pairIds: false,
    largePairs: false,
    ports: false,
    ikev2: false,
    states: false,
    profiles: false,
    asa: false,
  };
  private readonly onEvent: ((event: LogEvent) => void) | undefined;

  private readonly isFollowing: boolean;

  constructor(onEvent: ((event: LogEvent) => void) | undefined, isFollowing: boolean) {
    this.onEvent = onEvent;
    this.isFollowing = isFollowing;
  }

  /** A prompt named the router that speaks; while a message `isOpen`, that one is still of the router before. */
  named(host: string, isOpen: boolean): void {
    if (!this.labels.includes(host)) {
      if (this.labels.length < mostLabels) this.labels.push(host);
      const context = this.lastContext;
      if (context && context.label === null) this.lateLabels.push({ context, name: host });
    }
    if (isOpen && this.label !== null) this.next = host;
    else this.label = host;
  }

  /** The router that speaks has a name, and it is not this one. */
  isOther(host: string): boolean {
    return this.label !== null && this.label !== host;
  }

  /** The message that was open is complete. */
  turn(): void {
    if (this.next === null) return;
    this.label = this.next;
    this.next = null;
  }

  unmatched(piece: Piece, at: At | null, tagged: boolean): void {
    this.counter.add(piece.text, piece.line, tagged ? 'unknown-message' : 'annotation');
    if (!tagged || !at) return;
    const text = detach(maskKeyRows(piece.text));
    this.emit(null, 'unmatched', piece.line, piece.line, at, {}, text);
  }

  emit(
    spec: MessageSpec | null,
    message: string,
    line: number,
    lastLine: number,
    at: At,
    fields: Fields,
    text: string,
  ): void {
    const { connId, time, host } = at;
    const index = this.count++;
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
    if (this.onEvent) this.onEvent(event);
    else this.events.push(event);
    if (!spec || !this.isFollowing) return;
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
    const { hints } = this;
    if (spec.family !== 'isakmp') {
      if (spec.family === 'ikev2') hints.ikev2 = true;
      else if (spec.family === 'asa') hints.asa = true;
      return;
    }
    if (typeof connId === 'string') {
      if (connId.length > 6) hints.engineIds = true;
    } else if (connId !== null) hints.colonIds = true;
    if (spec.id === 'state') hints.states = true;
    if (spec.id === 'sa-request-profile') hints.profiles = true;
    if (!hints.ports && fields.localPort !== undefined && spec.id.startsWith('packet-'))
      hints.ports = true;
  }

  /** Everything that was taken, as a document. */
  document(
    input: string,
    lines: number,
    told: string | null,
    anomalies: LogDocument['anomalies'],
  ): LogDocument {
    this.tracker.end();
    const speakers = findSpeakers(this.tracker.groups(), this.lateLabels, this.labels, told);
    const negotiations = negotiationsOf(speakers, input);
    const document = {
      input,
      lines,
      events: this.events,
      negotiations,
      routers: routerRecords(speakers),
      unmatched: this.counter.shapes(),
      generation: guessGeneration(this.hints),
      anomalies,
    };
    const routerOf = createEventRouters(document, told);
    this.events.forEach((event, index) => {
      event.router = routerOf(event, index);
    });
    return document;
  }
}

function negotiationsOf(speakers: readonly Speaker[], input: string): LogDocument['negotiations'] {
  const owner = new Map<Context, number>();
  speakers.forEach((speaker, i) => speaker.contexts.forEach((context) => owner.set(context, i)));
  const inOrder = [...owner]
    .map(([context, speaker]) => ({ context, speaker }))
    .sort((a, b) => a.context.firstLine - b.context.firstLine || a.context.order - b.context.order);
  return judgeAll(inOrder).map((judged, i) =>
    toNegotiation(judged, `${input}-n${i + 1}`, input, speakers[judged.speaker]!.name),
  );
}

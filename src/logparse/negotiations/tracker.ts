import type { Side } from '../../model/exchange.ts';
import { isZeroId, sameConnId } from '../tag.ts';
import { aboutCurrent, housekeeping, ofOtherLayer } from './asides.ts';
import { Context } from './context.ts';
import { chooseCrossed, crossUntil, isCrossed, keepWaiting, takeWaiting } from './crossed.ts';
import { record } from './facts.ts';
import { recordIkev2 } from './ikev2.ts';
import { ownerAsa } from './owner-asa.ts';
import { ownerIkev2 } from './owner-ikev2.ts';
import { ownerById } from './owner-id.ts';
import { isNextPacket, ownerOfPacket } from './owner-packet.ts';
import { comesBack, mostSuspected, type Suspicion } from './suspicion.ts';
import { answerRequest, ask, hasRequest, takeRequest } from './requests.ts';
import {
  beginsAlone,
  halfOpen,
  isEngineOnly,
  latest,
  mostOpen,
  openIkev2,
  refuse,
  type Stream,
} from './stream.ts';
import {
  sideOf,
  sideOfState,
  startsAttempt,
  text,
  wentBack,
  type TrackedLine,
} from './tracked-line.ts';
import { settle } from './verdict.ts';

/**
 * Follows each attempt through the lines of a log. The IKE process of a router handles one event after the other, so a
 * line belongs to the event that the last packet, request or timer line opened, unless something in it says otherwise.
 */
export class Tracker {
  private readonly streams = new Map<string, Stream>();
  private count = 0;

  private stream(sender: string): Stream {
    let stream = this.streams.get(sender);
    if (!stream) {
      stream = {
        contexts: [],
        current: null,
        request: null,
        requestsBefore: [],
        crossedUntil: -1,
        suspicion: null,
        calmUntil: -1,
        waiting: new Map(),
        arrival: null,
        held: [],
      };
      this.streams.set(sender, stream);
    }
    return stream;
  }

  /** Streams and their attempts, for telling the speakers apart. */
  groups(): readonly { readonly sender: string; readonly contexts: readonly Context[] }[] {
    return [...this.streams].map(([sender, stream]) => ({ sender, contexts: stream.contexts }));
  }

  private open(stream: Stream, line: TrackedLine): Context {
    const context = new Context(this.count++, line.sender || line.label);
    stream.contexts.push(context);
    // What is so far back that no line can belong to it any more needs its facts no longer.
    const old = stream.contexts.at(-1 - mostOpen);
    if (old) settle(old);
    stream.current = context;
    return context;
  }

  /** Gives the line to its attempt, which is returned; null for lines that belong to none. */
  add(line: TrackedLine): Context | null {
    const stream = this.stream(line.sender);
    return stream.suspicion === null
      ? this.take(stream, line)
      : this.addSuspected(stream, stream.suspicion, line);
  }

  private take(stream: Stream, line: TrackedLine): Context | null {
    if (line.spec.family === 'ikev2') return this.addIkev2(stream, line);
    const crossed = line.spec.family !== 'asa' && isCrossed(stream, line);
    if (crossed === null) {
      stream.suspicion = { left: stream.current!, lines: [{ ...line }] };
      return null;
    }
    if (crossed) return this.addCrossed(stream, line);
    if (this.hold(stream, line)) return null;
    if (wentBack(stream.current, line)) stream.current = null;
    const context = this.choose(stream, line);
    if (!context) return null;
    this.give(stream, context, line);
    return context;
  }

  /** Keeps the line until it is seen whether it stands among those of other attempts. */
  private addSuspected(stream: Stream, suspicion: Suspicion, line: TrackedLine): Context | null {
    suspicion.lines.push({ ...line });
    const inTurns = comesBack(suspicion, line);
    if (inTurns) crossUntil(stream, line);
    return inTurns || suspicion.lines.length >= mostSuspected
      ? this.takeSuspected(stream, suspicion)
      : null;
  }

  /** Gives away the lines that were kept. */
  private takeSuspected(stream: Stream, { lines }: Suspicion): Context | null {
    stream.suspicion = null;
    stream.calmUntil = lines.at(-1)!.event;
    let context: Context | null = null;
    for (const line of lines) context = this.take(stream, line);
    return context;
  }

  /** Gives a line that stands among those of other attempts to the one that it names, if there is one. */
  private addCrossed(stream: Stream, line: TrackedLine): Context | null {
    if (line.id === 'ipsec-sa-request') {
      ask(stream, line);
      return null;
    }
    const owner = chooseCrossed(stream, line, housekeeping.has(line.id));
    if (owner === 'waits') keepWaiting(stream, line);
    if (owner === 'waits' || owner === 'none') return null;
    const context = owner === 'new' ? this.open(stream, line) : owner;
    context.crossed = true;
    const earlier = takeWaiting(stream, line);
    for (const each of earlier) this.giveCrossed(stream, context, each);
    this.giveCrossed(stream, context, line);
    if (earlier.length > 0) context.events.sort((a, b) => a - b);
    return context;
  }

  private giveCrossed(stream: Stream, context: Context, line: TrackedLine): void {
    if (line.id === 'sa-request-profile') {
      context.role = 'initiator';
      takeRequest(stream, context);
    } else if (line.id.startsWith('packet-')) {
      this.claim(context, sideOf(line.fields.role), text(line.fields.peer));
    }
    this.give(stream, context, line);
  }

  private give(stream: Stream, context: Context, line: TrackedLine): void {
    stream.current = context;
    if (line.connId !== null) this.adoptId(context, line.connId);
    context.events.push(line.event);
    if (line.spec.family !== 'syslog' || line.id !== 'ke-message')
      context.fresh = context.fresh && startsAttempt(line.id);
    record(context, line, line.spec.index);
    if (hasRequest(stream) && context.role !== 'responder') answerRequest(stream, context);
  }

  private adoptId(context: Context, id: number | string): void {
    if (isZeroId(id)) {
      if (typeof id === 'string') context.zeroForm = id;
      return;
    }
    context.keyed = false;
    // What was worked out from a number says less than what was written.
    if (context.connId !== id && !(sameConnId(context.connId, id) && String(id).endsWith('W:1')))
      context.connId = id;
  }

  /**
   * A timer line names no peer: where several attempts could own it, it waits for the packet line that follows. So does
   * a new node that no line names the SA of.
   */
  private hold(stream: Stream, line: TrackedLine): boolean {
    const orphan = line.id === 'node-new' && stream.current === null;
    const timer =
      line.id === 'retransmitting-phase-1' ||
      (stream.held.length > 0 &&
        (line.id === 'error-counter' || line.id === 'keepalive-not-paranoid'));
    const shared =
      timer &&
      (isZeroId(line.connId) ? halfOpen(stream).length > 1 : this.isShared(stream, line.connId));
    if ((orphan || shared) && stream.held.length < 8) {
      stream.held.push({ ...line });
      return true;
    }
    if (stream.held.length > 0) {
      const context = this.choose(stream, line) ?? stream.current;
      if (!context) return false;
      const { held } = stream;
      stream.held = [];
      if (context.connId === null && line.connId !== null) this.adoptId(context, line.connId);
      for (const earlier of held) this.give(stream, context, earlier);
    }
    return false;
  }

  /** Both routers of one paste have an SA with this id. */
  private isShared(stream: Stream, connId: number | string | null): boolean {
    const role = stream.current?.role ?? null;
    return (
      role !== null &&
      latest(
        stream,
        (context) => context.role !== role && !context.closed && sameConnId(context.connId, connId),
      ) !== null
    );
  }

  private choose(stream: Stream, line: TrackedLine): Context | null {
    const { id } = line;
    switch (id) {
      case 'ipsec-interface':
        return null;
      case 'ipsec-sa-request':
        ask(stream, line);
        return null;
      case 'sa-request-profile':
        return this.begin(
          stream,
          line,
          stream.current?.fresh === true &&
            stream.current.has('ke-message') &&
            !stream.current.saRequestProfile,
        );
      case 'ke-message':
        return line.fields.number === 1 ? this.begin(stream, line, false) : stream.current;
      case 'packet-received-new': {
        const context = this.open(stream, line);
        context.peer = String(line.fields.peer);
        return context;
      }
      case 'packet-received':
      case 'packet-sent':
        return this.byPacket(stream, line);
      case 'sa-outstanding':
      case 'sa-budding':
        return this.joinExisting(stream, line);
      case 'aggressive-not-started':
      case 'peer-locked':
        if (id === 'aggressive-not-started' || line.fields.by === 'isakmp_initiator')
          return this.begunInitiator(stream, line);
        break;
      case 'state':
        return this.byState(stream, line);
      default:
        break;
    }
    const { family } = line.spec;
    if (family === 'syslog') {
      if (line.id === 'syslog-aggressive-disabled')
        return stream.current?.closed === false && !stream.current.has('phase 1 complete')
          ? stream.current
          : null;
      if (line.id === 'syslog-ikev2-abort') return openIkev2(stream);
      if (!line.id.startsWith('syslog-') || line.fields.peer === undefined)
        return aboutCurrent.has(line.id) ? stream.current : null;
      return this.byPeer(stream, line);
    }
    if (family === 'asa') return this.byAsa(stream, line);
    if (family === 'bare' && line.spec.bare) return null;
    if (family === 'ipsec' || family === 'bare') return this.byProposal(stream, line);
    if (housekeeping.has(id)) return this.ofKnown(stream, line);
    return ownerById(stream, line) ?? this.open(stream, line);
  }

  private begin(stream: Stream, line: TrackedLine, reuse: boolean): Context {
    const context = reuse && stream.current ? stream.current : this.open(stream, line);
    context.role = 'initiator';
    takeRequest(stream, context);
    return context;
  }

  /** The request runs over an attempt or SA that exists already. */
  private joinExisting(stream: Stream, line: TrackedLine): Context | null {
    const peer = text(line.fields.peer);
    const fresh = stream.current?.fresh === true ? stream.current : null;
    const existing = latest(
      stream,
      (context) =>
        context !== fresh &&
        context.peer === peer &&
        !context.closed &&
        context.deleteReason === null,
    );
    if (!existing) return stream.current ?? this.begunInitiator(stream, line);
    if (fresh) {
      stream.contexts.splice(stream.contexts.indexOf(fresh), 1);
    }
    if ((stream.request?.fields.remote ?? peer) === peer) takeRequest(stream, existing);
    return existing;
  }

  private begunInitiator(stream: Stream, line: TrackedLine): Context {
    const { current } = stream;
    if (
      current &&
      current.role !== 'responder' &&
      current.packetCount === 0 &&
      !current.closed &&
      !current.has(line.id)
    ) {
      current.role = 'initiator';
      return current;
    }
    const context = this.open(stream, line);
    context.role = 'initiator';
    return context;
  }

  private byPacket(stream: Stream, line: TrackedLine): Context {
    const role = sideOf(line.fields.role);
    const peer = text(line.fields.peer);
    const { current } = stream;
    const context =
      current && isNextPacket(current, line, role, peer)
        ? current
        : (ownerOfPacket(stream, line, role, peer) ?? this.open(stream, line));
    return this.claim(context, role, peer);
  }

  private claim(context: Context, role: Side | null, peer: string | undefined): Context {
    context.role ??= role;
    context.peer ??= peer ?? null;
    return context;
  }

  private byState(stream: Stream, line: TrackedLine): Context {
    const from = String(line.fields.from);
    const side = sideOfState(from) ?? sideOfState(String(line.fields.to));
    const context = ownerById(stream, line) ?? this.open(stream, line);
    if (side === null || context.role === null || context.role === side) return context;
    const zero = isZeroId(line.connId);
    const other = latest(
      stream,
      (each) =>
        each !== context &&
        each.role === side &&
        !each.closed &&
        (zero
          ? each.connId === null
          : sameConnId(each.connId, line.connId) || each.connId === null),
    );
    const chosen = other ?? this.open(stream, line);
    chosen.role = side;
    return chosen;
  }

  private byPeer(stream: Stream, line: TrackedLine): Context | null {
    const peer = text(line.fields.peer);
    const { current } = stream;
    if (current && peer !== undefined && !ofOtherLayer.has(line.id)) current.peer ??= peer;
    if (current?.peer === peer) return current;
    return latest(stream, (context) => context.peer === peer);
  }

  private ofKnown(stream: Stream, { connId }: TrackedLine): Context | null {
    const { current } = stream;
    if (isZeroId(connId) || current?.connId === connId) return current;
    return latest(stream, (each) => sameConnId(each.connId, connId));
  }

  /** A line of the key engine: the quick mode that is being handled. */
  private byProposal(stream: Stream, line: TrackedLine): Context | null {
    const remote = text(line.fields.remote);
    const { current } = stream;
    if (remote !== undefined && (current === null || ![null, remote].includes(current.peer))) {
      const known = latest(stream, (context) => context.peer === remote);
      if (known) return refuse(known, line);
      if (beginsAlone(stream, line)) return this.beginQuickMode(stream, line);
    } else if (current === null && beginsAlone(stream, line))
      return this.beginQuickMode(stream, line);
    return current && refuse(current, line);
  }

  /** Without the debug of ISAKMP, or above its first line, what the key engine says is all there is of a quick mode. */
  private beginQuickMode(stream: Stream, line: TrackedLine): Context {
    const context = this.open(stream, line);
    context.note('quick mode told', line.line);
    const wanted = text(stream.request?.fields.remote);
    if (wanted !== undefined && wanted === text(line.fields.remote)) {
      context.role = 'initiator';
      takeRequest(stream, context);
    }
    return refuse(context, line);
  }

  private byAsa(stream: Stream, line: TrackedLine): Context | null {
    const owner = ownerAsa(stream, line);
    if (line.id === 'asa-received-on')
      stream.arrival = { peer: String(line.fields.peer), local: String(line.fields.local) };
    if (owner === undefined) return null;
    const context = owner ?? this.open(stream, line);
    const { role } = line.spec;
    if (role === 'initiator' || role === 'responder') context.role ??= role;
    context.peer ??= text(line.fields.peer) ?? null;
    const { arrival } = stream;
    if (arrival !== null && arrival.peer === context.peer) context.setLocal(arrival.local, 4);
    return context;
  }

  private addIkev2(stream: Stream, line: TrackedLine): Context | null {
    const owner = ownerIkev2(stream, line);
    if (owner === undefined) return null;
    // What the key engine said before is the same for both versions.
    const alone = stream.contexts.length === 1 ? stream.current : null;
    const context =
      owner ?? (alone !== null && isEngineOnly(alone) ? alone : this.open(stream, line));
    stream.current = context;
    context.events.push(line.event);
    recordIkev2(context, line);
    return context;
  }

  /** Of several that were asked for at once, those whose peer no line ever named. */
  private dropUntold({ contexts }: Stream): void {
    for (const context of contexts.filter(({ events }) => events.length === 0))
      contexts.splice(contexts.indexOf(context), 1);
  }

  /** Lines that waited for one which never came. */
  end(): void {
    for (const stream of this.streams.values()) {
      if (stream.suspicion) this.takeSuspected(stream, stream.suspicion);
      if (stream.current) for (const line of stream.held) this.give(stream, stream.current, line);
      stream.held = [];
      this.dropUntold(stream);
      if (
        stream.request &&
        !stream.contexts.some((context) => context.firstLine >= stream.request!.line)
      ) {
        const context = this.open(stream, stream.request);
        context.role = 'initiator';
        this.give(stream, context, stream.request);
        context.peer ??= text(stream.request.fields.remote) ?? null;
      }
    }
  }
}

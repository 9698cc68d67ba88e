import type { Side } from '../../model/exchange.ts';
import { isZeroId, sameConnId } from '../tag.ts';
import { Context } from './context.ts';
import { record } from './facts.ts';
import { recordIkev2 } from './ikev2.ts';
import { ownerAsa } from './owner-asa.ts';
import { ownerIkev2 } from './owner-ikev2.ts';
import { ownerById } from './owner-id.ts';
import { isNextPacket, ownerOfPacket } from './owner-packet.ts';
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

/** What is left of SAs that are gone, perhaps of before the log begins: no line of these begins an attempt. */
const housekeeping: ReadonlySet<string> = new Set([
  'sa-purged',
  'node-purged',
  'node-deleted',
  'node-marked',
  'admission-count',
  'peer-reaped',
  'peer-unlocked',
  'peer-unlocked-old',
  'peer-index-missing',
  'delete-notify-ignored',
]);

/** Messages of the syslog that name no peer: they are about what is at hand. */
const aboutCurrent: ReadonlySet<string> = new Set([
  'syslog-decrypt-failed',
  'syslog-certificate-invalid',
]);

/** Those that name a peer, and yet are of what is built upon IKE, not of the attempt at hand. */
const ofOtherLayer: ReadonlySet<string> = new Set([
  'syslog-easy-vpn',
  'syslog-group-registers',
  'syslog-group-registered',
  'syslog-group-refused',
  'syslog-dmvpn-socket',
  'syslog-dmvpn-registration',
]);

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
      stream = { contexts: [], current: null, request: null, arrival: null, held: [] };
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
    if (line.spec.family === 'ikev2') return this.addIkev2(stream, line);
    if (this.hold(stream, line)) return null;
    if (wentBack(stream.current, line)) stream.current = null;
    const context = this.choose(stream, line);
    if (!context) return null;
    this.give(stream, context, line);
    return context;
  }

  private give(stream: Stream, context: Context, line: TrackedLine): void {
    stream.current = context;
    if (line.connId !== null) this.adoptId(context, line.connId);
    context.events.push(line.event);
    if (line.spec.family !== 'syslog' || line.id !== 'ke-message')
      context.fresh = context.fresh && startsAttempt(line.id);
    record(context, line, line.spec.index);
    if (stream.request && context.role !== 'responder') this.answerRequest(stream, context);
  }

  /**
   * Releases that print no message of the key engine begin at once: the request is told by its peer. Of an SA that
   * stood before the log begins, a quick mode asked for from here is all that is seen.
   */
  private answerRequest(stream: Stream, context: Context): void {
    const remote = text(stream.request?.fields.remote);
    if (remote === undefined || context.packetCount > 1) return;
    const isNamed = context.role === 'initiator' && context.peer === remote;
    const isAsked =
      context.role === null && context.peer === null && context.likelyRole === 'initiator';
    // The key engine is asked again for what the peer chose: its own request says whose quick mode that is.
    const isChosen =
      context.role === null &&
      context.peer === remote &&
      stream.request!.line < context.firstLine &&
      isEngineOnly(context);
    if (!isNamed && !isAsked && !isChosen) return;
    context.role = 'initiator';
    this.takeRequest(stream, context);
  }

  private takeRequest(stream: Stream, context: Context): void {
    const { request } = stream;
    if (!request) return;
    stream.request = null;
    const { firstLine, firstTime, lastTime } = context;
    context.firstLine = 0;
    record(context, request, request.spec.index);
    if (firstLine > 0) {
      context.firstLine = Math.min(firstLine, request.line);
      context.firstTime = firstLine < request.line ? firstTime : (request.time ?? firstTime);
      context.lastTime = lastTime;
    }
    const at = context.events.findLastIndex((event) => event < request.event);
    context.events.splice(at + 1, 0, request.event);
    context.peer ??= text(request.fields.remote) ?? null;
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
        stream.request = { ...line };
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
    this.takeRequest(stream, context);
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
    if ((stream.request?.fields.remote ?? peer) === peer) this.takeRequest(stream, existing);
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
      this.takeRequest(stream, context);
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

  /** Lines that waited for one which never came. */
  end(): void {
    for (const stream of this.streams.values()) {
      if (stream.current) for (const line of stream.held) this.give(stream, stream.current, line);
      stream.held = [];
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

import { describe, expect, it } from 'vitest';
import type { LogWitness } from '../../src/correlate/passages.ts';
import { passagesOf } from '../../src/correlate/passages.ts';
import { logWatch, tapWatch } from '../../src/correlate/watch.ts';
import type { CaptureEvidence } from '../../src/model/incident.ts';
import type { LogNegotiation, LogPacket, LogTime } from '../../src/model/log.ts';
import {
  START_MS,
  loggedView,
  logTime,
  opening,
  sent,
  unanswered,
  wire,
} from '../support/incident.ts';

const exchange = wire([...opening, ...unanswered(2)]);
const stamped = (ms: number): LogTime => logTime(ms);
const initiatorLog = loggedView(exchange, 'initiator', 'i', 'log-i', stamped);
const full = loggedView(exchange, 'responder', 'r', 'log-r', stamped);
const isMm5 = ({ state, direction }: LogPacket): boolean =>
  state === 'MM_KEY_EXCH' && direction === 'received';

const captureInputs = { [exchange.messages[0]!.message.capture]: 'cap' };

/** A log that goes on until so many milliseconds after the first message. */
const witness = (log: LogNegotiation, untilMs = 60_000): LogWitness => {
  const lastTime = logTime(START_MS + untilMs);
  const whole = { ...log, lastTime };
  return { log: whole, place: ({ ms }) => ms, watch: logWatch(whole, null, ({ ms }) => ms) };
};
const without = (log: LogNegotiation, lacks: (packet: LogPacket) => boolean): LogNegotiation => ({
  ...log,
  phase1: 'incomplete',
  packets: log.packets.filter((packet) => !lacks(packet)),
});

const initiator = witness(initiatorLog);
const deaf = witness(without(full, isMm5));

type Sights = Omit<Parameters<typeof passagesOf>[0], 'losses' | 'tap'>;
const passages = (sights: Sights, untilMs = 60_000): ReturnType<typeof passagesOf> =>
  passagesOf({
    ...sights,
    losses: [],
    tap:
      sights.exchange === null
        ? null
        : tapWatch(sights.exchange, [], [captureUntil(START_MS + untilMs)]),
  });
const fate = (sights: Sights, untilMs?: number): string | undefined =>
  passages(sights, untilMs).find((entry) => entry.step === 'MM5')?.fate;

const captureUntil = (ms: number): CaptureEvidence => ({
  input: 'cap',
  capture: 0,
  summary: {
    format: 'pcap',
    linkTypes: [1],
    interfaces: [],
    packets: 0,
    firstTimeNs: BigInt(START_MS) * 1_000_000n,
    lastTimeNs: BigInt(ms) * 1_000_000n,
    comments: [],
    anomalies: [],
    omitted: [],
  },
});

describe('the way of a message', () => {
  it('arrives when the receiver logs it', () => {
    const responder = witness(full);
    expect(fate({ initiator, responder, exchange, captureInputs })).toBe('arrived');
  });

  it('dies behind the tap when the tap has it and the receiver has not', () => {
    expect(fate({ initiator, responder: deaf, exchange, captureInputs })).toBe('lost-after-tap');
  });

  it('dies before the tap when only the sender has it', () => {
    const short = wire(opening);
    expect(fate({ initiator, responder: deaf, exchange: short, captureInputs })).toBe(
      'lost-before-tap',
    );
  });

  it('dies on the path when there is no tap', () => {
    expect(fate({ initiator, responder: deaf, exchange: null, captureInputs: {} })).toBe(
      'lost-on-path',
    );
  });

  describe('is unknown where no witness goes on long enough to miss it', () => {
    const cut = witness(without(full, isMm5), 79);

    it('a log that ends before it passes', () => {
      const sights = { initiator, responder: cut, exchange, captureInputs };
      expect(fate(sights)).toBe('unknown');
      expect(passages(sights).find(({ step }) => step === 'MM5')?.endsBefore).toEqual({
        input: 'log-r',
        line: full.lastLine,
      });
    });

    it('a log that ends between its repetitions misses the first of them', () => {
      const responder = witness(without(full, isMm5), 5000);
      expect(fate({ initiator, responder, exchange, captureInputs })).toBe('lost-after-tap');
    });

    it('a log that begins later', () => {
      const late = { ...without(full, isMm5), firstTime: logTime(START_MS + 20_000) };
      const responder = witness(late, 60_000);
      expect(fate({ initiator, responder, exchange, captureInputs })).toBe('unknown');
    });

    it('a capture that ends before it passes', () => {
      const sights = { initiator, responder: null, exchange: wire(opening), captureInputs };
      expect(fate(sights, 70)).toBe('unknown');
      expect(fate(sights)).toBe('lost-before-tap');
    });

    it('a capture that holds nothing of that port', () => {
      const floated = {
        ...initiatorLog,
        packets: initiatorLog.packets.map((packet) =>
          packet.state === 'MM_KEY_EXCH' && packet.direction === 'sent'
            ? { ...packet, localPort: 4500, peerPort: 4500 }
            : packet,
        ),
      };
      const sights = {
        initiator: witness(floated),
        responder: null,
        exchange: wire(opening),
        captureInputs,
      };
      expect(fate(sights)).toBe('unknown');
    });

    it('a capture of the other direction alone', () => {
      const answers = wire(opening.filter(({ way }) => way === '<'));
      const sights = { initiator, responder: null, exchange: answers, captureInputs };
      expect(fate(sights)).toBe('unknown');
    });

    it('a log without times that does not repeat itself', () => {
      const mute = loggedView(exchange, 'responder', 'r', 'log-r', () => null);
      const once = without(mute, isMm5);
      const watching = (log: LogNegotiation): LogWitness => ({
        log,
        place: () => null,
        watch: logWatch(log, null, () => null),
      });
      const sights = { initiator, exchange, captureInputs };
      expect(fate({ ...sights, responder: watching(once) })).toBe('unknown');
      expect(fate({ ...sights, responder: watching({ ...once, phase1: 'failed' }) })).toBe(
        'lost-after-tap',
      );
    });
  });

  it('arrives when the receiver goes on to what follows it', () => {
    const up = wire([...opening, ...unanswered(1), sent('MM6', '<', 100), sent('QM1', '>', 120)]);
    expect(fate({ initiator, responder: deaf, exchange: up, captureInputs })).toBe('arrived');
    const deafToMm6 = witness(without(initiatorLog, () => false));
    const mm6 = passages({ initiator: deafToMm6, responder: null, exchange: up, captureInputs });
    expect(mm6.find(({ step }) => step === 'MM6')?.fate).toBe('arrived');
  });

  it('is seen by the tap only when neither router has it', () => {
    const mute = witness(without(initiatorLog, ({ state }) => state === 'MM_KEY_EXCH'));
    expect(fate({ initiator: mute, responder: deaf, exchange, captureInputs })).toBe(
      'seen-by-tap-only',
    );
  });

  it('is unknown while the far end left no log', () => {
    expect(fate({ initiator, responder: null, exchange, captureInputs })).toBe('unknown');
  });

  it('counts the copies', () => {
    const mm5 = passages({ initiator, responder: null, exchange, captureInputs }).find(
      (entry) => entry.step === 'MM5',
    );
    expect(mm5?.copies).toBe(2);
  });
});

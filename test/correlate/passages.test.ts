import { describe, expect, it } from 'vitest';
import { passagesOf } from '../../src/correlate/passages.ts';
import { loggedView, opening, unanswered, wire } from '../support/incident.ts';

const exchange = wire([...opening, ...unanswered(2)]);
const initiator = loggedView(exchange, 'initiator', 'i', 'log-i', () => null);
const full = loggedView(exchange, 'responder', 'r', 'log-r', () => null);
const deaf = {
  ...full,
  packets: full.packets.filter(
    (packet) => packet.state !== 'MM_KEY_EXCH' || packet.direction === 'sent',
  ),
};

const captureInputs = { [exchange.messages[0]!.message.capture]: 'cap' };

type Sights = Omit<Parameters<typeof passagesOf>[0], 'losses'>;
const passages = (sights: Sights): ReturnType<typeof passagesOf> =>
  passagesOf({ ...sights, losses: [] });
const fate = (sights: Sights): string | undefined =>
  passages(sights).find((entry) => entry.step === 'MM5')?.fate;

describe('the way of a message', () => {
  it('arrives when the receiver logs it', () => {
    expect(fate({ initiator, responder: full, exchange, captureInputs })).toBe('arrived');
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

  it('is seen by the tap only when neither router has it', () => {
    const mute = {
      ...initiator,
      packets: initiator.packets.filter((packet) => packet.state !== 'MM_KEY_EXCH'),
    };
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

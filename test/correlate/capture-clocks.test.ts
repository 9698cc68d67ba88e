import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/model/exchange.ts';
import { captureClocks, onOneClock } from '../../src/correlate/capture-clocks.ts';
import { incidentOf, opening, unanswered, wire } from '../support/incident.ts';

/** One exchange as two taps saw it, the second by a clock that shows so much more; merged by what each says. */
function twice(aheadMs: number, wayMs = 0): Exchange {
  const seen = wire([...opening, ...unanswered(3)]);
  const numbered = seen.messages.map((entry, index) => {
    const first = entry.retransmissionOf === null ? index : entry.retransmissionOf - 1;
    const bytes = new Uint8Array(entry.message.pdu.bytes.length).fill(first + 1);
    return { ...entry, message: { ...entry.message, pdu: { ...entry.message.pdu, bytes } } };
  });
  const far = numbered.map((entry) => {
    const way = entry.direction === 'i2r' ? wayMs : -wayMs;
    const timeNs = entry.message.timeNs + BigInt(aheadMs + way) * 1_000_000n;
    return { ...entry, message: { ...entry.message, capture: 1, timeNs } };
  });
  const messages = [...numbered, ...far].sort((a, b) =>
    Number(a.message.timeNs - b.message.timeNs),
  );
  return { ...seen, messages };
}

const evidence = (exchange: Exchange): Parameters<typeof captureClocks>[0] => {
  const { evidence: given } = incidentOf({ exchanges: [wire(opening)] });
  const [capture] = given.captures;
  return {
    ...given,
    exchanges: [exchange],
    captures: [0, 1].map((number) => ({ ...capture!, input: `i${number}`, capture: number })),
  };
};

describe('two captures of one exchange', () => {
  it.each([
    ['ahead', 12_300, 0],
    ['behind', -12_300, 0],
    ['hours off', 3_600_000, 0],
    ['ahead, with a way between the taps', 12_300, 9],
    ['one a little behind', -250, 9],
  ])('are laid on the clock of the first: %s', (_, ahead, way) => {
    const given = evidence(twice(ahead, way));
    const clocks = captureClocks(given);
    expect(clocks.get(0)).toBeUndefined();
    expect(clocks.get(1)?.offsetMs).toBe(ahead);
    const { messages } = onOneClock(given, clocks).exchanges[0]!;
    const [own, far] = [0, 1].map((capture) =>
      messages
        .filter(({ message }) => message.capture === capture)
        .sort((a, b) => a.message.frame - b.message.frame),
    );
    expect(own!.map(({ copyOf }) => copyOf)).toEqual(own!.map(() => null));
    expect(far!.map(({ copyOf }) => copyOf)).toEqual(own!.map(({ message }) => message.frame));
    expect(own!.filter(({ retransmissionOf }) => retransmissionOf !== null)).toHaveLength(2);
    for (const [index, { message }] of far!.entries()) {
      expect(Math.abs(Number(message.timeNs - own![index]!.message.timeNs))).toBeLessThanOrEqual(
        way * 1_000_000,
      );
      expect(message.aheadNs).toBe(BigInt(ahead) * 1_000_000n);
    }
  });

  it.each([
    ['the way between them explains', 40, 9],
    ['there is none', 0, 0],
  ])('keep their times where %s', (_, ahead, way) => {
    const given = evidence(twice(ahead, way));
    expect(captureClocks(given).size).toBe(0);
    expect(onOneClock(given, captureClocks(given))).toBe(given);
  });
});

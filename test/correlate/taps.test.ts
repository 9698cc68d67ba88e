import { describe, expect, it } from 'vitest';
import { tapLosses } from '../../src/correlate/taps.ts';
import { correlate } from '../../src/correlate/correlate.ts';
import { diagnose } from '../../src/diagnose/engine.ts';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { Exchange, ExchangeMessage } from '../../src/model/exchange.ts';
import type { CaptureEvidence, EvidenceSet } from '../../src/model/incident.ts';
import {
  INITIATOR,
  RESPONDER,
  evidenceOf,
  opening,
  payloads,
  sent,
  unanswered,
  wire,
  type Sent,
} from '../support/incident.ts';

/** One exchange in a capture at either end. */

type Both = {
  /** What each tap holds. */
  readonly near: readonly Sent[];
  readonly far: readonly Sent[];
  readonly version?: 1 | 2;
  /** The clock of the far tap minus that of the near one. */
  readonly skewMs?: number;
  /** How long the far capture goes on after its start. */
  readonly farMs?: number;
  /** Milliseconds that a packet takes from one tap to the other. */
  readonly delayMs?: number;
};

const WAY = 5;

/** Octets tell one message from another, whoever holds it. */
const octetsOf = ({ step, way, messageId }: Sent, octets: number): Uint8Array => {
  const bytes = new Uint8Array(octets);
  bytes.set(new TextEncoder().encode(`${step}${way}${messageId ?? 0}`));
  return bytes;
};

function seenAt(
  list: readonly Sent[],
  capture: number,
  shift: (one: Sent) => number,
  version: 1 | 2,
): Exchange {
  const moved = list.map((one) => ({ ...one, at: one.at + shift(one) }));
  const exchange = wire(moved, { capture, version });
  return {
    ...exchange,
    messages: exchange.messages.map((entry, at) => ({
      ...entry,
      message: {
        ...entry.message,
        pdu: { bytes: octetsOf(list[at]!, entry.message.header.length), offset: 42 },
      },
    })),
  };
}

/** As the captures are merged: by time, the later sighting a copy of the earlier one. */
function merged({
  near,
  far,
  version = 1,
  skewMs = 0,
  farMs = 60_000,
  delayMs = WAY,
}: Both): EvidenceSet {
  const here = seenAt(near, 0, () => 0, version);
  const there = seenAt(far, 1, ({ way }) => skewMs + (way === '>' ? delayMs : -delayMs), version);
  const known = new Map<string, ExchangeMessage>();
  const messages = [...here.messages, ...there.messages]
    .sort((a, b) => Number(a.message.timeNs - b.message.timeNs))
    .map((entry): ExchangeMessage => {
      const print = new TextDecoder().decode(entry.message.pdu.bytes);
      const first = known.get(print);
      if (first === undefined) known.set(print, entry);
      const isCopy = first !== undefined && first.message.capture !== entry.message.capture;
      return { ...entry, copyOf: isCopy ? first.message.frame : null };
    });
  const evidence = evidenceOf({ exchanges: [here, there] });
  const begin = here.messages[0]!.message.timeNs;
  const captures = evidence.captures.map((one): CaptureEvidence => {
    const skewNs = one.capture === 0 ? 0n : BigInt(skewMs) * 1_000_000n;
    const lastMs = one.capture === 0 ? 60_000 : farMs;
    const firstTimeNs = begin + skewNs - 1_000_000_000n;
    const lastTimeNs = begin + skewNs + BigInt(lastMs) * 1_000_000n;
    return { ...one, summary: { ...one.summary, firstTimeNs, lastTimeNs } };
  });
  return { ...evidence, captures, exchanges: [{ ...here, messages }] };
}

const losses = (both: Both): readonly string[] => {
  const { exchanges, captures } = merged(both);
  return tapLosses(exchanges[0]!, captures).map(
    ({ step, from, absentIn, copies, isSure }) =>
      `${step} ${from} ${absentIn} ${copies}${isSure ? '' : ' ?'}`,
  );
};
const diagnosed = (both: Both): Diagnosis => diagnose(correlate(merged(both)));

const mm5 = unanswered(3);
const mm6 = sent('MM6', '<', 100);
const again = (step: Sent['step'], way: '>' | '<', at: number, length = 100): Sent =>
  sent(step, way, at, { again: true, length });
const third = opening.slice(0, 3);
const mm3 = [...third, again('MM3', '>', 10_040, 300)];
const init = [sent('SA_INIT', '>', 0), again('SA_INIT', '>', 2000), again('SA_INIT', '>', 6000)];
const keyed = sent('SA_INIT', '<', 20, { contents: [payloads.keyExchange()] });
const askedAuth = [
  sent('SA_INIT', '>', 0),
  sent('SA_INIT', '<', 20),
  sent('AUTH', '>', 100, { length: 288, messageId: 1 }),
  ...[2000, 6000].map((at) => sent('AUTH', '>', at, { length: 288, messageId: 1, again: true })),
];
const answeredAuth = askedAuth.toSpliced(
  3,
  0,
  sent('AUTH', '<', 110, { length: 256, messageId: 1 }),
);
const auth: Both = { version: 2, near: askedAuth, far: answeredAuth };

describe('what one capture holds and the other does not', () => {
  const lost = { near: [...opening, ...mm5], far: opening };

  it.each<[string, Both, readonly string[]]>([
    ['MM5', lost, ['MM5 initiator cap1 3']],
    ['MM5, by a clock that is fast', { ...lost, skewMs: 7000 }, ['MM5 initiator cap1 3']],
    ['MM5, by a clock that is slow', { ...lost, skewMs: -7000 }, ['MM5 initiator cap1 3']],
    ['MM4', { near: mm3, far: [...mm3, opening[3]!] }, ['MM4 responder cap0 1']],
    [
      'MM6',
      { near: [...opening, ...mm5], far: [...opening, ...mm5, mm6] },
      ['MM6 responder cap0 1'],
    ],
    [
      'the answer to IKE_SA_INIT',
      { version: 2, near: init, far: [...init, keyed] },
      ['SA_INIT responder cap0 1 ?'],
    ],
    ['the answer to IKE_AUTH', auth, ['AUTH responder cap0 1']],
    ['MM5, where they lie a hair apart', { ...lost, delayMs: 0.2 }, ['MM5 initiator cap1 3 ?']],
    ['MM5, where they are at one place', { ...lost, delayMs: 0 }, ['MM5 initiator cap1 3 ?']],
  ])('was lost between them, as far as they are apart: %s', (_, both, expected) => {
    expect(losses(both)).toEqual(expected);
  });

  it.each<[string, Both]>([
    ['nothing', { near: [...opening, ...mm5], far: [...opening, ...mm5] }],
    ['where the other one ended before', { ...lost, farMs: 65 }],
    ['where it was answered', { near: [...opening, ...mm5, mm6], far: [...opening, mm6] }],
    ['where the other one is nearer to the sender', { near: opening, far: [...opening, ...mm5] }],
    ['where the two share no message', { near: [...opening, ...mm5], far: [mm6] }],
  ])('was not, or may not have been: %s', (_, both) => {
    expect(losses(both)).toEqual([]);
  });
});

describe('a loss that two captures show', () => {
  it.each<[string, string, Both, string]>([
    ['mm5-lost', 'MM5', { near: [...opening, ...mm5], far: opening }, `MM5 of ${INITIATOR}`],
    ['mm3-lost', 'MM4', { near: mm3, far: [...mm3, opening[3]!] }, `MM4 of ${RESPONDER}`],
    [
      'mm6-lost',
      'MM6',
      { near: [...opening, ...mm5], far: [...opening, ...mm5, mm6] },
      `MM6 of ${RESPONDER}`,
    ],
    ['half-open', 'AUTH', auth, `The answer of ${RESPONDER} to IKE_AUTH`],
  ])('is observed, and nothing is asked for: %s', (id, step, both, title) => {
    const { findings, verdict, negotiations } = diagnosed(both);
    const told = findings.find((finding) => finding.id === id)!;
    expect(verdict.finding).toBe(id);
    expect(negotiations[0]!.outcome).toBe('failed');
    expect(told).toMatchObject({ confidence: 'observed', severity: 'failure', settle: [] });
    expect(told.title).toContain(title);
    expect(told.explanation).toContain('between the two captures');
    expect(new Set(told.evidence.map(({ input }) => input))).toEqual(new Set(['cap0', 'cap1']));
    expect(told.evidence.some(({ text }) => text.includes(`has no ${step} of`))).toBe(true);
    expect(findings.map((finding) => finding.id)).not.toContain('mm5-unanswered');
  });

  it.each<[string, Both, string, string]>([
    [
      'the answer to IKE_SA_INIT',
      { version: 2, near: init, far: [...init, keyed] },
      'half-open',
      'may also have missed it',
    ],
    [
      'MM4',
      { near: mm3, far: [...mm3, opening[3]!], delayMs: 0.2 },
      'mm3-lost',
      'may also have missed it',
    ],
    [
      'MM5',
      { near: [...opening, ...mm5], far: opening, delayMs: 0.2 },
      'mm5-unanswered',
      'the loss of MM5 look the same',
    ],
  ])('is doubted where nothing tells which is nearer: %s', (_, both, id, text) => {
    const { findings, verdict } = diagnosed(both);
    expect(verdict.finding).toBe(id);
    expect(findings[0]!.confidence).toBe('inferred');
    expect(findings[0]!.settle).not.toEqual([]);
    expect(findings[0]!.explanation).toContain(text);
  });

  it('is cited in the capture that holds it, where both have a frame of that number', () => {
    const [told] = diagnosed(auth).findings;
    const again = told!.evidence.find(({ text }) => text.includes('more after its answer'));
    expect(again).toMatchObject({ input: 'cap1', frame: 5 });
  });
});

import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import { diagnose } from '../../src/diagnose/engine.ts';
import type { Anomaly } from '../../src/model/anomaly.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { Sent } from '../support/incident.ts';
import {
  INITIATOR,
  RESPONDER,
  diagnosisOf,
  evidenceOf,
  mainModeUp,
  opening,
  payloads,
  sent,
  transform,
  unanswered,
  wire,
} from '../support/incident.ts';

/** Stories that the packets alone tell, with what could be opened and without. */

const opened = { opened: {} };
const mm6 = [...opening, sent('MM5', '>', 80), sent('MM6', '<', 100)];
const readable = [...opening, sent('MM5', '>', 80, opened), sent('MM6', '<', 100, opened)];

type Told = {
  readonly verdict: string;
  readonly phase1: string;
  readonly phase2: string;
  readonly outcome: string;
  readonly failingStep: string | null;
  readonly summary: string;
  readonly findings: readonly string[];
};

function tell(messages: readonly Sent[], options: Parameters<typeof wire>[1] = {}): Told {
  const { negotiations, verdict, findings } = diagnosisOf({ exchanges: [wire(messages, options)] });
  const { phase1, phase2, outcome, failingStep, verdict: id } = negotiations[0]!;
  return {
    verdict: id,
    phase1,
    phase2,
    outcome,
    failingStep,
    summary: verdict.summary,
    findings: findings.map((finding) => finding.id),
  };
}

describe('MM6 in the capture', () => {
  it('is an answer, also where nothing follows it', () => {
    const told = tell(mm6);
    expect(told).toMatchObject({
      verdict: 'inconclusive',
      phase1: 'incomplete',
      outcome: 'incomplete',
      failingStep: 'mm6-verify',
    });
    expect(told.summary).toContain(`${RESPONDER} sends MM6`);
    expect(told.summary).not.toContain('does not answer');
  });

  it.each([
    ['>', INITIATOR],
    ['<', RESPONDER],
  ] as const)('names who sends the closed message behind it (%s)', (way, who) => {
    const told = tell([...mm6, sent('INFO', way, 130, { length: 84, messageId: 5 })]);
    expect(told).toMatchObject({ verdict: 'inconclusive', phase1: 'incomplete' });
    expect(told.summary).toContain(`an informational of ${who}`);
    expect(told.findings).not.toContain('mm5-unanswered');
  });

  it('is refused by the initiator where it says so', () => {
    const told = tell([
      ...readable,
      sent('INFO', '>', 130, { ...opened, messageId: 5, notify: 18 }),
    ]);
    expect(told).toMatchObject({
      verdict: 'identity-mismatch',
      phase1: 'failed',
      failingStep: 'mm6-verify',
    });
    expect(told.summary).toContain(`${INITIATOR} could read its last message`);
  });

  it('is asked for again where MM5 is repeated behind it', () => {
    const again = sent('MM5', '>', 10_080, { ...opened, again: true });
    expect(tell([...readable, again])).toMatchObject({ verdict: 'mm6-lost', outcome: 'failed' });
  });
});

describe('aggressive mode after AM3', () => {
  const am = [
    sent('AM1', '>', 0, { contents: [payloads.identity('spoke.example.net')] }),
    sent('AM2', '<', 20, { contents: [payloads.identity('hub.example.net')] }),
    sent('AM3', '>', 40, opened),
  ];

  it.each([
    ['>', INITIATOR, 'hub.example.net'],
    ['<', RESPONDER, 'spoke.example.net'],
  ] as const)('tells who refuses whom (%s)', (way, refuser, refused) => {
    const info = sent('INFO', way, 60, { ...opened, messageId: 5, notify: 18 });
    const told = tell([...am, info], { mode: 'aggressive' });
    expect(told).toMatchObject({ verdict: 'identity-mismatch', failingStep: 'am3-verify' });
    expect(told.summary).toContain(`${refuser} could read`);
    expect(told.summary).toContain(`the identity ${refused}`);
  });
});

describe('AM3 and something closed behind it', () => {
  it('is no failure that anyone saw', () => {
    const am = [sent('AM1', '>', 0), sent('AM2', '<', 20), sent('AM3', '>', 40)];
    const told = tell([...am, sent('INFO', '>', 60, { messageId: 5, length: 84 })], {
      mode: 'aggressive',
    });
    expect(told).toMatchObject({ verdict: 'inconclusive', phase1: 'incomplete' });
    expect(told.summary).toContain(`an informational of ${INITIATOR}`);
  });
});

describe('quick mode without an answer', () => {
  const up = { completed: true };
  const qm1 = sent('QM1', '>', 120, { messageId: 7 });

  it.each([1, 3])('has failed where it was repeated (%i times)', (count) => {
    const again = Array.from({ length: count }, (_, i) =>
      sent('QM1', '>', 10_120 * (i + 1), { messageId: 7, again: true }),
    );
    const told = tell([...mm6, qm1, ...again], up);
    expect(told).toMatchObject({ phase1: 'complete', phase2: 'failed', outcome: 'failed' });
    expect(told.summary).toContain('gets no answer');
    expect(told.findings).not.toContain('tunnel-up');
  });

  it('is open where the capture ends behind it', () => {
    expect(tell([...mm6, qm1], up)).toMatchObject({ phase2: 'incomplete' });
  });

  it('is let be where the other side goes on to speak of other things', () => {
    const again = sent('QM1', '>', 10_120, { messageId: 7, again: true });
    const alive = sent('INFO', '<', 20_000, { messageId: 9, length: 92 });
    const told = tell([...mm6, qm1, again, alive], { ...up, startedBefore: false });
    expect(told.summary).not.toContain('gets no answer');
  });

  it('tells of QM2 as well', () => {
    const qm2 = (at: number, again = false): Sent => sent('QM2', '<', at, { messageId: 7, again });
    const told = tell([...mm6, qm1, qm2(140), qm2(10_140, true), qm2(20_140, true)], up);
    expect(told).toMatchObject({ phase2: 'failed' });
    expect(told.summary).toContain(`${INITIATOR} begins a quick mode, ${RESPONDER} sends QM2`);
    expect(told.summary).toContain(`${RESPONDER} sends QM2 3 times`);
  });

  it.each<[string, readonly Sent[]]>([
    ['QM2 as well', [sent('QM2', '<', 10_130, { messageId: 7, again: true })]],
    ['nothing more', []],
  ])('tells of QM1 that is sent again after QM2, which brings %s', (_, answer) => {
    const qm2 = sent('QM2', '<', 140, { messageId: 7 });
    const again = sent('QM1', '>', 10_120, { messageId: 7, again: true });
    const told = tell([...mm6, qm1, qm2, again, ...answer], up);
    expect(told).toMatchObject({ phase2: 'failed', outcome: 'failed', verdict: 'inconclusive' });
    expect(told.findings).not.toContain('tunnel-up');
    expect(told.summary).toContain(`QM2 does not reach ${INITIATOR}`);
  });

  it.each<[string, readonly Sent[]]>([
    ['QM1', []],
    ['QM2', [sent('QM2', '<', 140, { messageId: 7 })]],
  ])('is no tunnel where the capture ends behind %s', (_, more) => {
    const told = tell([...mm6, qm1, ...more], up);
    expect(told).toMatchObject({ verdict: 'inconclusive', outcome: 'incomplete' });
    expect(told.findings).not.toContain('tunnel-up');
  });

  it('does not heal an attempt that failed before', () => {
    const again = sent('QM1', '>', 10_120, { messageId: 7, again: true });
    const first = wire([...mm6, qm1, again], up);
    const next = { id: 'x2', cookie: 'eeeeeeeeeeeeeeee', firstFrame: 100, ...up };
    const startMs = Date.UTC(2024, 5, 19, 10, 5);
    for (const second of [[...mm6, qm1], mm6]) {
      const { verdict } = diagnosisOf({ exchanges: [first, wire(second, { ...next, startMs })] });
      expect(verdict.summary).not.toContain('is up now');
      expect(verdict.summary).toContain('it failed once, then was left open once');
    }
  });

  it.each([
    ['sent 3 times', 2, 'inconclusive', ['failure']],
    ['sent once at the end of the capture', 0, 'tunnel-up', []],
  ])('is told beside a tunnel that stands: %s', (_, repeats, verdict, severities) => {
    const later = sent('QM1', '>', 60_000, { messageId: 8 });
    const again = Array.from({ length: repeats }, (_, i) =>
      sent('QM1', '>', 70_000 + 10_000 * i, { messageId: 8, retransmits: 10 }),
    );
    const exchanges = [wire([...mainModeUp, later, ...again], up)];
    const { negotiations, findings } = diagnosisOf({ exchanges });
    expect(negotiations[0]).toMatchObject({ verdict, phase2: 'complete', outcome: 'established' });
    const told = findings.filter(({ id }) => id === 'inconclusive');
    expect(told.map(({ severity }) => severity)).toEqual(severities);
  });
});

describe('a quick mode that is refused beside others', () => {
  const up = { completed: true };
  const quick = (id: number, at: number, ...own: readonly number[]): readonly Sent[] => [
    sent('QM1', '>', at, {
      ...opened,
      messageId: id,
      contents: [
        payloads.network(...own, 255, 255, 255, 0),
        payloads.network(10, 2, 0, 0, 255, 255, 255, 0),
      ],
    }),
  ];
  const granted = (id: number, at: number): readonly Sent[] => [
    sent('QM2', '<', at, { ...opened, messageId: id }),
    sent('QM3', '>', at + 10, { ...opened, messageId: id }),
  ];
  const refused = (at: number, notify: number): Sent =>
    sent('INFO', '<', at, { ...opened, messageId: at, notify });
  const first = [...readable, ...quick(7, 120, 10, 1, 0, 0), ...granted(7, 140)];

  it('has a verdict of its own', () => {
    const told = tell([...first, ...quick(8, 200, 10, 9, 0, 0), refused(220, 18)], up);
    expect(told).toMatchObject({
      verdict: 'proxy-identity-mismatch',
      phase2: 'complete',
      outcome: 'established',
    });
    expect(told.summary).toContain('10.9.0.0/24');
    expect(told.findings).toContain('tunnel-up');
  });

  it('is forgotten where the same networks are granted later', () => {
    const later = [...quick(9, 30_200, 10, 9, 0, 0), ...granted(9, 30_220)];
    const told = tell([...first, ...quick(8, 200, 10, 9, 0, 0), refused(220, 14), ...later], up);
    expect(told.verdict).toBe('tunnel-up');
  });

  const asked = quick(8, 200, 10, 9, 0, 0);
  const closed = (at: number, way: '>' | '<' = '<'): Sent =>
    sent('INFO', way, at, { messageId: at, length: 92 });
  const repeated = sent('QM1', '>', 10_200, { messageId: 8, retransmits: first.length + 1 });

  it('is told by what follows it at once, also where that cannot be read', () => {
    const told = tell([...first, ...asked, closed(220)], up);
    expect(told).toMatchObject({ verdict: 'proxy-identity-mismatch', phase2: 'complete' });
    expect(told.summary).toContain('equally long');
  });

  it.each<[string, readonly Sent[]]>([
    ['comes much later', [closed(9000)]],
    ['may answer another question', [closed(210, '>'), closed(220)]],
    ['does not end it', [closed(220), repeated]],
  ])('is not made of what cannot be read beside a tunnel and %s', (_, more) => {
    expect(tell([...first, ...asked, ...more], up).findings).not.toContain(
      'proxy-identity-mismatch',
    );
  });
});

describe('a tunnel that one side alone brings up', () => {
  const failing = wire([...opening, ...unanswered(2)]);
  const reverse = {
    id: 'x2',
    cookie: 'eeeeeeeeeeeeeeee',
    initiator: RESPONDER,
    responder: INITIATOR,
    startMs: Date.UTC(2024, 5, 19, 11),
    firstFrame: 100,
  };

  it('is told as that', () => {
    const up = wire(mainModeUp, { ...reverse, completed: true });
    const { verdict } = diagnosisOf({ exchanges: [failing, up] });
    expect(verdict.finding).toBe('mm5-unanswered');
    expect(verdict.summary).toContain(`when ${RESPONDER} initiates, it comes up (seen once)`);
    expect(verdict.summary).not.toContain('Other attempts');
  });

  it('is not told where the other side fails as well, or other ends come up', () => {
    const stuck = wire([...opening, ...unanswered(2)], reverse);
    const foreign = wire(mainModeUp, { ...reverse, responder: '192.0.2.99', completed: true });
    for (const other of [stuck, foreign]) {
      const { verdict } = diagnosisOf({ exchanges: [failing, other] });
      expect(verdict.summary).not.toContain('it comes up');
    }
  });
});

describe('two SAs of the same ends', () => {
  it('are told by the one that has the tunnel', () => {
    const own = wire(mainModeUp, { completed: true });
    const other = wire(mm6, {
      id: 'x2',
      cookie: 'cccccccccccccccc',
      initiator: RESPONDER,
      responder: INITIATOR,
      completed: true,
      firstFrame: 100,
    });
    const { verdict } = diagnosisOf({ exchanges: [own, other] });
    expect(verdict.summary).toContain('phase 1 and phase 2 complete');
  });
});

describe('what a side says', () => {
  it('is named in clear, with the doubt that this deserves', () => {
    const told = tell([
      sent('MM1', '>', 0),
      sent('MM2', '<', 20),
      sent('INFO', '>', 40, { clear: true, notify: 14 }),
    ]);
    expect(told.summary).toContain('NO-PROPOSAL-CHOSEN');
    expect(told.summary).toContain('in clear');
  });

  it('answers MM5 in clear as well', () => {
    const mm5 = [...opening, sent('MM5', '>', 80)];
    const info = sent('INFO', '<', 90, { clear: true, notify: 16 });
    const again = sent('MM5', '>', 10_080, { again: true });
    const told = tell([...mm5, info, again]);
    expect(told).toMatchObject({ verdict: 'psk-mismatch' });
    expect(told.findings).not.toContain('mm5-unanswered');
    expect(told.summary).toContain('most likely');
    expect(told.summary).not.toContain('does not answer');
  });

  it('may lack a piece that the capture does not hold', () => {
    const piece = (number: number, last: boolean): Sent =>
      sent('MM5', '>', 80 + number, { contents: [payloads.piece(number, last)] });
    const told = tell([...opening, piece(1, false), piece(3, true)]);
    expect(told).toMatchObject({ verdict: 'mm5-unanswered' });
    expect(told.summary).toContain('fragment 2 of 3 is not in the capture');
  });

  it('is missing where MM3 comes again after MM4', () => {
    const told = tell([
      ...opening,
      sent('MM3', '>', 10_040, { again: true }),
      sent('MM4', '<', 10_060, { again: true }),
    ]);
    expect(told.summary).toContain('MM4');
    expect(told.summary).toContain('sends MM3 again');
  });
});

describe('how an SA ends', () => {
  const ping = (at: number): Sent =>
    sent('INFO', '>', at, { ...opened, messageId: at, notify: 36136 });
  const pong = (at: number): Sent =>
    sent('INFO', '<', at, { ...opened, messageId: at, notify: 36137 });
  const deletion = (way: '>' | '<', at: number, protocol = 1): Sent =>
    sent('INFO', way, at, { ...opened, messageId: at, contents: [payloads.deletion(protocol)] });
  const up = { completed: true };

  it('is told of a peer that gives no sign of life', () => {
    const told = tell([...mainModeUp, ping(1000), ping(2000), ping(3000), deletion('>', 4000)], up);
    expect(told).toMatchObject({ verdict: 'dpd-peer-dead', outcome: 'established' });
  });

  it.each([
    ['every question is answered', [ping(1000), pong(1010), ping(2000), pong(2010)]],
    ['the last two are open', [ping(1000), pong(1010), ping(2000), ping(3000)]],
  ])('is not told where %s', (_, messages) => {
    expect(tell([...mainModeUp, ...messages], up).verdict).toBe('tunnel-up');
  });

  it('is told of a DELETE of the ISAKMP SA, and of no other', () => {
    const told = tell([...mainModeUp, deletion('<', 5000)], up);
    expect(told.findings).toContain('deleted-by-peer');
    expect(told.summary).toContain(`${RESPONDER} deletes it`);
    const child = tell([...mainModeUp, deletion('<', 5000, 3)], up);
    expect(child.findings).not.toContain('deleted-by-peer');
  });

  it('does not speak of a tunnel that came up again', () => {
    const first = wire([...mainModeUp, deletion('<', 5000)], up);
    const again = { id: 'x2', cookie: 'dddddddddddddddd', startMs: Date.UTC(2024, 5, 19, 10, 1) };
    const second = wire(mainModeUp, { ...again, firstFrame: 100, ...up });
    const { findings } = diagnosisOf({ exchanges: [first, second] });
    expect(findings.find(({ id }) => id === 'tunnel-up')!.title).toContain('is up');
  });

  it('is routine where another SA stands', () => {
    const first = wire([...mainModeUp, deletion('<', 50_000)], up);
    const second = wire(mainModeUp, {
      id: 'x2',
      cookie: 'cccccccccccccccc',
      startMs: Date.UTC(2024, 5, 19, 10, 0, 30),
      firstFrame: 100,
      ...up,
    });
    const { findings } = diagnosisOf({ exchanges: [first, second] });
    expect(findings.map(({ id }) => id)).not.toContain('deleted-by-peer');
  });
});

describe('an initiator that has MM6 and does not accept it', () => {
  const deletes = (at: number): Sent =>
    sent('INFO', '>', at, { ...opened, messageId: 5, contents: [payloads.deleteIke()] });
  const closedInfo = sent('INFO', '>', 105, { messageId: 5, length: 76 });
  const mm5Again = sent('MM5', '>', 1100, { again: true });

  it.each<[string, readonly Sent[], object]>([
    [
      'deletes the SA at once',
      [...readable, deletes(110)],
      { verdict: 'identity-mismatch', phase1: 'failed', failingStep: 'mm6-verify' },
    ],
    [
      'says something closed and asks again all the same',
      [...mm6, closedInfo, mm5Again, sent('MM6', '<', 1110, { again: true })],
      { verdict: 'inconclusive', phase1: 'failed', failingStep: 'mm6-verify' },
    ],
    [
      'may not have it where it only asks again',
      [...mm6, mm5Again],
      { verdict: 'mm6-lost', phase1: 'failed' },
    ],
    [
      'accepts it where it deletes the SA later',
      [...readable, deletes(60_000)],
      { phase1: 'incomplete' },
    ],
  ])('%s', (_, messages, expected) => {
    expect(tell(messages)).toMatchObject(expected);
  });
});

describe('what an answer to MM5 tells', () => {
  const rsa = { transform: { ...transform, authentication: 3 } };
  const mm5 = sent('MM5', '>', 80);
  const mm5Read = sent('MM5', '>', 80, opened);
  const info = (more: Partial<Sent> = {}): Sent => sent('INFO', '<', 90, { messageId: 9, ...more });
  const again = sent('MM5', '>', 10_090, { again: true });
  const later = sent('MM1', '>', 20_000, { messageId: 0, again: true });

  it.each<[string, readonly Sent[], Parameters<typeof wire>[1], string]>([
    [
      'with the length of one that names the SA',
      [mm5, info({ length: 92 })],
      {},
      'identity-mismatch',
    ],
    [
      'with another length at the end of the capture',
      [mm5, info({ length: 76 })],
      {},
      'mm5-unanswered',
    ],
    ['and no repetition of MM5 later', [mm5, info({ length: 76 }), later], {}, 'identity-mismatch'],
    [
      'with the length of one that names the SA, to an initiator that repeats',
      [mm5, info({ length: 92 }), again],
      {},
      'mm5-unanswered',
    ],
    ['to an initiator that repeats', [mm5, info({ length: 76 }), again], {}, 'psk-mismatch'],
    ['where signatures were agreed on', [mm5, info({ length: 92 })], rsa, 'mm5-unanswered'],
    [
      'read as AUTHENTICATION_FAILED, where signatures were agreed on',
      [mm5Read, info({ ...opened, notify: 24 })],
      rsa,
      'mm5-unanswered',
    ],
  ])('%s', (_, messages, options, verdict) => {
    const told = tell([...opening, ...messages], options);
    expect(told.verdict).toBe(verdict);
    expect(
      told.findings.filter(
        (id) => id === 'psk-mismatch' || id === 'identity-mismatch' || id === 'mm5-unanswered',
      ),
    ).toHaveLength(1);
    expect(told.summary).not.toMatch(/so the keys agree|[^y] made different keys/);
  });

  it.each<[number, string]>([
    [18, 'proven'],
    [24, 'inferred'],
  ])('under the common key is of the identity as far as it says so (%i)', (notify, confidence) => {
    const exchange = wire([...opening, mm5Read, info({ ...opened, notify })]);
    const { findings } = diagnosisOf({ exchanges: [exchange] });
    expect(findings[0]).toMatchObject({ id: 'identity-mismatch', confidence });
  });

  it('under another key than MM5 proves two pre-shared keys', () => {
    const key = (keyOf: 'initiator' | 'responder'): Partial<Sent> => ({ opened: { keyOf } });
    const exchange = wire([
      ...opening,
      sent('MM5', '>', 80, key('initiator')),
      info({ ...key('responder'), notify: 16 }),
      again,
    ]);
    const { findings } = diagnosisOf({ exchanges: [exchange] });
    expect(findings.map(({ id }) => id)).toEqual(['psk-mismatch']);
    expect(findings[0]!.confidence).toBe('proven');
    expect(findings[0]!.explanation).not.toContain('cannot be excluded');
  });

  it('is not known where the capture ends with MM5', () => {
    const told = tell([...opening, mm5]);
    expect(told).toMatchObject({ verdict: 'inconclusive', outcome: 'incomplete' });
    expect(told.summary).toContain('the capture ends with this packet');
  });
});

describe('UDP 4500', () => {
  const again = sent('MM5', '>', 10_080, { again: true, port: 4500 });
  const moved = [...opening, sent('MM5', '>', 80, { port: 4500 }), again];

  it.each<[string, readonly Sent[], boolean]>([
    ['nothing comes back there', moved, true],
    ['the responder speaks there', [...moved, sent('INFO', '<', 10_090, { port: 4500 })], false],
  ])('is suspected where %s', (_, messages, told) => {
    const { findings } = diagnosisOf({ exchanges: [wire(messages)] });
    const texts = findings.filter(({ id }) => id === 'mm5-unanswered');
    expect(texts).not.toEqual([]);
    expect(texts.some(({ explanation }) => explanation.includes('UDP 4500'))).toBe(told);
  });
});

describe('an attempt that ends with its part in clear', () => {
  const nat = { initiatorTranslated: true, responderTranslated: false };

  it.each<[string, Parameters<typeof wire>[1], readonly Sent[], string]>([
    ['MM5', { nat }, opening, 'goes to UDP 4500'],
    ['MM5', {}, opening, 'does not follow'],
    [
      'IKE_AUTH',
      { nat, version: 2 },
      [sent('SA_INIT', '>', 0), sent('SA_INIT', '<', 9, { contents: [payloads.keyExchange()] })],
      'goes to UDP 4500',
    ],
  ])('tells that %s does not come', (name, options, messages, text) => {
    const { verdict, findings } = diagnosisOf({ exchanges: [wire(messages, options)] });
    expect(verdict.finding).toBe('inconclusive');
    expect(findings[0]!.title).toBe(`${name} of ${INITIATOR} is not in the capture`);
    expect(verdict.summary).toContain(text);
    expect(verdict.summary.includes('UDP 4500, while')).toBe(options?.nat !== undefined);
  });
});

describe('NO-PROPOSAL-CHOSEN in clear', () => {
  it('gives no reason, and is no proof of one', () => {
    const refusal = sent('INFO', '<', 20, { clear: true, notify: 14 });
    const { findings } = diagnosisOf({ exchanges: [wire([sent('MM1', '>', 0), refusal])] });
    const told = findings.find(({ id }) => id === 'ike-policy-mismatch')!;
    expect(told.confidence).toBe('observed');
    expect(told.explanation).toContain('Most likely');
    expect(told.explanation).toContain('another version of IKE');
  });
});

describe('a capture that cuts the packets', () => {
  const cut = (anomalies: readonly Anomaly[]): Exchange => {
    const whole = wire([...opening.slice(0, 2), sent('MM3', '>', 40, { length: 300, cut: true })]);
    return {
      ...whole,
      messages: whole.messages.map((entry) => ({
        ...entry,
        message: { ...entry.message, capture: 1, anomalies },
      })),
    };
  };

  it.each<[string, readonly Anomaly[], boolean]>([
    ['a snap length', [{ code: 'payload-cut', offset: 42, length: 0 }], true],
    ['missing IP fragments', [{ code: 'fragments-incomplete', offset: 34, length: 0 }], false],
  ])('is told from one that lacks pieces: %s', (_, anomalies, told) => {
    const { findings } = diagnosisOf({ exchanges: [cut(anomalies)] });
    expect(findings.some(({ id }) => id === 'capture-truncated')).toBe(told);
  });

  it('is told where not even a header is left', () => {
    const evidence = evidenceOf({ exchanges: [wire([])] });
    const [input] = evidence.inputs;
    const anomaly = { code: 'header-cut', text: '', frame: 1 };
    const given = {
      ...evidence,
      exchanges: [],
      inputs: [{ ...input!, anomalies: [anomaly] }],
    };
    expect(diagnose(correlate(given)).verdict.summary).toContain('snap length');
  });
});

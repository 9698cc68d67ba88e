import { describe, expect, it } from 'vitest';
import { meaningOfError } from '../../src/diagnose/ikev2-errors.ts';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { KeyStatus, NegotiatedTransform } from '../../src/model/exchange.ts';
import {
  RESPONDER,
  START_MS,
  diagnosisOf,
  payloads,
  psk,
  sent,
  transform,
  wire,
  type Sent,
} from '../support/incident.ts';

/** How IKEv2 ends on the wire, where keys opened it and where not. */
const init: readonly Sent[] = [sent('SA_INIT', '>', 0), sent('SA_INIT', '<', 20)];
const opened = {};
const asks = (more: Partial<Sent> = {}): Sent =>
  sent('AUTH', '>', 40, {
    messageId: 1,
    length: 300,
    opened,
    contents: [payloads.auth(2)],
    ...more,
  });
const answers = (contents: Sent['contents'] = [], more: Partial<Sent> = {}): Sent =>
  sent('AUTH', '<', 60, { messageId: 1, length: 280, opened, contents, ...more });
const accepts = answers([payloads.auth(2), payloads.childSa()]);
const closed = (length: number, more: Partial<Sent> = {}): Sent =>
  sent('AUTH', '<', 60, { messageId: 1, length, ...more });
const informs = (at: number, more: Partial<Sent> = {}): Sent =>
  sent('INFORMATIONAL', '>', at, { messageId: 2, length: 80, opened, ...more });

const keysOf = (initiator: string | null, responder: string | null): Partial<KeyStatus> => ({
  status: 'decrypted',
  initiatorPsk: initiator,
  responderPsk: responder,
  candidates: (['one', 'two'] as const).flatMap((candidate) =>
    (['initiator', 'responder'] as const).map((side) => {
      const used = side === 'initiator' ? initiator : responder;
      return {
        candidate,
        side,
        verdict: used === null ? 'not-testable' : used === candidate ? 'verified' : 'refuted',
        by: 'AUTH',
        frame: side === 'initiator' ? 3 : 4,
        why: '',
      } as const;
    }),
  ),
});

const candidates = [psk('first', 'one'), psk('second', 'two')];
const told = (
  messages: readonly Sent[],
  keys: Partial<KeyStatus> = {},
  completed = false,
): Diagnosis =>
  diagnosisOf({
    exchanges: [wire([...init, ...messages], { version: 2, keys, completed, transform: null })],
    candidates,
  });
const outcome = ({ negotiations, verdict, findings }: Diagnosis): readonly (string | null)[] => [
  verdict.finding,
  findings.find(({ id }) => id === verdict.finding)?.confidence ?? null,
  negotiations[0]!.phase1,
  negotiations[0]!.phase2,
];

describe('the initiator refuses what IKE_AUTH answers', () => {
  const refusal = informs(100, { notify: 24 });

  it.each<[string, readonly Sent[], Partial<KeyStatus>, readonly string[]]>([
    ['AUTHENTICATION_FAILED', [asks(), accepts, refusal], {}, ['ikev2-auth-failed', 'proven']],
    [
      'AUTHENTICATION_FAILED much later, as its next message',
      [asks(), accepts, informs(9000, { notify: 24 })],
      {},
      ['ikev2-auth-failed', 'proven'],
    ],
    [
      'two keys proven',
      [asks(), accepts, refusal],
      keysOf('one', 'two'),
      ['psk-mismatch', 'proven'],
    ],
    [
      'one key proven for both',
      [asks(), accepts, refusal],
      keysOf('one', 'one'),
      ['ikev2-auth-failed', 'proven'],
    ],
    [
      'the SA deleted at once',
      [asks(), accepts, informs(110, { contents: [payloads.deleteIke()] })],
      {},
      ['ikev2-auth-failed', 'inferred'],
    ],
  ])('%s', (_, messages, keys, expected) => {
    const diagnosis = told(messages, keys);
    expect(outcome(diagnosis)).toEqual([...expected, 'failed', 'not-reached']);
    expect(diagnosis.findings[0]!.explanation).toContain('192.0.2.1');
    expect(diagnosis.findings.map(({ id }) => id)).not.toContain('tunnel-up');
    // Which test fails is asked for only where it is not known.
    const isKnown = expected[0] === 'psk-mismatch';
    expect(JSON.stringify(diagnosis.findings).includes('tells which')).toBe(!isKnown);
    expect(JSON.stringify(diagnosis.findings)).not.toContain('the key of one');
  });

  it.each<[string, Sent]>([
    ['deletes the SA after it was used', informs(5000, { contents: [payloads.deleteIke()] })],
    ['says something that is no error', informs(90, { notify: 16_384 })],
    ['is refused a child much later', informs(9000, { messageId: 7, notify: 44 })],
  ])('an initiator that %s has accepted', (_, message) => {
    expect(outcome(told([asks(), accepts, message], {}, true))[2]).toBe('complete');
  });
});

describe('the responder refuses', () => {
  it.each<[string, readonly Sent[], Partial<KeyStatus>, readonly string[]]>([
    ['no key is known', [asks(), answers([], { notify: 24 })], {}, ['psk-mismatch', 'inferred']],
    [
      'another key than the one used was given',
      [asks(), answers([], { notify: 24 })],
      keysOf('one', null),
      ['psk-mismatch', 'inferred'],
    ],
    [
      'EAP fails',
      [asks({ contents: [] }), answers([payloads.eap(4)])],
      {},
      ['ikev2-auth-failed', 'proven'],
    ],
    [
      'an error is about no setting',
      [asks(), answers([], { notify: 7 })],
      {},
      ['inconclusive', 'proven'],
    ],
  ])('%s', (_, messages, keys, expected) => {
    expect(outcome(told(messages, keys)).slice(0, 3)).toEqual([...expected, 'failed']);
  });

  it('the only key that anybody gave is no sign of another', () => {
    const keys = keysOf('one', null);
    const only = {
      ...keys,
      candidates: keys.candidates!.filter(({ candidate }) => candidate === 'one'),
    };
    expect(told([asks(), answers([], { notify: 24 })], only).verdict.finding).toBe(
      'ikev2-auth-failed',
    );
  });

  it('names an error that no rule is about', () => {
    const { verdict } = told([asks(), answers([], { notify: 7 })]);
    expect(verdict.summary).toContain('INVALID_SYNTAX');
  });

  it.each([
    [4, 'INVALID_IKE_SPI'],
    [9, 'INVALID_MESSAGE_ID'],
    [43, 'TEMPORARY_FAILURE'],
  ])('notification %i means what %s means in a log', (notify, name) => {
    const { verdict } = told([asks(), answers([], { notify })]);
    expect(verdict.summary).toContain(`${name} (${meaningOfError(name)!})`);
  });

  it.each([
    [34, 'ikev2-ts-unacceptable'],
    [36, 'mode-config-failed'],
    [37, 'mode-config-failed'],
    [38, 'ikev2-ts-unacceptable'],
  ])('notification %i of an accepted IKE_AUTH is %s', (notify, finding) => {
    const messages = [asks(), answers([payloads.auth(2)], { notify })];
    expect(told(messages, {}, true).verdict.finding).toBe(finding);
  });
});

describe('IKE_AUTH that is not at its end', () => {
  it.each<[string, readonly Sent[], readonly string[]]>([
    [
      'EAP begins',
      [asks({ contents: [] }), answers([payloads.auth(1), payloads.eap(1)])],
      ['inconclusive', 'proven', 'incomplete', 'not-reached'],
    ],
    [
      'EAP goes on',
      [
        asks({ contents: [] }),
        answers([payloads.auth(1), payloads.eap(1)]),
        asks({ messageId: 2, contents: [payloads.eap(2)] }),
      ],
      ['inconclusive', 'proven', 'incomplete', 'not-reached'],
    ],
  ])('%s', (_, messages, expected) => {
    expect(outcome(told(messages))).toEqual(expected);
  });

  it('EAP that ends in AUTH and a child is up', () => {
    const messages = [
      asks({ contents: [] }),
      answers([payloads.auth(1), payloads.eap(1)]),
      asks({ messageId: 2 }),
      answers([payloads.auth(2), payloads.childSa()], { messageId: 2 }),
    ];
    expect(outcome(told(messages, {}, true))).toEqual([
      'tunnel-up',
      'proven',
      'complete',
      'complete',
    ]);
  });
});

describe('answers that stay closed', () => {
  const closedAsk = sent('AUTH', '>', 40, { messageId: 1, length: 300 });

  it.each([
    [76, 'psk-mismatch'],
    [130, 'inconclusive'],
    [280, 'tunnel-up'],
  ])('%i octets: %s', (length, finding) => {
    const { verdict, findings } = told([closedAsk, closed(length)]);
    expect(verdict.finding).toBe(finding);
    expect(verdict.summary).not.toContain('with AUTHENTICATION_FAILED.');
    if (finding === 'psk-mismatch') {
      expect(findings[0]).toMatchObject({ confidence: 'inferred' });
      expect(findings[0]!.title).toContain('refuses 192.0.2.1 in IKE_AUTH: most likely');
      expect(findings[0]!.explanation).toContain('stays closed');
    }
  });

  const round = (at: number, messageId: number, answer: number | null): readonly Sent[] => [
    sent('AUTH', '>', at, { messageId, length: 80 }),
    ...(answer === null ? [] : [closed(answer, { at: at + 10, messageId })]),
  ];
  const begins = [closedAsk, closed(128)];
  const short = sent('AUTH', '>', 40, { messageId: 1, length: 150 });
  const hello = sent('AUTH', '>', 40, { messageId: 1, length: 300 });
  const flight = (messageId: number, ask: number, answer: number): readonly Sent[] => [
    sent('AUTH', '>', 40 * messageId, { messageId, length: ask }),
    closed(answer, { at: 40 * messageId + 10, messageId }),
  ];
  const inFlight = ['inconclusive', 'inferred', 'incomplete', 'not-reached'];

  it.each<[string, readonly Sent[], readonly string[]]>([
    ['EAP-Success or EAP-Failure', [...begins, ...round(80, 2, 80)], inFlight],
    ['another EAP request', [...begins, ...round(80, 2, 96), ...round(100, 3, 130)], inFlight],
    ['no answer to the second request', [...begins, ...round(80, 2, null)], inFlight],
    ['a first request without room for AUTH', [short, closed(128)], inFlight],
    [
      'EAP and room for a child in the end',
      [...begins, ...round(80, 2, 80), ...round(100, 3, 280)],
      ['tunnel-up', 'inferred', 'complete', 'complete'],
    ],
    [
      'a certificate and the beginning of EAP, which nothing in the request asks for',
      [short, closed(1300)],
      inFlight,
    ],
    [
      'the certificates of EAP-TLS',
      [hello, closed(128), ...flight(2, 250, 1100), ...flight(3, 80, 1100)],
      inFlight,
    ],
    [
      'what EAP-TLS answers to the last certificate of the initiator',
      [hello, closed(128), ...flight(2, 1100, 80), ...flight(3, 900, 300)],
      inFlight,
    ],
    [
      'EAP-TLS to its end',
      [
        hello,
        closed(1300),
        ...flight(2, 250, 1100),
        ...flight(3, 1100, 150),
        ...flight(4, 80, 80),
        ...flight(5, 112, 240),
      ],
      ['tunnel-up', 'inferred', 'complete', 'complete'],
    ],
    [
      'EAP-TLS of which the answer to AUTH has no room for a child',
      [hello, closed(1300), ...flight(2, 80, 80), ...flight(3, 112, 100)],
      inFlight,
    ],
    [
      'a second request repeated in vain',
      [...begins, ...round(80, 2, null), sent('AUTH', '>', 900, { messageId: 2, retransmits: 5 })],
      ['inconclusive', 'inferred', 'failed', 'not-reached'],
    ],
  ])('%s: several rounds are no plain pre-shared key', (_, messages, expected) => {
    const diagnosis = told(messages);
    expect(outcome(diagnosis)).toEqual(expected);
    const refusals = ['psk-mismatch', 'ikev2-auth-failed'];
    expect(diagnosis.findings.filter(({ id }) => refusals.includes(id))).toEqual([]);
    expect(diagnosis.verdict.summary).not.toContain('no child SA');
  });
});

describe('IKE fragments', () => {
  const piece = (number: number, at: number, more: Partial<Sent> = {}, total = 4): Sent =>
    sent('AUTH', '>', at, {
      messageId: 1,
      length: 480,
      contents: [payloads.fragment(number, total)],
      ...more,
    });

  it('a message that is not whole was sent once, and says which piece is missing', () => {
    const { verdict } = told([piece(1, 40), piece(2, 41), piece(4, 42)]);
    expect(verdict).toMatchObject({ finding: 'inconclusive' });
    expect(verdict.summary).toContain('fragment 3 of 4 is not in the capture');
  });

  it.each([
    ['fragments 2 to 41 of 41 are', [1], 41],
    ['fragments 1, 2, 5 to 8, 10 of 10 are', [3, 4, 9], 10],
    ['fragment 256 of 256 is', Array.from({ length: 255 }, (_, at) => at + 1), 256],
  ])('neighbours are told as one: %s', (text, numbers, total) => {
    const { verdict } = told(numbers.map((number, at) => piece(number, 40 + at, {}, total)));
    expect(verdict.summary).toContain(`${text} not in the capture`);
  });

  it('several sendings without an answer are no IP fragments', () => {
    const pieces = [1, 2, 4].map((number) => piece(number, 40 + number, { length: 1350 }));
    const again = pieces.map((one) => ({ ...one, at: one.at + 2000 }));
    const { findings } = told([...pieces, ...again]);
    expect(findings.map(({ id }) => id)).toEqual(['half-open']);
    expect(findings[0]!.evidence[0]!.text).toContain('sent twice');
  });
});

describe('an IKE SA that is deleted', () => {
  const up = [asks(), accepts];
  const deletes = (at: number, more: Partial<Sent> = {}): Sent =>
    informs(at, { contents: [payloads.deleteIke()], messageId: 3, ...more });
  const probe = (at: number, again: boolean): Sent => informs(at, { again });
  const repeated = [
    deletes(60_000),
    ...[62_000, 66_000, 74_000].map((at) => deletes(at, { again: true })),
  ];
  const byResponder: Partial<Sent> = { way: '<', flags: 0, messageId: 0 };

  it.each<[string, readonly Sent[], string, readonly string[]]>([
    ['by its initiator', [deletes(60_000)], 'Later 192.0.2.1 deletes it.', []],
    [
      'by its responder',
      [deletes(60_000, byResponder), informs(60_020, { messageId: 0, flags: 0x28 })],
      'Later 198.51.100.2 deletes it.',
      [],
    ],
    ['without an answer', repeated, 'Later 192.0.2.1 deletes it and gets no answer.', ['4 times']],
    [
      'with an answer to a repetition',
      [...repeated, sent('INFORMATIONAL', '<', 75_000, { messageId: 3, length: 80, opened })],
      'Later 192.0.2.1 deletes it.',
      [],
    ],
  ])('%s came up and was deleted', (_, messages, summary, evidence) => {
    const { verdict, findings } = told([...up, ...messages], {}, true);
    expect(findings.map(({ id }) => id)).toEqual(['tunnel-up', 'deleted-by-peer']);
    expect(findings[0]!.title).toContain('came up and was deleted');
    expect(verdict.summary).toContain(summary);
    for (const text of evidence) expect(JSON.stringify(findings[1]!.evidence)).toContain(text);
    expect(findings[1]!.explanation.includes('was told')).toBe(evidence.length === 0);
  });

  it('after questions in vain is that of a dead peer', () => {
    const asked = [probe(60_000, false), probe(62_000, true), probe(66_000, true)];
    const { verdict } = told([...up, ...asked, deletes(74_000)], {}, true);
    expect(verdict.finding).toBe('dpd-peer-dead');
  });

  it.each<[string, readonly Sent[]]>([
    ['a child is deleted', [informs(60_000, { contents: [payloads.deletion(3)] })]],
    [
      'another IKE SA was agreed on in its place',
      [
        sent('CREATE_CHILD_SA', '>', 50_000, { messageId: 2, opened, contents: payloads.rekey() }),
        sent('CREATE_CHILD_SA', '<', 50_020, { messageId: 2, opened, contents: payloads.rekey() }),
        deletes(50_040),
      ],
    ],
  ])('is up where %s', (_, messages) => {
    const { findings } = told([...up, ...messages], {}, true);
    expect(findings.map(({ id }) => id)).toEqual(['tunnel-up']);
    expect(findings[0]!.title).toContain('is up');
  });
});

describe('a peer that falls silent', () => {
  const probe = (at: number, again: boolean): Sent => informs(at, { again });
  const up = [asks(), accepts];

  it('is dead after repetitions without an answer', () => {
    const messages = [...up, probe(60_000, false), probe(62_000, true), probe(66_000, true)];
    const { verdict, findings } = told(messages, {}, true);
    expect(verdict.finding).toBe('dpd-peer-dead');
    expect(findings[0]!.title).toContain('192.0.2.1');
  });

  it.each<[string, readonly Sent[]]>([
    ['one repetition', [probe(60_000, false), probe(62_000, true)]],
    [
      'an answer in the end',
      [
        probe(60_000, false),
        probe(62_000, true),
        probe(66_000, true),
        sent('INFORMATIONAL', '<', 66_010, { messageId: 2, length: 80, opened }),
      ],
    ],
  ])('is not with %s', (_, messages) => {
    expect(told([...up, ...messages], {}, true).verdict.finding).toBe('tunnel-up');
  });

  const closedUp = [
    sent('AUTH', '>', 40, { messageId: 1, length: 300 }),
    sent('AUTH', '<', 60, { messageId: 1, length: 280 }),
  ];
  const request = (at: number, more: Partial<Sent> = {}): Sent =>
    sent('INFORMATIONAL', '>', at, { messageId: 3, length: 80, ...more });
  const repeats = (first: number, more: Partial<Sent> = {}): readonly Sent[] => [
    request(60_000, more),
    ...[62_000, 66_000, 74_000].map((at) => request(at, { retransmits: first, ...more })),
  ];
  const alive = [
    request(30_000, { messageId: 2 }),
    sent('INFORMATIONAL', '<', 30_020, { messageId: 2, length: 80 }),
  ];
  /** AES-CBC with SHA-256, and AES-GCM, whose messages are as long as what they hold asks for. */
  const cbc = { ...transform, encryption: 12, keyLength: 128, hash: 12, prf: 5 };
  const gcm = { ...transform, encryption: 20, keyLength: 128, hash: null, prf: 5 };
  const anew = wire([sent('SA_INIT', '>', 90_000)], {
    version: 2,
    id: 'x2',
    cookie: 'dddddddddddddddd',
    transform: null,
    firstFrame: 50,
  });

  it.each<
    [string, readonly Sent[], NegotiatedTransform, readonly ReturnType<typeof wire>[], string]
  >([
    ['may have deleted the SA', repeats(5), cbc, [], 'inconclusive'],
    ['asked the like before and was answered', [...alive, ...repeats(7)], cbc, [], 'dpd-peer-dead'],
    ['begins anew', repeats(5), cbc, [anew], 'dpd-peer-dead'],
    ['has no room for a DELETE', repeats(5, { length: 60 }), gcm, [], 'dpd-peer-dead'],
    ['has room for a DELETE', repeats(5, { length: 68 }), gcm, [], 'inconclusive'],
    ['asks for another SA', repeats(5, { step: 'CREATE_CHILD_SA' }), cbc, [], 'dpd-peer-dead'],
  ])('behind closed requests: the one that %s', (_, messages, suite, later, finding) => {
    const first = wire([...init, ...closedUp, ...messages], {
      version: 2,
      completed: true,
      transform: suite,
    });
    const { verdict, findings, negotiations } = diagnosisOf({ exchanges: [first, ...later] });
    expect(negotiations[0]).toMatchObject({ verdict: finding, outcome: 'established' });
    const own = findings.find(({ id }) => id === finding)!;
    expect(own.severity).toBe(finding === 'inconclusive' ? 'note' : 'failure');
    if (later.length === 0) expect(verdict.finding).toBe(finding);
    if (finding === 'inconclusive') {
      expect(own.title).toContain('or deletes the tunnel');
      expect(own.explanation).toContain('either 198.51.100.2 is dead or out of reach');
    }
  });
});

describe('the answer to IKE_AUTH arrives', () => {
  const again = (at: number): Sent =>
    sent('AUTH', '>', at, { messageId: 1, length: 300, again: true });
  const repeats = (answer: Sent, count: number): readonly Sent[] =>
    Array.from({ length: count }, (_, index) => [
      again(4000 * (index + 1)),
      { ...answer, at: 4000 * (index + 1) + 10, again: true },
    ]).flat();
  const request = sent('AUTH', '>', 40, { messageId: 1, length: 300 });
  const answer = closed(280);
  const pieces = closed(2112, { inPieces: true });
  const asksInVain = [0, 1].map((index) =>
    sent('INFORMATIONAL', '<', 900 + 1000 * index, { length: 80, flags: 0, again: index > 0 }),
  );

  it.each<[string, readonly Sent[], readonly string[]]>([
    [
      'not where the request follows it twice and the last is not answered',
      [...repeats(answer, 1), again(12_000)],
      ['half-open', 'failed'],
    ],
    [
      'or does not, nobody knows, where the last repeated request is answered',
      repeats(answer, 2),
      ['inconclusive', 'incomplete'],
    ],
    [
      'not where the request follows it and the responder gets no answer either',
      [...repeats(answer, 1), ...asksInVain],
      ['half-open', 'failed'],
    ],
    [
      'nobody knows where a repeated request is the last',
      [again(4000)],
      ['inconclusive', 'incomplete'],
    ],
    ['late, where the request follows it once', repeats(answer, 1), ['tunnel-up', 'complete']],
    ['where nothing repeats the request', [], ['tunnel-up', 'complete']],
    [
      'where the initiator goes on under the new SA',
      [...repeats(answer, 3), sent('INFORMATIONAL', '>', 20_000, { messageId: 2 })],
      ['tunnel-up', 'complete'],
    ],
  ])('%s', (_, later, [verdict, phase1]) => {
    const diagnosis = told([request, answer, ...later]);
    expect(outcome(diagnosis)[0]).toBe(verdict);
    expect(diagnosis.negotiations[0]).toMatchObject({
      phase1,
      failingStep: phase1 === 'complete' ? null : 'ike-auth-wait',
    });
  });

  it.each<[string, readonly Sent[], readonly string[]]>([
    ['asked for again', repeats(pieces, 1), ['fragments-lost', 'failed']],
    ['the end of the capture', [], ['inconclusive', 'incomplete']],
    [
      'no hindrance for an initiator that goes on',
      [sent('INFORMATIONAL', '>', 20_000, { messageId: 2 })],
      ['tunnel-up', 'complete'],
    ],
  ])('and one of which pieces are missing is %s', (_, later, [verdict, phase1]) => {
    const diagnosis = told([request, pieces, ...later]);
    expect(outcome(diagnosis)[0]).toBe(verdict);
    expect(diagnosis.negotiations[0]!.phase1).toBe(phase1);
  });

  it('opened or not', () => {
    const diagnosis = told([asks(), accepts, ...repeats(accepts, 1), again(12_000)]);
    expect(outcome(diagnosis).slice(0, 3)).toEqual(['half-open', 'inferred', 'failed']);
    expect(diagnosis.verdict.summary).toContain('and accepts it');
  });
});

describe('a request with room for a certificate', () => {
  it.each<[number, string]>([
    [300, 'psk-mismatch'],
    [1400, 'ikev2-auth-failed'],
  ])('of %i octets that is refused by its length is told as %s', (length, verdict) => {
    const request = sent('AUTH', '>', 40, { messageId: 1, length });
    expect(outcome(told([request, closed(80)]))[0]).toBe(verdict);
  });
});

describe('a CREATE_CHILD_SA that stays closed', () => {
  const child = (way: '>' | '<', at: number, messageId: number, length: number): Sent =>
    sent('CREATE_CHILD_SA', way, at, { messageId, length });
  const up = [sent('AUTH', '>', 40, { messageId: 1, length: 300 }), closed(280)];
  const refused = [child('>', 5000, 2, 208), child('<', 5020, 2, 80)];

  it.each<[string, readonly Sent[], boolean]>([
    ['answered with room for a notification alone', refused, true],
    ['answered with an SA', [child('>', 5000, 2, 208), child('<', 5020, 2, 208)], false],
    [
      'granted when it is asked again',
      [...refused, child('>', 6000, 3, 208), child('<', 6020, 3, 208)],
      false,
    ],
    ['not answered in the capture', [child('>', 5000, 2, 208)], false],
  ])('is a failure beside the tunnel only where it is refused: %s', (_, messages, fails) => {
    const { negotiations, findings } = told([...up, ...messages], {}, true);
    expect(negotiations[0]).toMatchObject({ phase1: 'complete', phase2: 'complete' });
    expect(negotiations[0]!.verdict).toBe(fails ? 'inconclusive' : 'tunnel-up');
    expect(findings.some(({ severity }) => severity === 'failure')).toBe(fails);
    const evidence = findings.flatMap((finding) => finding.evidence.map(({ text }) => text));
    expect(evidence.some((text) => text.includes('nothing complains'))).toBe(!fails);
  });

  it('may be about the group where it has room for a key exchange', () => {
    const messages = [...up, child('>', 5000, 2, 480), child('<', 5020, 2, 80)];
    expect(told(messages, {}, true).verdict.summary).toContain('"set pfs"');
    expect(told([...up, ...refused], {}, true).verdict.summary).not.toContain('first time');
  });
});

describe('a user that is refused within EAP', () => {
  const round = (id: number, operation: number): readonly Sent[] => [
    sent('AUTH', '>', 40 * id, { messageId: id, length: 300, opened, contents: [payloads.eap(2)] }),
    sent('AUTH', '<', 40 * id + 20, {
      messageId: id,
      length: 120,
      opened,
      contents: [payloads.eap(1, 26, operation)],
    }),
  ];
  const leaves = informs(200, { messageId: 4, notify: 24 });

  it('is refused by the responder, also where the initiator ends it', () => {
    const diagnosis = told([...round(1, 1), ...round(2, 4), leaves]);
    expect(outcome(diagnosis).slice(0, 2)).toEqual(['ikev2-auth-failed', 'proven']);
    expect(diagnosis.findings[0]!.evidence.map(({ text }) => text).join()).toContain('password');
  });

  it('is not refused by the challenge', () => {
    const { findings } = told([...round(1, 1), ...round(2, 1)]);
    expect(findings.map(({ id }) => id)).not.toContain('ikev2-auth-failed');
  });
});

describe('where an attempt stopped that has no IKE_AUTH', () => {
  const answer = sent('SA_INIT', '<', 20, { contents: [payloads.keyExchange()] });

  it.each<[string, readonly Sent[], string]>([
    ['its answer has keys', [sent('SA_INIT', '>', 0), answer], 'ike-auth-wait'],
    ['its answer has none', init, 'ike-sa-init-wait'],
    [
      'it is sent again behind the answer',
      [sent('SA_INIT', '>', 0), answer, sent('SA_INIT', '>', 2000, { again: true })],
      'ike-sa-init-wait',
    ],
  ])('is told by IKE_SA_INIT: %s', (_, messages, step) => {
    const exchanges = [wire(messages, { version: 2, transform: null })];
    expect(diagnosisOf({ exchanges }).negotiations[0]!.failingStep).toBe(step);
  });

  it.each<[number, string, boolean]>([
    [1, 'inconclusive', false],
    [2, 'half-open', true],
  ])('%i repeats of IKE_SA_INIT that are answered are told as %s', (count, verdict, fails) => {
    const repeats = Array.from({ length: count }, (_, index) => [
      sent('SA_INIT', '>', 2000 * (index + 1), { again: true }),
      { ...answer, at: 2000 * (index + 1) + 20, again: true },
    ]).flat();
    const exchanges = [
      wire([sent('SA_INIT', '>', 0), answer, ...repeats], { version: 2, transform: null }),
    ];
    const diagnosis = diagnosisOf({ exchanges });
    expect(diagnosis.verdict.finding).toBe(verdict);
    expect(diagnosis.findings.some(({ severity }) => severity === 'failure')).toBe(fails);
    expect(diagnosis.verdict.summary.includes('UDP 4500')).toBe(!fails);
  });

  it('is the answer to IKE_AUTH where long silence follows it', () => {
    const auth = (way: '>' | '<', at: number): Sent =>
      sent('AUTH', way, at, { messageId: 1, length: 290, again: at > 100 });
    const asked = [40, 2000, 6000].flatMap((at) => [auth('>', at), auth('<', at + 20)]);
    const exchange = wire([...init, ...asked], { version: 2, transform: null });
    const later = wire(init, {
      version: 2,
      id: 'x2',
      cookie: 'dddddddddddddddd',
      responder: '203.0.113.7',
      startMs: START_MS + 60_000,
      firstFrame: 20,
    });
    expect(diagnosisOf({ exchanges: [exchange] }).negotiations[0]!.verdict).toBe('inconclusive');
    expect(diagnosisOf({ exchanges: [exchange, later] }).negotiations[0]!.verdict).toBe(
      'half-open',
    );
  });
});

describe('IKE_SA_INIT that is sent again', () => {
  const COOKIE = 16_390;
  const INVALID_KE_PAYLOAD = 17;
  const answer = (at: number, notify?: number): Sent =>
    sent('SA_INIT', '<', at, {
      length: 60,
      ...(notify === undefined ? { contents: [payloads.keyExchange()] } : { notify }),
    });
  const request = sent('SA_INIT', '>', 0);
  const anew = sent('SA_INIT', '>', 40, { length: 130 });
  const again = (at: number, more: Partial<Sent> = {}): Sent =>
    sent('SA_INIT', '>', at, { length: 130, retransmits: 3, ...more });

  it.each<[string, readonly Sent[], boolean]>([
    [
      'with the cookie, and gets no answer',
      [request, answer(20, COOKIE), anew, again(2000)],
      false,
    ],
    [
      'in the group that is asked for, and gets no answer',
      [request, answer(20, INVALID_KE_PAYLOAD), anew, again(2000)],
      false,
    ],
    [
      'with the cookie, and again behind the answer',
      [request, answer(20, COOKIE), anew, answer(60), again(2000)],
      true,
    ],
    [
      'late on its way, behind the answer to that with the cookie',
      [request, answer(20, COOKIE), anew, answer(60), again(70, { length: 100, retransmits: 1 })],
      false,
    ],
    [
      'behind the answer',
      [request, answer(20), again(2000, { length: 100, retransmits: 1 })],
      true,
    ],
  ])('%s', (_, messages, isUnheard) => {
    const exchanges = [wire(messages, { version: 2, transform: null })];
    const { findings } = diagnosisOf({ exchanges });
    const unheard = findings.filter(({ title }) =>
      title.startsWith(`The answer of ${RESPONDER} to IKE_SA_INIT does not reach`),
    );
    expect(unheard.map(({ id }) => id)).toEqual(isUnheard ? ['half-open'] : []);
  });
});

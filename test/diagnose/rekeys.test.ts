import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { Payload } from '../../src/model/isakmp.ts';
import {
  INITIATOR,
  RESPONDER,
  START_MS,
  diagnosisOf,
  payloads,
  sent,
  wire,
  type Sent,
} from '../support/incident.ts';

/** What a CREATE_CHILD_SA of a tunnel that is up is refused for. */
const opened = {};
const ESP = 3;
const IKE = 1;
const child = (group: number | null, cipher = 12): Payload =>
  payloads.proposal(ESP, [
    [1, cipher],
    [3, 12],
    [5, 0],
    ...(group === null ? [] : [[4, group] as const]),
  ]);
const nets = [
  payloads.selectors('10.1.0.0', '10.1.255.255'),
  payloads.selectors('10.2.0.0', '10.2.255.255'),
];
const rekeySa = payloads.about(16_393, ESP, [1, 2, 3, 4]);

const up: readonly Sent[] = [
  sent('SA_INIT', '>', 0),
  sent('SA_INIT', '<', 20),
  sent('AUTH', '>', 40, {
    messageId: 1,
    length: 300,
    opened,
    contents: [payloads.auth(2), child(null), ...nets],
  }),
  sent('AUTH', '<', 60, {
    messageId: 1,
    length: 280,
    opened,
    contents: [payloads.auth(2), child(null), ...nets],
  }),
];

let next = 2;
/** A request of either end and its answer: an error, or what it grants. */
function asks(
  contents: readonly Payload[],
  answer: number | readonly Payload[],
  by: '>' | '<' = '>',
): readonly Sent[] {
  const messageId = next++;
  const at = 1_000_000 + messageId * 1000;
  const isInitiator = by === '>';
  return [
    sent('CREATE_CHILD_SA', by, at, {
      messageId,
      opened,
      contents,
      flags: isInitiator ? 0x08 : 0,
    }),
    sent('CREATE_CHILD_SA', isInitiator ? '<' : '>', at + 20, {
      messageId,
      opened,
      flags: isInitiator ? 0x20 : 0x28,
      ...(typeof answer === 'number' ? { notify: answer } : { contents: answer }),
    }),
  ];
}

const told = (...messages: readonly (readonly Sent[])[]): Diagnosis =>
  diagnosisOf({
    exchanges: [
      wire([...up, ...messages.flat()], { version: 2, completed: true, transform: null }),
    ],
  });

const rekey = (group: number | null, cipher?: number): readonly Payload[] => [
  rekeySa,
  child(group, cipher),
  ...nets,
];
const ikeRekey = [
  payloads.proposal(IKE, [
    [1, 12],
    [2, 5],
    [3, 12],
    [4, 14],
  ]),
];
const more = [child(null), payloads.selectors('10.9.0.0', '10.9.0.255')];

describe('a rekey that is refused in a tunnel that is up', () => {
  it.each<[string, readonly Payload[], number, string, readonly RegExp[]]>([
    [
      'a child SA whose algorithms were accepted before',
      rekey(14),
      14,
      'pfs-mismatch',
      [/renew the child SA \(SPI 01020304\)/, /asks for group 14/, /until its lifetime ends/],
    ],
    [
      'one without perfect forward secrecy',
      rekey(null),
      14,
      'pfs-mismatch',
      [/asks for no Diffie-Hellman group/, /demands another group\./],
    ],
    [
      'a child SA with other algorithms',
      rekey(14, 20),
      14,
      'ikev2-no-proposal-chosen',
      [/answers NO_PROPOSAL_CHOSEN/, /renew the child SA/, /old child SA until its lifetime ends/],
    ],
    [
      'the IKE SA',
      ikeRekey,
      14,
      'ikev2-no-proposal-chosen',
      [/renew the IKE SA/, /until the lifetime of the IKE SA ends/, /crypto ikev2 proposal/],
    ],
    [
      'a child SA for its selectors',
      rekey(null),
      38,
      'ikev2-ts-unacceptable',
      [/accepted when it was set up/, /old child SA until its lifetime ends/],
    ],
    ['one more child SA', more, 38, 'ikev2-ts-unacceptable', [/one more child SA/, /not touched/]],
    ['one more child SA for its proposals', more, 14, 'ikev2-no-proposal-chosen', [/one more/]],
  ])('is told as such: %s', (_, contents, notify, finding, texts) => {
    for (const by of ['>', '<'] as const) {
      const { verdict, negotiations, findings } = told(asks(contents, notify, by));
      expect(verdict.finding).toBe(finding);
      expect(negotiations[0]).toMatchObject({ outcome: 'established', phase2: 'complete' });
      for (const text of texts) expect(verdict.summary).toMatch(text);
      const refuser = by === '>' ? RESPONDER : INITIATOR;
      expect(findings[0]!.title.startsWith(`${refuser} refuses `)).toBe(true);
    }
  });

  it.each<[string, readonly Payload[], number, readonly Payload[]]>([
    ['a child SA', rekey(14), 14, rekey(19)],
    ['the IKE SA', ikeRekey, 14, ikeRekey],
    ['selectors', rekey(null), 38, rekey(null)],
    ['a collision', rekey(null), 43, rekey(null)],
  ])('is no fault once it is granted: %s', (_, refused, notify, granted) => {
    const { findings } = told(asks(refused, notify), asks(granted, granted, '<'));
    expect(findings.map(({ id }) => id)).toEqual(['tunnel-up']);
  });

  it('stays one where something else is granted', () => {
    const { verdict } = told(asks(rekey(14), 14), asks(more, more));
    expect(verdict.finding).toBe('pfs-mismatch');
  });
});

describe('what RFC 7296 section 2.25 answers', () => {
  it('TEMPORARY_FAILURE puts off, and the tunnel is up', () => {
    const { verdict, findings } = told(asks(rekey(null), 43, '<'));
    expect(verdict.finding).toBe('tunnel-up');
    const finding = findings.find(({ id }) => id === 'rekey-collision')!;
    expect(finding.title).toBe(
      `${INITIATOR} puts off ${RESPONDER}, which wants to renew the child SA (SPI 01020304)`,
    );
    expect(finding.explanation).toContain('ask again later');
  });

  it('CHILD_SA_NOT_FOUND names an SA that one end has lost', () => {
    const { verdict, findings } = told(asks(rekey(null), 44));
    expect(verdict.finding).toBe('tunnel-up');
    const finding = findings.find(({ id }) => id === 'invalid-spi')!;
    expect(finding.title).toBe(
      `${RESPONDER} does not know the child SA that ${INITIATOR} wants to renew`,
    );
    expect(finding.confidence).toBe('proven');
  });

  it('is told once, by what it says where it was opened and else by its length', () => {
    const closed = (messages: readonly Sent[]): readonly Sent[] =>
      messages.map(({ step, way, at, messageId = 0, flags = 0 }, index) =>
        sent(step, way, at, { messageId, flags, length: index === 0 ? 480 : 80 }),
      );
    const ids = (...messages: readonly (readonly Sent[])[]): readonly string[] =>
      told(...messages).findings.map(({ id }) => id);
    expect(ids(asks(rekey(14), 14))).toEqual(['pfs-mismatch', 'tunnel-up']);
    expect(ids(closed(asks(rekey(14), 14)))).toEqual(['inconclusive', 'tunnel-up']);
  });
});

describe('an SA without a child SA of its own', () => {
  const first = wire(up, { version: 2, completed: true, transform: null });
  const renewed = wire(
    [
      sent('CREATE_CHILD_SA', '>', 0, { length: 432 }),
      sent('CREATE_CHILD_SA', '<', 20, { length: 432 }),
    ],
    {
      id: 'x2',
      cookie: 'dddddddddddddddd',
      version: 2,
      completed: true,
      startedBefore: true,
      transform: null,
      startMs: START_MS + 60_000,
      firstFrame: 20,
    },
  );

  it('leaves the headline to the tunnel', () => {
    const { verdict } = diagnosisOf({ exchanges: [first, renewed] });
    expect(verdict.summary).toContain('the IKE SA and its child SA stand');
    expect(verdict.summary).toContain('it came up twice');
  });

  it('has it where nothing else is seen', () => {
    expect(diagnosisOf({ exchanges: [renewed] }).verdict.summary).toContain(
      'no child SA belongs to it in the evidence',
    );
  });
});

describe('a closed refusal', () => {
  const granted = [
    sent('CREATE_CHILD_SA', '<', 1_000_000, { length: 480, flags: 0 }),
    sent('CREATE_CHILD_SA', '>', 1_000_020, { length: 480, flags: 0x28 }),
  ];
  const refused = (at: number): readonly Sent[] => [
    sent('CREATE_CHILD_SA', '>', at, { messageId: 2, length: 480 }),
    sent('CREATE_CHILD_SA', '<', at + 20, { messageId: 2, length: 80 }),
  ];
  const verdict = (...messages: readonly Sent[]): ReturnType<typeof told>['verdict'] =>
    told([...messages].sort((a, b) => a.at - b.at)).verdict;

  it.each([999_990, 1_000_010])('that crosses a granted request is a collision (%i)', (at) => {
    expect(verdict(...granted, ...refused(at)).finding).toBe('tunnel-up');
  });

  it.each([900_000, 1_100_000])('before or behind it is one (%i)', (at) => {
    const { finding, summary } = verdict(...granted, ...refused(at));
    expect(finding).toBe(at > 1_000_000 ? 'inconclusive' : 'tunnel-up');
    if (at > 1_000_000) expect(summary).toContain('TEMPORARY_FAILURE');
  });

  it('is no failure any more where a new IKE SA is up', () => {
    const options = { version: 2, completed: true, transform: null } as const;
    const old = wire([...up, ...refused(100_000)], options);
    const again = wire(up, {
      ...options,
      id: 'x2',
      cookie: 'dddddddddddddddd',
      startMs: START_MS + 200_000,
      firstFrame: 20,
    });
    const severities = (exchanges: readonly Exchange[]): readonly string[] =>
      diagnosisOf({ exchanges }).findings.map(({ severity }) => severity);
    expect(severities([old])).toContain('failure');
    expect(severities([old, again])).not.toContain('failure');
  });
});

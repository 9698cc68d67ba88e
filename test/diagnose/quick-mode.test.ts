import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import { Phase2 } from '../../src/isakmp/registry/phase2.ts';
import type { Payload } from '../../src/model/isakmp.ts';
import type { Sent } from '../support/incident.ts';
import { diagnosisOf, opening, payloads, sent, wire } from '../support/incident.ts';

/** A quick mode that is refused, as packets alone tell it. */
const INVALID_ID = 18;
const NO_PROPOSAL = 14;
const UNITY = Uint8Array.from([
  0x12, 0xf5, 0xf2, 0x8c, 0x45, 0x71, 0x68, 0xa9, 0x70, 0x2d, 0x9f, 0xe2, 0x74, 0xcc, 1, 0,
]);

const aes = (more: Readonly<Record<number, number>> = {}): Payload =>
  payloads.esp(12, {
    [Phase2.keyLength]: 256,
    [Phase2.authentication]: 5,
    [Phase2.encapsulation]: 1,
    ...more,
  });
const networks = [
  payloads.network(10, 21, 0, 0, 255, 255, 255, 0),
  payloads.network(10, 22, 0, 0, 255, 255, 255, 0),
];
const offer = (sa: Payload, ...more: readonly Payload[]): Partial<Sent> => ({
  opened: {},
  contents: [sa, ...more, ...networks],
});

const run = (
  qm1: Partial<Sent>,
  answer: Partial<Sent>,
  others: { readonly after?: readonly Sent[]; readonly fromCisco?: true } = {},
): Diagnosis =>
  diagnosisOf({
    exchanges: [
      wire(
        [
          ...opening.slice(0, 1),
          sent('MM2', '<', 20, others.fromCisco ? { contents: [payloads.vendor(UNITY)] } : {}),
          ...opening.slice(2),
          sent('MM5', '>', 80),
          sent('MM6', '<', 100),
          sent('QM1', '>', 120, { messageId: 7, length: 172, ...qm1 }),
          sent('INFO', '<', 140, { messageId: 9, length: 76, ...answer }),
          ...(others.after ?? []),
        ],
        { completed: true },
      ),
    ],
  });
const told = ({ findings }: Diagnosis): string => {
  const { title, explanation, evidence, settle } = findings[0]!;
  return [title, explanation, ...evidence.map(({ text }) => text), ...settle].join('\n');
};
const first = (diagnosis: Diagnosis): string =>
  `${diagnosis.findings[0]!.id} ${diagnosis.findings[0]!.confidence}`;

const withGroup = aes({ [Phase2.group]: 14 });
const asked = /Asked for: 10\.21\.0\.0\/24 behind 192\.0\.2\.1 with 10\.22\.0\.0\/24 behind/;

describe('a notification that was read', () => {
  it('proves the identities that it names, and no other cause', () => {
    expect(first(run(offer(aes()), { notify: INVALID_ID, opened: {} }))).toBe(
      'proxy-identity-mismatch proven',
    );
    for (const qm1 of [offer(aes()), offer(withGroup, payloads.keyExchange())]) {
      const diagnosis = run(qm1, { notify: NO_PROPOSAL, opened: {} });
      expect(first(diagnosis)).toBe('transform-set-mismatch inferred');
      expect(told(diagnosis)).toMatch(/group for perfect forward secrecy.*does not say/);
    }
  });

  it('is told with what was asked for, which is not asked for again', () => {
    const byIdentity = told(run(offer(aes()), { notify: INVALID_ID, opened: {} }));
    expect(byIdentity).toMatch(asked);
    expect(byIdentity).not.toMatch(/debug crypto ipsec/);
    const byTransform = told(
      run(offer(withGroup, payloads.keyExchange()), { notify: NO_PROPOSAL, opened: {} }),
    );
    expect(byTransform).toMatch(asked);
    expect(byTransform).toContain('Offered: ESP_AES-CBC 256 HMAC-SHA2-256 Tunnel group 14.');
    const closed = told(run({}, { notify: INVALID_ID, opened: {} }));
    expect(closed).toMatch(/debug crypto ipsec.*prints the proxies/);
  });

  it('is no cause from IOS, which says the same of everything, but the offer is told', () => {
    const diagnosis = run(
      offer(aes()),
      { notify: NO_PROPOSAL, opened: {} },
      {
        fromCisco: true,
      },
    );
    expect(diagnosis.findings[0]!.id).toBe('inconclusive');
    expect(told(diagnosis)).toMatch(/NO-PROPOSAL-CHOSEN; IOS sends one and the same/);
    expect(told(diagnosis)).toMatch(asked);
    expect(told(diagnosis)).toContain('without perfect forward secrecy.');
  });

  it('is told by its name where it is none that refuses a proposal', () => {
    const text = told(run(offer(aes()), { notify: 24, opened: {} }));
    expect(text).toMatch(/answers the quick mode of 192\.0\.2\.1 with AUTHENTICATION-FAILED/);
  });
});

describe('the group of perfect forward secrecy', () => {
  const refusedBeside = (own: Payload): Diagnosis =>
    run(
      offer(withGroup, payloads.keyExchange()),
      { notify: NO_PROPOSAL, opened: {} },
      { after: [sent('QM1', '<', 150, { messageId: 11, ...offer(own) })] },
    );

  it('is at fault where the end that refuses proposes all the rest itself', () => {
    expect(first(refusedBeside(aes()))).toBe('pfs-mismatch inferred');
    expect(first(refusedBeside(aes({ [Phase2.group]: 5 })))).toBe('pfs-mismatch inferred');
    expect(told(refusedBeside(aes()))).toContain('group 14');
  });

  it('is one of several causes where anything else differs as well, or nothing does', () => {
    const others = [aes({ [Phase2.keyLength]: 128 }), payloads.esp(3, {}), withGroup];
    for (const own of others) expect(first(refusedBeside(own))).toMatch(/^transform-set-mismatch/);
  });
});

describe('a refusal that cannot be read', () => {
  it('names every cause that leaves the same lengths', () => {
    const small = run({}, {});
    expect(first(small)).toBe('proxy-identity-mismatch inferred');
    expect(told(small)).toMatch(/its proxy identities or its transforms/);
    expect(told(small)).toMatch(/equally long/);
    expect(told(small)).toMatch(/Key material of the exchange/);
    const large = run({ length: 500 }, {});
    expect(first(large)).toBe('transform-set-mismatch inferred');
    expect(told(large)).toMatch(/its transforms, its group .*, or its proxy identities/);
  });

  it('names the end whose quick mode it is', () => {
    const diagnosis = diagnosisOf({
      exchanges: [
        wire(
          [
            ...opening,
            sent('MM5', '>', 80),
            sent('MM6', '<', 100),
            sent('QM1', '<', 120, { messageId: 7, length: 172 }),
            sent('INFO', '>', 140, { messageId: 9, length: 76 }),
          ],
          { completed: true },
        ),
      ],
    });
    expect(diagnosis.findings[0]!.title).toMatch(
      /^192\.0\.2\.1 refuses the quick mode of 198\.51\.100\.2/,
    );
  });
});

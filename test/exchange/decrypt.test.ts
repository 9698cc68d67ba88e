import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { wireOutcome } from '../../src/correlate/wire-outcome.ts';
import { decryptExchanges } from '../../src/exchange/decrypt.ts';
import { pairMessages } from '../../src/exchange/pair.ts';
import { keyringsHolding } from '../../src/exchange/psk-groups.ts';
import { plainMessage } from '../../src/isakmp/message.ts';
import type { Decryption, Exchange } from '../../src/model/exchange.ts';
import type { IkeMessage } from '../../src/model/isakmp.ts';
import type { IkeV1Keys, IkeV2Keys, KeyMaterial } from '../../src/model/key-material.ts';
import {
  candidate,
  decrypted,
  keysOf,
  messagesOf,
  sealedOf,
  shuffled,
  type Keys,
} from '../support/exchanges.ts';
import { ikeMessage, message } from '../support/isakmp.ts';

const folder = new URL('../fixtures/keys/', import.meta.url);

function fixture(name: string): { messages: readonly IkeMessage[]; secrets: Keys } {
  const files = readdirSync(new URL(name, folder));
  const capture = files.find((file) => file.startsWith('capture.'))!;
  return {
    messages: messagesOf(readFileSync(new URL(`${name}/${capture}`, folder))),
    secrets: keysOf([readFileSync(new URL(`${name}/secrets.json`, folder), 'utf8')]),
  };
}

const only = (exchanges: readonly Exchange[]): Exchange => exchanges[0]!;

const decryptionAt = (exchange: Exchange, step: string): Decryption =>
  sealedOf(exchange).find((entry) => entry.step === step)!.decryption!;

/** Either the failure, or what was checked. */
function outcome(decryption: Decryption): string {
  if (decryption.kind === 'opaque') return decryption.reason;
  if (decryption.verified) return `verified ${decryption.check!}`;
  return decryption.check === null ? 'plausible' : `refuted ${decryption.check}`;
}

describe('a quick mode that anyone could have sent', () => {
  it('proves nothing where the keys are known, and is taken for one where they are not', () => {
    const { messages, secrets } = fixture('v05');
    const last = messages.at(-1)!;
    const { initiatorCookie: initiator, responderCookie: responder } = last.header;
    const forged = ['i2r', 'r2i', 'i2r'].map((direction, at) => {
      const body = Uint8Array.from({ length: 160 }, (_, i) => (i * 181 + at * 97) & 255);
      const octets = message(
        { initiator, responder, exchange: 32, flags: 1, next: 8, messageId: 0x77 },
        at === 2 ? body.subarray(0, 48) : body,
      );
      const { src, dst } = messages[direction === 'i2r' ? 0 : 1]!;
      const timeMs = Number(last.timeNs / 1_000_000n) + at + 1;
      return ikeMessage(octets, {
        src: src.address,
        dst: dst.address,
        srcPort: src.port,
        dstPort: dst.port,
        timeMs,
        frame: last.frame + at + 1,
      });
    });
    const all = [...messages, ...forged];
    const known = only(decrypted(all, secrets));
    expect(known.messages.slice(-3).map(({ step }) => step)).toEqual(['QM1', 'QM2', 'QM3']);
    expect(known.completed).toBe(false);
    expect(wireOutcome(known)).toEqual({ phase1: 'failed', phase2: 'not-reached' });
    expect(only(decrypted(all, { material: [], candidates: [] })).completed).toBe(true);
  });
});

describe('main mode with different PSKs', () => {
  const { messages, secrets } = fixture('v05');
  const psks = [candidate('Spring2024'), candidate('Summer2024'), candidate('Autumn2024')];
  const shared: KeyMaterial[] = secrets.material.map(
    (one) =>
      ({
        ...one,
        skeyid: null,
        skeyidD: null,
        skeyidA: null,
        skeyidE: null,
        encryptionKey: null,
      }) as KeyMaterial,
  );

  it('tests nothing with candidates alone, and says what would help', () => {
    const exchange = only(decrypted(messages, { material: [], candidates: psks }));
    expect(exchange.keys.status).toBe('no-key-material');
    expect(new Set(exchange.keys.candidates.map(({ verdict }) => verdict))).toEqual(
      new Set(['not-testable']),
    );
    expect(exchange.keys.why).toMatch(/g\^xy/);
    expect(exchange.garbage).toEqual([]);
  });

  it('decides every candidate for both sides with g^xy', () => {
    const exchange = only(decrypted(messages, { material: shared, candidates: psks }));
    const verdicts = exchange.keys.candidates.map(({ side, candidate: label, verdict, by }) => [
      side,
      label,
      verdict,
      by,
    ]);
    expect(verdicts).toEqual([
      ['initiator', 'Spring2024', 'verified', 'HASH_I'],
      ['initiator', 'Summer2024', 'refuted', 'HASH_I'],
      ['initiator', 'Autumn2024', 'refuted', 'HASH_I'],
      ['responder', 'Spring2024', 'refuted', 'HASH(1) of INFO'],
      ['responder', 'Summer2024', 'verified', 'HASH(1) of INFO'],
      ['responder', 'Autumn2024', 'refuted', 'HASH(1) of INFO'],
    ]);
    expect(sealedOf(exchange).map(({ decryption }) => outcome(decryption!))).toEqual([
      'verified HASH_I',
      ...new Array<string>(exchange.messages.filter((entry) => entry.encrypted).length - 1)
        .fill('')
        .map((_, at) =>
          sealedOf(exchange)[at + 1]!.step === 'MM5' ? 'verified HASH_I' : 'verified HASH(1)',
        ),
    ]);
  });

  it('reproduces what the responder read in MM5, beside the truth', () => {
    const exchange = only(decrypted(messages, { material: shared, candidates: psks }));
    const [reading] = exchange.garbage;
    expect(exchange.garbage).toHaveLength(1);
    expect(reading?.candidate).toBe('Summer2024');
    expect(reading?.reserved).not.toBe(0);
    const mm5 = sealedOf(exchange).find(({ step }) => step === 'MM5')!;
    expect(reading?.frame).toBe(mm5.message.frame);
    // The true first header: next payload HASH, reserved zero, length 12 for an IPv4 address.
    expect(
      mm5.decryption?.kind === 'decrypted' && hex(mm5.decryption.plaintext.subarray(0, 5)),
    ).toBe('0800000c01');
  });

  it('decides by HASH_I with the final key alone', () => {
    const table = keysOf([readFileSync(new URL('v05/ikev1_decryption_table', folder), 'utf8')]);
    const exchange = only(decrypted(messages, { material: table.material, candidates: psks }));
    expect(exchange.keys.initiatorPsk).toBe('Spring2024');
    expect(exchange.keys.responderPsk).toBeNull();
    expect(outcome(decryptionAt(exchange, 'MM5'))).toBe('verified HASH_I');
    expect(outcome(decryptionAt(exchange, 'INFO'))).toBe('wrong-key');
  });

  it("needs no other key input than a daemon's log", () => {
    const log = keysOf([readFileSync(new URL('v05/initiator.log', folder), 'utf8')]);
    const exchange = only(decrypted(messages, { material: log.material, candidates: [] }));
    expect(outcome(decryptionAt(exchange, 'MM5'))).toBe('verified HASH_I');
  });

  it('finds the exchange of material that names no cookies', () => {
    const nameless = secrets.material.map((one) => ({
      ...one,
      initiatorCookie: null,
      responderCookie: null,
    }));
    const exchange = only(decrypted(messages, { material: nameless, candidates: [] }));
    expect(sealedOf(exchange).every(({ decryption }) => decryption?.kind === 'decrypted')).toBe(
      true,
    );
    const stranger = {
      ...nameless[0]!,
      encryptionKey: new Uint8Array(24).fill(9),
      skeyidE: null,
    } as KeyMaterial;
    const other = only(decrypted(messages, { material: [stranger], candidates: [] }));
    expect(outcome(decryptionAt(other, 'MM5'))).toBe('no-key-material');
  });

  it('takes no notice of material that names another exchange', () => {
    const other = secrets.material.map((one) => ({ ...one, initiatorCookie: '0123456789abcdef' }));
    const exchange = only(decrypted(messages, { material: other, candidates: psks }));
    expect(exchange.keys.status).toBe('no-key-material');
    expect(exchange.keys.why).toContain(
      'is of another SA (initiator cookie 0123456789abcdef), not of this one',
    );
  });
});

describe('aggressive mode', () => {
  const { messages } = fixture('v11');
  it('decides candidates by HASH_R with nothing else', () => {
    const exchange = only(
      decrypted(messages, { material: [], candidates: [candidate('alpha'), candidate('bravo')] }),
    );
    const responder = exchange.keys.candidates.filter(({ side }) => side === 'responder');
    expect(responder.map(({ verdict, by }) => [verdict, by])).toEqual([
      ['refuted', 'HASH_R'],
      ['verified', 'HASH_R'],
    ]);
    expect(exchange.keys.initiatorPsk).toBeNull();
    expect(sealedOf(exchange).every(({ decryption }) => decryption?.kind === 'opaque')).toBe(true);
  });
});

describe('a capture that began late', () => {
  const { messages, secrets } = fixture('v40');

  it('tries the suites, opens everything and proves the PSK by the quick mode', () => {
    const exchange = only(decrypted(messages, secrets));
    expect(sealedOf(exchange).map(({ decryption }) => decryption?.kind)).toEqual(
      new Array(7).fill('decrypted'),
    );
    expect(outcome(decryptionAt(exchange, 'QM1'))).toBe('verified HASH(1)');
    expect(outcome(decryptionAt(exchange, 'QM3'))).toBe('verified HASH(3)');
    expect(exchange.keys.initiatorPsk).not.toBeNull();
  });

  it('loses only the first block of MM5 without MM3 and MM4', () => {
    const late = messages.filter(({ header }) => (header.flags & 1) !== 0);
    const exchange = only(decrypted(late, secrets));
    const mm5 = sealedOf(exchange)[0]!;
    expect(mm5.decryption?.kind === 'decrypted' && mm5.decryption.firstBlockLost).toBe(true);
    expect(mm5.payloads.map(({ content }) => content.kind)).toContain('notification');
    for (const entry of sealedOf(exchange).slice(1)) {
      expect(entry.decryption?.kind === 'decrypted' && !entry.decryption.firstBlockLost).toBe(true);
    }
  });
});

it('opens Blowfish, which OpenSSL 3 refuses', () => {
  const { messages, secrets } = fixture('v04b');
  const exchange = only(decrypted(messages, secrets));
  expect(
    sealedOf(exchange).every(
      ({ decryption }) => decryption?.kind === 'decrypted' && decryption.verified,
    ),
  ).toBe(true);
});

describe.each(['v22', 'v23'])('IKEv2, %s', (name) => {
  const { messages, secrets } = fixture(name);
  it('decides the PSK by AUTH', () => {
    const wrong = candidate('not this one');
    const exchange = only(
      decrypted(messages, { ...secrets, candidates: [wrong, ...secrets.candidates] }),
    );
    expect(exchange.keys.initiatorPsk).toBe(secrets.candidates[0]!.label);
    expect(exchange.keys.responderPsk).toBe(secrets.candidates[0]!.label);
    const refuted = exchange.keys.candidates.filter((one) => one.candidate === wrong.label);
    expect(refuted.map(({ verdict, by }) => [verdict, by])).toEqual([
      ['refuted', 'AUTH'],
      ['refuted', 'AUTH'],
    ]);
  });
  it.each([true, false])('opens an SA that came of a rekeying, suite told: %s', (told) => {
    // Such an SA has no IKE_SA_INIT of its own: its keys and its suite come from elsewhere.
    const later = messages.filter(({ header }) => header.exchangeType !== 34);
    const table = secrets.material.map(
      (one) =>
        ({
          ...one,
          sharedSecret: null,
          ...(told ? {} : { encryption: null, integrity: null }),
        }) as KeyMaterial,
    );
    const exchange = only(decrypted(later, { material: table, candidates: secrets.candidates }));
    expect(exchange.startedBefore).toBe(true);
    expect(sealedOf(exchange).length).toBeGreaterThan(0);
    for (const { decryption } of sealedOf(exchange)) {
      expect(outcome(decryption!)).toMatch(/^verified/);
    }
    expect(exchange.keys.candidates.every(({ verdict }) => verdict === 'not-testable')).toBe(true);
  });
  it('opens with SK_e and SK_a alone, and then cannot test a PSK', () => {
    const table = secrets.material.map(
      (one) => ({ ...one, sharedSecret: null, skPi: null, skPr: null }) as KeyMaterial,
    );
    const exchange = only(decrypted(messages, { material: table, candidates: secrets.candidates }));
    expect(exchange.keys.status).toBe('decrypted');
    expect(exchange.keys.candidates.every(({ verdict }) => verdict === 'not-testable')).toBe(true);
    expect(exchange.keys.candidates[0]!.why).toMatch(/SK_pi/);
  });
});

/** One bit of one octet, counted from the start or (negative) the end. */
function flip(bytes: Uint8Array, at: number, bit = 1): Uint8Array {
  const copy = bytes.slice();
  const index = at < 0 ? copy.length + at : at;
  copy[index] = copy[index]! ^ bit;
  return copy;
}

function withPdu(message: IkeMessage, bytes: Uint8Array): IkeMessage {
  return { ...plainMessage(message), pdu: { ...message.pdu, bytes } };
}

describe('one flipped bit', () => {
  const v1 = fixture('v02');
  const keys = v1.secrets.material[0] as KeyMaterial & IkeV1Keys;
  const final: KeyMaterial = {
    ...keys,
    sharedSecret: null,
    skeyid: null,
    skeyidA: null,
    skeyidD: null,
    skeyidE: null,
  };
  const isMm5 = (message: IkeMessage): boolean =>
    message.header.messageId === 0 && (message.header.flags & 1) !== 0;
  const first = v1.messages.find(isMm5)!;
  const alone = v1.messages.filter((message) => !(message.header.flags & 1) || message === first);

  const run = (messages: readonly IkeMessage[], material: readonly KeyMaterial[]): string =>
    outcome(decryptionAt(only(decryptExchanges(pairMessages(messages), material, [])), 'MM5'));
  const altered = (change: (message: IkeMessage) => IkeMessage): readonly IkeMessage[] =>
    alone.map((message) => (message === first ? change(message) : message));
  const otherKe = alone.map((message) => {
    const ke = message.payloads.find(({ content }) => content.kind === 'key-exchange');
    if (ke === undefined || message.payloads[0] !== ke) return message;
    const content = { ...ke.content, data: ke.body } as typeof ke.content;
    const body = { ...ke.body, bytes: flip(ke.body.bytes, 40) };
    return {
      ...plainMessage(message),
      payloads: message.payloads.map((one) => (one === ke ? { ...ke, body, content } : one)),
    };
  });

  /* The confusion table: what was flipped, and what it is taken for. AES-256, SHA2-256. */
  it.each<[string, () => string, string]>([
    ['nothing, final key', () => run(alone, [final]), 'plausible'],
    ['nothing, SKEYID too', () => run(alone, [keys]), 'verified HASH_I'],
    [
      'key',
      () => run(alone, [{ ...final, encryptionKey: flip(keys.encryptionKey!, 3) }]),
      'wrong-key',
    ],
    [
      'SKEYID',
      () => run(alone, [{ ...keys, skeyid: flip(keys.skeyid!, 3), sharedSecret: null }]),
      'refuted HASH_I',
    ],
    ['g^x, and with it the IV', () => run(otherKe, [final]), 'wrong-iv'],
    [
      'ciphertext, first block',
      () =>
        run(
          altered((m) => withPdu(m, flip(m.pdu.bytes, 28))),
          [final],
        ),
      'wrong-iv',
    ],
    [
      'ciphertext inside the HASH',
      () =>
        run(
          altered((m) => withPdu(m, flip(m.pdu.bytes, 28 + 20))),
          [keys],
        ),
      'malformed',
    ],
    [
      'ciphertext of the padding, which no HASH covers',
      () =>
        run(
          altered((m) => withPdu(m, flip(m.pdu.bytes, -1))),
          [keys],
        ),
      'verified HASH_I',
    ],
    [
      'octets cut off',
      () =>
        run(
          altered((m) => withPdu(m, m.pdu.bytes.slice(0, -5))),
          [keys],
        ),
      'truncated',
    ],
    [
      'length in the header',
      () =>
        run(
          altered((m) => ({
            ...plainMessage(m),
            header: { ...m.header, length: m.header.length ^ 4 },
          })),
          [keys],
        ),
      'truncated',
    ],
  ])('in %s', (_what, found, expected) => {
    expect(found()).toBe(expected);
  });

  const v2 = fixture('v22');
  const sk = v2.secrets.material[0] as KeyMaterial & IkeV2Keys;
  const table: KeyMaterial = { ...sk, sharedSecret: null };
  const auth = v2.messages.find((message) => message.header.exchangeType === 35)!;
  const justAuth = v2.messages.filter(
    (message) => message.header.exchangeType === 34 || message === auth,
  );
  const runV2 = (messages: readonly IkeMessage[], material: readonly KeyMaterial[]): string =>
    outcome(decryptionAt(only(decryptExchanges(pairMessages(messages), material, [])), 'AUTH'));
  const alteredV2 = (change: (message: IkeMessage) => IkeMessage): readonly IkeMessage[] =>
    justAuth.map((message) => (message === auth ? change(message) : message));

  it.each<[string, () => string, string]>([
    ['nothing', () => runV2(justAuth, [table]), 'verified ICV'],
    ['encryption key', () => runV2(justAuth, [{ ...table, skEi: flip(sk.skEi!, 3) }]), 'wrong-key'],
    [
      'both keys',
      () => runV2(justAuth, [{ ...table, skEi: flip(sk.skEi!, 3), skAi: flip(sk.skAi!, 3) }]),
      'wrong-key',
    ],
    [
      'integrity key',
      () => runV2(justAuth, [{ ...table, skAi: flip(sk.skAi!, 3) }]),
      'integrity-check-failed',
    ],
    [
      'ICV',
      () =>
        runV2(
          alteredV2((m) => withPdu(m, flip(m.pdu.bytes, -1))),
          [table],
        ),
      'integrity-check-failed',
    ],
    [
      'octets cut off',
      () =>
        runV2(
          alteredV2((m) => withPdu(m, m.pdu.bytes.slice(0, -5))),
          [table],
        ),
      'truncated',
    ],
    [
      'length in the header',
      () =>
        runV2(
          alteredV2((m) => ({
            ...plainMessage(m),
            header: { ...m.header, length: m.header.length ^ 4 },
          })),
          [table],
        ),
      'truncated',
    ],
  ])('of IKEv2 in %s', (_what, found, expected) => {
    expect(found()).toBe(expected);
  });
});

/** The same message with one payload's octets changed. */
function withOtherBody(message: IkeMessage, type: number): IkeMessage {
  const payloads = message.payloads.map((payload) =>
    payload.type === type
      ? { ...payload, body: { ...payload.body, bytes: flip(payload.body.bytes, 3) } }
      : payload,
  );
  return { ...withPdu(message, flip(message.pdu.bytes, -1)), payloads };
}

describe('an algorithm that no runtime has', () => {
  /** The same exchange as if the peers had agreed on it; what is encrypted is none of its. */
  const agreed = (messages: readonly IkeMessage[], encryption: number): readonly Exchange[] =>
    pairMessages(messages).map((exchange) => ({
      ...exchange,
      transform: { ...exchange.transform!, encryption },
    }));
  const IDEA = 2;
  const CAMELLIA_CTR = 24;

  it.each([
    ['v02', IDEA],
    ['v22', CAMELLIA_CTR],
  ] as const)('refutes no candidate of %s and is the reason everywhere', (name, encryption) => {
    const { messages, secrets } = fixture(name);
    const candidates = [...secrets.candidates, candidate('another')];
    const exchange = only(
      decryptExchanges(agreed(messages, encryption), secrets.material, candidates),
    );
    expect(exchange.keys.status).toBe('no-key-material');
    expect(exchange.keys.why).toMatch(/not available in this runtime/);
    for (const { verdict, why } of exchange.keys.candidates) {
      expect(verdict).toBe('not-testable');
      expect(why).toMatch(/not available in this runtime/);
    }
    expect(new Set(sealedOf(exchange).map(({ decryption }) => outcome(decryption!)))).toEqual(
      new Set(['unsupported-cipher']),
    );
  });

  it('leaves what an aggressive mode shows in clear', () => {
    const { messages, secrets } = fixture('v11');
    const of = (exchanges: readonly Exchange[]): readonly unknown[] =>
      only(decryptExchanges(exchanges, [], secrets.candidates))
        .keys.candidates.filter(({ side }) => side === 'responder')
        .map(({ verdict }) => verdict);
    expect(of(agreed(messages, IDEA))).toEqual(of(pairMessages(messages)));
    expect(of(agreed(messages, IDEA))).toContain('verified');
  });

  it('is no cipher without a check where the check is unknown', () => {
    const { messages, secrets } = fixture('v22');
    const exchanges = pairMessages(messages).map((exchange) => ({
      ...exchange,
      transform: { ...exchange.transform!, hash: 1000 },
    }));
    const exchange = only(decryptExchanges(exchanges, secrets.material, secrets.candidates));
    expect(outcome(decryptionAt(exchange, 'AUTH'))).toBe('unsupported-cipher');
  });
});

describe('an exchange out of order', () => {
  const { messages, secrets } = fixture('v05');
  const nonce = 10;
  const isMm4 = (message: IkeMessage): boolean =>
    message.src.address === '172.16.5.20' && message.payloads.some(({ type }) => type === nonce);
  const mm4 = messages.findIndex(isMm4);

  it.each(['before', 'behind'])('finds the nonce that counts, another one %s it', (where) => {
    const stale = { ...withOtherBody(messages[mm4]!, nonce), frame: 900 };
    const at = where === 'before' ? mm4 : mm4 + 1;
    const altered = [...messages.slice(0, at), stale, ...messages.slice(at)];
    const shared = secrets.material.map(
      (one) => ({ ...one, skeyid: null, skeyidE: null, encryptionKey: null }) as KeyMaterial,
    );
    const exchange = only(
      decrypted(altered, {
        material: shared,
        candidates: [candidate('Spring2024'), candidate('Summer2024')],
      }),
    );
    expect(exchange.keys.initiatorPsk).toBe('Spring2024');
    expect(exchange.keys.responderPsk).toBe('Summer2024');
    expect(sealedOf(exchange).every(({ decryption }) => decryption?.kind === 'decrypted')).toBe(
      true,
    );
  });

  it.each(['v02', 'v05', 'v04b', 'v11', 'v40'])(
    'opens %s whatever the order of all messages',
    (name) => {
      const one = fixture(name);
      const inOrder = sealedOf(only(decrypted(one.messages, one.secrets)));
      const opened = new Set(
        inOrder.flatMap(({ decryption, message }) =>
          decryption?.kind === 'decrypted' ? [message.frame] : [],
        ),
      );
      for (let seed = 1; seed <= 8; seed += 1) {
        const mixed = shuffled(one.messages, seed);
        const found = decrypted(mixed, one.secrets).flatMap(sealedOf);
        for (const { message, decryption } of found) {
          if (!opened.has(message.frame)) continue;
          expect(decryption?.kind, `frame ${message.frame}, seed ${seed}`).toBe('decrypted');
        }
      }
    },
  );
});

describe('keyringsHolding', () => {
  const held = (
    label: string,
    value: string,
    keyring: string | null,
  ): ReturnType<typeof candidate> => ({
    ...candidate(value, label),
    router: keyring === null ? null : 'R1',
    keyring,
  });
  it('names the one keyring that holds the value', () => {
    const list = [held('a', 'one', 'keyring1'), held('b', 'two', 'keyring2')];
    expect(keyringsHolding('b', list)).toEqual({
      keyrings: [{ router: 'R1', keyring: 'keyring2' }],
      decidable: true,
    });
  });
  it('says undecidable where several hold it', () => {
    const list = [
      held('a', 'same', 'keyring1'),
      held('b', 'same', 'keyring2'),
      held('c', 'same', null),
    ];
    expect(keyringsHolding('c', list).keyrings.map(({ keyring }) => keyring)).toEqual([
      'keyring1',
      'keyring2',
    ]);
    expect(keyringsHolding('c', list).decidable).toBe(false);
  });
});

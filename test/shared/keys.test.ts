import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { readPsk } from '../../src/keymaterial/secret-text.ts';
import { plainMessage } from '../../src/isakmp/message.ts';
import type { Exchange, ExchangeMessage, Side } from '../../src/model/exchange.ts';
import type { IkeMessage } from '../../src/model/isakmp.ts';
import type { CandidatePsk } from '../../src/model/key-material.ts';
import {
  decrypted,
  keysOf,
  messagesOf,
  sealedOf,
  shuffled,
  type Keys,
} from '../support/exchanges.ts';

/* Captures of real daemons with their secrets and the truth about each message. */
const root = join(
  process.env.IKE_AUTOPSY_SHARED ??
    join(dirname(fileURLToPath(import.meta.url)), '../../../shared'),
  'captures',
);
const present = existsSync(root);
if (!present) console.warn(`skipped: no captures in ${root}`);

type TruthMessage = {
  readonly label: string;
  readonly frames: readonly number[];
  readonly direction: 'i2r' | 'r2i';
  readonly encrypted: boolean;
  readonly decrypted?: boolean;
  readonly keyOf?: Side;
  readonly hashOk?: boolean | null;
  readonly hash?: string;
  readonly signature?: string;
  readonly ids?: readonly { readonly data: string }[];
  readonly fragment?: readonly number[];
};

type TruthNegotiation = {
  readonly initiatorCookie: string;
  readonly responderCookie: string | null;
  readonly ikeVersion: 1 | 2;
  readonly mode: string;
  readonly messages: readonly TruthMessage[];
  readonly psk?: { readonly initiator: string | null; readonly responder: string | null };
  readonly auth?: Partial<
    Record<Side, { readonly frame: number; readonly matches?: Record<Side, boolean> }>
  >;
  readonly hashRMatches?: Record<Side, boolean>;
};

type Case = {
  readonly name: string;
  readonly messages: readonly IkeMessage[];
  readonly truth: { readonly negotiations: readonly TruthNegotiation[] };
  readonly text: (file: string) => string[];
};

function load(name: string): Case {
  const folder = join(root, name);
  const capture = readdirSync(folder).find((file) => file.startsWith('capture.'))!;
  return {
    name,
    messages: messagesOf(readFileSync(join(folder, capture))),
    truth: JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Case['truth'],
    text: (file) => {
      const path = join(folder, file);
      return existsSync(path) ? [readFileSync(path, 'utf8')] : [];
    },
  };
}

const cases = present
  ? readdirSync(root)
      .filter((name) => /^v\d/.test(name))
      .map(load)
  : [];

const tables = ['wireshark/ikev1_decryption_table', 'wireshark/ikev2_decryption_table'];

function find(exchanges: readonly Exchange[], truth: TruthNegotiation): Exchange {
  const found = exchanges.find(
    (exchange) =>
      exchange.initiatorCookie === truth.initiatorCookie &&
      exchange.responderCookie === (truth.responderCookie ?? '0000000000000000'),
  );
  return found!;
}

function entryOf(exchange: Exchange, frame: number): ExchangeMessage {
  return exchange.messages.find((entry) => entry.message.frame === frame)!;
}

/** Encrypted messages with their truth; pieces of a fragmented IKEv1 message are told by the last one. */
function sealed(exchange: Exchange, truth: TruthNegotiation): [ExchangeMessage, TruthMessage][] {
  return truth.messages
    .filter((message) => message.encrypted)
    .flatMap((message) =>
      message.frames.map((frame): [ExchangeMessage, TruthMessage] => [
        entryOf(exchange, frame),
        message,
      ]),
    )
    .filter(([entry]) => entry.partOf === null || exchange.version === 2);
}

function valueOf(label: string | null, candidates: readonly CandidatePsk[]): string | null {
  const found = candidates.find((one) => one.label === label);
  return found === undefined ? null : hex(found.secret);
}

function octetsOf(psk: string | null | undefined): string | null {
  return psk == null
    ? null
    : hex(psk.startsWith('hex:') ? readPsk(psk)! : new TextEncoder().encode(psk));
}

/** The side sent something that only its own key can have made. */
function provesItself(truth: TruthNegotiation, side: Side): boolean {
  if (truth.ikeVersion === 2) return truth.auth?.[side]?.matches !== undefined;
  const direction = side === 'initiator' ? 'i2r' : 'r2i';
  if (side === 'responder' && truth.hashRMatches?.responder === true) return true;
  return truth.messages.some(
    (message) =>
      message.direction === direction && message.hashOk === true && message.signature === undefined,
  );
}

function usesPsk(truth: TruthNegotiation): boolean {
  return truth.psk?.initiator != null || truth.psk?.responder != null;
}

describe.skipIf(!present).each(cases)('$name', ({ messages, truth, text }) => {
  const secrets = keysOf(text('secrets.json'));

  it('opens everything with the secrets, and proves each side its PSK', () => {
    const exchanges = decrypted(messages, secrets);
    for (const negotiation of truth.negotiations) {
      const exchange = find(exchanges, negotiation);
      for (const [entry, expected] of sealed(exchange, negotiation)) {
        const { decryption } = entry;
        const place = `frame ${entry.message.frame}`;
        expect(decryption?.kind, place).toBe(expected.decrypted === true ? 'decrypted' : 'opaque');
        if (decryption?.kind !== 'decrypted') continue;
        if (expected.hashOk === true) {
          expect(decryption.verified, place).toBe(true);
          if (expected.signature !== undefined)
            expect(decryption.check, place).toBe(expected.direction === 'i2r' ? 'SIG_I' : 'SIG_R');
        }
        if (expected.ids !== undefined) {
          const ids = entry.payloads.flatMap(({ content }) =>
            content.kind === 'identification' ? [hex(content.data.bytes)] : [],
          );
          expect(ids, place).toEqual(expected.ids.map(({ data }) => data));
        }
        if (expected.hash !== undefined) {
          const hash = entry.payloads.find(({ content }) => content.kind === 'hash');
          expect(hex(hash!.body.bytes), place).toBe(expected.hash);
        }
        const mismatch = negotiation.psk?.initiator !== negotiation.psk?.responder;
        if (mismatch && usesPsk(negotiation) && exchange.version === 1) {
          expect(decryption.keyOf, place).toBe(expected.keyOf);
        }
      }
      for (const side of ['initiator', 'responder'] as const) {
        const label = exchange.keys[side === 'initiator' ? 'initiatorPsk' : 'responderPsk'];
        const proven = usesPsk(negotiation) && provesItself(negotiation, side);
        expect(valueOf(label, secrets.candidates), side).toBe(
          proven ? octetsOf(negotiation.psk?.[side]) : null,
        );
      }
    }
  });

  it('decides the PSK with nothing but the Wireshark tables and candidates', () => {
    const keys: Keys = {
      material: keysOf(tables.flatMap(text)).material,
      candidates: secrets.candidates,
    };
    const exchanges = decrypted(messages, keys);
    for (const negotiation of truth.negotiations) {
      if (!usesPsk(negotiation) || negotiation.ikeVersion === 2) continue;
      const exchange = find(exchanges, negotiation);
      const mm5 = exchange.messages.find(
        (entry) => entry.step === 'MM5' && entry.payloads.length > 0,
      );
      const wholeNegotiation = exchange.transform !== null && !exchange.startedBefore;
      if (mm5 === undefined || !wholeNegotiation) continue;
      expect(valueOf(exchange.keys.initiatorPsk, secrets.candidates)).toBe(
        octetsOf(negotiation.psk?.initiator),
      );
      const wrong = exchange.keys.candidates.filter(
        (one) =>
          one.side === 'initiator' &&
          valueOf(one.candidate, secrets.candidates) !== octetsOf(negotiation.psk?.initiator),
      );
      expect(wrong.every(({ verdict, by }) => verdict === 'refuted' && by === 'HASH_I')).toBe(true);
    }
  });

  it('says with nothing but candidates what can be decided and what cannot', () => {
    if (secrets.candidates.length === 0) return;
    const exchanges = decrypted(messages, { material: [], candidates: secrets.candidates });
    for (const negotiation of truth.negotiations) {
      const exchange = find(exchanges, negotiation);
      expect(sealedOf(exchange).every(({ decryption }) => decryption?.kind === 'opaque')).toBe(
        true,
      );
      if (negotiation.mode === 'aggressive' && usesPsk(negotiation)) {
        expect(valueOf(exchange.keys.responderPsk, secrets.candidates)).toBe(
          octetsOf(negotiation.psk?.responder),
        );
        continue;
      }
      expect(exchange.keys.candidates.every(({ verdict }) => verdict === 'not-testable')).toBe(
        true,
      );
      expect(exchange.keys.candidates.every(({ why }) => why.length > 20)).toBe(true);
      expect([exchange.keys.initiatorPsk, exchange.keys.responderPsk]).toEqual([null, null]);
    }
  });

  it('opens with the logs what the logging sides encrypted', () => {
    const logs = (['initiator', 'responder'] as const).map((side) => ({
      side,
      keys: keysOf(text(`${side}.log`)),
    }));
    const exchanges = decrypted(messages, {
      material: logs.flatMap(({ keys }) => keys.material),
      candidates: logs.flatMap(({ keys }) => keys.candidates),
    });
    for (const negotiation of truth.negotiations) {
      const exchange = find(exchanges, negotiation);
      const logged = logs.filter(({ keys }) =>
        keys.material.some(
          (material) =>
            material.initiatorCookie === negotiation.initiatorCookie &&
            material.responderCookie === negotiation.responderCookie,
        ),
      );
      for (const [entry, expected] of sealed(exchange, negotiation)) {
        const same = negotiation.psk?.initiator === negotiation.psk?.responder;
        const has =
          expected.keyOf === undefined || same
            ? logged.length > 0
            : logged.some(({ side }) => side === expected.keyOf);
        if (!has || expected.decrypted !== true) continue;
        expect(entry.decryption?.kind, `frame ${entry.message.frame}`).toBe('decrypted');
      }
    }
  });

  describe('damage to the order', () => {
    const opens = (altered: readonly IkeMessage[]): void => {
      const exchanges = decrypted(altered, secrets);
      for (const exchange of exchanges) {
        for (const entry of sealedOf(exchange)) {
          const truthful = truth.negotiations
            .flatMap((negotiation) => negotiation.messages)
            .find((message) => message.frames.includes(entry.message.frame % 100_000));
          if (truthful?.decrypted !== true) continue;
          expect(entry.decryption?.kind, `frame ${entry.message.frame}`).toBe('decrypted');
          if (entry.decryption?.kind === 'decrypted')
            expect(entry.decryption.firstBlockLost).toBe(false);
        }
      }
    };
    const tapped = messages.flatMap((message) => [
      message,
      {
        ...plainMessage(message),
        frame: message.frame + 100_000,
        interfaceId: message.interfaceId + 7,
        timeNs: message.timeNs + 40_000n,
      },
    ]);

    it('two taps of one path', () => opens(tapped));
    it('every message twice, later', () => {
      const late = messages.map((message) => ({
        ...plainMessage(message),
        frame: message.frame + 100_000,
        timeNs: message.timeNs + 3_000_000_000n,
      }));
      opens([...messages, ...late]);
    });
    it.each([1, 2, 3])('phase 2 shuffled, seed %i', (seed) => {
      const isLater = (message: IkeMessage): boolean => message.header.messageId !== 0;
      opens([
        ...messages.filter((message) => !isLater(message)),
        ...shuffled(messages.filter(isLater), seed),
      ]);
    });
  });

  it('loses with each lost message only what hangs on it', () => {
    if (messages.length > 60) return;
    const whole = decrypted(messages, secrets);
    const opened = new Set(
      whole.flatMap((exchange) =>
        sealedOf(exchange).flatMap(({ decryption, message }) =>
          decryption?.kind === 'decrypted' ? [message.frame] : [],
        ),
      ),
    );
    for (const lost of messages) {
      const rest = messages.filter((message) => message !== lost);
      for (const exchange of decrypted(rest, secrets)) {
        if (exchange.version === 2) continue;
        for (const { message, decryption } of sealedOf(exchange)) {
          if (!opened.has(message.frame) || message.fragmentFrames.length > 0) continue;
          const place = `frame ${message.frame} without ${lost.frame}`;
          if (decryption?.kind === 'decrypted') {
            if (!decryption.firstBlockLost) continue;
            const chained = lost.header.messageId === message.header.messageId;
            expect(chained || lost.header.messageId === 0, place).toBe(true);
          } else {
            // Only what is too short to be recognised without its first block.
            expect(decryption?.reason, place).toBe('exchange-incomplete');
          }
        }
      }
    }
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { pairMessages } from '../../src/exchange/pair.ts';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';
import { decodeDocument } from '../../src/report/decode/document.ts';
import type { DecodeDocument, ExchangeRecord } from '../../src/report/decode/document.ts';

/** The evidence collection beside the repository. */
const shared = process.env['IKE_AUTOPSY_SHARED'] ?? join(import.meta.dirname, '../../../shared');
const folder = join(shared, 'captures');
const isPresent = existsSync(folder);
if (!isPresent) console.log(`skipped: no captures in ${folder}`);

type Frame = {
  readonly frame: number;
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  readonly exchangeType: number;
  readonly exchange: string;
  readonly messageId: string;
  readonly label: string;
  readonly direction: 'i2r' | 'r2i';
  readonly encrypted: boolean;
  readonly nonEspMarker?: boolean;
  readonly retransmissionOf?: number;
  readonly natCopyOf?: number;
  readonly ipFragments?: readonly number[];
  readonly ikeFragment?: boolean;
};

type Transform = {
  readonly encryption: string | number;
  readonly keyLength: number | null;
  readonly hash?: string;
  readonly integrity?: string | null;
  readonly prf?: string;
  readonly group: number;
  readonly auth?: string;
  readonly lifetimeSeconds?: number | null;
};

type Id = {
  readonly type: number;
  readonly protocol?: number;
  readonly port?: number;
  readonly value: string;
};

type Message = {
  readonly label: string;
  readonly frames: readonly number[];
  readonly encrypted: boolean;
  readonly payloads?: readonly string[];
  readonly ids?: readonly Id[];
  readonly hash?: string;
  readonly notifies?: readonly {
    readonly type: number;
    readonly protocol: number;
    readonly spi: string;
    readonly data: string;
  }[];
  readonly ikeFragments?: readonly number[];
};

type Negotiation = {
  readonly initiatorCookie: string;
  readonly responderCookie: string | null;
  readonly ikeVersion: 1 | 2;
  readonly mode: string;
  readonly offeredTransforms?: readonly Transform[];
  readonly offeredProposals?: number;
  readonly chosenTransform?: Transform | null;
  readonly messages: readonly Message[];
  readonly notifications: readonly {
    readonly type: number;
    readonly frame: number;
    readonly direction: string;
    readonly protected: boolean;
  }[];
  readonly initiator: { readonly addresses: readonly string[] };
  readonly responder: { readonly addresses: readonly string[] };
  readonly frames: readonly number[];
  readonly retransmissions: readonly { readonly frame: number; readonly of: number }[];
  readonly phase1Completed: { readonly initiator: boolean; readonly responder: boolean };
  readonly verdictCode: string;
};

type Expected = {
  readonly capture: string;
  readonly frames: readonly Frame[];
  readonly negotiations: readonly Negotiation[];
  readonly strayIkeFrames: readonly { readonly frame: number }[];
  readonly malformedIkeFrames: readonly number[];
  readonly truncatedFrames: readonly number[];
};

const cases = isPresent
  ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json')))
  : [];

/** The truth's words for what the document calls by registry and step names. */
const steps: ReadonlyMap<string, string> = new Map([
  ['TRANSACTION', 'CFG'],
  ['IKE_SA_INIT request', 'SA_INIT'],
  ['IKE_SA_INIT response', 'SA_INIT'],
  ['IKE_AUTH request', 'AUTH'],
  ['IKE_AUTH response', 'AUTH'],
  ['INFORMATIONAL request', 'INFORMATIONAL'],
  ['INFORMATIONAL response', 'INFORMATIONAL'],
]);
const registryNames: ReadonlyMap<string, string> = new Map([
  ['BLOWFISH-CBC', 'Blowfish-CBC'],
  ['SHA1', 'SHA'],
  ['PSK', 'pre-shared key'],
  ['RSA-SIG', 'RSA signatures'],
  ['HMAC-SHA2-256', 'PRF_HMAC_SHA2_256'],
  ['HMAC-SHA1', 'PRF_HMAC_SHA1'],
  ['HMAC-SHA2-256-128', 'AUTH_HMAC_SHA2_256_128'],
  ['HMAC-SHA1-96', 'AUTH_HMAC_SHA1_96'],
]);
const ikeV2Ciphers: ReadonlyMap<string, string> = new Map([
  ['AES-CBC', 'ENCR_AES_CBC'],
  ['AES-GCM-16', 'ENCR_AES_GCM_16'],
  ['3DES-CBC', 'ENCR_3DES'],
]);
const inRegistry = <T>(name: T): T | string =>
  typeof name === 'string' ? (registryNames.get(name) ?? name) : name;

function decode(name: string): { document: DecodeDocument; expected: Expected } {
  const expected = JSON.parse(
    readFileSync(join(folder, name, 'expected.json'), 'utf8'),
  ) as Expected;
  const decoder = createCaptureDecoder(0);
  decoder.push(new Uint8Array(readFileSync(join(folder, name, expected.capture))));
  const decoding = decoder.end();
  const captures = [{ path: expected.capture, sha256: '', decoding }];
  return { document: decodeDocument(captures, pairMessages(decoding.messages)), expected };
}

function exchangeOf(document: DecodeDocument, negotiation: Negotiation): ExchangeRecord {
  const responder = negotiation.responderCookie ?? '0000000000000000';
  const found = document.exchanges.find(
    ({ initiator, responder: other }) =>
      initiator.cookie === negotiation.initiatorCookie && other.cookie === responder,
  );
  expect(found).toBeDefined();
  return found!;
}

describe.skipIf(!isPresent)('decode of captures of real daemons', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  for (const name of cases) {
    it(`${name}: every frame in its place`, () => {
      const { document, expected } = decode(name);
      const stray = new Set(expected.strayIkeFrames.map(({ frame }) => frame));
      const records = document.messages.filter(({ frame }) => !stray.has(frame));
      expect(records.map(({ frame }) => frame)).toEqual(expected.frames.map(({ frame }) => frame));
      for (const [at, truth] of expected.frames.entries()) {
        const record = records[at]!;
        expect({
          frame: record.frame,
          src: record.src,
          dst: record.dst,
          cookies: [record.initiatorCookie, record.responderCookie],
          exchangeType: record.exchangeType,
          messageId: record.messageId,
          step: record.step,
          direction: record.direction,
          nonEspMarker: record.nonEspMarker,
          retransmissionOf: record.retransmissionOf,
          copyOf: record.copyOf,
        }).toEqual({
          frame: truth.frame,
          src: { address: truth.src, port: truth.sport },
          dst: { address: truth.dst, port: truth.dport },
          cookies: [truth.initiatorCookie, truth.responderCookie],
          exchangeType: { value: truth.exchangeType, name: truth.exchange },
          messageId: truth.messageId,
          step: steps.get(truth.label) ?? truth.label,
          direction: truth.direction,
          nonEspMarker: truth.nonEspMarker ?? false,
          retransmissionOf: truth.retransmissionOf ?? null,
          copyOf: truth.natCopyOf ?? null,
        });
        // The truth calls the outer message of a Cisco fragment clear; here the frame that completes it holds the inner one.
        if (truth.ikeFragment !== true) expect(record.encrypted).toBe(truth.encrypted);
        if (truth.ipFragments !== undefined) {
          expect(record.fragmentFrames).toEqual(truth.ipFragments);
        }
      }
      for (const frame of expected.malformedIkeFrames) {
        const { anomalies } = document.captures[0]!;
        expect(anomalies.some((anomaly) => anomaly.frame === frame)).toBe(true);
      }
      for (const frame of expected.truncatedFrames) {
        const record = records.find((one) => one.frame === frame);
        expect(record?.anomalies.length).toBeGreaterThan(0);
      }
    });

    it(`${name}: every negotiation, as far as clear text tells`, () => {
      const { document, expected } = decode(name);
      expect(document.exchanges).toHaveLength(
        expected.negotiations.length + expected.strayIkeFrames.length,
      );
      for (const truth of expected.negotiations) {
        const exchange = exchangeOf(document, truth);
        expect([exchange.version, exchange.mode]).toEqual([truth.ikeVersion, truth.mode]);
        expect(exchange.frames).toEqual(truth.frames);
        expect(truth.initiator.addresses).toContain(exchange.initiator.address);
        expect(truth.responder.addresses).toContain(exchange.responder.address);
        expect(exchange.retransmissions).toEqual(truth.retransmissions.map(({ frame }) => frame));
        checkTransforms(exchange, truth);
        checkMessages(document, truth);
        expect(
          exchange.notifications.map(({ frame, type, direction }) => [
            frame,
            type.value,
            direction,
          ]),
        ).toEqual(
          truth.notifications
            .filter((notification) => !notification.protected)
            .map(({ frame, type, direction }) => [frame, type, direction]),
        );
        checkStop(exchange, truth);
      }
    });
  }
});

function checkTransforms(exchange: ExchangeRecord, truth: Negotiation): void {
  if (truth.offeredTransforms !== undefined) {
    expect(exchange.offered.map(comparable)).toEqual(truth.offeredTransforms.map(wanted));
  }
  if (truth.offeredProposals !== undefined) {
    expect(exchange.offered).toHaveLength(truth.offeredProposals);
  }
  const chosen = truth.chosenTransform ?? null;
  if (chosen === null) expect(exchange.transform).toBeNull();
  else if (truth.ikeVersion === 1) {
    expect(comparable(exchange.transform!)).toEqual(wanted(chosen));
  } else {
    expect(exchange.transform).toMatchObject({
      encryption: ikeV2Ciphers.get(String(chosen.encryption)),
      keyLength: chosen.keyLength,
      integrity: inRegistry(chosen.integrity),
      prf: inRegistry(chosen.prf),
      group: chosen.group,
    });
  }
}

function comparable(transform: ExchangeRecord['offered'][number]): object {
  const { encryption, keyLength, hash, group, authentication, lifeSeconds } = transform;
  return { encryption, keyLength, hash, group, authentication, lifeSeconds };
}

function wanted(truth: Transform): object {
  return {
    // The truth writes 0 where the table that it was made with had no name.
    encryption:
      truth.encryption === 0 ? (expect.anything() as unknown) : inRegistry(truth.encryption),
    keyLength: truth.keyLength,
    hash: inRegistry(truth.hash),
    group: truth.group,
    authentication: inRegistry(truth.auth),
    lifeSeconds: truth.lifetimeSeconds,
  };
}

/** Clear messages: payloads in order, identities, hashes, notifications. */
function checkMessages(document: DecodeDocument, truth: Negotiation): void {
  for (const message of truth.messages) {
    const record = document.messages.find(({ frame }) => frame === message.frames.at(-1));
    if (message.ikeFragments !== undefined) {
      expect(record?.fragmentFrames).toEqual(message.ikeFragments);
    }
    if (message.encrypted || message.payloads === undefined) continue;
    expect(record?.payloads.map(({ name }) => name)).toEqual(message.payloads);
    const fields = (name: string): readonly object[] =>
      record!.payloads.filter((payload) => payload.name === name);
    if (message.ids !== undefined) {
      expect(fields('ID')).toMatchObject(
        message.ids.map(({ type, value, protocol, port }) => ({
          idType: { value: type },
          value,
          ...(protocol === undefined ? {} : { protocol, port }),
        })),
      );
    }
    if (message.hash !== undefined) expect(fields('HASH')).toMatchObject([{ data: message.hash }]);
    if (message.notifies !== undefined) {
      expect(fields('N')).toMatchObject(
        message.notifies.map(({ type, protocol, spi, data }) => ({
          notifyType: { value: type },
          protocol,
          spi,
          data,
        })),
      );
    }
  }
}

/** Where negotiations of each verdict stop on the wire. */
function checkStop(exchange: ExchangeRecord, truth: Negotiation): void {
  const done = truth.phase1Completed.initiator && truth.phase1Completed.responder;
  // Without keys nothing but later traffic shows that a phase 1 came up; an IKEv2 one may have none.
  if (!done || truth.ikeVersion === 1) expect(exchange.completed).toBe(done);
  switch (truth.verdictCode) {
    case 'no-response':
      expect(exchange.stop).toMatchObject({
        lastStep: 'MM1',
        expected: 'MM2',
        silent: 'responder',
      });
      expect(exchange.stop.resends).toHaveLength(truth.retransmissions.length);
      break;
    case 'mm5-unanswered':
      expect(exchange.stop).toMatchObject({
        lastStep: 'MM5',
        expected: 'MM6',
        silent: 'responder',
      });
      break;
    case 'no-proposal':
      expect(exchange.transform).toBeNull();
      expect(exchange.notifications.map(({ type }) => type.value)).toContain(14);
      break;
    case 'half-open':
      expect(exchange.stop).toMatchObject({ lastStep: 'AUTH', silent: 'responder' });
      break;
    case 'aggressive-probe':
      expect(exchange.stop).toMatchObject({
        lastStep: 'AM2',
        expected: 'AM3',
        silent: 'initiator',
      });
      break;
    case 'psk-mismatch':
    case 'peer-id-rejected':
      if (truth.mode === 'main')
        expect(exchange.stop).toMatchObject({ lastStep: 'MM5', expected: 'MM6' });
      break;
    case 'responder-no-psk':
      expect(exchange.stop).toMatchObject({ lastStep: 'MM3', expected: 'MM4', silent: null });
      break;
    case 'phase2-id-mismatch':
    case 'phase2-no-proposal':
      expect(exchange.stop).toMatchObject({ lastStep: 'QM1', expected: 'QM2', silent: null });
      break;
  }
}

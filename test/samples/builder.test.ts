import { X509Certificate, createPublicKey, publicDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedSecret, drawDhPair } from '../../samples/builder/algorithms.ts';
import type { CipherName, HashName } from '../../samples/builder/algorithms.ts';
import { derivePhase1Keys, firstIv, openMessage, phase1Hash } from '../../samples/builder/ikev1.ts';
import { deriveIkev2Keys, sharedKeyAuth } from '../../samples/builder/ikev2.ts';
import { createDebugLog } from '../../samples/builder/ios/debug-log.ts';
import { concat, fromHex, hex, utf8 } from '../../samples/builder/octets.ts';
import { drawRsaKey, signIkeHash } from '../../samples/builder/rsa.ts';
import { createSeeded } from '../../samples/builder/seeded.ts';
import { matchProfile, searchAllKeyrings } from '../../samples/builder/topology.ts';
import type { Keyring, Router } from '../../samples/builder/topology.ts';
import { host, routerOne } from '../../samples/builder/two-routers.ts';
import { certificate } from '../../samples/builder/x509.ts';

type Vector = Readonly<Record<string, string>>;

const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/samples/daemon-vectors.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Vector>>;

const octetsOf = (vector: Vector, name: string): Uint8Array => fromHex(vector[name]!);

const main: readonly (readonly [string, HashName, CipherName])[] = [
  ['main3desMd5', 'md5', '3des'],
  ['mainAes256Sha256', 'sha256', 'aes256'],
];

describe('speaker of version 1', () => {
  test.each(main)('%s: the keys of a real daemon', (name, hash, encryption) => {
    const vector = vectors[name]!;
    const cookies = {
      initiator: octetsOf(vector, 'initiatorCookie'),
      responder: octetsOf(vector, 'responderCookie'),
    };
    const secrets = {
      hash,
      encryption,
      cookies,
      nonces: {
        initiator: octetsOf(vector, 'initiatorNonce'),
        responder: octetsOf(vector, 'responderNonce'),
      },
      shared: octetsOf(vector, 'sharedSecret'),
    };
    const keys = derivePhase1Keys(secrets, utf8(vector['psk']!));
    expect({
      skeyid: hex(keys.skeyid),
      d: hex(keys.skeyidD),
      a: hex(keys.skeyidA),
      e: hex(keys.skeyidE),
      key: hex(keys.cipherKey),
    }).toEqual({
      skeyid: vector['skeyid'],
      d: vector['skeyid_d'],
      a: vector['skeyid_a'],
      e: vector['skeyid_e'],
      key: vector['encryptionKey'],
    });

    const publics = [
      octetsOf(vector, 'initiatorPublic'),
      octetsOf(vector, 'responderPublic'),
    ] as const;
    const iv = firstIv(hash, encryption, ...publics);
    expect(hex(iv)).toBe(vector['iv']);

    const identity = octetsOf(vector, 'identityBody');
    const own = phase1Hash(
      hash,
      keys.skeyid,
      { public: publics[0], cookie: cookies.initiator },
      { public: publics[1], cookie: cookies.responder },
      octetsOf(vector, 'saBody'),
      identity,
    );
    expect(hex(own)).toBe(vector['hashI']);
    const opened = openMessage(octetsOf(vector, 'mm5'), encryption, keys.cipherKey, iv);
    expect(hex(opened)).toContain(hex(identity));
    expect(hex(opened)).toContain(hex(own));
  });
});

describe('speaker of version 2', () => {
  test('the keys and the AUTH of a real daemon', () => {
    const vector = vectors['ikev2Aes256Sha256']!;
    const keys = deriveIkev2Keys(
      {
        initiator: octetsOf(vector, 'initiatorNonce'),
        responder: octetsOf(vector, 'responderNonce'),
      },
      octetsOf(vector, 'sharedSecret'),
      {
        initiator: octetsOf(vector, 'initiatorCookie'),
        responder: octetsOf(vector, 'responderCookie'),
      },
    );
    const names = ['SKEYSEED', 'SK_d', 'SK_ai', 'SK_ar', 'SK_ei', 'SK_er', 'SK_pi', 'SK_pr'];
    const derived = [
      keys.skeyseed,
      ...[keys.d, keys.ai, keys.ar, keys.ei, keys.er, keys.pi, keys.pr],
    ];
    expect(derived.map(hex)).toEqual(names.map((name) => vector[name]));
    const auth = sharedKeyAuth(
      vector['psk']!,
      octetsOf(vector, 'firstMessage'),
      octetsOf(vector, 'responderNonce'),
      keys.pi,
      octetsOf(vector, 'identityBody'),
    );
    expect(hex(auth)).toBe(vector['auth']);
  });
});

describe('seeded values', () => {
  test('the same name gives the same octets, another name others', () => {
    expect(hex(createSeeded('one').octets(40))).toBe(hex(createSeeded('one').octets(40)));
    expect(hex(createSeeded('one').octets(40))).not.toBe(hex(createSeeded('two').octets(40)));
  });

  test('octets drawn in pieces are those drawn at once', () => {
    const pieces = createSeeded('pieces');
    expect(hex(concat(pieces.octets(5), pieces.octets(60), pieces.octets(1)))).toBe(
      hex(createSeeded('pieces').octets(66)),
    );
  });

  test.each([2, 5, 14] as const)('both ends of group %i agree', (group) => {
    const a = drawDhPair(group, createSeeded('a'));
    const b = drawDhPair(group, createSeeded('b'));
    expect(hex(sharedSecret(group, a, b.public))).toBe(hex(sharedSecret(group, b, a.public)));
  });
});

describe('certificates', () => {
  const issuerKey = drawRsaKey(createSeeded('issuer'));
  const subjectKey = drawRsaKey(createSeeded('subject'));

  test('another implementation reads and verifies them', () => {
    const read = new X509Certificate(
      certificate({
        serial: 0x81,
        subject: [{ kind: 'cn', value: 'R2' }],
        dnsName: 'R2.lab.example',
        subjectKey,
        issuer: [{ kind: 'cn', value: 'CA-ONE' }],
        issuerKey,
      }),
    );
    expect(read.subject).toBe('CN=R2');
    expect(read.issuer).toBe('CN=CA-ONE');
    expect(read.serialNumber).toBe('81');
    expect(read.subjectAltName).toBe('DNS:R2.lab.example');
    expect(read.verify(createPublicKey(issuerKey.private))).toBe(true);
    expect(read.verify(createPublicKey(subjectKey.private))).toBe(false);
  });

  test('the signature over a HASH gives the HASH back', () => {
    const hash = createSeeded('hash').octets(32);
    const signature = signIkeHash(subjectKey, hash);
    const recovered = publicDecrypt(createPublicKey(subjectKey.private), signature);
    expect(hex(recovered)).toBe(hex(hash));
  });
});

const policy = {
  priority: 10,
  encryption: 'aes256',
  hash: 'sha256',
  group: 14,
  authentication: 'pre-share',
} as const;

const router = (keyrings: readonly Keyring[], rest: Partial<Router> = {}): Router => ({
  ...routerOne({
    keyrings,
    globalKeys: [],
    policy,
    profiles: [],
    ipsecProfile: { name: 'p', isakmpProfile: null },
    clockOffsetMs: -1500,
    connectionId: 1001,
  }),
  ...rest,
});

const ring = (name: string, address: string, mask: string): Keyring => ({
  name,
  entries: [{ address, mask, key: `${name}-key` }],
});

describe('selection of the speakers', () => {
  const peer = '192.168.0.2';

  test('the first defined of two equal entries', () => {
    const one = router([ring('a', peer, host), ring('b', peer, host)]);
    const found = searchAllKeyrings(one, peer);
    expect(found.chosen?.keyring).toBe('a');
    expect(found.considered).toHaveLength(1);
  });

  test('the longest mask, whatever the order', () => {
    const one = router([ring('wide', '192.168.0.0', '255.255.0.0'), ring('narrow', peer, host)]);
    const other = router([...one.keyrings].toReversed());
    expect(searchAllKeyrings(one, peer).considered.map(({ keyring }) => keyring)).toEqual([
      'wide',
      'narrow',
    ]);
    expect(searchAllKeyrings(other, peer).chosen?.keyring).toBe('narrow');
  });

  test('the default keyring before all others', () => {
    const globalKeys = [{ address: '0.0.0.0', mask: '0.0.0.0', key: 'any' }];
    const found = searchAllKeyrings(router([ring('narrow', peer, host)], { globalKeys }), peer);
    expect(found.chosen?.keyring).toBe('default');
  });

  test('the most specific profile, and none for a stranger', () => {
    const profiles = [
      { name: 'wide', keyrings: [], matches: [match('192.168.0.0', '255.255.255.0')] },
      { name: 'narrow', keyrings: [], matches: [match(peer, host)] },
    ];
    const one = router([], { profiles });
    expect(matchProfile(one, { kind: 'address', value: peer })).toBe('narrow');
    expect(matchProfile(one, { kind: 'address', value: '192.168.0.9' })).toBe('wide');
    expect(matchProfile(one, { kind: 'address', value: '10.0.0.1' })).toBeNull();
    expect(matchProfile(one, { kind: 'fqdn', value: 'wide' })).toBeNull();
  });
});

const match = (
  address: string,
  mask: string,
): { kind: 'address'; address: string; mask: string } => ({
  kind: 'address',
  address,
  mask,
});

describe('debug writer', () => {
  const at = Date.parse('2024-01-01T00:00:01.250Z') * 1000;
  const options = { wrap: null, blankLines: false };
  const line = (one: Router): string => {
    const log = createDebugLog(one, at, options);
    log.setConnection(1001);
    log.say('setNode', { node: 0xfffffffe });
    return log.text();
  };

  test("the router's own clock, across the turn of the year", () => {
    expect(line(router([]))).toBe(
      '*Dec 31 23:59:59.750: ISAKMP: set new node 4294967294 to QM_IDLE      \n',
    );
  });

  test('signed message ids before release 15, the id in every tag of IOS-XE', () => {
    expect(line(router([], { release: 'ios-12.4t' }))).toContain('set new node -2 to');
    expect(line(router([], { release: 'ios-xe-17' }))).toContain('ISAKMP: (1001):set new node');
  });

  test('lines broken at blanks say the same when joined', () => {
    const log = createDebugLog(router([]), at, {
      wrap: { column: 60, percent: 100 },
      blankLines: false,
    });
    log.say('vendorMajor', { major: 69 });
    log.say('sending', { peer: '192.168.0.2', role: 'I', state: 'MM_NO_STATE' });
    const lines = log.text().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const one of lines) expect(one.length).toBeLessThanOrEqual(60);
    expect(lines.join(' ')).toContain(
      'sending packet to 192.168.0.2 my_port 500 peer_port 500 (I)',
    );
  });

  test('a message without its field is a mistake of the writer', () => {
    const log = createDebugLog(router([]), at, options);
    expect(() => log.say('foundIn', { peer: 'x' })).toThrow('foundIn needs keyring');
  });
});

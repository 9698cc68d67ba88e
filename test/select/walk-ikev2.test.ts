import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import { chain } from '../support/trust-points.ts';

/** Each knob replaces one part of one end of an IKEv2 tunnel. */
type Knobs = {
  readonly policy?: string;
  readonly keyring?: string;
  readonly match?: string;
  /** Authentication, keyring and trust-points of the profile. */
  readonly proof?: string;
  readonly pfs?: string;
  readonly extra?: string;
};

const PROPOSAL =
  'crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n';

function router(name: string, local: string, peer: string, knobs: Knobs): string {
  return `version 17.9
hostname ${name}
${knobs.policy ?? `${PROPOSAL}crypto ikev2 policy PO\n proposal PR`}
crypto ikev2 keyring K
 peer FAR
  address ${peer}
  ${knobs.keyring ?? 'pre-shared-key walnut'}
${knobs.extra ?? ''}
crypto ikev2 profile P
 ${knobs.match ?? `match identity remote address ${peer} 255.255.255.255`}
 ${knobs.proof ?? 'authentication local pre-share\n authentication remote pre-share\n keyring local K'}
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile IP
 set transform-set TS
 ${knobs.pfs ?? ''}
 set ikev2-profile P
interface Tunnel0
 tunnel source GigabitEthernet0/0
 tunnel destination ${peer}
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address ${local} 255.255.255.0
interface GigabitEthernet0/1
 ip address ${name === 'A' ? '203.0.113.1' : '203.0.113.2'} 255.255.255.0
`;
}

function between(a: Knobs, b: Knobs): Prediction {
  const texts = [
    router('A', '192.0.2.1', '192.0.2.2', a),
    router('B', '192.0.2.2', '192.0.2.1', b),
  ];
  return predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]));
}

/** Of A to B, then of B to A: `up`, `unknown`, or the step that fails. */
const ends = ({ directions }: Prediction): readonly (string | null)[] =>
  directions.map(({ outcome, failingStep }) => (outcome === 'fails' ? failingStep : outcome));

const warned = ({ findings }: Prediction, id: string): readonly string[] =>
  findings
    .filter((each) => each.id === id && each.severity === 'warning')
    .map(({ title }) => title);

const BOTH = {
  up: ['up', 'up'],
  unknown: ['unknown', 'unknown'],
  unverified: ['ike-auth-verify', 'ike-auth-verify'],
  noProfile: ['ike-auth-profile-lookup', 'ike-auth-profile-lookup'],
  noProposal: ['sa-init-proposal', 'sa-init-proposal'],
};

describe('proposals', () => {
  const proposing = (algorithms: string): Knobs => ({
    policy: `crypto ikev2 proposal PR\n ${algorithms}\ncrypto ikev2 policy PO\n proposal PR`,
  });

  it.each([
    ['encryption aes-cbc-256\n integrity sha256\n prf sha512\n group 14', BOTH.noProposal],
    ['encryption aes-cbc-256\n integrity sha256\n prf sha256 sha512\n group 14', BOTH.up],
    ['encryption aes-cbc-256\n integrity sha512 sha256\n group 14', BOTH.up],
    ['encryption aes-cbc-256\n integrity sha512\n prf sha256\n group 14', BOTH.noProposal],
  ])('take the hash of integrity as PRF: %s', (algorithms, wanted) => {
    expect(ends(between(proposing(algorithms), {}))).toEqual(wanted);
  });

  it('compare no PRF where a combined mode was given none', () => {
    const gcm = 'encryption aes-gcm-256\n group 14';
    expect(ends(between(proposing(gcm), proposing(`${gcm}\n prf sha384`)))).toEqual(BOTH.up);
  });

  it('come from the policy that fits best, whatever the order', () => {
    const any = 'crypto ikev2 policy ANY\n match fvrf any\n proposal OLD\n';
    const own =
      'crypto ikev2 policy OWN\n match fvrf any\n match address local 192.0.2.1\n proposal PR\n';
    const old = 'crypto ikev2 proposal OLD\n encryption 3des\n integrity sha1\n group 2\n';
    for (const policies of [any + own, own + any])
      expect(ends(between({ policy: PROPOSAL + old + policies }, {}))).toEqual(BOTH.up);
    expect(ends(between({ policy: PROPOSAL + old + any }, {}))).toEqual(BOTH.noProposal);
  });
});

describe('the built-in proposal', () => {
  const none = { policy: '' };
  const proposing = (
    algorithms: string,
    policy = 'crypto ikev2 policy PO\n proposal PR',
  ): Knobs => ({
    policy: `crypto ikev2 proposal PR\n ${algorithms}\n${policy}`,
  });
  const modern = 'encryption aes-cbc-256\n integrity sha256\n group 14';
  const weak = 'encryption des\n integrity md5\n group 1';
  const wide = 'encryption aes-cbc-256 aes-cbc-128\n integrity sha512 sha1\n group 5 14';
  const removed = 'no crypto ikev2 proposal default';

  it.each<readonly [string, Knobs, Knobs, readonly string[]]>([
    ['of both ends', none, none, BOTH.up],
    ['against what every release has', none, proposing(wide), BOTH.up],
    ['against what some releases have', none, proposing(modern), BOTH.unknown],
    ['against what none has', none, proposing(weak), BOTH.noProposal],
    ['that was removed', { policy: removed }, none, BOTH.noProposal],
    [
      'that was removed beside another',
      { policy: `${removed}\n${proposing(modern).policy!}` },
      {},
      BOTH.up,
    ],
    [
      'whose policy was removed',
      { policy: 'no crypto ikev2 policy default' },
      none,
      BOTH.noProposal,
    ],
    ['that was changed', { policy: `crypto ikev2 proposal default\n ${modern}` }, {}, BOTH.up],
    [
      'serves where the policy is for another address',
      proposing(weak, 'crypto ikev2 policy PO\n match address local 203.0.113.99\n proposal PR'),
      proposing(weak),
      BOTH.noProposal,
    ],
    [
      'serves where the policy is for another VRF',
      proposing(weak, 'crypto ikev2 policy PO\n match fvrf INET\n proposal PR'),
      proposing(weak),
      BOTH.noProposal,
    ],
    [
      'serves where no policy names the other',
      proposing(weak, ''),
      proposing(weak),
      BOTH.noProposal,
    ],
    [
      'may serve where the other is incomplete',
      proposing('encryption aes-cbc-256'),
      {},
      BOTH.unknown,
    ],
    [
      'may serve where the other is missing',
      { policy: 'crypto ikev2 policy PO\n proposal PX' },
      {},
      BOTH.unknown,
    ],
    [
      'may serve where the policy names none',
      { policy: 'crypto ikev2 policy PO' },
      {},
      BOTH.unknown,
    ],
  ])('%s', (_, a, b, wanted) => {
    expect(ends(between(a, b))).toEqual(wanted);
  });

  it('hides nothing that fails after it', () => {
    const other = { ...proposing(modern), keyring: 'pre-shared-key pecan' };
    expect(ends(between(none, other))).toEqual(BOTH.unverified);
  });
});

describe('profiles', () => {
  const backup = (extra: string): string =>
    `crypto ikev2 profile BACKUP\n ${extra}\n match identity remote any\n authentication local pre-share\n authentication remote pre-share\n keyring local K`;

  it('serve the interface that they name', () => {
    const elsewhere = 'match address local interface GigabitEthernet0/1';
    const here = 'match address local interface Gi0/0\n match identity remote any';
    const told = between({ match: here, extra: backup(elsewhere) }, {});
    expect(ends(told)).toEqual(BOTH.up);
    expect(warned(told, 'profile-overlap')).toEqual([]);
    const tied = between({ match: `${elsewhere}\n match identity remote any` }, {});
    expect(ends(tied)).toEqual(['up', 'ike-auth-profile-lookup']);
    expect(tied.directions[1]!.why).toBe(
      'profile P matches the identity 192.0.2.2 but serves only local address GigabitEthernet0/1; the call is to 192.0.2.1',
    );
  });

  it('serve no call to an address that another interface owns', () => {
    const tied = (name: string, extra = ''): readonly unknown[] =>
      ends(
        between(
          { match: `match address local interface ${name}\n match identity remote any`, extra },
          {},
        ),
      );
    const refused = ['up', 'ike-auth-profile-lookup'];
    expect(tied('GigabitEthernet0/7')).toEqual(refused);
    expect(tied('Dialer1', 'interface Dialer1\n ip address negotiated')).toEqual(refused);
    expect(tied('Dialer1', 'interface Dialer1\n ip unnumbered Gi0/0')).toEqual(BOTH.up);
  });

  it('are told of when they overlap', () => {
    const overlap = (match: string): readonly string[] =>
      warned(between({ extra: backup('').replace('any', match) }, {}), 'profile-overlap');
    const title = 'IKEv2 profiles P and BACKUP of A match the same peers';
    expect(overlap('any')).toEqual([title]);
    expect(overlap('address 192.0.2.0 255.255.255.0')).toEqual([title]);
    expect(overlap('address 198.51.100.0 255.255.255.0')).toEqual([]);
    expect(overlap('fqdn domain example.com')).toEqual([]);
    const names = { match: 'match identity remote fqdn b.example.com' };
    expect(
      warned(
        between({ ...names, extra: backup('').replace('any', 'fqdn domain example.com') }, {}),
        'profile-overlap',
      ),
    ).toEqual([title]);
    const vrf = { extra: backup('match fvrf RED') };
    expect(warned(between(vrf, {}), 'profile-overlap')).toEqual([]);
  });
});

describe('keys', () => {
  it('may stand in the profile', () => {
    const proof = (local: string, remote: string): Knobs => ({
      proof: `authentication local pre-share key ${local}\n authentication remote pre-share key ${remote}`,
    });
    expect(ends(between(proof('one', 'two'), proof('two', 'one')))).toEqual(BOTH.up);
    const told = between(proof('one', 'one'), proof('two', 'two'));
    expect(ends(told)).toEqual(BOTH.unverified);
    expect(JSON.stringify(told)).not.toMatch(/key (?:one|two)/);
    expect(ends(between(proof('6 SEALED', 'two'), proof('two', 'one')))).toEqual(BOTH.unknown);
    expect(ends(between(proof('walnut', 'walnut'), {}))).toEqual(BOTH.up);
  });

  const trustpoint = `crypto pki trustpoint CA\n enrollment url http://192.0.2.50\n${chain('CA')}`;
  const one: Knobs = {
    keyring: 'pre-shared-key local mine',
    proof:
      'authentication local pre-share\n authentication remote rsa-sig\n keyring local K\n pki trustpoint CA',
    extra: trustpoint,
  };
  const other: Knobs = {
    keyring: 'pre-shared-key remote mine',
    proof:
      'authentication local rsa-sig\n authentication remote pre-share\n keyring local K\n pki trustpoint CA',
    extra: trustpoint,
  };

  it('are mixed with post-quantum keys only where both ends have some, which nothing here reads', () => {
    const proof =
      'authentication local pre-share\n authentication remote pre-share\n keyring local K\n keyring ppk K';
    expect(ends(between({ proof }, {}))).toEqual(ends(between({}, {})));
    const [there] = between({ proof }, { proof }).directions;
    expect([there!.outcome, there!.why]).toEqual([
      'unknown',
      'profiles P and P mix in post-quantum keys of "keyring ppk", which are not read',
    ]);
  });

  it.each([
    ['for this peer', 'ppk manual id 5 key fig required', 'K', BOTH.unknown],
    ['from a key server', 'ppk dynamic SKS required', 'K', BOTH.unknown],
    ['not required', 'ppk manual id 5 key fig', 'K', BOTH.up],
    ['taken back', 'ppk manual id 5 key fig required\n  no ppk', 'K', BOTH.up],
    ['in a keyring that is not there', 'ppk manual id 5 key fig', 'PQ', BOTH.unknown],
  ])('are not known to do where one end has a post-quantum key: %s', (_, ppk, ring, outcome) => {
    const insists: Knobs = {
      keyring: `pre-shared-key walnut\n  ${ppk}`,
      proof: `authentication local pre-share\n authentication remote pre-share\n keyring local K\n keyring ppk ${ring}`,
    };
    expect(ends(between(insists, {}))).toEqual(outcome);
    expect(ends(between({}, insists))).toEqual(outcome);
  });

  it('are needed of the end alone that authenticates by key', () => {
    expect(ends(between(one, other))).toEqual(BOTH.up);
    expect(ends(between(one, { ...other, keyring: 'pre-shared-key remote another' }))).toEqual(
      BOTH.unverified,
    );
    const missing = between(one, { ...other, keyring: 'pre-shared-key local mine' });
    expect(missing.directions.map(({ finding }) => finding)).toEqual([
      'no-psk-for-peer',
      'no-psk-for-peer',
    ]);
  });
});

describe('certificates', () => {
  const trustpoint = (name: string, url: string): string =>
    `crypto pki trustpoint ${name}\n enrollment url http://${url}\n${chain(name)}`;
  const signing = (extra: string, uses = 'pki trustpoint CA', match?: string): Knobs => ({
    proof: `authentication local rsa-sig\n authentication remote rsa-sig\n ${uses}`,
    extra,
    ...(match === undefined ? {} : { match }),
  });
  const plain = signing(trustpoint('CA', '192.0.2.50'));

  it('must be of an authority that the other end accepts', () => {
    expect(ends(between(plain, plain))).toEqual(BOTH.up);
    const told = between(plain, signing(trustpoint('CB', '192.0.2.51'), 'pki trustpoint CB'));
    expect(ends(told)).toEqual(BOTH.unverified);
    expect(told.directions[0]!.finding).toBe('certificate-trustpoint-mismatch');
    const terminal = signing('crypto pki trustpoint ROOT\n enrollment terminal', '');
    expect(ends(between(plain, terminal))).toEqual(BOTH.unknown);
  });

  it('may be of one authority that has two URLs', () => {
    const at = (url: string, listed = chain('CA')): Knobs =>
      signing(`crypto pki trustpoint CA\n enrollment url http://${url}\n${listed}`);
    const octets = (written: string): string =>
      `crypto pki certificate chain CA\n certificate 0A\n  30820312 3082\n  quit\n certificate ca 01\n  ${written}\n  0A\n  quit\n`;
    expect(ends(between(at('ca.example:80/'), at('CA.example')))).toEqual(BOTH.up);
    expect(ends(between(at('192.0.2.50'), at('198.51.100.50')))).toEqual(BOTH.unknown);
    const both = (one: string, other: string): unknown =>
      ends(between(at('192.0.2.50', octets(one)), at('198.51.100.50', octets(other))));
    expect(both('30820003 3083', '30820003 3083')).toEqual(BOTH.up);
    expect(both('30820003 3083', '30820003 3084')).toEqual(BOTH.unknown);
    // The beginning of a certificate that was cut short is that of many.
    expect(both('30820313 3083', '30820313 3083')).toEqual(BOTH.unknown);
  });

  it('may come by an import of which nothing else is listed', () => {
    const imported = (chain: string): Knobs =>
      signing(`crypto pki trustpoint CA\n enrollment pkcs12\n${chain}`);
    const chain = 'crypto pki certificate chain CA\n certificate';
    const both = (knobs: Knobs): unknown => ends(between(knobs, knobs));
    expect(both(imported(''))).toEqual(BOTH.unknown);
    expect(both(imported(`${chain} 0A\n  3082\n  quit\n`))).toEqual(BOTH.up);
    expect(both(imported(`${chain} ca 01\n  3082\n  quit\n`))).toEqual(BOTH.unverified);
  });

  it('are those that the profile signs with and verifies by', () => {
    const two = `${trustpoint('OWN', '192.0.2.50')}\n${trustpoint('FAR', '192.0.2.51')}`;
    const uses = 'pki trustpoint OWN sign\n pki trustpoint FAR verify';
    const far = `${trustpoint('OWN', '192.0.2.51')}\n${trustpoint('FAR', '192.0.2.50')}`;
    expect(ends(between(signing(two, uses), signing(far, uses)))).toEqual(BOTH.up);
    expect(ends(between(signing(two, uses), signing(two, uses)))).toEqual(BOTH.unverified);
  });

  it('are lacking where the profile names a trust-point that is not there', () => {
    const typo = signing(trustpoint('CA', '192.0.2.50'), 'pki trustpoint CAA');
    expect(ends(between(typo, plain))).toEqual(BOTH.unverified);
  });

  it('are lacking where IOS-XE alone made trust-points', () => {
    const made = signing('crypto pki trustpoint TP-self-signed-1\n enrollment selfsigned', '');
    expect(ends(between(plain, made))).toEqual(BOTH.unverified);
  });

  it('say nothing of which one is sent where several are asked for', () => {
    const two = `${trustpoint('CA', '192.0.2.50')}\n${trustpoint('CB', '192.0.2.51')}`;
    expect(ends(between(signing(two, ''), signing(two)))).toEqual(['unknown', 'up']);
  });

  describe('of a map', () => {
    const named = (name: string, map: string): Knobs =>
      signing(
        `${trustpoint('CA', '192.0.2.50').replace('\n', `\n subject-name cn=${name},ou=vpn,o=example\n`)}\ncrypto pki certificate map CM 10\n ${map}`,
        'pki trustpoint CA',
        'match certificate CM\n identity local dn',
      );
    const both = (map: string): Prediction => between(named('a', map), named('b', map));

    it('select the profile as far as configurations tell of them', () => {
      expect(ends(both('subject-name co ou = vpn'))).toEqual(BOTH.up);
      expect(ends(both('subject-name co ou = sales'))).toEqual(BOTH.noProfile);
      expect(ends(both('issuer-name co cn = root'))).toEqual(BOTH.unknown);
    });

    it('may come before or after an identity that another profile writes out', () => {
      const other =
        'crypto ikev2 profile Q\n match identity remote address 192.0.2.0 255.255.255.0\n authentication local rsa-sig\n authentication remote rsa-sig';
      const b = named('b', 'subject-name co ou = vpn');
      const told = (map: string): unknown => {
        const a = named('a', map);
        const match = 'match certificate CM\n match identity remote address 192.0.2.1';
        return ends(
          between(
            { ...a, match: 'match certificate CM', extra: `${a.extra!}\n${other}` },
            { ...b, match },
          ),
        );
      };
      expect(told('subject-name co ou = vpn')).toEqual(['up', 'unknown']);
      expect(told('subject-name co ou = sales')).toEqual([
        'ike-auth-profile-lookup',
        'ike-auth-child-sa',
      ]);
    });

    it('are not needed where the identity is written out', () => {
      const knobs = named('a', 'issuer-name co cn = root');
      const match = `${knobs.match!.split('\n')[0]!}\n match identity remote address 192.0.2.0 255.255.255.0`;
      expect(ends(between({ ...knobs, match }, { ...knobs, match }))).toEqual(BOTH.up);
    });

    it('do not match an end that authenticates by key', () => {
      const map = 'match certificate CM';
      const extra = 'crypto pki certificate map CM 10\n issuer-name co cn = root';
      expect(ends(between({ match: map, extra }, { match: map, extra }))).toEqual(BOTH.noProfile);
    });
  });
});

describe('PFS', () => {
  it('lets the first child SA come up and refuses a rekey', () => {
    const told = between({ pfs: 'set pfs group14' }, {});
    expect(ends(told)).toEqual(BOTH.up);
    expect(warned(told, 'pfs-mismatch')).toEqual([
      'A refuses to rekey Tunnel0 when B begins: PFS differs',
    ]);
    const equal = { pfs: 'set pfs group14' };
    expect(warned(between(equal, equal), 'pfs-mismatch')).toEqual([]);
  });
});

it('explains a failure in the words of IKEv2', () => {
  const failing = [
    between({ keyring: '' }, {}),
    between({ policy: PROPOSAL.replace('14', '19') + 'crypto ikev2 policy PO\n proposal PR' }, {}),
    between({ match: 'match identity remote any', extra: '' }, { keyring: '' }),
  ];
  for (const { findings } of failing) {
    const told = findings.filter(({ severity }) => severity === 'failure');
    expect(told.length).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toMatch(/transform\b|MM\d|error 32|isakmp|RFC 2409/i);
  }
});

describe('keys in hex', () => {
  const hex = (digits: string): Knobs => ({ keyring: `pre-shared-key hex ${digits}` });

  it.each([
    ['77616c6e7574', {}, BOTH.up],
    ['0x77616C6E7574', {}, BOTH.up],
    ['77616c6e7574', hex('77616C6E7574'), BOTH.up],
    ['77616c6e7575', {}, BOTH.unverified],
    ['77616c6e757', {}, BOTH.unverified],
  ])('are the octets that they spell: %s', (digits, other, wanted) => {
    expect(ends(between(hex(digits), other))).toEqual(wanted);
  });

  it('have one token with the same key as text, and are typed in hex again', () => {
    const told = between(hex('77616c6e7574'), { keyring: 'pre-shared-key pecan' });
    expect(told.directions[0]!.why).toBe('the responder expects <key#2>, the peer uses <key#1>');
    const commands = told.repairs.flatMap((repair) => repair.commands);
    expect(commands.map((command) => command.trim())).toEqual(
      expect.arrayContaining(['pre-shared-key hex <key#1>', 'pre-shared-key <key#2>']),
    );
    expect(JSON.stringify(told)).not.toMatch(/walnut|77616c6e7574/);
  });

  it.each([
    ['ABCDEF12', 'ABCDEF12'],
    ['0xABCDEF12', '0xABCDEF12'],
    ['ABCDEF12', 'hex abcdef13'],
  ])('have another token than what differs in its octets: hex %s and %s', (digits, other) => {
    const told = between(hex(digits), { keyring: `pre-shared-key ${other}` });
    expect(told.directions.map(({ why }) => why)).toEqual([
      'the responder expects <key#2>, the peer uses <key#1>',
      'the responder expects <key#1>, the peer uses <key#2>',
    ]);
    const typedIn = told.repairs.map(({ commands }) => commands.at(-1)!.trim());
    const inHex = other.startsWith('hex') ? 'hex ' : '';
    expect(typedIn).toEqual([`pre-shared-key ${inHex}<key#2>`, 'pre-shared-key hex <key#1>']);
    const quoted = told.findings.flatMap(({ evidence }) => evidence.map(({ text }) => text));
    expect(quoted).toContain('pre-shared-key hex <key#1>');
    expect(quoted).toContain(`pre-shared-key ${inHex}<key#2>`);
  });
});

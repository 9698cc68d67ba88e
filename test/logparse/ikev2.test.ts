import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogNegotiation } from '../../src/model/log.ts';

const told = (...lines: readonly string[]): readonly LogNegotiation[] =>
  parseLog(`${lines.join('\n')}\n`, 'i1').negotiations;
const tag = 'IKEv2:(SESSION ID = 31,SA ID = 1):';
const packet = (
  way: 'Sending Packet [To' | 'Received Packet [From',
  spi: string,
  other: string,
  exchange: string,
): readonly string[] => [
  `${tag}${way} 192.0.2.7:500/${way.startsWith('S') ? 'From' : 'To'} 198.51.100.2:500/VRF i0:f0]`,
  `Initiator SPI : ${spi} - Responder SPI : ${other} Message id: 0`,
  exchange,
  'Payload contents:',
  ' SA KE N VID',
];
const zero = '0000000000000000';

describe('attempts of IKEv2', () => {
  const preparations = [
    'IKEv2:% Getting preshared key from profile keyring V2-KR',
    "IKEv2:% Matched peer block 'BR7'",
    'IKEv2:Searching Policy with fvrf 0, local address 198.51.100.2',
    "IKEv2:Found Policy 'default'",
    `${tag}Generating IKE_SA_INIT message`,
  ];

  it('begin with what the initiator looks up, behind the end of the SA before', () => {
    const attempt = (spi: string): readonly string[] => [
      ...preparations,
      ...packet('Sending Packet [To', spi, zero, 'IKEv2 IKE_SA_INIT Exchange REQUEST'),
      `${tag}Deleting SA`,
    ];
    const found = told(
      `${tag}Deleting SA`,
      ...attempt('352F8CB45CC6EE7E'),
      ...attempt('452F8CB45CC6EE7E'),
    );
    expect(found.map(({ initiatorCookie, firstLine }) => [initiatorCookie, firstLine])).toEqual([
      ['352f8cb45cc6ee7e', 2],
      ['452f8cb45cc6ee7e', 13],
    ]);
    for (const { role, keyringSelections, packets } of found) {
      expect(role).toBe('initiator');
      expect(keyringSelections).toMatchObject([{ keyring: 'V2-KR', peerBlock: 'BR7' }]);
      expect(packets).toMatchObject([{ localPort: 500, peerPort: 500, peer: '192.0.2.7' }]);
    }
  });

  it('begin where the same session is used again without a word before it', () => {
    const found = told(
      ...packet(
        'Sending Packet [To',
        '352F8CB45CC6EE7E',
        zero,
        'IKEv2 IKE_SA_INIT Exchange REQUEST',
      ),
      `${tag}Deleting SA`,
      `${tag}Generating IKE_SA_INIT message`,
    );
    expect(found.map(({ firstLine }) => firstLine)).toEqual([1, 7]);
  });

  it('are none where an SA of before the log only ends', () => {
    expect(told(`${tag}Deleting SA`, `${tag}Delete all IKE SAs`)).toEqual([]);
  });

  it('keep what a responder looks up', () => {
    const found = told(
      ...packet(
        'Received Packet [From',
        '352F8CB45CC6EE7E',
        zero,
        'IKEv2 IKE_SA_INIT Exchange REQUEST',
      ),
      'IKEv2:Searching Policy with fvrf 0, local address 198.51.100.2',
      'IKEv2:% Getting preshared key from profile keyring V2-KR',
    );
    expect(found).toMatchObject([{ role: 'responder', keyringSelections: [{ keyring: 'V2-KR' }] }]);
  });
});

describe('what became of them', () => {
  const error = 'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):';
  it.each([
    [
      'a certificate that is refused',
      [
        "IKEv2:(SESSION ID = 31,SA ID = 1):Peer's authentication method is 'RSA'",
        `${tag}Verify cert failed`,
        `${tag}Verification of peer's authentication data FAILED`,
      ],
      {
        verdict: 'certificate-invalid',
        phase1: 'failed',
        failingStep: 'ike-auth-verify',
        auth: 'rsa-sig',
      },
    ],
    [
      'a certificate of which only the inner states tell',
      [
        `${tag}SM Trace-> SA: I_SPI=E4368647479E50EF R_SPI=97B2C8AA5268271A (R) MsgID = 1 CurState: R_VERIFY_AUTH Event: EV_CERT_FAIL`,
      ],
      { verdict: 'certificate-invalid', role: 'responder' },
    ],
    [
      'keys that differ',
      [`${tag}Verification of peer's authentication data FAILED`],
      { verdict: 'ikev2-auth-failed', phase1: 'failed' },
    ],
    [
      'a refusal of the peer',
      [`${error}: Received no proposal chosen notify`],
      { verdict: 'ike-policy-mismatch', role: 'initiator', phase1: 'failed' },
    ],
    [
      'a failed exchange of which nothing tells why',
      [`${error}: Auth exchange failed`],
      { verdict: 'ikev2-auth-failed', phase1: 'failed', outcome: 'failed', evidenceLines: [1] },
    ],
    [
      'a failure in an inner state',
      [
        `${tag}SM Trace-> SA: I_SPI=7B13CAD468D71308 R_SPI=45423664B616691C (I) MsgID = 1 CurState: AUTH_DONE Event: EV_FAIL`,
      ],
      { verdict: 'inconclusive', phase1: 'failed', role: 'initiator' },
    ],
    [
      'IKE_AUTH that is repeated',
      [
        `${tag}SM Trace-> SA: I_SPI=C571EF343834DF4F R_SPI=BB515F3AD24E6123 (I) MsgID = 1 CurState: I_WAIT_AUTH Event: EV_RE_XMT`,
      ],
      { verdict: 'inconclusive', phase1: 'incomplete' },
    ],
    [
      'a first message that is repeated',
      [
        `${tag}SM Trace-> SA: I_SPI=C571EF343834DF4F R_SPI=${zero} (I) MsgID = 0 CurState: I_WAIT_INIT Event: EV_RE_XMT`,
      ],
      { verdict: 'peer-unreachable', phase1: 'failed' },
    ],
    [
      'a child SA that failed in an SA that stands',
      [
        `${tag}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started`,
        `${tag}SM Trace-> SA: I_SPI=C571EF343834DF4F R_SPI=BB515F3AD24E6123 (I) MsgID = 2 CurState: CHILD_I_DONE Event: EV_FAIL`,
      ],
      { phase1: 'complete' },
    ],
  ] as const)('%s', (_, lines, expected) => {
    expect(told(...lines)).toMatchObject([expected]);
  });

  const passed = `${tag}Verification of peer's authenctication data PASSED`;
  const created = `${tag}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started`;
  const exchange = (
    way: 'Sending Packet [To' | 'Received Packet [From',
    name: string,
    payloads = 'ENCR',
  ): readonly string[] => [
    ...packet(way, '352F8CB45CC6EE7E', '97B2C8AA5268271A', `IKEv2 ${name}`).slice(0, 4),
    ` ${payloads}`,
  ];
  const refusal = [
    `${error}: Failed to find a matching policy`,
    `${tag}Sending no proposal chosen notify`,
  ];
  const refusedEsp = [
    `${error}Received Policies: `,
    "ESP: Proposal 1:  AES-CBC-256 SHA96 Don't use ESN",
    `${error}Expected Policies: `,
    "ESP: Proposal 0:  AES-GCM-256 Don't use ESN",
  ];
  const childRefused = {
    verdict: 'transform-set-mismatch',
    phase1: 'complete',
    phase2: 'failed',
    outcome: 'failed',
  };
  const authFailed = `${tag}Auth exchange failed`;

  describe('beneath an IKE SA that stands', () => {
    it.each([
      ['a child SA that is refused', [passed, ...refusal, created], childRefused],
      ['that of which the log holds the proposals alone', [...refusedEsp], childRefused],
      [
        'a child SA that is refused when it is renewed',
        [
          ...exchange(
            'Received Packet [From',
            'CREATE_CHILD_SA Exchange REQUEST',
            'SA N KE TSi TSr NOTIFY(REKEY_SA)',
          ),
          ...refusal,
        ],
        childRefused,
      ],
      [
        'an IKE SA whose successor is refused',
        [
          ...exchange('Received Packet [From', 'CREATE_CHILD_SA Exchange REQUEST', 'SA N KE'),
          ...refusal,
        ],
        { verdict: 'ike-policy-mismatch', phase1: 'complete', failingStep: 'rekey-policy' },
      ],
      [
        'a child SA that is refused and then granted',
        [
          passed,
          ...refusal,
          created,
          'IKEv2:(SA ID = 1):[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED',
        ],
        { verdict: 'tunnel-up', phase2: 'complete' },
      ],
      [
        'a child SA that is refused for its traffic selectors',
        [passed, ...refusal, `${tag}Sending TS unacceptable notify`, created],
        { verdict: 'proxy-identity-mismatch', phase2: 'failed' },
      ],
      [
        'a child SA that no policy allows',
        [
          created,
          'IKEv2:(SA ID = 1):[IPsec -> IKEv2] Callback received for the validate proposal - FAILED.',
        ],
        { verdict: 'inconclusive', phase1: 'complete', phase2: 'failed' },
      ],
      [
        'a child SA that the key engine does not put in place',
        [
          created,
          'IKEv2:(SA ID = 1):[IPsec -> IKEv2] Creation of IPsec SA into IPsec database FAILED',
        ],
        { verdict: 'inconclusive', phase1: 'complete', phase2: 'failed', cause: 'installation' },
      ],
    ])('%s', (_, lines, expected) => {
      expect(told(...lines)).toMatchObject([expected]);
    });
  });

  describe('an SA that stood, and its end', () => {
    const dead = [
      `${tag}Sending DPD/liveness query`,
      `${error}: Maximum number of retransmissions reached`,
      `${tag}Deleting SA`,
    ];
    const left = [`${tag}Process delete request from peer`, `${tag}Deleting SA`];
    const informational = exchange(
      'Received Packet [From',
      'INFORMATIONAL Exchange REQUEST',
      'DELETE',
    );
    it.each([
      [
        'a peer that answers no more',
        [created, ...dead],
        { verdict: 'dpd-peer-dead', phase2: 'complete', outcome: 'established' },
      ],
      [
        'a DELETE of its own that is not answered',
        [
          created,
          `${tag}Sending DELETE INFO message for IKEv2 SA [ISPI: 0xAAAABBBBCCCCDDDD]`,
          ...dead,
        ],
        { verdict: 'tunnel-up', outcome: 'established' },
      ],
      [
        'the same of an SA of before the log',
        dead,
        { verdict: 'dpd-peer-dead', phase1: 'complete', phase2: 'incomplete' },
      ],
      [
        'a peer that deletes an SA of before the log',
        [...informational, ...left],
        { verdict: 'deleted-by-peer', phase1: 'complete', outcome: 'incomplete' },
      ],
      [
        'a peer that deletes what came up in the log',
        [created, ...informational, ...left],
        { verdict: 'tunnel-up', outcome: 'established' },
      ],
      [
        'a peer that deletes a child SA alone',
        [...informational, left[0]!],
        { verdict: 'inconclusive', phase1: 'complete' },
      ],
    ])('%s', (_, lines, expected) => {
      expect(told(...lines)).toMatchObject([expected]);
    });
  });

  describe('IKE_AUTH', () => {
    const sent = exchange('Sending Packet [To', 'IKE_AUTH Exchange REQUEST');
    const limit = `${error}: Maximum number of retransmissions reached`;
    const looked = [
      "IKEv2:found matching IKEv2 profile 'P7'",
      'IKEv2:% Getting preshared key from profile keyring V2-KR',
    ];
    const none = `${error}: Failed to locate an item in the database`;
    const failed = `${tag}Verification of peer's authentication data FAILED`;
    const signs = `${tag}Peer's authentication method is 'RSA'`;
    const expired =
      '%PKI-3-CERTIFICATE_INVALID_EXPIRED: Certificate chain validation has failed.  The certificate (SN: 07) has expired.';
    it.each([
      [
        'that is never answered',
        [...sent, `${tag}Retransmitting packet`, limit, authFailed],
        { verdict: 'half-open', failingStep: 'ike-auth-wait', role: 'initiator' },
      ],
      [
        'that never comes',
        [`${error}: Failed to receive the AUTH msg before the timer expired`, authFailed],
        { verdict: 'half-open', role: 'responder' },
      ],
      [
        'whose exchange stays open behind an answer',
        [
          ...exchange('Received Packet [From', 'IKE_AUTH Exchange REQUEST', 'IDi SA TSi TSr'),
          `${error}: Failed to receive the AUTH msg before the timer expired`,
        ],
        { verdict: 'half-open', phase1: 'failed' },
      ],
      [
        'that the peer refuses',
        [
          ...exchange(
            'Received Packet [From',
            'IKE_AUTH Exchange RESPONSE',
            'NOTIFY(AUTHENTICATION_FAILED)',
          ),
          authFailed,
        ],
        { verdict: 'ikev2-auth-failed', cause: 'refused-by-peer' },
      ],
      [
        'that does not verify',
        [failed, `${tag}Sending authentication failure notify`],
        { verdict: 'ikev2-auth-failed', cause: 'verification' },
      ],
      [
        'with a user that is refused',
        [
          ...exchange('Received Packet [From', 'IKE_AUTH Exchange REQUEST', 'EAP'),
          `${tag}Sending authentication failure notify`,
        ],
        { verdict: 'ikev2-auth-failed', cause: 'user', failingStep: 'ike-auth-eap' },
      ],
      [
        'of a peer that is authenticated and then refused',
        [passed, `${tag}Sending authentication failure notify`, authFailed, `${tag}Deleting SA`],
        { verdict: 'ikev2-auth-failed', phase1: 'failed', cause: 'authorisation' },
      ],
      [
        'for which the keyring has no peer block',
        [...looked, none, failed],
        { verdict: 'no-psk-for-peer', failingStep: 'ike-auth-key-lookup' },
      ],
      [
        'for which it has one',
        [...looked, "IKEv2:% Matched peer block 'BR7'", none, failed],
        { verdict: 'ikev2-auth-failed' },
      ],
      [
        'with a certificate that has expired',
        [signs, expired, failed],
        { verdict: 'certificate-invalid' },
      ],
      [
        'with a key, while another certificate expires',
        [signs.replace('RSA', 'PSK'), expired, failed],
        { verdict: 'ikev2-auth-failed' },
      ],
      [
        'with a certificate that the helper refuses',
        ['IKEv2:(SA ID = 1):[PKI -> IKEv2] Validation of certificate chain FAILED', failed],
        { verdict: 'certificate-invalid' },
      ],
    ])('%s', (_, lines, expected) => {
      expect(told(...lines)).toMatchObject([expected]);
    });
  });

  describe('a Diffie-Hellman group that is refused', () => {
    const first = exchange('Sending Packet [To', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N');
    const asked = [
      ...first,
      ...exchange(
        'Received Packet [From',
        'IKE_SA_INIT Exchange RESPONSE',
        'NOTIFY(INVALID_KE_PAYLOAD)',
      ),
      `${tag}Processing invalid ke notification, we sent group 19, peer prefers group 24`,
    ];
    it.each([
      [
        'for good',
        [...asked, `${tag}Failed SA init exchange`],
        { verdict: 'ikev2-invalid-ke', phase1: 'failed', failingStep: 'sa-init-policy' },
      ],
      [
        'by a responder',
        [
          `${error}: The peer's KE payload contained the wrong DH group`,
          `${tag}Failed SA init exchange`,
        ],
        { verdict: 'ikev2-invalid-ke' },
      ],
      [
        'before another try that nobody answers',
        [...asked, ...first, `${tag}Deleting SA`],
        { verdict: 'inconclusive' },
      ],
    ])('%s', (_, lines, expected) => {
      expect(told(...lines)).toMatchObject([expected]);
    });
  });

  it('its own identity, translation of addresses and SPIs that are deleted', () => {
    expect(
      told(
        `${tag}Constructing IDi payload: '198.51.100.2' of type 'IPv4 address'`,
        'IKEv2-INTERNAL:(SESSION ID = 31,SA ID = 1):Host is located NAT inside',
        `${tag}Sending DELETE INFO message for IPsec SA [SPI: 0xA153CF67]`,
      ),
    ).toMatchObject([
      {
        ownIdentity: { type: 'IPv4 address', value: '198.51.100.2', line: 1 },
        natFound: true,
        spis: [0xa153cf67],
      },
    ]);
  });
});

describe('an event trace of IOS-XE', () => {
  const line = (seconds: number, text: string): string =>
    `*Apr  4 00:17:0${seconds}.424: SA ID:1 SESSION ID:2 Remote: 192.0.2.7/500 Local: 198.51.100.2/500  ${text}`;

  it('tells ends, role, packets and outcome', () => {
    const found = told(
      line(0, '(I) Sending IKEv2 IKE_SA_INIT Exchange REQUEST'),
      line(1, '(I) Received IKEv2 IKE_SA_INIT Exchange RESPONSE'),
      line(1, 'Completed SA init exchange'),
      line(1, '(I) Sending IKEv2 IKE_AUTH Exchange REQUEST'),
      line(2, '(I) Received IKEv2 IKE_AUTH Exchange RESPONSE'),
      line(2, 'Session with IKE ID PAIR(192.0.2.7 , 198.51.100.2) is UP'),
    );
    expect(found).toMatchObject([
      {
        role: 'initiator',
        connId: 'SESSION 2/SA 1',
        localAddress: '198.51.100.2',
        peerAddress: '192.0.2.7',
        verdict: 'tunnel-up',
      },
    ]);
    expect(found[0]!.packets.map(({ direction, state }) => `${direction} ${state}`)).toEqual([
      'sent IKE_SA_INIT',
      'received IKE_SA_INIT',
      'sent IKE_AUTH',
      'received IKE_AUTH',
    ]);
  });

  it('tells why it failed in the words of the debug', () => {
    expect(
      told(
        line(0, '(R) Received IKEv2 IKE_AUTH Exchange REQUEST'),
        line(1, "Verification of peer's authentication data FAILED"),
      ),
    ).toMatchObject([{ role: 'responder', verdict: 'ikev2-auth-failed', evidenceLines: [2] }]);
  });
});

describe('words of other releases', () => {
  it('name the peer before the first packet', () => {
    expect(
      told(
        'IKEv2:% Getting preshared key by address 192.0.2.7',
        'IKEv2:Adding Proposal PROP-A to toolkit policy',
      ),
    ).toMatchObject([{ peerAddress: '192.0.2.7' }]);
  });

  it('of the peer that refuses the traffic selectors', () => {
    expect(
      told(
        `${tag}Verification of peer's authenctication data PASSED`,
        'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Received TS unacceptable notify',
      ),
    ).toMatchObject([{ verdict: 'proxy-identity-mismatch', role: 'initiator', phase2: 'failed' }]);
  });

  it('of address translation', () => {
    expect(told(`${tag}NAT detected float to init port 4500, resp port 4500`)[0]!.natFound).toBe(
      true,
    );
    expect(told(`${tag}No NAT found`)[0]!.natFound).toBe(false);
  });

  it('of a notification with its fields on the lines behind it', () => {
    const { events, unmatched } = parseLog(
      [
        'IKEv2:Parse Notify Payload: AUTHENTICATION_FAILED NOTIFY(AUTHENTICATION_FAILED)  Next payload: NONE, reserved: 0x0, length: 8',
        '    Security protocol id: IKE, spi size: 0, type: AUTHENTICATION_FAILED',
        'IKEv2:KMI/verify policy/sending to IPSec:',
        '                          prot: 3 txfm: 12 hmac 5 flags 8177 keysize 256 IDB 0x0',
      ].join('\n'),
      'i1',
    );
    expect(unmatched).toEqual([]);
    expect(events).toMatchObject([
      { message: 'v2-notify-read', fields: { notify: 'AUTHENTICATION_FAILED' } },
      { message: 'v2-policy-asked', fields: { keySize: 256 } },
    ]);
  });
});

describe('two routers in one paste, both ends of one IKEv2 SA', () => {
  const spis = 'Initiator SPI : 352F8CB45CC6EE7E - Responder SPI : 9A1B2C3D4E5F6071 Message id: 1';
  const ends = {
    left: ['192.0.2.7', '198.51.100.2'],
    right: ['198.51.100.2', '192.0.2.7'],
  } as const;
  type End = keyof typeof ends;
  const auth = (
    end: End,
    clock: string,
    session: number,
    way: 'Sending' | 'Received',
    kind: string,
    payloads: string,
  ): readonly string[] => {
    const [peer, own] = ends[end];
    const [first, second] = way === 'Sending' ? ['To', 'From'] : ['From', 'To'];
    return [
      `*May  5 ${clock}: IKEv2:(SESSION ID = ${session},SA ID = 1):${way} Packet [${first} ${peer}:500/${second} ${own}:500/VRF i0:f0]`,
      spis,
      `IKEv2 IKE_AUTH Exchange ${kind}`,
      'Payload contents:',
      ` ${payloads}`,
    ];
  };
  const initiator = [
    ...auth('left', '08:17:36.000', 1, 'Sending', 'REQUEST', 'ENCR'),
    ...auth('left', '08:17:36.090', 1, 'Received', 'RESPONSE', 'NOTIFY(AUTHENTICATION_FAILED)'),
    '*May  5 08:17:36.091: IKEv2-ERROR:(SESSION ID = 1,SA ID = 1):: Auth exchange failed',
  ];
  const responder = (clock: string, session: number): readonly string[] => [
    ...auth('right', `${clock}.000`, session, 'Received', 'REQUEST', 'VID IDi AUTH SA TSi TSr'),
    `*May  5 ${clock}.001: IKEv2:found matching IKEv2 profile 'PR-R'`,
    `*May  5 ${clock}.001: IKEv2:% Getting preshared key from profile keyring KR-R`,
    `*May  5 ${clock}.003: IKEv2:(SESSION ID = ${session},SA ID = 1):Verification of peer's authentication data FAILED`,
    `*May  5 ${clock}.004: IKEv2-ERROR:(SESSION ID = ${session},SA ID = 1):: Auth exchange failed`,
  ];
  const clocks = { behind: '08:16:59', ahead: '08:17:37' } as const;
  const orders = [
    ['initiator first', true],
    ['responder first', false],
  ] as const;
  const prompts = [
    ['prompts', ['LEFT#', 'RIGHT#']],
    ['no prompt', ['', '']],
  ] as const;

  for (const [order, isFirst] of orders)
    for (const [named, [one, two]] of prompts)
      for (const [by, clock] of Object.entries(clocks))
        it.each([1, 44])(`${order}, ${named}, its clock ${by}, session %i`, (session) => {
          const left = [one, ...initiator];
          const right = [two, ...responder(clock, session)];
          const found = told(...(isFirst ? [...left, ...right] : [...right, ...left]));
          const [first, second] = isFirst ? [0, 1] : [1, 0];
          expect(found).toHaveLength(2);
          expect(found[first]).toMatchObject({
            role: 'initiator',
            localAddress: '198.51.100.2',
            router: one === '' ? null : 'LEFT',
            keyringSelections: [],
            cause: 'refused-by-peer',
          });
          expect(found[second]).toMatchObject({
            role: 'responder',
            localAddress: '192.0.2.7',
            router: two === '' ? null : 'RIGHT',
            keyringSelections: [{ keyring: 'KR-R' }],
            profileMatched: { name: 'PR-R' },
            cause: 'verification',
          });
        });

  it('by their prompts alone, where no line names an address', () => {
    const line = 'IKEv2-ERROR:(SESSION ID = 1,SA ID = 1):: Auth exchange failed';
    const found = told('LEFT#', line, 'RIGHT#', line);
    expect(found.map(({ router, firstLine }) => [router, firstLine])).toEqual([
      ['LEFT', 2],
      ['RIGHT', 4],
    ]);
  });
});

describe('addresses that somebody hid', () => {
  it.each([
    ['x.x.x.x', 'y.y.y.y'],
    ['X.X.X.X', 'Y.Y.Y.Y'],
    ['A.B.C.D', 'E.F.G.H'],
    ['xxx.xxx.xxx.xxx', 'yyy.yyy.yyy.yyy'],
    ['203.0.113.x', '198.51.x.y'],
    ['<PEER_IP>', '<MY_IP>'],
  ])('%s and %s are two ends', (peer, own) => {
    const found = told(
      `${tag}Received Packet [From ${peer}:500/To ${own}:500/VRF i0:f0]`,
      'Initiator SPI : 352F8CB45CC6EE7E - Responder SPI : 9A1B2C3D4E5F6071 Message id: 1',
      'IKEv2 IKE_AUTH Exchange RESPONSE',
      'Payload contents:',
      ' NOTIFY(AUTHENTICATION_FAILED)',
      'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Auth exchange failed',
    );
    expect(found).toMatchObject([
      { role: 'initiator', peerAddress: peer, localAddress: own, cause: 'refused-by-peer' },
    ]);
  });

  it('one mask for both ends tells neither router apart', () => {
    const found = told(
      ...['Sending Packet [To', 'Received Packet [From'].flatMap((way) => [
        `${tag}${way} X.X.X.X:500/${way.startsWith('S') ? 'From' : 'To'} X.X.X.X:500/VRF i0:f0]`,
        'Initiator SPI : 352F8CB45CC6EE7E - Responder SPI : 9A1B2C3D4E5F6071 Message id: 1',
        `IKEv2 IKE_AUTH Exchange ${way.startsWith('S') ? 'REQUEST' : 'RESPONSE'}`,
      ]),
    );
    expect(found).toMatchObject([{ role: 'initiator', peerAddress: 'X.X.X.X' }]);
  });
});

describe('what ends an IKEv2 exchange', () => {
  const spi = '352F8CB45CC6EE7E';
  const other = '9A1B2C3D4E5F6071';
  const message = (
    way: 'Sending Packet [To' | 'Received Packet [From',
    responder: string,
    exchange: string,
    payloads: string,
  ): readonly string[] => [
    ...packet(way, spi, responder, `IKEv2 ${exchange}`).slice(0, 4),
    ` ${payloads}`,
  ];
  const retries = [
    `${tag}Retransmitting packet`,
    'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Maximum number of retransmissions reached',
  ];
  const up = [
    `${tag}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started`,
    ...message('Sending Packet [To', other, 'INFORMATIONAL Exchange REQUEST', 'ENCR'),
  ];

  it.each(['DPD failure', 'unknown'])(
    'a peer that answers no more, though a delete is queued behind it: %s',
    (reason) => {
      const queued = `${tag}Queuing IKE SA delete request reason: ${reason}`;
      expect(told(...up, ...retries, queued, `${tag}Deleting SA`)).toMatchObject([
        { verdict: 'dpd-peer-dead', outcome: 'established' },
      ]);
      expect(told(...up, queued, ...retries, `${tag}Deleting SA`)).toMatchObject([
        { verdict: 'tunnel-up' },
      ]);
    },
  );

  it('a cookie, and silence behind it', () => {
    expect(
      told(
        ...message('Sending Packet [To', zero, 'IKE_SA_INIT Exchange REQUEST', 'SA KE N VID'),
        ...message(
          'Received Packet [From',
          zero,
          'IKE_SA_INIT Exchange RESPONSE',
          'NOTIFY(COOKIE)',
        ),
        ...message(
          'Sending Packet [To',
          zero,
          'IKE_SA_INIT Exchange REQUEST',
          'NOTIFY(COOKIE) SA KE N',
        ),
        ...retries,
      ),
    ).toMatchObject([
      { verdict: 'half-open', failingStep: 'sa-init-wait', evidenceLines: [6, 11, 16, 17] },
    ]);
  });

  it.each([
    'INVALID_SYNTAX',
    'UNSUPPORTED_CRITICAL_PAYLOAD',
    'TEMPORARY_FAILURE',
    'FAILED_CP_REQUIRED',
    'INTERNAL_ADDRESS_FAILURE',
    'SINGLE_PAIR_REQUIRED',
    'INVALID_KE_PAYLOAD',
  ])('another error notification than that of authentication: %s', (notify) => {
    expect(
      told(
        ...message('Sending Packet [To', other, 'IKE_AUTH Exchange REQUEST', 'ENCR'),
        ...message(
          'Received Packet [From',
          other,
          'IKE_AUTH Exchange RESPONSE',
          `NOTIFY(${notify})`,
        ),
        'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Auth exchange failed',
      ),
    ).toMatchObject([
      { verdict: 'ikev2-auth-failed', cause: 'refused-by-peer', evidenceLines: [6, 11] },
    ]);
  });

  it('a user whom EAP refuses: no key was compared', () => {
    expect(
      told(
        ...message('Received Packet [From', other, 'IKE_AUTH Exchange REQUEST', 'ENCR'),
        `${tag}Generating EAP request`,
        `${tag}Processing EAP response`,
        'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Failed to authenticate the IKE SA',
        'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Auth exchange failed',
      ),
    ).toMatchObject([{ verdict: 'ikev2-auth-failed', cause: 'user', failingStep: 'ike-auth-eap' }]);
  });
});

describe('an IKE SA that is made', () => {
  const packet = (contents: readonly string[]): readonly string[] => [
    'IKEv2:(SESSION ID = 2,SA ID = 1):Received Packet [From 192.0.2.7:500/To 192.0.2.1:500/VRF i0:f0]',
    'Initiator SPI : 5A1B2C3D4E5F6071 - Responder SPI : 6071829304A5B6C7 Message id: 1',
    'IKEv2 IKE_AUTH Exchange RESPONSE',
    ...contents,
  ];
  const made = 'IKEv2:(SESSION ID = 2,SA ID = 1):IKEV2 SA created; inserting SA into database.';
  const child =
    'IKEv2:(SESSION ID = 2,SA ID = 1):[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED';

  it.each([
    [
      'whose answer holds a child SA',
      ['Payload contents:', ' IDr AUTH SA TSi TSr'],
      [],
      'tunnel-up',
    ],
    ['whose answer the log does not show', [], [], 'inconclusive'],
    ['whose answer stays encrypted', ['Payload contents:', ' ENCR'], [], 'inconclusive'],
    ['and a child SA after it', [], [child], 'tunnel-up'],
  ])('%s', (_, contents, behind, verdict) => {
    expect(told(...packet(contents), made, ...behind)).toMatchObject([
      { phase1: 'complete', verdict },
    ]);
  });
});

describe('a trace of inner states', () => {
  const trace = (state: string, event: string): string =>
    `IKEv2-INTERNAL:(SESSION ID = 4,SA ID = 4):SM Trace-> SA: I_SPI=5A1B2C3D4E5F6071 R_SPI=6071829304A5B6C7 (I) MsgID = 1 CurState: ${state} Event: ${event}`;

  it.each([
    [
      'an IKE_AUTH that was repeated in vain',
      ['EV_RE_XMT', 'EV_RE_XMT_EXCEED'],
      'half-open',
      'ike-auth-wait',
    ],
    ['one that is repeated', ['EV_RE_XMT'], 'inconclusive', null],
    ['one that is waited for', ['EV_NO_EVENT'], 'inconclusive', null],
  ])('tells of %s', (_, events, verdict, failingStep) => {
    expect(told(...events.map((event) => trace('I_WAIT_AUTH', event)))).toMatchObject([
      { role: 'initiator', verdict, failingStep },
    ]);
  });

  it('tells of an answer that came at last', () => {
    expect(told(trace('I_WAIT_AUTH', 'EV_RE_XMT'), trace('READY', 'EV_I_OK'))).toMatchObject([
      { verdict: 'tunnel-up' },
    ]);
  });
});

describe('an error without an SA', () => {
  const error = 'IKEv2-ERROR:Address type 2147516380 not supported';
  it('begins no attempt', () => {
    expect(parseLog(error, 'i1').negotiations).toEqual([]);
  });

  it('is of the attempt at hand', () => {
    const tag = 'IKEv2:(SESSION ID = 31,SA ID = 1):';
    expect(parseLog(`${tag}Verify SA init message\n${error}`, 'i1').negotiations).toMatchObject([
      { events: [0, 1] },
    ]);
  });
});

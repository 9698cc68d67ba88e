import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import { scoreLog } from '../../src/logparse/recognise.ts';
import { isOnlyShow } from '../../src/logparse/show-output.ts';

const shown = [
  'R1#show crypto isakmp sa',
  'IPv4 Crypto ISAKMP SA',
  'dst             src             state          conn-id status',
  '192.0.2.7       192.0.2.1       QM_IDLE           1011 ACTIVE',
  '',
  'R1#show crypto isakmp key',
  'Keyring      Hostname/Address                            Preshared Key',
  '',
  'default      10.0.0.0            [255.0.0.0      ]       hunter2-a',
  'kr1          192.0.2.7                                   hunter2-b',
  '             192.0.2.9                                   hunter2-c',
  'kr2          vpn.example.com                             hunter2-d',
  'R1#show crypto isakmp profile',
  'ISAKMP PROFILE profile1',
  '   Identities matched are:',
  '    ip-address 192.0.2.7 255.255.255.255',
  '   keyring(s): keyring1',
  'R1#show crypto ipsec sa',
  '    #pkts encaps: 100, #pkts encrypt: 100, #pkts digest: 100',
  '     current outbound spi: 0xD1B2C3A4(3518153636)',
].join('\n');
const debugged =
  '*Mar  1 00:27:51.891: ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA';

describe('show output', () => {
  const document = parseLog(shown, 'i1');
  const fieldsOf = (message: string): readonly unknown[] =>
    document.events.filter((event) => event.message === message).map(({ fields }) => fields);

  it('becomes events, row by row, in the order of the lines', () => {
    expect(fieldsOf('show-sa')).toEqual([
      {
        responder: '192.0.2.7',
        initiator: '192.0.2.1',
        state: 'QM_IDLE',
        connId: 1011,
        status: 'ACTIVE',
      },
    ]);
    expect(fieldsOf('show-profile-address')).toEqual([
      { address: '192.0.2.7', mask: '255.255.255.255' },
    ]);
    expect(fieldsOf('show-ipsec-outbound')).toEqual([{ spi: 0xd1b2c3a4, decimal: 3518153636 }]);
    const lines = document.events.map(({ line }) => line);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(document.unmatched).toEqual([]);
  });

  it('tells which keyring holds a key, and never the key', () => {
    expect([
      ...fieldsOf('show-key'),
      ...fieldsOf('show-key-more'),
      ...fieldsOf('show-key-host'),
    ]).toEqual([
      { keyring: 'default', address: '10.0.0.0', mask: '255.0.0.0' },
      { keyring: 'kr1', address: '192.0.2.7' },
      { address: '192.0.2.9' },
      { keyring: 'kr2', hostname: 'vpn.example.com' },
    ]);
    expect(JSON.stringify(document)).not.toContain('hunter2');
  });

  it('is told apart from a debug', () => {
    expect(isOnlyShow(document)).toBe(true);
    expect(isOnlyShow(parseLog(`${shown}\n${debugged}`, 'i1'))).toBe(false);
    expect(isOnlyShow(parseLog('nothing of a router', 'i1'))).toBe(false);
    expect(isOnlyShow(parseLog('', 'i1'))).toBe(false);
  });
});

/** One command each, with nothing else in the file. */
const outputs: Readonly<Record<string, string>> = {
  'show crypto isakmp sa detail': `
Codes: C - IKE configuration mode, D - Dead Peer Detection
       K - Keepalives, N - NAT-traversal
       T - cTCP encapsulation, X - IKE Extended Authentication
       psk - Preshared key, rsig - RSA signature
       renc - RSA encryption
IPv4 Crypto ISAKMP SA

C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.

1013  192.0.2.1       192.0.2.7              ACTIVE aes  sha384 psk  14 23:47:45 N
       Engine-id:Conn-id =  SW:13
`,
  'show crypto isakmp sa over IPv6': `
IPv6 Crypto ISAKMP SA

 dst: 2001:db8::7
 src: 2001:db8::1
 state: QM_IDLE         conn-id:   1003 status: ACTIVE
`,
  'show crypto isakmp sa over IPv6, indented': `
    IPv6 Crypto ISAKMP SA

     dst: 2001:DB8:A::1
     src: 2001:DB8:B::2
     state: MM_KEY_EXCH     conn-id:   1004 slot: 0 status: ACTIVE
`,
  'show crypto isakmp peers': `
Peer: 192.0.2.7 Port: 4500 Local: 192.0.2.1
 Phase1 id: r2.example.net
`,
  'show crypto isakmp default policy': `
Default IKE policy
Default protection suite of priority 65507
        encryption algorithm:   AES - Advanced Encryption Standard (128 bit keys).
        hash algorithm:         Secure Hash Standard
        authentication method:  Rivest-Shamir-Adleman Signature
        Diffie-Hellman group:   #5 (1536 bit)
        lifetime:               86400 seconds, no volume limit
`,
  'show crypto ikev2 sa detailed': `
Tunnel-id Local                 Remote                fvrf/ivrf            Status
5         192.0.2.1/4500        192.0.2.7/4500        gre/gre              READY
      Encr: AES-GCM, keysize: 256, PRF: SHA512, Hash: None, DH Grp:21, Auth sign: PSK, Auth verify: PSK, QR
      Life/Active Time: 86400/20635 sec
      CE id: 53247, Session-id: 494
      Local spi: 26E77925771B44B1       Remote spi: 4785C18DB784C439
      Status Description: Negotiation done
      Local id: hub.example.net
      Remote id: r2.example.net
      Local req msg id:  3              Remote req msg id:  5
      DPD configured for 10 seconds, retry 2
      Fragmentation not  configured.
      NAT-T is detected  outside
      Initiator of SA : No
      Quantum-safe Encryption using Manual PPK
      Pushed IP address: 10.9.9.4
      Remote subnets:
      10.2.0.0 255.255.0.0
      PEER TYPE: IOS-XE
`,
  'show crypto ikev2 sa over IPv6': `
 IPv6 Crypto IKEv2  SA

Tunnel-id    fvrf/ivrf              Status
1          none/none             IN-NEG
Local  2001:DB8:B::2/500
Remote  2001:DB8:A::1/500
      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:21, Auth sign: PSK, Auth verify: Unknown - 0
      PQC Key Exchange: ML-KEM-1024
      Life/Active Time: 86400/0 sec
`,
  'show crypto ikev2 session detailed': `
Session-id:7, Status:UP-ACTIVE, IKE count:1, CHILD count:1
Tunnel-id Local                 Remote                fvrf/ivrf            Status
3         192.0.2.1/500         192.0.2.7/500         none/none            READY
Child sa: local selector  192.0.2.1/0 - 192.0.2.1/65535
          remote selector 192.0.2.7/0 - 192.0.2.7/65535
          ESP spi in/out: 0xDE2B2C8F/0x6A3D6D48
          AH spi in/out: 0x0/0x0
          CPI in/out: 0x0/0x0
          Encr: AES-CBC, keysize: 256, esp_hmac: SHA256
          ah_hmac: None, comp: IPCOMP_NONE, mode transport
`,
  'show crypto ikev2 session': `
 IPv4 Crypto IKEv2 Session

Session-id:1, Status:UP-ACTIVE, IKE count:1, CHILD count:1

Tunnel-id Local                 Remote                fvrf/ivrf            Status
1         192.0.2.1/500         192.0.2.7/4500        none/none            READY
      Encr: AES-CBC, keysize: 256, PRF: SHA1, Hash: SHA96, DH Grp:2, Auth sign: RSA, Au
th verify: RSA
      Life/Active Time: 86400/192 sec
Child sa: local selector  10.1.0.0/0 - 10.1.255.255/65535
          remote selector 10.2.0.0/0 - 10.2.255.255/65535
          ESP spi in/out: 0x1C2D3E4F/0xD1B2C3A4
 IPv6 Crypto IKEv2 Session
`,
  'show crypto map': `
Crypto Map IPv4 "MAP-A" 10 ipsec-isakmp
        Peer = 192.0.2.7
        Extended IP access list TO-DC
            access-list TO-DC permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
        Current peer: 192.0.2.7
        Security association lifetime: 4608000 kilobytes/3600 seconds
        Responder-Only (Y/N): N
        PFS (Y/N): N
        Mixed-mode : Disabled
        Transform sets={
                STRONG:  { esp-192-aes esp-sha-hmac  } ,
        Interfaces using crypto map MAP-A:
                Ethernet0/0
`,
  'show crypto map of a tunnel': `
Crypto Map: "Tunnel0-head-0" idb: FastEthernet0/0 local address: 192.0.2.1
Crypto Map IPv4 "Tunnel0-head-0" 65536 ipsec-isakmp
        Profile name: PROF-A
        PFS (Y/N): Y
        DH group:  group14
Crypto Map IPv4 "Tunnel0-head-0" 65537 ipsec-isakmp
        Map is a PROFILE INSTANCE.
        Peer = 192.0.2.7
        Extended IP access list
            access-list  permit gre host 192.0.2.1 host 192.0.2.7
`,
  'show crypto ipsec transform-set': `
Transform set STRONG: {    { esp-aes esp-sha-hmac  }
   will negotiate = { Tunnel,  },
`,
  'show crypto ipsec security-association lifetime': `
Security association lifetime: 4608000 kilobytes/3600 seconds
`,
  'show dmvpn': `
Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete
        N - NATed, L - Local, X - No Socket
        # Ent --> Number of NHRP entries with same NBMA peer
        NHS Status: E --> Expecting Replies, R --> Responding, W --> Waiting
        UpDn Time --> Up or Down Time for a Tunnel
==========================================================================

Interface: Tunnel0, IPv4 NHRP Details
Type:Spoke, NHRP Peers:1,

 # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb
 ----- --------------- --------------- ----- -------- -----
     2 192.0.2.7              10.0.0.1    UP 00:55:19     S
                              10.0.0.4    UP 00:00:06     D
`,
  'show crypto engine connections active': `
Crypto Engine Connections

   ID  Type    Algorithm           Encrypt  Decrypt LastSeqN IP-Address
    1  IPsec   AES256+SHA512             0        5        6 192.0.2.1
 1001  IKE     SHA256+AES256             0        0        0 192.0.2.1
`,
  'show crypto engine connections active with interfaces': `
Crypto Engine Connections

   ID Interface  Type   Algorithm           Encrypt  Decrypt IP-Address
    1 Tu1        IPsec  AES+SHA                   0        9 192.0.2.1
 1001 Tu1        IKE    SHA+AES                   0        0 192.0.2.1
`,
  'show crypto ipsec sa detail': `
    #pkts encaps: 9, #pkts encrypt: 9, #pkts digest: 9
    #pkts no sa (send) 4, #pkts invalid sa (rcv) 0
    ##pkts replay failed (rcv): 17
        conn id: 2009, flow_id: Onboard VPN:9, sibling_flags 80000040, crypto map: MAP-A
        sa timing: remaining key lifetime (sec): 3000
        Kilobyte Volume Rekey has been disabled
`,
  'show crypto ipsec sa count': `
IPsec SA total: 0, active: 0, rekeying: 0, unused: 0, invalid: 0
`,
  'show crypto ipsec sa': `
No SAs found
`,
  'show crypto isakmp sa count': `
Active ISAKMP SA's: 0
Standby ISAKMP SA's: 0
Currently being negotiated ISAKMP SA's: 0
Dead ISAKMP SA's: 0
`,
};

describe.each(Object.entries(outputs))('%s', (_, output) => {
  it('is recognised, and understood to the last line', () => {
    const document = parseLog(output, 'i1');
    expect(scoreLog(output)).toBeGreaterThan(0);
    expect(isOnlyShow(document)).toBe(true);
    expect(document.unmatched).toEqual([]);
  });
});

describe('a row of show output', () => {
  it.each([
    [
      '1013  192.0.2.1       192.0.2.7              ACTIVE aes  sha384 psk  14 23:47:45 N',
      'show-sa-detail',
      {
        connId: 1013,
        local: '192.0.2.1',
        remote: '192.0.2.7',
        status: 'ACTIVE',
        encryption: 'aes',
        hash: 'sha384',
        auth: 'psk',
        group: 14,
        lifetime: '23:47:45',
        capabilities: 'N',
      },
    ],
    [
      '2         192.0.2.1/4500       192.0.2.7/500   none/RED            READY',
      'show-ikev2-sa',
      {
        tunnel: 2,
        local: '192.0.2.1',
        localPort: 4500,
        remote: '192.0.2.7',
        remotePort: 500,
        fvrf: 'none',
        ivrf: 'RED',
        status: 'READY',
      },
    ],
    [
      '     1 192.0.2.7            10.0.0.6    NHRP 00:02:01     D        10.0.0.6/32',
      'show-dmvpn',
      {
        entries: 1,
        nbma: '192.0.2.7',
        tunnel: '10.0.0.6',
        state: 'NHRP',
        time: '00:02:01',
        attributes: 'D',
        target: '10.0.0.6/32',
      },
    ],
  ])('%s', (line, message, fields) => {
    expect(parseLog(line, 'i1').events).toMatchObject([{ message, fields }]);
  });

  it('goes on in the next line where it was as wide as a terminal', () => {
    const flow =
      '  IPSEC FLOW: permit ip 192.168.125.0/255.255.255.128 192.168.100.0/255.255.255.0';
    const read = (...lines: readonly string[]): readonly unknown[] => {
      const { events, unmatched } = parseLog(lines.join('\n'), 'i1');
      return [events.map(({ fields }) => fields.flow), unmatched.map(({ example }) => example)];
    };
    const whole = flow.slice(flow.indexOf('permit'));
    expect(read(flow.slice(0, 80), flow.slice(80))).toEqual([[whole], []]);
    expect(read(flow.slice(0, 79), 'so it was')).toEqual([[whole.slice(0, -2)], ['so it was']]);
    expect(read(flow.slice(0, 80), '', '0')).toEqual([[whole.slice(0, -1)], ['0']]);
  });

  it('may have a remark behind it', () => {
    const document = parseLog(
      [
        '   current_peer 192.0.2.7 port 500 <==== the other side',
        '    #pkts encaps: 3, #pkts encrypt: 3, #pkts digest: 3  !-- three',
        'Peer: somebody # nothing of a router',
      ].join('\n'),
      'i1',
    );
    expect(document.events.map(({ message, fields }) => [message, fields])).toEqual([
      ['show-ipsec-peer', { peer: '192.0.2.7', port: 500 }],
      ['show-ipsec-sent', { encapsulated: 3, encrypted: 3, digested: 3 }],
    ]);
    expect(document.unmatched.map(({ example }) => example).toSorted()).toEqual([
      '!-- three',
      '<==== the other side',
      'Peer: somebody # nothing of a router',
    ]);
  });
});

describe('show version, show clock detail and show ntp status', () => {
  it('are understood beside a debug', () => {
    const text = `
EDGE#show version
Cisco IOS XE Software, Version 17.03.04a
Cisco IOS Software [Amsterdam], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.3.4a, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2021 by Cisco Systems, Inc.
Compiled Tue 20-Jul-21 04:59 by mcpre
EDGE uptime is 3 days, 2 hours, 11 minutes
System returned to ROM by reload at 09:11:02 UTC Mon Mar 11 2024
Last reload reason: Reload Command
EDGE#show clock detail
11:22:33.456 UTC Thu Mar 14 2024
Time source is NTP
EDGE#show ntp status
Clock is synchronized, stratum 3, reference is 192.0.2.123
nominal freq is 250.0000 Hz, actual freq is 249.9983 Hz, precision is 2**10
ntp uptime is 26500 (1/100 of seconds), resolution is 4016
system poll interval is 64, last update was 111 sec ago.
EDGE#
${debugged}`;
    const { events, unmatched } = parseLog(text, 'i1');
    expect(unmatched).toEqual([]);
    expect(
      events.filter(({ message }) => message === 'show-uptime').map(({ fields }) => fields.host),
    ).toEqual(['EDGE']);
    expect(events.map(({ fields }) => fields.version ?? [])).toEqual(
      expect.arrayContaining(['17.03.04a', '17.3.4a']),
    );
  });
});

describe('scoreLog', () => {
  const listing = ' ip address 10.0.0.1 255.255.255.0\n'.repeat(5000);

  it('finds what stands behind a long listing', () => {
    for (const line of [
      '*Mar  1 00:01:02.003: ISAKMP:(0):found peer pre-shared key matching 192.0.2.7',
      'R1#show crypto isakmp sa\nIPv4 Crypto ISAKMP SA\ndst             src             state',
      'Mar  1 00:01:02: %CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed with peer at 192.0.2.7',
    ])
      expect(scoreLog(`${listing}R1#\n${line}\n`)).toBeGreaterThan(0);
  });

  it('is not misled by words, and comes to an end', () => {
    expect(scoreLog(`${listing}! for ISAKMP see below\n`)).toBe(0);
    expect(scoreLog(listing + 'ISAKMP '.repeat(500_000))).toBe(0);
    expect(scoreLog(listing + 'about ISAKMP\n'.repeat(500_000))).toBe(0);
  });
});

describe('the table of keys', () => {
  it('ends where a message begins, whose lines are none of its rows', () => {
    const block = [
      '*Mar  1 00:01:02.003: IPSEC(sa_request): ,',
      '  (key eng. msg.) OUTBOUND local= 192.0.2.1, remote= 192.0.2.7,',
      '    local_proxy= 10.1.0.0/255.255.0.0/0/0 (type=4),',
      '    remote_proxy= 10.2.0.0/255.255.0.0/0/0 (type=4),',
    ];
    const table = [
      'Keyring      Hostname/Address                            Preshared Key',
      'default      192.0.2.7                                   hush',
    ];
    const alone = parseLog(block.join('\n'), 'i1').events;
    for (const before of [table, [block[0]!, ...table]]) {
      const { events } = parseLog([...before, ...block].join('\n'), 'i1');
      expect(events.at(-1)!.fields).toEqual(alone[0]!.fields);
      expect(JSON.stringify(events)).not.toContain('hush');
    }
  });
});

describe('output at the prompts of two routers', () => {
  const rows = [
    'IPv4 Crypto ISAKMP SA',
    'dst             src             state          conn-id status',
    '198.51.100.2    203.0.113.1     MM_NO_STATE          0 ACTIVE',
    '',
  ];
  it.each([
    ['with an empty prompt behind it', ['R1#']],
    ['without one', []],
  ])('is of the router whose prompt stands above it: %s', (_, end) => {
    const text = ['R1#', 'R2#'].flatMap((prompt) => [
      `${prompt}show crypto isakmp sa`,
      ...rows,
      ...end.map(() => prompt),
    ]);
    const { events } = parseLog(text.join('\n'), 'i1');
    const half = events.length / 2;
    expect(events.map(({ router }) => router)).toEqual(
      events.map((_event, at) => (at < half ? 'R1' : 'R2')),
    );
  });
});

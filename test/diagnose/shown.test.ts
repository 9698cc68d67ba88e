import { describe, expect, it } from 'vitest';
import { diagnosisOf } from '../support/incident.ts';

const summaryOf = (...lines: readonly string[]): string =>
  diagnosisOf({ logs: [lines.join('\n')] }).verdict.summary;

const isakmp = (state: string, status = 'ACTIVE'): readonly string[] => [
  'R1#show crypto isakmp sa',
  'IPv4 Crypto ISAKMP SA',
  'dst             src             state          conn-id status',
  `198.51.100.2    203.0.113.1     ${state.padEnd(14)}    0 ${status}`,
];
const session = (status: string, back: number, out: number): readonly string[] => [
  'HUB1#show crypto session detail',
  'Crypto session current status',
  '',
  'Interface: Tunnel0',
  `Session status: ${status}`,
  'Peer: 198.51.100.2 port 4500 fvrf: (none) ivrf: (none)',
  '  IKEv2 SA: local 203.0.113.1/4500 remote 198.51.100.2/4500 Active',
  '  IPSEC FLOW: permit 47 host 203.0.113.1 host 198.51.100.2',
  '        Active SAs: 2, origin: crypto map',
  `        Inbound:  #pkts dec'ed ${back} drop 0 life (KB/Sec) 4608000/2836`,
  `        Outbound: #pkts enc'ed ${out} drop 0 life (KB/Sec) 4607990/2836`,
];
const ipsec = (out: number, errors: number, spi: string): readonly string[] => [
  'R1#show crypto ipsec sa',
  'interface: Tunnel1',
  '   current_peer 198.51.100.2 port 500',
  `    #pkts encaps: ${out}, #pkts encrypt: ${out}, #pkts digest: ${out}`,
  '    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0',
  `    #send errors ${errors}, #recv errors 0`,
  `     current outbound spi: ${spi}`,
];
const ikev2 = (status: string): readonly string[] => [
  'HUB1#show crypto ikev2 sa detailed',
  'Tunnel-id Local                 Remote                fvrf/ivrf            Status',
  `2         203.0.113.1/500       198.51.100.2/500      none/none            ${status}`,
  '      Status Description: Initiator waiting for INIT response',
];

const isakmpV6 = (state: string, status = 'ACTIVE'): readonly string[] => [
  'R6#show crypto isakmp sa',
  'IPv6 Crypto ISAKMP SA',
  '',
  ' dst: 2001:DB8:A::1',
  ' src: 2001:DB8:B::2',
  ` state: ${state}     conn-id:   1004 slot: 0 status: ${status}`,
  '',
  ' dst: 2001:DB8:A::1',
  ' src: 2001:DB8:C::3',
  ' state: QM_IDLE         conn-id:   1005 slot: 0 status: ACTIVE',
];
const ikev2V6 = (status: string): readonly string[] => [
  'IPv6 Crypto IKEv2  SA',
  'Tunnel-id    fvrf/ivrf              Status',
  `1          none/none             ${status}`,
  'Local  2001:DB8:B::2/500',
  'Remote  2001:DB8:A::1/500',
];
const ikev2Session = (status: string): readonly string[] => [
  'IPv4 Crypto IKEv2 Session',
  `Session-id:7, Status:${status}, IKE count:1, CHILD count:0`,
  'Tunnel-id Local                 Remote                fvrf/ivrf            Status',
  '3         203.0.113.1/500       198.51.100.2/500      none/none            READY',
];
const flows = (...counts: readonly (readonly [number, number, number])[]): readonly string[] => [
  ...session('UP-ACTIVE', 1, 1).slice(0, 7),
  ...counts.flatMap(([back, dropped, out], at) => [
    `  IPSEC FLOW: permit ip 10.1.${at}.0/255.255.255.0 10.2.0.0/255.255.0.0`,
    '        Active SAs: 2, origin: crypto map',
    `        Inbound:  #pkts dec'ed ${back} drop ${dropped} life (KB/Sec) 4608000/2836`,
    `        Outbound: #pkts enc'ed ${out} drop 0 life (KB/Sec) 4607990/2836`,
  ]),
];
const proxies = [
  '   local  ident (addr/mask/prot/port): (10.1.0.0/255.255.0.0/0/0)',
  '   remote ident (addr/mask/prot/port): (10.2.0.0/255.255.0.0/0/0)',
];
const detail = (spi: string): readonly string[] =>
  ipsec(9, 0, spi).flatMap((line) =>
    line.includes('#send errors')
      ? [
          '    #pkts no sa (send) 4, #pkts invalid sa (rcv) 0',
          '    #pkts invalid prot (recv) 0, #pkts verify failed: 31',
          '    ##pkts replay failed (rcv): 17',
          '    #pkts tagged (send): 5, #pkts untagged (rcv): 5',
        ]
      : [line],
  );

describe('show output without a debug', () => {
  it.each([
    [isakmp('MM_NO_STATE'), 'on R1 the ISAKMP SA of 203.0.113.1 with 198.51.100.2 stands at MM_NO'],
    [isakmp('MM_KEY_EXCH'), 'stands at MM_KEY_EXCH (keys are exchanged, and MM5 or MM6'],
    [isakmp('AG_INIT_EXCH'), 'stands at AG_INIT_EXCH'],
    [ikev2('IN-NEG'), 'still being negotiated (Initiator waiting for INIT response)'],
    [session('DOWN-NEGOTIATING', 0, 0), 'the session with 198.51.100.2 is DOWN-NEGOTIATING'],
    [session('UP-ACTIVE', 0, 114), '114 packets were sent and none was received'],
    [session('UP-ACTIVE', 7, 0), '7 packets were received and none was sent'],
    [ipsec(0, 17, '0x0(0)'), 'there is no outbound IPsec SA with 198.51.100.2, and 17 packets'],
    [ipsec(9, 0, '0x1C2D3E4F(472727119)'), '9 packets were sent and none was received'],
    [isakmp('CONF_XAUTH'), 'stands at CONF_XAUTH (the keys are checked, and XAUTH has not'],
    [isakmp('CONF_ADDR'), 'stands at CONF_ADDR'],
    [isakmp('AG_AUTH'), 'stands at AG_AUTH'],
    [
      isakmpV6('MM_KEY_EXCH'),
      'on R6 the ISAKMP SA of 2001:DB8:B::2 with 2001:DB8:A::1 stands at MM_KEY_EXCH (keys',
    ],
    [ikev2V6('IN-NEG'), 'the IKEv2 SA of 2001:DB8:B::2 with 2001:DB8:A::1 is still being'],
    [ikev2Session('UP-IDLE'), 'the session with 198.51.100.2 is UP-IDLE (the IKE SA is up, and'],
    [session('UP-IDLE', 0, 0), 'the session with 198.51.100.2 is UP-IDLE (the IKE SA is up, and'],
    [
      flows([3, 0, 4], [0, 0, 5]),
      'with 198.51.100.2 (permit ip 10.1.1.0/255.255.255.0 10.2.0.0/255.255.0.0) 5 packets were sent',
    ],
    [
      flows([0, 41, 50]),
      '50 packets were sent, and of those that came none was accepted (41 dropped)',
    ],
    [
      ipsec(9, 0, '0x1C2D3E4F(472727119)').flatMap((line) =>
        line.includes('current_peer') ? [...proxies, line] : [line],
      ),
      'with 198.51.100.2 (10.1.0.0/255.255.0.0/0/0 to 10.2.0.0/255.255.0.0/0/0) 9 packets were sent',
    ],
    [
      ipsec(9, 0, '0x1C2D3E4F(472727119)').map((line) =>
        line.replace('recv errors 0', 'recv errors 6'),
      ),
      'of those that came none was accepted (receive errors 6)',
    ],
    [
      detail('0x1C2D3E4F(472727119)'),
      'of those that came none was accepted (verify failed 31, replay failed 17)',
    ],
    [detail('0x0(0)'), 'there is no outbound IPsec SA with 198.51.100.2, and 4 packets'],
    [ipsec(0, 1, '0x0(0)'), 'and 1 packet for it was dropped'],
    [flows([0, 41, 1]), '1 packet was sent, and of those that came none was accepted (41'],
    [
      isakmpV6('MM_KEY_EXCH').filter((line) => !line.includes('src:')),
      'on R6 the ISAKMP SA with 2001:DB8:A::1 stands at MM_KEY_EXCH',
    ],
    [[...isakmp('QM_IDLE'), ...isakmp('MM_NO_STATE')], 'stands at MM_NO_STATE'],
    [
      [...session('UP-IDLE', 0, 0), ...isakmp('QM_IDLE')],
      'the session with 198.51.100.2 is UP-IDLE',
    ],
  ])('tells where a tunnel stands: %#', (lines, said) => {
    const summary = summaryOf(...lines);
    expect(summary).toContain('The show output says: ');
    expect(summary).toContain(said);
  });

  it.each([
    [isakmp('QM_IDLE')],
    [isakmp('MM_NO_STATE', 'ACTIVE (deleted)')],
    [ikev2('READY')],
    [session('UP-ACTIVE', 5, 6)],
    [ipsec(0, 0, '0x0(0)')],
    [isakmpV6('QM_IDLE')],
    [isakmpV6('MM_NO_STATE', 'ACTIVE (deleted)')],
    [ikev2V6('READY')],
    [ikev2Session('UP-ACTIVE')],
    [session('UP-NO-IKE', 5, 6)],
    [flows([3, 9, 4], [1, 0, 1])],
    [session('UP-ACTIVE', 0, 4)],
    [flows([1, 41, 0])],
    [[...isakmp('MM_NO_STATE'), ...isakmp('QM_IDLE')]],
    [[...isakmp('MM_NO_STATE'), ...isakmp('MM_NO_STATE', 'ACTIVE (deleted)')]],
    [[...ikev2('IN-NEG'), ...ikev2('READY')]],
    [[...ikev2('IN-NEG'), ...session('UP-ACTIVE', 5, 6)]],
    [[...session('DOWN', 0, 0), ...session('UP-ACTIVE', 5, 6)]],
    [[...session('DOWN-NEGOTIATING', 0, 0), ...ikev2('READY')]],
    [[...flows([0, 0, 50]), ...flows([41, 0, 50])]],
  ])('says nothing of what is well: %#', (lines) => {
    expect(summaryOf(...lines)).not.toContain('The show output says');
  });

  it('tells of the SA, which tells more, where the session tells of it as well', () => {
    for (const lines of [
      [...ikev2('IN-NEG'), ...session('DOWN-NEGOTIATING', 0, 0)],
      [...session('DOWN-NEGOTIATING', 0, 0), ...ikev2('IN-NEG')],
    ]) {
      expect(summaryOf(...lines)).toContain('still being negotiated');
      expect(summaryOf(...lines)).not.toContain('the session with');
    }
  });
});

describe('show output beside a debug', () => {
  const up = [
    '*Mar  1 00:27:51.891: ISAKMP:(1001):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
    '*Mar  1 00:27:51.901: ISAKMP (1001): received packet from 198.51.100.2 dport 500 sport 500 Global (I) QM_IDLE',
    '*Mar  1 00:27:51.903: ISAKMP:(1001):Old State = IKE_QM_I_QM1  New State = IKE_QM_PHASE2_COMPLETE',
  ];
  const oneWay = '9 packets were sent and none was received';
  const spi = '0x1C2D3E4F(472727119)';
  const answered = ipsec(30, 0, spi).map((line) =>
    line.replaceAll(/(decaps|decrypt): 0/g, '$1: 21'),
  );
  const withProxies = (lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) => (line.includes('current_peer') ? [...proxies, line] : [line]));
  const begun = [
    '*Mar  1 00:27:51.591: IPSEC(sa_request): ,',
    '  (key eng. msg.) OUTBOUND local= 203.0.113.1:500, remote= 198.51.100.2:500,',
    '    local_proxy= 10.1.0.0/255.255.0.0/256/0,',
    '    remote_proxy= 10.2.0.0/255.255.0.0/256/0,',
    '    protocol= ESP, transform= esp-aes 256 esp-sha256-hmac  (Tunnel),',
    '    lifedur= 3600s and 4608000kb,',
    '    spi= 0x0(0), conn_id= 0, keysize= 256, flags= 0x0',
    '*Mar  1 00:27:51.596: ISAKMP:(0):beginning Main Mode exchange',
    '*Mar  1 00:27:51.601: ISAKMP:(0):Old State = IKE_READY  New State = IKE_I_MM1',
    '*Mar  1 00:27:51.602: ISAKMP:(0): sending packet to 198.51.100.2 my_port 500 peer_port 500 (I) MM_NO_STATE',
  ];

  it.each([
    ['behind it', ['R1#', ...up, ...ipsec(9, 0, spi)]],
    [
      'behind it, after listings of others',
      ['R1#', ...up, ...isakmp('QM_IDLE'), ...ipsec(9, 0, spi)],
    ],
    ['behind it, after it was well', ['R1#', ...up, ...answered, ...ipsec(9, 0, spi)]],
    [
      'behind it, one of the flows in a listing that leaves their names out',
      ['R1#', ...up, ...ipsec(9, 0, spi), ...answered.slice(2)],
    ],
  ])('tells of a tunnel that came up whether packets go both ways: %s', (_, lines) => {
    const summary = summaryOf(...lines);
    expect(summary).toContain('comes up');
    expect(summary).toContain(oneWay);
  });

  it.each([
    ['before it', [...ipsec(9, 0, spi), 'R1#', ...up]],
    ['amid it', ['R1#', up[0]!, ...ipsec(9, 0, spi), 'R1#', ...up.slice(1)]],
    ['before it, and behind it when it is well', [...ipsec(9, 0, spi), 'R1#', ...up, ...answered]],
    ['behind it, and again when it is well', ['R1#', ...up, ...ipsec(9, 0, spi), ...answered]],
    [
      'behind it, and again without a prompt when it is well',
      ['R1#', ...up, ...ipsec(9, 0, spi), '', ...answered.slice(1)],
    ],
    ['behind it, of a packet or four', ['R1#', ...up, ...ipsec(1, 0, spi), ...ipsec(4, 0, spi)]],
  ])('says nothing of a tunnel that came up by output from %s', (_, lines) => {
    const summary = summaryOf(...lines);
    expect(summary).toContain('comes up');
    expect(summary).not.toContain('The show output says');
  });

  it.each([
    ['behind it', [...begun, ...isakmp('MM_KEY_EXCH')], 'stands at MM_KEY_EXCH'],
    [
      'before and behind it',
      [...isakmp('MM_NO_STATE'), 'R1#', ...begun, ...isakmp('MM_KEY_EXCH')],
      'stands at MM_KEY_EXCH',
    ],
    ['before it', [...isakmp('MM_NO_STATE'), 'R1#', ...begun], ''],
    [
      'behind it, and again when it is well',
      [...begun, ...isakmp('MM_NO_STATE'), ...isakmp('QM_IDLE')],
      '',
    ],
  ])('tells how far one came that is open: %s', (_, lines, said) => {
    const told = summaryOf(...lines).match(/stands at \S+/g);
    expect(told ?? []).toEqual(said === '' ? [] : [said]);
  });

  it('tells what stands in another input where the clock of the router puts it behind', () => {
    const beside = (stamp: string): string =>
      diagnosisOf({
        logs: [
          ['R1#', ...up].join('\n'),
          [
            'R1#',
            `*Mar  1 ${stamp}: %SYS-5-CONFIG_I: Configured from console`,
            ...ipsec(9, 0, spi),
          ].join('\n'),
        ],
      }).verdict.summary;
    expect(beside('00:41:00.000')).toContain(oneWay);
    expect(beside('00:12:00.000')).not.toContain('The show output says');
    const unknown = { logs: [['R1#', ...up].join('\n'), ipsec(9, 0, spi).join('\n')] };
    expect(diagnosisOf(unknown).verdict.summary).not.toContain('The show output says');
  });

  it('tells nothing of other tunnels, and not how far one once was that came up', () => {
    const other = ipsec(9, 0, spi).map((line) => line.replace('198.51.100.2', '198.51.100.7'));
    for (const shown of [other, session('DOWN-NEGOTIATING', 0, 0)])
      expect(summaryOf('R1#', ...up, ...shown)).not.toContain('The show output says');
  });

  it.each([
    ['two listings', [...withProxies(ipsec(9, 0, spi)), ...withProxies(ipsec(19, 0, spi))]],
    [
      'two commands',
      [
        ...flows([0, 0, 9]).map((line) =>
          line.replace('HUB1', 'R1').replace('10.1.0.0/255.255.255.0', '10.1.0.0/255.255.0.0'),
        ),
        ...withProxies(ipsec(19, 0, spi)),
      ],
    ],
    [
      'two commands that write one host in their own ways',
      [
        ...session('UP-ACTIVE', 0, 9).map((line) => line.replace('HUB1', 'R1')),
        ...withProxies(ipsec(19, 0, spi)).map((line) =>
          line
            .replace('10.1.0.0/255.255.0.0/0', '203.0.113.1/255.255.255.255/47')
            .replace('10.2.0.0/255.255.0.0/0', '198.51.100.2/255.255.255.255/47'),
        ),
      ],
    ],
  ])('tells of one flow once: %s', (_, shown) => {
    for (const lines of [shown, ['R1#', ...up, ...shown]])
      expect(summaryOf(...lines).match(/\d+ packets? w\w+ sent/g)).toEqual([
        '19 packets were sent',
      ]);
  });
});

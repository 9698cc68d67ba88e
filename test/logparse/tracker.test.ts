import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogDocument } from '../../src/model/log.ts';

const at = (n: number, text: string): string =>
  `*May  5 08:59:55.${String(500 + n).padStart(3, '0')}: ${text}`;

/** Messages 1 and 3 of two spokes; the hub has the SA of the first when the second one calls. */
const lines = [
  'ISAKMP (0): received packet from 192.0.2.10 dport 500 sport 500 Global (N) NEW SA',
  'ISAKMP:(0):found peer pre-shared key matching 192.0.2.10',
  'ISAKMP:(0): sending packet to 192.0.2.10 my_port 500 peer_port 500 (R) MM_SA_SETUP',
  'ISAKMP (0): received packet from 192.0.2.10 dport 500 sport 500 Global (R) MM_SA_SETUP',
  'ISAKMP:(0): processing NONCE payload. message ID = 0',
  'ISAKMP:(0):found peer pre-shared key matching 192.0.2.10',
  'ISAKMP:(1001): sending packet to 192.0.2.10 my_port 500 peer_port 500 (R) MM_KEY_EXCH',
  'ISAKMP (0): received packet from 192.0.2.11 dport 500 sport 500 Global (N) NEW SA',
  'ISAKMP:(0):found peer pre-shared key matching 192.0.2.11',
  'ISAKMP:(1001):purging node 1905783979',
  'ISAKMP:(0):atts are acceptable. Next payload is 0',
  'ISAKMP:(0): sending packet to 192.0.2.11 my_port 500 peer_port 500 (R) MM_SA_SETUP',
  'ISAKMP (1001): received packet from 192.0.2.10 dport 500 sport 500 Global (R) MM_KEY_EXCH',
  'ISAKMP:(1001):SA has been authenticated with 192.0.2.10',
  'ISAKMP (0): received packet from 192.0.2.11 dport 500 sport 500 Global (R) MM_SA_SETUP',
  'ISAKMP:(0): processing NONCE payload. message ID = 0',
  'ISAKMP:(0):found peer pre-shared key matching 192.0.2.11',
  'ISAKMP:(1002): sending packet to 192.0.2.11 my_port 500 peer_port 500 (R) MM_KEY_EXCH',
];

describe('attempts that run side by side', () => {
  it('give a connection id to the one whose keys were just made, not to one that is about to begin', () => {
    const { negotiations } = parseLog(lines.map((line, n) => at(n, line)).join('\n'), 'log0');
    expect(negotiations.map(({ peerAddress, connId }) => [peerAddress, connId])).toEqual([
      ['192.0.2.10', 1001],
      ['192.0.2.11', 1002],
    ]);
  });
});

describe('two peers behind one NAT', () => {
  it('are told apart by their ports, until they have ids and float', () => {
    const received = (id: number, ports: string, state: string): string =>
      `ISAKMP (${String(id)}): received packet from 203.0.113.9 ${ports} Global ${state}`;
    const keyed = (id: number, port: number): readonly string[] => [
      received(0, `dport 500 sport ${String(port)}`, '(R) MM_SA_SETUP'),
      'ISAKMP:(0): processing NONCE payload. message ID = 0',
      `ISAKMP:(${String(id)}): sending packet to 203.0.113.9 my_port 500 peer_port ${String(port)} (R) MM_KEY_EXCH`,
    ];
    const text = [
      received(0, 'dport 500 sport 1024', '(N) NEW SA'),
      received(0, 'dport 500 sport 1025', '(N) NEW SA'),
      ...keyed(1201, 1024),
      ...keyed(1202, 1025),
      received(1201, 'dport 4500 sport 4511', '(R) MM_KEY_EXCH'),
      received(1202, 'dport 4500 sport 4512', '(R) MM_KEY_EXCH'),
      'ISAKMP: reserved not zero on ID payload!',
    ];
    const { negotiations } = parseLog(text.map((line, n) => at(n, line)).join('\n'), 'log0');
    expect(
      negotiations.map(({ connId, packets, verdict }) => [
        connId,
        packets.map(({ peerPort }) => peerPort),
        verdict,
      ]),
    ).toEqual([
      [1201, [1024, 1024, 1024, 4511], 'inconclusive'],
      [1202, [1025, 1025, 1025, 4512], 'psk-mismatch'],
    ]);
  });

  it('are two, though the log begins when one of them is under way', () => {
    const text = [
      'ISAKMP (0): received packet from 203.0.113.9 dport 500 sport 1024 Global (N) NEW SA',
      'ISAKMP (0): received packet from 203.0.113.9 dport 500 sport 1025 Global (R) MM_SA_SETUP',
    ];
    const { negotiations } = parseLog(text.map((line, n) => at(n, line)).join('\n'), 'log0');
    expect(negotiations).toHaveLength(2);
  });
});

describe('what is no attempt of its own', () => {
  const request = [
    'IPSEC(sa_request): ,',
    '  (key eng. msg.) OUTBOUND local= 192.0.2.1, remote= 192.0.2.7,',
    '    local_proxy= 10.1.2.0/255.255.255.0/0/0 (type=4),',
    '    remote_proxy= 10.2.0.0/255.255.255.0/0/0 (type=4)',
  ];
  const read = (lines: readonly string[]): LogDocument => parseLog(lines.join('\n'), 'log0');

  it.each([
    [
      0,
      'sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_NO_STATE',
      'SA is still budding. Attached new ipsec request to it. (local 192.0.2.1, remote 192.0.2.7)',
    ],
    [
      1002,
      'SA has been authenticated with 192.0.2.7',
      'SA has outstanding requests  (local 192.0.2.1 port 500, remote 192.0.2.7 port 500)',
    ],
  ])('a further request over SA %i', (id, first, joined) => {
    const { negotiations, events } = read([
      `ISAKMP:(${String(id)}): ${first}`,
      ...request,
      'ISAKMP: set new node 0 to QM_IDLE',
      `ISAKMP:(${String(id)}):${joined}`,
    ]);
    expect(negotiations).toMatchObject([
      { peerAddress: '192.0.2.7', firstLine: 1, lastLine: 7, events: [...events.keys()] },
    ]);
  });

  it('a request to another peer is one', () => {
    const { negotiations } = read([
      'ISAKMP:(0): sending packet to 192.0.2.9 my_port 500 peer_port 500 (I) MM_NO_STATE',
      ...request,
      'ISAKMP:(0):SA is still budding. Attached new ipsec request to it. (local 192.0.2.1, remote 192.0.2.9)',
    ]);
    expect(negotiations.map(({ peerAddress }) => peerAddress)).toEqual(['192.0.2.9', '192.0.2.7']);
  });

  it.each([
    ['ISAKMP: set new node 1463253627 to QM_IDLE'],
    ['ISAKMP: set new node 1463253627 to QM_IDLE', 'IPSEC(key_engine): got a queue event...'],
    [
      'ISAKMP: Trying to insert a peer 192.0.2.1/192.0.2.7/500/,  and inserted successfully 8A8F1C30.',
    ],
  ])('what a log begins with: %s', (...lines) => {
    const { negotiations } = read([
      ...lines,
      'ISAKMP:(1012):Sending NOTIFY DPD/R_U_THERE protocol 1',
      '        spi 2237712112, message ID = 1463253627',
    ]);
    expect(negotiations).toMatchObject([{ connId: 1012, firstLine: 1 }]);
  });

  it('a node alone', () => {
    expect(read(['ISAKMP: set new node 1463253627 to QM_IDLE']).negotiations).toEqual([]);
  });
});

describe('a packet that comes again', () => {
  it('leaves an initiator without an answer to MM5, however often MM4 comes', () => {
    const text = [
      'ISAKMP:(0): sending packet to 192.0.2.1 my_port 500 peer_port 500 (I) MM_NO_STATE',
      'ISAKMP (0): received packet from 192.0.2.1 dport 500 sport 500 Global (I) MM_NO_STATE',
      'ISAKMP:(0): sending packet to 192.0.2.1 my_port 500 peer_port 500 (I) MM_SA_SETUP',
      'ISAKMP (0): received packet from 192.0.2.1 dport 500 sport 500 Global (I) MM_SA_SETUP',
      'ISAKMP:(1004): sending packet to 192.0.2.1 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
      'ISAKMP:(1004): retransmitting phase 1 MM_KEY_EXCH...',
      'ISAKMP:(1004): sending packet to 192.0.2.1 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
      'ISAKMP (1004): received packet from 192.0.2.1 dport 500 sport 500 Global (I) MM_KEY_EXCH',
      'ISAKMP:(1004): phase 1 packet is a duplicate of a previous packet.',
    ];
    const { negotiations } = parseLog(text.map((line, n) => at(n, line)).join('\n'), 'log0');
    expect(negotiations).toHaveLength(1);
    expect(negotiations[0]).toMatchObject({ verdict: 'mm5-unanswered', failingStep: 'mm6-wait' });
  });
});

describe('two routers in the file of one collector', () => {
  const routers = [
    { name: 'BR-7', address: '10.0.0.1', role: 'I', peer: '192.0.2.7', id: 1002 },
    { name: 'HQ-9', address: '10.0.0.2', role: 'R', peer: '192.0.2.9', id: 2041 },
  ];
  const sent = ['MM_SA_SETUP', 'MM_KEY_EXCH'].flatMap((state, step) =>
    routers.map(({ role, peer, id, ...router }) => ({
      ...router,
      text: `ISAKMP:(${String(step * id)}): sending packet to ${peer} my_port 500 peer_port 500 (${role}) ${state}`,
    })),
  );

  it.each([
    [
      'name',
      ({ name, address }: (typeof sent)[number]) => `May  5 08:59:55 ${address} 44: ${name}: `,
    ],
    [
      'address',
      ({ address }: (typeof sent)[number]) => `2024-05-05 08:59:55\tLocal7.Debug\t${address}\t44: `,
    ],
  ] as const)('are told apart by %s', (by, prefix) => {
    const text = sent.map((line, n) => prefix(line) + at(n, line.text));
    const { negotiations } = parseLog(text.join('\n'), 'log0');
    expect(negotiations.map(({ router, connId }) => [router, connId])).toEqual(
      routers.map((router) => [router[by], router.id]),
    );
  });
});

describe('a quick mode over an SA that the log begins behind', () => {
  const request = [
    'IPSEC(sa_request): ,',
    '  (key eng. msg.) OUTBOUND local= 192.0.2.1:500, remote= 192.0.2.7:500,',
    '    local_proxy= 10.1.2.0/255.255.255.0/0/0 (type=4),',
    '    remote_proxy= 10.2.0.0/255.255.255.0/0/0 (type=4)',
  ];
  const notified = (type: string, protocol: number): readonly string[] => [
    `ISAKMP:(1003): processing NOTIFY ${type} protocol ${protocol}`,
    '\tspi 1245454993, message ID = 1244401297, sa = 0x7F2A3B10',
  ];
  const read = (...lines: readonly string[]): LogDocument => parseLog(lines.join('\n'), 'log0');

  it.each([
    ['that is refused', notified('PROPOSAL_NOT_CHOSEN', 3), 'failed'],
    ['for AH that is refused', notified('PROPOSAL_NOT_CHOSEN', 2), 'failed'],
    [
      'that begins',
      ['ISAKMP:(1003):beginning Quick Mode exchange, M-ID of 1244401297'],
      'incomplete',
    ],
  ])('belongs to the request before it: one %s', (_, lines, phase2) => {
    expect(read(...request, ...lines).negotiations).toMatchObject([
      {
        role: 'initiator',
        localAddress: '192.0.2.1',
        peerAddress: '192.0.2.7',
        connId: 1003,
        phase1: 'complete',
        phase2,
        firstLine: 1,
      },
    ]);
  });

  it('is of who asked for it, also without the request', () => {
    expect(read(...notified('PROPOSAL_NOT_CHOSEN', 3)).negotiations).toMatchObject([
      { role: 'initiator', phase1: 'complete', phase2: 'failed' },
    ]);
  });

  it('is not told by a notification of ISAKMP', () => {
    expect(read(...request, ...notified('DPD/R_U_THERE', 1)).negotiations).toMatchObject([
      { peerAddress: null, phase1: 'incomplete' },
    ]);
  });
});

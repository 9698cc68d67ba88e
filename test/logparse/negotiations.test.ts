import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogDocument, LogNegotiation } from '../../src/model/log.ts';

const read = (...lines: readonly string[]): LogDocument => parseLog(lines.join('\n'), 'i1');

function only(...lines: readonly string[]): LogNegotiation {
  const { negotiations } = read(...lines);
  expect(negotiations.map(({ role, peerAddress }) => `${role} ${peerAddress ?? '?'}`)).toHaveLength(
    1,
  );
  return negotiations[0]!;
}

const steps = (negotiation: LogNegotiation): readonly string[] =>
  negotiation.keyringSelections.map(({ step, keyring }) => `${step} ${keyring ?? '?'}`);

describe('a peer that somebody hides', () => {
  it.each([
    ['185.x.y.113', '185.x.y.113'],
    ['x.x.x.x', 'x.x.x.x'],
    ['a.b.c.d', 'a.b.c.d'],
    ['192.0.2.*', '192.0.2.*'],
    ['2001:db8::7', '2001:db8::7'],
    ['br7.example.net', null],
    ['www.abc.co.uk', null],
  ])('%s', (written, peer) => {
    expect(only(`ISAKMP:(0):found peer pre-shared key matching ${written}`).peerAddress).toBe(peer);
  });
});

describe('connection ids', () => {
  it('12.4: the second SA of an engine is one, however its number is written', () => {
    const log = [
      'ISAKMP (0:0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
      'ISAKMP:(0:0:N/A:0): processing NONCE payload. message ID = 0',
      'ISAKMP:(0:0:N/A:0):found peer pre-shared key matching 192.0.2.7',
      'ISAKMP:(0:2:SW:1): processing vendor id payload',
      'ISAKMP (0:134217730): No NAT Found for self or peer',
      'ISAKMP:(0:2:SW:1): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) MM_KEY_EXCH',
      'ISAKMP (0:134217730): received packet from 192.0.2.7 dport 500 sport 500 Global (R) MM_KEY_EXCH',
      'ISAKMP:(0:2:SW:1): processing ID payload. message ID = 0',
    ];
    expect(only(...log).connId).toBe('0:2:SW:1');
    const hardware = log.map((line) =>
      line.replace('SW:1', 'HW:2').replace('134217730', '268435458'),
    );
    expect(only(...hardware).connId).toBe('0:2:HW:2');
  });

  it('12.2: an SA is numbered from its first line on', () => {
    const found = only(
      '00:27:07: ISAKMP: received ke message (1/1)',
      '00:27:07: ISAKMP: local port 500, remote port 500',
      '00:27:07: ISAKMP (0:2): beginning Main Mode exchange',
      '00:27:07: ISAKMP (0:2): sending packet to 192.0.2.7 (I) MM_NO_STATE',
      '00:27:07: ISAKMP (0:2): received packet from 192.0.2.7 (I) MM_NO_STATE',
    );
    expect([found.role, found.connId, found.packetStates]).toEqual([
      'initiator',
      '0:2',
      ['MM_NO_STATE'],
    ]);
  });

  it('two routers with one id: the clock and the packet tell whose timer it was', () => {
    const { negotiations } = read(
      'Jun 19 10:00:00.100: ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_SA_SETUP',
      'Jun 19 10:00:00.100: ISAKMP:(1011): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
      'Jun 19 10:00:37.000: ISAKMP (1011): received packet from 192.0.2.1 dport 500 sport 500 Global (R) MM_KEY_EXCH',
      'Jun 19 10:00:37.000: ISAKMP: reserved not zero on ID payload!',
      'Jun 19 10:00:10.100: ISAKMP:(1011): retransmitting phase 1 MM_KEY_EXCH...',
      'Jun 19 10:00:10.100: ISAKMP (1011): incrementing error counter on sa, attempt 1 of 5: retransmit phase 1',
      'Jun 19 10:00:10.100: ISAKMP:(1011): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
    );
    expect(
      negotiations.map(({ role, firstLine, lastLine }) => [role, firstLine, lastLine]),
    ).toEqual([
      ['initiator', 1, 7],
      ['responder', 3, 4],
    ]);
  });
});

describe('front-door VRFs', () => {
  it('one address in two of them is two peers', () => {
    const packet = (vrf: string, id: number, state: string): string =>
      `ISAKMP (${id}): received packet from 192.0.2.7 dport 500 sport 500 ${vrf} ${state}`;
    const { negotiations } = read(
      packet('RED', 0, '(N) NEW SA'),
      packet('BLUE', 0, '(N) NEW SA'),
      packet('RED', 0, '(R) MM_SA_SETUP'),
      'ISAKMP:(0): processing NONCE payload. message ID = 0',
      'ISAKMP:(1001): processing vendor id payload',
      packet('BLUE', 0, '(R) MM_SA_SETUP'),
    );
    expect(negotiations.map(({ fvrf, connId }) => [fvrf, connId])).toEqual([
      ['RED', 1001],
      ['BLUE', 0],
    ]);
  });
});

describe('which release', () => {
  it.each([
    [
      'ios-12.4T',
      ['ISAKMP (0:0): vendor ID is NAT-T v7', 'ISAKMP:(0): processing KE payload. message ID = 0'],
    ],
    [
      'ios-15',
      ['ISAKMP (0): vendor ID is NAT-T v7', 'ISAKMP:(0): processing KE payload. message ID = 0'],
    ],
    ['ios-12.3', ['ISAKMP (0:1): SA request profile is (NULL)']],
    ['ios-12.2', ['ISAKMP (0:1): beginning Main Mode exchange']],
  ])('%s', (release, lines) => {
    expect(read(...lines).generation).toBe(release);
  });
});

describe('aggressive mode', () => {
  it('is known late: keys and profile found before belong to its first message', () => {
    const found = only(
      'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
      'ISAKMP:(0):: peer matches P-AM profile',
      'ISAKMP:(0):Found ADDRESS key in keyring KR-AM',
      'ISAKMP:(1033): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) AG_INIT_EXCH',
    );
    expect(steps(found)).toEqual(['am1 KR-AM']);
    expect(found.profileMatched).toEqual({ name: 'P-AM', step: 'am1', line: 2 });
  });

  const CALLED = 'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA';

  it('is shown by an identity in the packet that opened the SA, also where no line names it', () => {
    const found = only(
      CALLED,
      'ISAKMP:(0): processing ID payload. message ID = 0',
      'ISAKMP:(0):: peer matches P-AM profile',
      'ISAKMP:(0): No pre-shared key with 192.0.2.7!',
      'ISAKMP:(0): Preshared authentication offered but does not match policy!',
      'ISAKMP:(0): no offers accepted!',
    );
    expect(found).toMatchObject({
      exchange: 'aggressive',
      verdict: 'no-psk-for-peer',
      failingStep: 'am1',
      profileMatched: { name: 'P-AM', step: 'am1', line: 3 },
    });
  });

  it.each([
    ['none of the profiles', 'ISAKMP:(0):: peer matches *none* of the profiles', 'aggressive'],
    ['a profile at MM5, the rest cut out', 'ISAKMP:(1033):: peer matches P-MM profile', 'main'],
  ])('is told from main mode: %s', (_, matched, exchange) => {
    expect(only(CALLED, matched).exchange).toBe(exchange);
  });

  it('is not seen in an identity that comes behind a state of main mode', () => {
    const state = 'ISAKMP:(0):Old State = IKE_READY  New State = IKE_R_MM1';
    const found = only(CALLED, state, 'ISAKMP:(0):: peer matches P-MM profile');
    expect(found.exchange).toBe('main');
  });

  it.each([
    ['in the message that opens the SA', [], 'aggressive', 'am1'],
    [
      'behind the answer to it',
      ['ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) MM_SA_SETUP'],
      'main',
      'mm5',
    ],
    [
      'behind a later state of main mode',
      ['ISAKMP:(0):Old State = IKE_R_MM3  New State = IKE_R_MM4'],
      'main',
      'mm5',
    ],
  ])('an identity %s', (_, between, exchange, step) => {
    const found = only(
      'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
      ...between,
      'ISAKMP:(0): processing ID payload. message ID = 0',
      'ISAKMP:(0):: peer matches P-AM profile',
    );
    expect(found).toMatchObject({
      role: 'responder',
      exchange,
      profileMatched: { name: 'P-AM', step },
    });
  });

  it.each([
    ['ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA', 'failed'],
    ['ISAKMP: Locking peer struct 0x65D08C44, refcount 1 for isakmp_initiator', 'not-started'],
  ])('is disabled on this router: %s', (first, phase1) => {
    const found = only(
      first,
      '%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled',
    );
    expect([found.verdict, found.failingStep, found.exchange, found.phase1]).toEqual([
      'aggressive-mode-rejected',
      'am1',
      'aggressive',
      phase1,
    ]);
    expect(found.evidenceLines).toEqual([2]);
  });
});

describe('what one attempt says of another', () => {
  const responder = [
    'ISAKMP (0): received packet from 192.0.2.1 dport 500 sport 500 Global (N) NEW SA',
    'ISAKMP:(0): processing NONCE payload. message ID = 0',
    'ISAKMP:(0):found peer pre-shared key matching 192.0.2.1',
    'ISAKMP:(1044): sending packet to 192.0.2.1 my_port 500 peer_port 500 (R) MM_KEY_EXCH',
    'ISAKMP (1044): received packet from 192.0.2.1 dport 500 sport 500 Global (R) MM_KEY_EXCH',
    'ISAKMP: reserved not zero on ID payload!',
  ].map((line, i) => `*Mar  1 10:00:0${i}.000: ${line}`);
  const initiator = [
    'ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_NO_STATE',
    'ISAKMP (1011): ID payload \n\tnext-payload : 8\n\ttype         : 1 \n\taddress      : 192.0.2.1 ',
    'ISAKMP:(1011): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
    'ISAKMP:(1011):deleting SA reason "Death by retransmission P1" state (I) MM_KEY_EXCH (peer 192.0.2.7)',
  ].map((line, i) => `*Mar  1 10:00:0${i + 1}.000: ${line}`);

  it('the log of the other router stands behind, not between', () => {
    const { negotiations } = read('R1#', ...initiator, 'R2#', ...responder);
    expect(
      negotiations.map(({ router, verdict, failingStep }) => [router, verdict, failingStep]),
    ).toEqual([
      ['R1', 'psk-mismatch', 'mm6-wait'],
      ['R2', 'psk-mismatch', 'mm5-decrypt'],
    ]);
    expect(negotiations[1]!.localAddress).toBe('192.0.2.7');
  });

  it('the address of a router is the one of its other attempts', () => {
    const { negotiations } = read(
      ...responder,
      '*Mar  1 10:00:09.000: ISAKMP:(0): phase 1 SA policy not acceptable! (local 192.0.2.7 remote 198.51.100.9)',
    );
    expect(negotiations.map(({ localAddress }) => localAddress)).toEqual([
      '192.0.2.7',
      '192.0.2.7',
    ]);
  });

  it('the other side knows an address better than the sender of a relay', () => {
    const sent = (sender: string, lines: readonly string[]): readonly string[] =>
      lines.map((line, i) => `Mar  1 10:00:0${i} ${sender} ${i + 10}: ${line}`);
    const { negotiations } = read(
      ...sent('10.0.0.1', [
        '*Mar  1 10:00:00.000: ISAKMP:(0): phase 1 SA policy not acceptable! (local 192.0.2.1 remote 192.0.2.7)',
        ...initiator,
      ]),
      ...sent('10.0.0.2', responder),
    );
    expect(negotiations.at(-1)!.localAddress).toBe('192.0.2.7');
  });
});

describe('refusals', () => {
  it('every crypto map entry that demands another profile is cited', () => {
    const found = only(
      'ISAKMP:(1003):SA has been authenticated with 192.0.2.7',
      'ISAKMP (1003): received packet from 192.0.2.7 dport 500 sport 500 Global (R) QM_IDLE',
      'map_db_check_isakmp_profile profile did not match',
      'map_db_check_isakmp_profile profile did not match',
      'ISAKMP:(1003): IPSec policy invalidated proposal with error 32',
    );
    expect(found.verdict).toBe('profile-mismatch-phase2');
    expect(found.evidenceLines).toEqual(expect.arrayContaining([3, 4, 5]));
  });

  it('a search for a key tells how the peers authenticate', () => {
    expect(
      only(
        'ISAKMP: Locking peer struct 0x65D08C44, refcount 1 for isakmp_initiator',
        'ISAKMP:(0):Profile has no keyring, aborting key search',
      ).auth,
    ).toBe('psk');
    expect(only('IKEv2:(SA ID = 1):% Getting preshared key from profile keyring V2-KR').auth).toBe(
      'psk',
    );
  });

  it('an error of IKEv2 without a text is none of the next line', () => {
    const { events } = read(
      'IKEv2-ERROR:(SESSION ID = 14,SA ID = 1)::',
      'IKEv2:(SESSION ID = 14,SA ID = 1):Auth exchange failed',
    );
    expect(events.map(({ message }) => message)).toEqual(['v2-empty', 'v2-auth-exchange-failed']);
  });
});

describe('ASA firewalls', () => {
  const verdict = (...lines: readonly string[]): readonly (string | null)[] => {
    const { role, peerAddress, verdict: id } = only(...lines);
    return [role, peerAddress, id];
  };
  const head = 'Jul 15 10:00:00 [IKEv1]: Group = 192.0.2.7, IP = 192.0.2.7, ';

  it('debug lines have no colon behind their time', () => {
    expect(
      verdict(
        `${head}ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  Aborting`,
      ),
    ).toEqual(['responder', '192.0.2.7', 'psk-mismatch']);
  });

  it('syslog says the same', () => {
    expect(
      verdict(
        '%ASA-5-713119: Group = 192.0.2.7, IP = 192.0.2.7, PHASE 1 COMPLETED',
        '%ASA-3-713061: Group = 192.0.2.7, IP = 192.0.2.7, Rejecting IPSec tunnel: no matching crypto map entry for remote proxy 10.2.0.0/255.255.0.0/0/0 local proxy 10.1.0.0/255.255.0.0/0/0 on interface outside',
      ),
    ).toEqual(['responder', '192.0.2.7', 'proxy-identity-mismatch']);
  });

  it.each([
    ['MM_WAIT_MSG2', 'peer-unreachable'],
    ['MM_WAIT_MSG6', 'mm5-unanswered'],
  ])('a history that ends in %s', (state, id) => {
    expect(
      verdict(
        `${head}IKE MM Initiator FSM error history (struct &0xd8ac3c40)  <state>, <event>:  MM_DONE, EV_ERROR-->${state}, EV_RETRY-->${state}, EV_TIMEOUT`,
      ),
    ).toEqual(['initiator', '192.0.2.7', id]);
  });
});

describe('what is written behind a message', () => {
  const head = '*Mar  1 00:01:02.003: ISAKMP:(0):';
  const fieldsOf = (text: string): unknown =>
    read(`${head}${text}`).events.map(({ fields }) => fields);

  it.each(['', ' (1)', ' (note)', ' ! note', ' ***', ' <-- note', '.', '.....', ' -- note'])(
    'cuts no address and no name: "%s"',
    (remark) => {
      expect(fieldsOf(`found peer pre-shared key matching 192.0.2.7${remark}`)).toEqual([
        { peer: '192.0.2.7' },
      ]);
      expect(fieldsOf(`SA request profile is TO-DC${remark}`)).toEqual([{ profile: 'TO-DC' }]);
      expect(fieldsOf(`Found ADDRESS key in keyring TO-DC.7${remark}`)).toEqual([
        { keyring: 'TO-DC.7' },
      ]);
    },
  );

  it('takes a digit behind an address for the end that a break cut off, if it can be one', () => {
    const peers = ['192.0.2.7 5', '192.0.2.27 5', '192.0.2.25 5', '192.0.2.7 note'].map(
      (end) => read(`${head}found peer pre-shared key matching ${end}`).events[0]!.fields.peer,
    );
    expect(peers).toEqual(['192.0.2.75', '192.0.2.27', '192.0.2.255', '192.0.2.7']);
  });

  it.each(['', ' <== this is the trigger', ' ‹==触发', '( note)'])(
    'leaves a request for an SA its peer: "%s"',
    (remark) => {
      const [event] = read(
        '*Mar  1 00:01:02.003: IPSEC(sa_request): ,',
        `  (key eng. msg.) OUTBOUND local= 192.0.2.1, remote= 192.0.2.7,${remark}`,
        '    local_proxy= 10.1.0.0/255.255.0.0/0/0 (type=4),',
        '    remote_proxy= 10.2.0.0/255.255.0.0/0/0 (type=4),',
      ).events;
      expect(event!.fields).toMatchObject({
        local: '192.0.2.1',
        remote: '192.0.2.7',
        localProxy: '10.1.0.0/255.255.0.0/0/0',
        remoteProxy: '10.2.0.0/255.255.0.0/0/0',
      });
    },
  );
});

describe('stamps', () => {
  it('are those of the line, also behind a line that nobody knows', () => {
    const { events } = read(
      'R1#ping 192.0.2.7',
      '13:51:48: Foreign engine 0: says something',
      '13:51:49: FOREIGN: status 0',
      '13:51:50: ISAKMP (4): sending packet to 192.0.2.7 (I) MM_SA_SETUP',
    );
    expect(events.map(({ time }) => time?.written)).toEqual([
      undefined,
      '13:51:48',
      '13:51:49',
      '13:51:50',
    ]);
  });
});

describe('source and destination of old releases', () => {
  const block = (head: string, source: string, destination: string): readonly string[] => [
    `00:27:07: IPSEC(${head}`,
    `(key eng. msg.) src= ${source}, dest= ${destination},`,
    `src_proxy= 10.${source.at(-1)!}.0.0/255.255.0.0/0/0 (type=4),`,
    `dest_proxy= 10.${destination.at(-1)!}.0.0/255.255.0.0/0/0 (type=4),`,
    'protocol= ESP, transform= esp-des esp-md5-hmac ,',
  ];
  const proxies = { local: '10.1.0.0/255.255.0.0/0/0', remote: '10.7.0.0/255.255.0.0/0/0' };

  it('a request names its own side first, and belongs to the main mode behind it', () => {
    expect(
      only(
        ...block('sa_request): ,', '192.0.2.1', '192.0.2.7'),
        '00:27:07: ISAKMP (4): beginning Main Mode exchange',
        '00:27:07: ISAKMP (4): sending packet to 192.0.2.7 (I) MM_NO_STATE',
      ),
    ).toMatchObject({
      role: 'initiator',
      localAddress: '192.0.2.1',
      peerAddress: '192.0.2.7',
      proxies,
      firstLine: 1,
      events: [0, 1, 2],
    });
  });

  it('a proposal is told from the side of who judges it', () => {
    const validate = 'validate_proposal_request): proposal part #1,';
    expect(
      only(
        '00:27:07: ISAKMP (4): received packet from 192.0.2.7 (R) QM_IDLE',
        ...block(validate, '192.0.2.7', '192.0.2.1'),
      ).proxies,
    ).toMatchObject(proxies);
    expect(
      only(
        '00:27:07: ISAKMP (4): received packet from 192.0.2.7 (I) QM_IDLE',
        ...block(validate, '192.0.2.1', '192.0.2.7'),
      ).proxies,
    ).toMatchObject(proxies);
  });
});

describe('what begins no attempt', () => {
  it('a request that runs over an SA that stands', () => {
    const found = only(
      'ISAKMP:(0): beginning Main Mode exchange',
      'ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_NO_STATE',
      'ISAKMP:(1001):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
      'IPSEC(sa_request): ,\n  (key eng. msg.) OUTBOUND local= 192.0.2.1, remote= 192.0.2.7,\n    local_proxy= 10.1.0.0/255.255.0.0/0/0 (type=4),\n    remote_proxy= 10.2.0.0/255.255.0.0/0/0 (type=4),',
      'ISAKMP: set new node 0 to QM_IDLE',
      'ISAKMP:(1001):SA has outstanding requests  (local 192.0.2.1 port 500, remote 192.0.2.7 port 500)',
    );
    expect(found.proxies).toMatchObject({ remote: '10.2.0.0/255.255.0.0/0/0' });
    expect(found.events).toEqual([...found.events].sort((a, b) => a - b));
  });

  it.each([
    'ISAKMP (0:1): purging node -1572961127',
    'ISAKMP (0:1): purging SA., sa=62E3C24C, delme=62E3C24C',
    'ISAKMP:(1001):deleting node -469585405 error FALSE reason "Informational (in) state 1"',
    'ISAKMP: (0):Deleting peer node by peer_reap for 192.0.2.7: 7EFF7C24E120',
    'ISAKMP: ignoring request to send delete notify (no ISAKMP sa) src 192.0.2.1 dst 192.0.2.7 for SPI 0x33C701EA',
  ])('%s', (line) => {
    const { events, negotiations } = read(line);
    expect([events.length, negotiations]).toEqual([1, []]);
    const started = only(
      'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
      line,
    );
    expect(started.peerAddress).toBe('192.0.2.7');
  });
});

describe('what quick mode tells of phase 1', () => {
  it.each([
    ['ISAKMP:(1003):Checking IPSec proposal 8', 'inconclusive', 'incomplete'],
    [
      'ISAKMP:(1003): IPSec policy invalidated proposal with error 256',
      'transform-set-mismatch',
      'failed',
    ],
    [
      'ISAKMP:(1003): phase 2 SA policy not acceptable! (local 192.0.2.1 remote 192.0.2.7)',
      'inconclusive',
      'failed',
    ],
    ['ISAKMP (0:1): atts not acceptable. Next payload is 0', 'transform-set-mismatch', 'failed'],
    ['ISAKMP:(1003): Creating IPSec SAs', 'tunnel-up', 'complete'],
  ])('%s', (line, verdict, phase2) => {
    expect(only(line)).toMatchObject({ phase1: 'complete', phase2, verdict });
  });

  it('that was never answered', () => {
    expect(
      only(
        'ISAKMP:(1003):beginning Quick Mode exchange, M-ID of 889293300',
        'ISAKMP:(1003):deleting node 889293300 error TRUE reason "Phase 2 err count exceeded"',
      ),
    ).toMatchObject({
      phase1: 'complete',
      phase2: 'failed',
      outcome: 'failed',
      evidenceLines: [2],
    });
  });
});

import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogNegotiation } from '../../src/model/log.ts';

const read = (...lines: readonly string[]): readonly LogNegotiation[] =>
  parseLog(lines.join('\n'), 'log0').negotiations;
const messages = (...lines: readonly string[]): readonly string[] =>
  parseLog(lines.join('\n'), 'log0').events.map(({ message }) => message);

const who = 'Group = 192.0.2.7, IP = 192.0.2.7, ';
const at = (second: number, text: string): string =>
  `Jul 15 10:00:${String(second).padStart(2, '0')} [IKEv1]: ${text}`;
const decode = (how: string, payloads: string, id = '0'): string =>
  `IP = 192.0.2.7, IKE_DECODE ${how} Message (msgid=${id}) with payloads : HDR + ${payloads} + NONE (0) total length : 148`;
const offer = 'SA (1) + VENDOR (13)';
const keys = 'KE (4) + NONCE (10) + VENDOR (13)';
const quickFailed = (id: string): string =>
  `${who}QM FSM error (P2 struct &0xcc19ed48, mess id ${id})!`;
const tornDown = `${who}Session is being torn down. Reason: crypto map policy not found`;

describe('who began, on an ASA', () => {
  it.each([
    ['SENDING', 'initiator'],
    ['RECEIVED', 'responder'],
  ])('%s the first offer: %s', (how, role) => {
    expect(read(at(1, decode(how, offer)))[0]).toMatchObject({ role, peerAddress: '192.0.2.7' });
  });

  it.each([
    ['LAN-to-LAN Group (192.0.2.7)', 'Initiator', 'initiator'],
    ['User (user7)', 'Responder', 'responder'],
  ])('is told when %s is up: %s', (of, side, role) => {
    expect(
      read(
        `%ASA-5-713049: ${who}Security negotiation complete for ${of}  ${side}, Inbound SPI = 0x1c2d3e4f, Outbound SPI = 0x5a6b7c8d`,
      )[0],
    ).toMatchObject({ role, outcome: 'established', spis: [0x1c2d3e4f, 0x5a6b7c8d] });
  });

  it('and both addresses, when an IPsec SA is made', () => {
    expect(
      read(
        '%ASA-6-602303: IPSEC: An outbound LAN-to-LAN SA (SPI= 0x5A6B7C8D) between 203.0.113.8 and 192.0.2.7 (user= 192.0.2.7) has been created.',
      )[0],
    ).toMatchObject({
      localAddress: '203.0.113.8',
      peerAddress: '192.0.2.7',
      phase2: 'complete',
      spis: [0x5a6b7c8d],
    });
  });
});

describe('packets of an ASA', () => {
  it('are those of main mode, and one that goes out again is told as such', () => {
    const [negotiation, ...others] = read(
      at(1, decode('SENDING', offer)),
      at(1, decode('RECEIVED', offer)),
      at(1, 'IP = 192.0.2.7, Oakley proposal is acceptable'),
      at(1, decode('SENDING', keys)),
      at(9, decode('RESENDING', keys)),
      at(9, decode('RECEIVED', 'NOTIFY (11)')),
      at(9, 'IP = 192.0.2.7, Received an un-encrypted INVALID_COOKIE notify message, dropping'),
    );
    expect(others).toEqual([]);
    expect(negotiation).toMatchObject({ failingStep: 'mm4-wait', verdict: 'inconclusive' });
    expect(negotiation!.packetStates).toEqual(['MM_NO_STATE', 'MM_SA_SETUP']);
    expect(negotiation!.packets.map((packet) => packet.retransmission)).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(negotiation!.packets.findIndex((packet) => packet.notification)).toBe(4);
  });

  it('of quick mode prove phase 1', () => {
    expect(
      read(at(1, decode('RECEIVED', 'HASH (8) + SA (1) + NONCE (10) + ID (5)', '8c5c1d6a')))[0],
    ).toMatchObject({ phase1: 'complete', phase2: 'incomplete', messageIds: [0x8c5c1d6a] });
  });

  it('with everything in the first one are of aggressive mode', () => {
    expect(
      read(at(1, decode('RECEIVED', 'SA (1) + KE (4) + NONCE (10) + ID (5)')))[0],
    ).toMatchObject({ exchange: 'aggressive', role: 'responder' });
  });
});

describe('how an ASA ends', () => {
  it('refuses the networks of a quick mode, which proves phase 1', () => {
    expect(
      read(
        at(
          1,
          `${who}Rejecting IPSec tunnel: no matching crypto map entry for remote proxy 10.2.0.0/255.255.0.0/0/0 local proxy 10.1.0.0/255.255.0.0/0/0 on interface outside`,
        ),
      )[0],
    ).toMatchObject({
      role: 'responder',
      phase1: 'complete',
      phase2: 'failed',
      verdict: 'proxy-identity-mismatch',
      proxies: { local: '10.1.0.0/255.255.0.0/0/0', remote: '10.2.0.0/255.255.0.0/0/0' },
    });
  });

  it('each session that is torn down is an attempt of its own', () => {
    const found = read(
      at(5, quickFailed('0x8c5c1d6a')),
      at(5, tornDown),
      at(10, quickFailed('0x3012dbd')),
      at(10, tornDown),
    );
    expect(found.map(({ messageIds, verdict }) => [messageIds, verdict])).toEqual([
      [[0x8c5c1d6a], 'proxy-identity-mismatch'],
      [[0x3012dbd], 'proxy-identity-mismatch'],
    ]);
  });

  it('has no tunnel-group; what it cleans up is of the same attempt, an earlier clock is not', () => {
    const none = `${who}Can't find a valid tunnel group, aborting...!`;
    const found = read(
      at(50, none),
      at(50, `${who}Removing peer from peer table failed, no match!`),
      at(50, `${who}Error: Unable to remove PeerTblEntry`),
      at(20, none),
      at(30, 'IP = 192.0.2.7, Header invalid, missing SA payload! (next payload = 4)'),
    );
    expect(found.map(({ verdict, phase1, firstLine }) => [verdict, phase1, firstLine])).toEqual([
      ['no-psk-for-peer', 'failed', 1],
      ['no-psk-for-peer', 'failed', 4],
    ]);
  });

  it('gives up as initiator: phase 1 was begun', () => {
    expect(
      read(
        at(
          1,
          'IP = 192.0.2.7, IKE MM Initiator FSM error history (struct &0xd8ac3c40)  <state>, <event>:  MM_DONE, EV_ERROR-->MM_WAIT_MSG2, EV_RETRY',
        ),
      )[0],
    ).toMatchObject({ phase1: 'failed', outcome: 'failed', verdict: 'peer-unreachable' });
  });
});

describe('IKEv2 in the syslog of an ASA', () => {
  const lead = 'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown ';

  it.each([
    ['Failed to receive the AUTH msg before the timer expired', 'failed', 'half-open'],
    ['There was no IPSEC policy found for received TS', 'complete', 'proxy-identity-mismatch'],
    ['Failed to authenticate the IKE SA', 'failed', 'ikev2-auth-failed'],
    ['Failed to find a matching policy', 'failed', 'ike-policy-mismatch'],
  ])('%s', (reason, phase1, verdict) => {
    for (const tag of ['%ASA-4-750003: ', '%FTD-4-750003 ', '%FTD-vpn-4-750003: '])
      expect(
        read(`${tag}${lead}IKEv2 Negotiation aborted due to ERROR: ${reason}`)[0],
      ).toMatchObject({
        ikeVersion: 2,
        localAddress: '203.0.113.8',
        peerAddress: '192.0.2.5',
        phase1,
        verdict,
      });
  });

  it.each([
    ['peer lost', 'dpd-peer-dead'],
    ['peer request', 'tunnel-up'],
  ])('an SA that was up and went down: %s', (reason, verdict) => {
    expect(
      read(
        `%ASA-5-750006: ${lead}IKEv2 SA UP. Reason: New Connection Established`,
        `%ASA-5-750007: ${lead}IKEv2 SA DOWN. Reason: ${reason}`,
      )[0],
    ).toMatchObject({ phase1: 'complete', phase2: 'complete', verdict });
  });

  it.each([
    [
      'No preshared key or trustpoint configured for self in tunnel group 192.0.2.5',
      'failed',
      'no-psk-for-peer',
    ],
    [
      'No remote authentication method configured for peer in tunnel group 192.0.2.5',
      'failed',
      'no-psk-for-peer',
    ],
    ['Unable to find tunnel group for peer.', 'failed', 'no-psk-for-peer'],
    ['Certificate authentication failed. Error: expired', 'failed', 'certificate-invalid'],
    [
      'Group=192.0.2.5, Tunnel rejected: IKEv2 not enabled in group policy',
      'failed',
      'inconclusive',
    ],
    ['Failed to complete Diffie-Hellman operation. Error: 5', 'failed', 'inconclusive'],
    [
      'Tunnel rejected: Crypto Map Policy not found for remote traffic selector 0.0.0.0/255.255.255.255/0/65535/0 local traffic selector 0.0.0.0/255.255.255.255/0/65535/0!',
      'complete',
      'proxy-identity-mismatch',
    ],
  ])('with and without the name of the protocol: %s', (text, phase1, verdict) => {
    for (const named of ['', 'IKEv2 '])
      for (const line of [
        `${lead}${named}${text}`,
        `${lead}${named}${text}`.replace('Local:', 'Local: '),
      ])
        expect(read(`%ASA-3-751022: ${line}`)).toMatchObject([
          { peerAddress: '192.0.2.5', phase1, outcome: 'failed', verdict, evidenceLines: [1] },
        ]);
  });

  it.each([
    [
      'Received request to establish an IPsec tunnel; local traffic selector = A; remote traffic selector = B',
      'initiator',
      'peer-unreachable',
    ],
    ['Received a IKE_INIT_SA request', 'responder', 'inconclusive'],
  ])('who began: %s', (text, role, verdict) => {
    for (const named of ['', 'IKEv2 '])
      expect(
        read(
          `%ASA-5-750001: ${lead}${named}${text}`,
          `%ASA-4-750003: ${lead}IKEv2 Negotiation aborted due to ERROR: Maximum number of retransmissions reached`,
        ),
      ).toMatchObject([{ role, verdict }]);
  });

  it('is read where mail broke the line', () => {
    expect(
      messages(
        `Apr  7 13:08:35 fw1.example.net %ASA-4-750003: ${lead}`,
        'IKEv2 Negotiation aborted due to ERROR: Auth exchange failed',
      ),
    ).toEqual(['asa-v2-aborted']);
  });
});

describe('the platform of IKEv2', () => {
  const search = (peer: string): string =>
    `IKEv2-PLAT-3: attempting to find tunnel group for IP: ${peer}`;
  const none = (peer: string): readonly string[] => [
    search(peer),
    `IKEv2-PLAT-1: Can't find tunnel group for peer ${peer}`,
    'IKEv2-PLAT-1: unable to set self auth method. Probable misconfiguration',
    'IKEv2-PLAT-1: Could not build ikev2 policy',
    'IKEv2-PLAT-1: asa connect start L2L failed',
  ];

  it('has no tunnel-group: one attempt each time that traffic asks', () => {
    const found = read(...none('192.0.2.77'), ...none('192.0.2.78'), ...none('192.0.2.77'));
    expect(
      found.map(({ peerAddress, role, verdict, firstLine }) => [
        peerAddress,
        role,
        verdict,
        firstLine,
      ]),
    ).toEqual([
      ['192.0.2.77', 'initiator', 'no-psk-for-peer', 1],
      ['192.0.2.78', 'initiator', 'no-psk-for-peer', 6],
      ['192.0.2.77', 'initiator', 'no-psk-for-peer', 11],
    ]);
  });

  it('has a tunnel-group that holds no key', () => {
    expect(
      read(
        search('192.0.2.77'),
        'IKEv2-PLAT-3: mapped to tunnel group 192.0.2.77 using peer IP',
        'IKEv2-PLAT-1: Failed to set P1 auth to build policy',
        'IKEv2-PLAT-1: Could not build ikev2 policy',
        'IKEv2-PLAT-1: asa connect start L2L failed',
      ),
    ).toMatchObject([{ peerAddress: '192.0.2.77', role: 'initiator', verdict: 'no-psk-for-peer' }]);
  });

  const sent = 'InitSPI=0xdfa3b583a4369958 RespSPI=0x27c943c13fd94665 MID=00000001';
  const asked = [
    search('192.0.2.5'),
    `IKEv2-PLAT-4: SENT PKT [IKE_AUTH] [203.0.113.8]:500->[192.0.2.5]:500 ${sent}`,
    `IKEv2-PLAT-4: RECV PKT [IKE_AUTH] [192.0.2.5]:500->[203.0.113.8]:500 ${sent}`,
  ];

  it.each([
    'IKEv2-PROTO-2: (16): SA created; inserting SA into database',
    'IKEv2-PLAT-3: CONNECTION STATUS: UP... peer: 192.0.2.5:500, phase1_id: 192.0.2.5',
    'IKEv2-PROTO-5: (16): SM Trace-> SA: I_SPI=DFA3B583A4369958 R_SPI=27C943C13FD94665 (I) MsgID = 00000001 CurState: READY Event: EV_I_OK',
  ])('is up: %s', (line) => {
    expect(read(...asked, line)).toMatchObject([
      { localAddress: '203.0.113.8', peerAddress: '192.0.2.5', verdict: 'tunnel-up' },
    ]);
  });

  it('of a responder looks for the tunnel-group in the midst of its attempt', () => {
    expect(
      read(
        'IKEv2-PLAT-4: RECV PKT [IKE_SA_INIT] [192.0.2.5]:500->[203.0.113.8]:500 InitSPI=0xdfa3b583a4369958 RespSPI=0x0000000000000000 MID=00000000',
        search('192.0.2.5'),
        search('192.0.2.5'),
      ),
    ).toMatchObject([{ role: 'responder', events: [0, 1, 2] }]);
  });

  it('finds another identity in the certificate', () => {
    expect(
      read(
        'IKEv2-PLAT-1: Peer ID check failed',
        'IKEv2-PROTO-1: (172): Failed to locate an item in the database',
        'IKEv2-PROTO-3: (172): Auth exchange failed',
      ),
    ).toMatchObject([{ verdict: 'certificate-invalid', evidenceLines: [1, 2, 3] }]);
  });
});

describe('what stands around the lines of an ASA', () => {
  const text = `${who}PHASE 1 COMPLETED`;

  it.each([
    `%PIX-5-713119: ${text}`,
    `Jun 20 13:36:43 ASA-01 : %ASA-5-713119: ${text}`,
    `<165>:2023-03-22T15:10:19Z: %FTD-vpn-5-713119: ${text}`,
    `fw1/pri/act(config)# Sep 15 03:14:00 [IKEv1]${text}`,
    `IKEv1]: ${text}`,
    text,
  ])('%s', (line) => {
    expect(messages(line)).toEqual(['asa-phase1']);
  });

  it('an id of the SA in the tag of IKEv2', () => {
    expect(
      messages('IKEv2-PROTO-1: (139): Auth exchange failed', 'IKEv2-PLAT-1: Peer ID check failed'),
    ).toEqual(['v2-auth-exchange-failed', 'asa-peer-id-refused']);
  });

  it('is of no message behind an empty line, a remark or a whole line', () => {
    const unbound = at(1, 'IP = 192.0.2.7, No crypto map bound to interface... dropping pkt');
    for (const between of [['', 'crypto map MAP-A interface outside'], ['! --- so far so good']]) {
      const { events } = parseLog(
        [unbound, at(2, tornDown), ...between, `[IKEv1 DEBUG]: ${text}`].join('\n'),
        'log0',
      );
      expect(events.map(({ message }) => message)).toEqual([
        'asa-no-map-bound',
        'asa-torn-down',
        'asa-phase1',
      ]);
      expect(events[1]!.fields.reason).toBe('crypto map policy not found');
    }
  });

  it('is put together where mail broke it', () => {
    expect(
      messages(
        'Jul 15 10:00:01 [IKEv1]: Group = 192.0.2.7, IP = 192.0.2.7, Session is being',
        'torn down. Reason: crypto map policy not found',
        '',
        'I have no idea.',
      ),
    ).toEqual(['asa-torn-down']);
  });
});

/** A whole attempt of a responder, up to the refusal of its quick mode. */
const attempt = (peer: string): readonly string[] => {
  const of = (text: string): string => text.replaceAll('192.0.2.7', peer);
  return [
    decode('RECEIVED', offer),
    'IP = 192.0.2.7, IKE SA Proposal # 1, Transform # 1 acceptable  Matches global IKE entry # 2',
    decode('SENDING', offer),
    decode('RECEIVED', keys),
    decode('SENDING', keys),
    `${who}Generating keys for Responder...`,
    decode('RECEIVED', 'ID (5) + HASH (8)'),
    decode('SENDING', 'ID (5) + HASH (8)'),
    `${who}PHASE 1 COMPLETED`,
    decode('RECEIVED', 'HASH (8) + SA (1) + NONCE (10) + ID (5) + ID (5)', '8c5c1d6a'),
    `${who}All IPSec SA proposals found unacceptable!`,
    quickFailed('0x8c5c1d6a'),
    `${who}Session is being torn down. Reason: Phase 2 Mismatch`,
  ].map(of);
};
const stamped = (lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => at(i, line));
const told = (lines: readonly string[]): unknown =>
  read(...lines).map(({ peerAddress, role, packetStates, phase1, phase2, verdict, events }) => [
    peerAddress,
    role,
    packetStates,
    phase1,
    phase2,
    verdict,
    events.length,
  ]);

describe('a whole attempt of an ASA', () => {
  const lines = stamped(attempt('192.0.2.7'));

  it('is read as one of IOS is', () => {
    expect(told(lines)).toEqual([
      [
        '192.0.2.7',
        'responder',
        ['MM_SA_SETUP', 'MM_KEY_EXCH', 'QM_IDLE'],
        'complete',
        'failed',
        'transform-set-mismatch',
        lines.length,
      ],
    ]);
  });

  it('is read the same where a terminal broke it, and where mail broke and quoted it', () => {
    const cut = lines.flatMap((line) => line.match(/.{1,80}/g) ?? []);
    expect(told(cut)).toEqual(told(lines));
    const mailed = lines.flatMap((line) => line.match(/.{1,76}(?: |$)/g) ?? []);
    expect(told(mailed)).toEqual(told(lines));
    expect(told(lines.map((line) => `> ${line}`))).toEqual(told(lines));
  });

  it('is read the same beside that with another peer', () => {
    const other = attempt('198.51.100.9');
    const both = stamped(attempt('192.0.2.7').flatMap((line, i) => [line, other[i]!]));
    expect(told(both)).toEqual([
      ...(told(lines) as unknown[]),
      ...(told(stamped(other)) as unknown[]),
    ]);
  });

  it('says that a firewall wrote it', () => {
    expect(parseLog(lines.join('\n'), 'log0').generation).toBe('asa');
  });
});

describe('attempts of an ASA', () => {
  it('a further phase 1 with the same peer is one more', () => {
    expect(read(at(1, `${who}PHASE 1 COMPLETED`), at(50, `${who}PHASE 1 COMPLETED`))).toHaveLength(
      2,
    );
  });

  it('sessions of other clients are none', () => {
    const over = (type: string): string =>
      `%ASA-4-113019: Group = STAFF, Username = user7, IP = 192.0.2.7, Session disconnected. Session Type: ${type}, Duration: 0h:10m:00s, Bytes xmt: 7, Bytes rcv: 7, Reason: Idle Timeout`;
    expect(read(over('SSL'))).toEqual([]);
    expect(read(over('LAN-to-LAN'))[0]).toMatchObject({
      ikeVersion: 1,
      phase1: 'complete',
      deleteReason: { text: 'Idle Timeout' },
    });
    expect(read(over('IKEv2'))[0]).toMatchObject({ ikeVersion: 2, phase1: 'complete' });
  });

  it.each([
    ['Invalid hash info (23)', 'failed', 'psk-mismatch'],
    ['Invalid ID info (18)', 'complete', 'proxy-identity-mismatch'],
    ['No proposal chosen (14)', 'complete', 'inconclusive'],
  ])('the peer says %s', (notify, phase1, verdict) => {
    expect(read(at(1, `${who}Received non-routine Notify message: ${notify}`))[0]).toMatchObject({
      phase1,
      outcome: 'failed',
      verdict,
    });
  });
});

describe('the proposals of IKEv2 on lines of their own', () => {
  it('are of the message in front of them', () => {
    const { events, negotiations, unmatched } = parseLog(
      [
        'IKEv2-PROTO-1: (16): Received Policies:',
        'Proposal 1: AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2',
        'Proposal 2: 3DES SHA1 SHA96 DH_GROUP_1024_MODP/Group 2',
        'IKEv2-PROTO-1: (16): Failed to find a matching policy',
        'IKEv2-PROTO-1: (16): Expected Policies:',
        'Proposal 1: AES-CBC-256 SHA384 SHA384 DH_GROUP_2048_MODP_256_PRIME/Group 24',
      ].join('\n'),
      'log0',
    );
    expect(events.map(({ message, lastLine }) => [message, lastLine])).toEqual([
      ['v2-proposal-refused', 3],
      ['v2-proposal-none', 4],
      ['v2-proposal-expected', 6],
    ]);
    expect(unmatched).toEqual([]);
    expect(negotiations[0]).toMatchObject({ connId: 'SA 16', verdict: 'ike-policy-mismatch' });
  });
});

describe('the packets of an ASA', () => {
  it('with the id of the SA in front of each field carry SPIs, exchange and notifications', () => {
    const { negotiations, unmatched } = parseLog(
      [
        'IKEv2-PROTO-4: (7): Sending Packet [To 192.0.2.5:500/From 203.0.113.8:500/VRF i0:f0] ',
        '(7): Initiator SPI : 3295BE4837B4AF2A - Responder SPI : 0000000000000000 Message id: 0',
        '(7): IKEv2 IKE_SA_INIT Exchange REQUESTIKEv2-PROTO-5: (7): Next payload: SA, version: 2.0 (7): Exchange type: IKE_SA_INIT, flags: INITIATOR (7): Message id: 0, length: 314(7):  ',
        'Payload contents: ',
        '(7):  SA(7):   Next payload: KE, reserved: 0x0, length: 48',
        '(7):   last proposal: 0x0, reserved: 0x0, length: 44',
        '  Proposal: 1, Protocol id: IKE, SPI size: 0, #trans: 4(7):     last transform: 0x3, reserved: 0x0: length: 12',
        '    type: 1, reserved: 0x0, id: AES-CBC',
        '(7):     last transform: 0x0, reserved: 0x0: length: 8',
        '    type: 4, reserved: 0x0, id: DH_GROUP_2048_MODP/Group 14',
        '(7):  KE(7):   Next payload: N, reserved: 0x0, length: 264',
        '(7):     DH group: 14, Reserved: 0x0',
        '(7): ',
        '(7):      19 65 43 45 d2 72 a7 11 b8 a4 93 3f 44 95 6c b8',
        'IKEv2-PROTO-4: (7): Received Packet [From 192.0.2.5:500/To 203.0.113.8:500/VRF i0:f0] ',
        '(7): Initiator SPI : 3295BE4837B4AF2A - Responder SPI : C3F109F4582955F2 Message id: 0',
        '(7): IKEv2 IKE_SA_INIT Exchange RESPONSEIKEv2-PROTO-5: (7): Next payload: NOTIFY, version: 2.0 (7): Exchange type: IKE_SA_INIT, flags: RESPONDER MSG-RESPONSE (7): Message id: 0, length: 36(7):  ',
        'Payload contents: ',
        '(7):  NOTIFY(NO_PROPOSAL_CHOSEN)(7):   Next payload: NONE, reserved: 0x0, length: 8',
        '(7):     Security protocol id: Unknown - 0, spi size: 0, type: NO_PROPOSAL_CHOSEN',
      ].join('\n'),
      'log0',
    );
    expect(unmatched).toEqual([]);
    expect(negotiations).toMatchObject([
      {
        role: 'initiator',
        peerAddress: '192.0.2.5',
        initiatorCookie: '3295be4837b4af2a',
        responderCookie: 'c3f109f4582955f2',
        verdict: 'ike-policy-mismatch',
        packets: [
          { direction: 'sent', state: 'IKE_SA_INIT' },
          { direction: 'received', state: 'IKE_SA_INIT' },
        ],
      },
    ]);
  });

  it('in the form of 8.4 name both ends and both SPIs', () => {
    const { negotiations, unmatched } = parseLog(
      [
        'IKEv2-PROTO-3: Rx [L 203.0.113.8:500/R 192.0.2.5:500/VRF i0:f0] m_id: 0x0',
        'IKEv2-PROTO-3: HDR[i:3295BE4837B4AF2A - r: C3F109F4582955F2]',
        'IKEv2-PROTO-4: IKEV2 HDR ispi: 3295BE4837B4AF2A - rspi: C3F109F4582955F2',
        'IKEv2-PROTO-4: Next payload: SA, version: 2.0',
        'IKEv2-PROTO-4: Exchange type: IKE_SA_INIT, flags: RESPONDER MSG-RESPONSE',
        'IKEv2-PROTO-4: Message id: 0x0, length: 338',
        ' SA  Next payload: KE, reserved: 0x0, length: 48',
        'IKEv2-PROTO-4:   last proposal: 0x0, reserved: 0x0, length: 44',
        '  Proposal: 1, Protocol id: IKE, SPI size: 0, #trans: 4',
        'IKEv2-PROTO-4:     last transform: 0x3, reserved: 0x0: length: 12',
        '    type: 1, reserved: 0x0, id: AES-CBC',
        'IKEv2-PROTO-3: (16): ',
        'IKEv2-PLAT-3: (16) connection auth hdl set to 15',
      ].join('\n'),
      'log0',
    );
    expect(unmatched).toEqual([]);
    expect(negotiations).toMatchObject([
      {
        localAddress: '203.0.113.8',
        peerAddress: '192.0.2.5',
        initiatorCookie: '3295be4837b4af2a',
        responderCookie: 'c3f109f4582955f2',
      },
    ]);
  });
});

describe('a session of an ASA that stood', () => {
  const phase2 = `${who}PHASE 2 COMPLETED (msgid=1a2b3c4d)`;
  const lost = `${who}IKE lost contact with remote peer, deleting connection (keepalive type: DPD)`;
  const over = (reason: string, duration = '1h:00m:00s', octets = 100): string =>
    `${who.replace(' IP', ' Username = 192.0.2.7, IP')}Session disconnected. Session Type: LAN-to-LAN, Duration: ${duration}, Bytes xmt: ${octets}, Bytes rcv: ${octets}, Reason: ${reason}`;

  const torn = `${who}Session is being torn down. Reason: Lost Service`;
  const terminated = (reason: string): string =>
    `${who}Connection terminated for peer 192.0.2.7.  Reason: ${reason}  Remote Proxy 10.2.0.0, Local Proxy 10.1.0.0`;

  it.each([
    ['both phases in the log', [`${who}PHASE 1 COMPLETED`, phase2, lost]],
    ['one of them', [phase2, lost, over('Lost Service')]],
    ['none', [lost, over('Lost Service')]],
    ['the reason alone', [phase2, over('Lost Service')]],
    ['the end of phase 2 first', [terminated('Peer Terminate'), lost, torn, over('Lost Service')]],
    ['that of phase 2 behind it', [torn, terminated('Peer Terminate'), lost]],
    ['both phases, and how it ended in any order', [phase2, torn, lost, terminated('Unknown')]],
  ])('and whose peer answers no more, with %s', (_, lines) => {
    expect(read(...lines.map((line, n) => at(n, line)))).toMatchObject([
      { verdict: 'dpd-peer-dead', phase1: 'complete', phase2: 'complete', outcome: 'established' },
    ]);
  });

  it.each(['Idle Timeout', 'Administrator Reset', 'User Requested', 'Peer Terminate', 'Unknown'])(
    'and ends by %s has not failed',
    (reason) => {
      expect(read(at(1, over(reason)))).toMatchObject([
        { verdict: 'tunnel-up', phase1: 'complete', phase2: 'complete', outcome: 'established' },
      ]);
    },
  );

  it('had its phase 2 where networks are named of it as it ends', () => {
    const deleted =
      '%ASA-6-602304: IPSEC: An outbound LAN-to-LAN SA (SPI= 0x5A6B7C8D) between 203.0.113.8 and 192.0.2.7 (user= 192.0.2.7) has been deleted.';
    expect(read(at(1, terminated('User Requested')), at(1, deleted))).toMatchObject([
      { verdict: 'tunnel-up', phase2: 'complete', outcome: 'established' },
    ]);
  });

  it('is not that of a quick mode which came to nothing', () => {
    expect(
      read(at(1, quickFailed('0x1a2b3c4d')), at(1, terminated('Peer Terminate'))),
    ).toMatchObject([{ phase1: 'complete', phase2: 'failed', outcome: 'failed' }]);
  });

  it('is another one than the attempt that was given up before', () => {
    const history = `IP = 192.0.2.7, IKE MM Initiator FSM error history (struct &0xd8ac3c40)  <state>, <event>:  MM_DONE, EV_ERROR-->MM_WAIT_MSG2, EV_TIMEOUT-->MM_WAIT_MSG2, NullEvent`;
    expect(read(at(1, history), at(2, lost), at(2, torn))).toMatchObject([
      { verdict: 'peer-unreachable' },
      { verdict: 'dpd-peer-dead' },
    ]);
  });

  it('none that lasted no second and carried nothing', () => {
    expect(read(at(1, over('Unknown', '0h:00m:00s', 0)))).toMatchObject([{ phase1: 'failed' }]);
  });
});

describe('who refuses, in the log of an ASA', () => {
  const initiates = `${who}IKE Initiator: New Phase 2, Intf inside, IKE Peer 192.0.2.7  local Proxy Address 10.1.0.0, remote Proxy Address 10.2.0.0,  Crypto map (MAP-A)`;
  const says = (notify: string): string => `${who}Received non-routine Notify message: ${notify}`;

  it('the peer, of the networks of a quick mode that this side began', () => {
    expect(
      read(at(1, initiates), at(2, says('Invalid ID info (18)')), at(3, quickFailed('0x1a2b3c4d'))),
    ).toMatchObject([
      { role: 'initiator', verdict: 'proxy-identity-mismatch', cause: 'refused-by-peer' },
    ]);
  });

  it('the peer, of a quick mode, whatever is wrong with it', () => {
    expect(read(at(1, initiates), at(2, says('No proposal chosen (14)')))).toMatchObject([
      { role: 'initiator', phase1: 'complete', phase2: 'failed' },
    ]);
  });

  const phase1 =
    'IP = 192.0.2.7, IKE Initiator: New Phase 1, Intf inside, IKE Peer 192.0.2.7  local Proxy Address 10.1.0.0, remote Proxy Address 10.2.0.0,  Crypto map (MAP-A)';
  const inClear =
    'IP = 192.0.2.7, Received an un-encrypted NO_PROPOSAL_CHOSEN notify message, dropping';

  it.each([
    ['with its packets', [decode('SENDING', offer), decode('RECEIVED', 'NOTIFY (11)')]],
    ['without them', []],
  ])('the peer, of every offer: in clear, %s', (_, packets) => {
    expect(read(...[phase1, ...packets, inClear].map((line, n) => at(n, line)))).toMatchObject([
      { role: 'initiator', verdict: 'ike-policy-mismatch', failingStep: 'mm2-wait' },
    ]);
  });

  it('this side, which has no way to authenticate the peer, before it refuses the offers', () => {
    expect(
      read(
        at(1, 'IP = 192.0.2.7, No valid authentication type found for the tunnel group'),
        at(1, 'IP = 192.0.2.7, All SA proposals found unacceptable'),
      ),
    ).toMatchObject([{ verdict: 'no-psk-for-peer', evidenceLines: [1, 2] }]);
  });

  it.each(['', 'IP = 192.0.2.7, '])('this side, over attributes told behind "%s"', (lead) => {
    expect(
      read(
        '[IKEv1]IKE Receiver: Packet received on 203.0.113.8:500 from 192.0.2.7:500',
        at(
          1,
          `${lead}Phase 1 failure:  Mismatched attribute types for class Hash Alg:  Rcv'd: SHA  Cfg'd: MD5`,
        ),
        at(1, 'IP = 192.0.2.7, Error processing payload: Payload ID: 1'),
      ),
    ).toMatchObject([
      {
        role: 'responder',
        localAddress: '203.0.113.8',
        peerAddress: '192.0.2.7',
        verdict: 'ike-policy-mismatch',
        evidenceLines: [2, 3],
      },
    ]);
  });

  it('this side, over attributes of phase 2, of the SA that stands', () => {
    expect(
      read(
        at(1, `${who}PHASE 1 COMPLETED`),
        at(
          1,
          "Phase 2 failure:  Mismatched attribute types for class Group Description:  Rcv'd: Group 2  Cfg'd: Group 5",
        ),
      ),
    ).toMatchObject([{ peerAddress: '192.0.2.7', phase1: 'complete', lastLine: 2 }]);
  });

  it('this side, over attributes told while an SA with another peer stands', () => {
    expect(
      read(
        at(1, `${who}PHASE 1 COMPLETED`),
        at(
          1,
          "Phase 1 failure:  Mismatched attribute types for class Hash Alg:  Rcv'd: SHA  Cfg'd: MD5",
        ),
        at(1, 'IP = 203.0.113.99, Error processing payload: Payload ID: 1'),
        at(2, `${who}PHASE 2 COMPLETED (msgid=1a2b3c4d)`),
      ),
    ).toMatchObject([
      { peerAddress: '192.0.2.7', verdict: 'tunnel-up' },
      { peerAddress: '203.0.113.99', verdict: 'ike-policy-mismatch', evidenceLines: [2, 3] },
    ]);
  });

  it.each([
    [2, 'peer-unreachable', 'mm2-wait'],
    [4, 'mm3-lost', 'mm4-wait'],
    [5, 'mm5-lost', 'mm5-wait'],
    [6, 'mm5-unanswered', 'mm6-wait'],
  ])('nobody: MM%i never came, as the history alone tells', (message, verdict, failingStep) => {
    const side = message === 5 ? 'Responder' : 'Initiator';
    const history = `MM_DONE, EV_ERROR-->MM_WAIT_MSG${message}, EV_TIMEOUT-->MM_WAIT_MSG${message}, NullEvent`;
    expect(
      read(
        at(
          1,
          `IP = 192.0.2.7, IKE MM ${side} FSM error history (struct &0xd8ac3c40)  <state>, <event>:  ${history}`,
        ),
      ),
    ).toMatchObject([{ verdict, failingStep, outcome: 'failed' }]);
  });

  it('AAA, of a user', () => {
    expect(
      read(
        '%ASA-7-713236: IP = 192.0.2.7, IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + SA (1) + KE (4) + NONE (0) total length : 148',
        '%ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : local database : user = user7 : user IP = 192.0.2.7',
        `%ASA-5-713050: ${who}Connection terminated for peer user7.  Reason: Peer Terminate  Remote Proxy N/A, Local Proxy N/A`,
      ),
    ).toMatchObject([{ verdict: 'xauth-failed', phase1: 'complete', evidenceLines: [2, 3] }]);
  });

  it('the certificate of the peer, which no trustpoint is for', () => {
    const ends = 'Local:203.0.113.8:500 Remote:192.0.2.7:500 Username:Unknown IKEv2';
    expect(
      read(
        `%ASA-5-750002: ${ends} Received a IKE_INIT_SA request`,
        '%ASA-3-717009: Certificate validation failed. No suitable trustpoints found to validate certificate serial number: 1A2B3C, subject name: cn=br7.example.net, issuer name: cn=CA-1.',
        `%ASA-4-750003: ${ends} Negotiation aborted due to ERROR: Platform errors`,
      ),
    ).toMatchObject([{ verdict: 'certificate-trustpoint-mismatch', evidenceLines: [2, 3] }]);
  });
});

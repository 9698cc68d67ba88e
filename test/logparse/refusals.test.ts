import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogNegotiation } from '../../src/model/log.ts';

/** The one attempt that these lines tell of. */
function only(...lines: readonly string[]): LogNegotiation {
  const { negotiations } = parseLog(lines.join('\n'), 'i1');
  expect(negotiations).toHaveLength(1);
  return negotiations[0]!;
}

const called = 'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA';
const offer = [
  'ISAKMP:(0):Checking ISAKMP transform 1 against priority 10 policy',
  'ISAKMP:      encryption AES-CBC',
  'ISAKMP:      default group 2',
  'ISAKMP:      auth pre-share',
];
const oldRefusal = 'ISAKMP (0:1): SA not acceptable!';
const oldTransform = 'ISAKMP (0:1): atts not acceptable. Next payload is 0';

describe('a refusal that does not say of which phase it is', () => {
  it.each([
    ['behind no offers accepted', ['ISAKMP (0:1): no offers accepted!', oldRefusal]],
    [
      'before main mode failed',
      [
        oldRefusal,
        '%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main Mode failed with peer at 192.0.2.7',
      ],
    ],
    ['behind the offer of a policy', [...offer, oldTransform]],
    [
      'behind an SA payload of message id 0',
      ['ISAKMP (0:1): processing SA payload. message ID = 0', oldRefusal],
    ],
    ['behind MM1', ['ISAKMP (0:1): received packet from 192.0.2.7 (N) NEW SA', oldTransform]],
  ])('is of phase 1 %s', (_, lines) => {
    expect(only(...lines)).toMatchObject({
      verdict: 'ike-policy-mismatch',
      phase1: 'failed',
      phase2: 'not-reached',
      failingStep: 'mm1-policy',
    });
  });

  it.each([
    ['alone', [oldRefusal], 'inconclusive'],
    [
      'behind a policy that was accepted',
      [...offer, 'ISAKMP:(0):atts are acceptable. Next payload is 0', oldTransform],
      'transform-set-mismatch',
    ],
    [
      'behind an SA payload of another message id',
      ['ISAKMP (0:1): processing SA payload. message ID = 1150441233', oldTransform],
      'transform-set-mismatch',
    ],
    [
      'behind a proposal of quick mode',
      [...offer, 'ISAKMP (0:1): Checking IPSec proposal 1', oldRefusal],
      'inconclusive',
    ],
  ])('is of phase 2 %s', (_, lines, verdict) => {
    expect(only(...lines)).toMatchObject({ verdict, phase1: 'complete', phase2: 'failed' });
  });

  it('names the peer in the syslog beside it', () => {
    const failed =
      '%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed with peer at 192.0.2.7';
    expect(only('ISAKMP (0:1): no offers accepted!', failed).peerAddress).toBe('192.0.2.7');
  });
});

describe('the policy that is refused', () => {
  it('is that of the responder in what an initiator answers itself', () => {
    const mm2 = [
      'ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_NO_STATE',
      'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (I) MM_NO_STATE',
      ...offer,
      'ISAKMP:(0): Diffie-Hellman group offered does not match policy!',
      'ISAKMP:(0):no offers accepted!',
      '%CRYPTO-6-IKMP_SA_NOT_OFFERED: Remote peer 192.0.2.7 responded with attribute 4 not offered or changed',
    ];
    const found = only(...mm2);
    expect(found).toMatchObject({ verdict: 'ike-policy-mismatch', failingStep: 'mm2-policy' });
    expect(found.evidenceLines).toContain(mm2.length);
  });

  it('is not that of the check before where no line names the next one', () => {
    const refused = [
      'ISAKMP:(0): Encryption algorithm offered does not match policy!',
      'ISAKMP:(0):atts are not acceptable. Next payload is 3',
    ];
    const found = only(...offer, ...refused, ...offer.slice(1), ...refused);
    expect(found.policyRejections).toHaveLength(1);
  });

  it('may be told without addresses', () => {
    expect(only('ISAKMP:(0): phase 1 SA policy not acceptable!').verdict).toBe(
      'ike-policy-mismatch',
    );
  });
});

describe('a notification behind the last message of an initiator', () => {
  const sends = 'ISAKMP:(7): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_KEY_EXCH';
  const gets =
    'ISAKMP (7): received packet from 192.0.2.7 dport 500 sport 500 Global (I) MM_KEY_EXCH';
  const again = 'ISAKMP:(7): retransmitting phase 1 MM_KEY_EXCH...';
  const gaveUp =
    'ISAKMP:(7):deleting SA reason "Death by retransmission P1" state (I) MM_KEY_EXCH (peer 192.0.2.7)';
  const failed =
    '%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Informational mode failed with peer at 192.0.2.7';
  const read = [
    'ISAKMP:(7): processing HASH payload. message ID = 1150441233',
    'ISAKMP:(7): processing NOTIFY INVALID_ID_INFORMATION protocol 1',
    '\tspi 0, message ID = 1150441233, sa = 0x65A3A4C8',
  ];

  it.each([
    ['in clear', ['ISAKMP:(7):Notify has no hash. Rejected.'], 'refused-by-peer'],
    ['of which only the failure is told', [failed], 'refused-by-peer'],
    ['that was read', read, 'refused-by-peer'],
    ['of which nothing is told', [], undefined],
  ])('%s leaves it waiting for MM6', (_, lines, cause) => {
    const negotiation = only(sends, gets, ...lines, again, sends, gaveUp);
    expect(negotiation).toMatchObject({
      verdict: 'mm5-unanswered',
      phase1: 'failed',
      failingStep: 'mm6-wait',
    });
    expect(negotiation.cause).toBe(cause);
  });

  it('that is MM6 is not one', () => {
    const begun = 'ISAKMP:(7):Old State = IKE_I_MM5  New State = IKE_I_MM6';
    expect(only(sends, gets, begun, gaveUp).failingStep).toBeNull();
    const contact = [
      'ISAKMP:(7): processing NOTIFY INITIAL_CONTACT protocol 1',
      '\tspi 0, message ID = 0, sa = 0x65A3A4C8',
    ];
    const { packets } = only(sends, gets, begun, ...contact);
    expect(packets.some(({ notification }) => notification)).toBe(false);
  });
});

describe('a notification that a responder', () => {
  const sends = 'ISAKMP:(7): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) MM_KEY_EXCH';
  const gets =
    'ISAKMP (7): received packet from 192.0.2.7 dport 500 sport 500 Global (R) MM_KEY_EXCH';
  const gaveUp =
    'ISAKMP:(7):deleting SA reason "Death by retransmission P1" state (R) MM_KEY_EXCH (peer 192.0.2.7)';
  const failed =
    '%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Informational mode failed with peer at 192.0.2.7';

  it.each([['ISAKMP:(7):Notify has no hash. Rejected.'], [failed]])(
    'gets instead of MM5 leaves it waiting: %s',
    (line) => {
      expect(only(sends, gets, line, sends, gaveUp)).toMatchObject({
        verdict: 'inconclusive',
        failingStep: 'mm5-wait',
      });
    },
  );

  it('sends is no message of phase 1', () => {
    const { packets } = only(
      sends,
      gets,
      'ISAKMP:(7):Sending NOTIFY PAYLOAD_MALFORMED protocol 1',
      '\tspi 0, message ID = 1150441233',
      sends,
      gets,
    );
    expect(packets.map(({ notification }) => notification ?? false)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});

describe('a search for a key', () => {
  const searched = 'ISAKMP: Looking for a matching key for 192.0.2.7 in default';
  const policy = [...offer, 'ISAKMP:(0):atts are acceptable. Next payload is 0'];

  it.each([
    ['none', [searched, 'ISAKMP:(0):No pre-shared key with 192.0.2.7!']],
    [
      'none, though it said success',
      [`${searched} : success`, 'ISAKMP:(0):No pre-shared key with 192.0.2.7!'],
    ],
    ['unknown', [searched]],
  ])('without a result: %s', (_, lines) => {
    expect(only(called, ...lines, ...offer).keyringSelections).toEqual([]);
  });

  it.each([
    ['a line that says so', [searched, 'ISAKMP:(0):found peer pre-shared key matching 192.0.2.7']],
    ['a key of its own', [searched, 'ISAKMP:(0): local preshared key found']],
    ['a policy that is accepted', [searched, ...policy]],
    ['its result', [`${searched} : success`]],
  ])('has found one by %s', (_, lines) => {
    expect(only(called, ...lines).keyringSelections).toEqual([
      { step: 'mm1', keyring: 'default', line: 2 },
    ]);
  });

  it('without a key is the cause of the refusal behind it', () => {
    const lines = [
      called,
      searched,
      'ISAKMP:(0):No pre-shared key with 192.0.2.7!',
      ...offer,
      'ISAKMP:(0):no offers accepted!',
    ];
    expect(only(...lines)).toMatchObject({
      verdict: 'no-psk-for-peer',
      failingStep: 'mm1-key-lookup',
    });
  });

  it('of an initiator that has an answer is for that answer', () => {
    expect(
      only(
        'ISAKMP (0:1): sending packet to 192.0.2.7 (I) MM_NO_STATE',
        'ISAKMP (0:1): received packet from 192.0.2.7 (I) MM_NO_STATE',
        'ISAKMP: No cert, and no keys (public or pre-shared) with remote peer 192.0.2.7',
      ),
    ).toMatchObject({ verdict: 'no-psk-for-peer', failingStep: 'mm2-key-lookup' });
  });
});

describe('a quick mode of this router', () => {
  const begins = 'ISAKMP:(7):beginning Quick Mode exchange, M-ID of 889293300';
  const notified = (type: string): string =>
    `ISAKMP:(7): processing NOTIFY ${type} protocol 1\n        spi 0, message ID = 469585405, sa = 0x66825864`;
  const complete = 'ISAKMP:(7):Old State = IKE_QM_I_QM1  New State = IKE_QM_PHASE2_COMPLETE';

  it.each([
    ['INVALID_ID_INFO', 'proxy-identity-mismatch', 'qm1-map-lookup'],
    ['INVALID_ID_INFORMATION', 'proxy-identity-mismatch', 'qm1-map-lookup'],
    ['AUTHENTICATION_FAILED', 'inconclusive', null],
    ['PAYLOAD_MALFORMED', 'inconclusive', null],
    ['PROPOSAL_NOT_CHOSEN', 'inconclusive', null],
  ])('is refused by %s', (type, verdict, failingStep) => {
    expect(only(begins, notified(type))).toMatchObject({
      verdict,
      failingStep,
      phase2: 'failed',
      outcome: 'failed',
      evidenceLines: [2],
    });
  });

  it.each(['RESPONDER_LIFETIME', 'INITIAL_CONTACT', 'DPD/R_U_THERE', 'INVALID_SPI'])(
    'is not refused by %s',
    (type) => {
      expect(only(begins, notified(type)).phase2).toBe('incomplete');
    },
  );

  it('that is complete is not refused by what comes later', () => {
    expect(only(begins, complete, notified('INVALID_ID_INFO')).verdict).toBe('tunnel-up');
  });

  const sent =
    'ISAKMP:(7): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) QM_IDLE      ';
  const again = (attempt: number): string =>
    `ISAKMP (7): incrementing error counter on node, attempt ${attempt} of 5: retransmit phase 2`;
  it.each([
    [
      'at the end of its node, whatever the reason',
      ['ISAKMP:(7):deleting node 889293300 error TRUE reason "QM_TIMER expired"'],
      'failed',
    ],
    ['at its last repetition', [again(4), again(5)], 'failed'],
    ['not at one before', [again(4)], 'incomplete'],
    [
      'not with the SA',
      ['ISAKMP:(7):deleting node 889293300 error TRUE reason "IKE deleted"'],
      'incomplete',
    ],
    [
      'not with another node',
      ['ISAKMP:(7):deleting node 469585405 error TRUE reason "Delete Larval"'],
      'incomplete',
    ],
  ])('is given up %s', (_, lines, phase2) => {
    expect(only(begins, sent, ...lines).phase2).toBe(phase2);
  });
});

describe('how an SA ends behind phase 1', () => {
  const up = [
    called,
    'ISAKMP:(7):SA has been authenticated with 192.0.2.7',
    'ISAKMP:(7):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE',
  ];
  const asks =
    'ISAKMP:(7): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) CONF_XAUTH   ';
  const deleted = (reason: string, state: string): string =>
    `ISAKMP:(7):deleting SA reason "${reason}" state (R) ${state} (peer 192.0.2.7)`;

  it.each([
    [
      'a user that is refused',
      [asks, deleted('XAuthenticate fail', 'CONF_XAUTH')],
      'xauth-failed',
      'xauth',
    ],
    [
      'a user that does not answer',
      [asks, deleted('Death by retransmission P1', 'CONF_XAUTH')],
      'inconclusive',
      'xauth-wait',
    ],
  ])('%s ends it before quick mode', (_, lines, verdict, failingStep) => {
    const lifetime =
      'ISAKMP:(7):Sending NOTIFY RESPONDER_LIFETIME protocol 1\n        spi 2177728752, message ID = 501';
    const notice =
      'ISAKMP:(7): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) QM_IDLE      ';
    expect(only(...up, lifetime, notice, ...lines)).toMatchObject({
      verdict,
      failingStep,
      phase1: 'complete',
      phase2: 'not-reached',
      outcome: 'failed',
    });
  });

  it.each([
    ['ISAKMP:(7):peer 192.0.2.7 not responding!'],
    [deleted('P1 errcounter exceeded (PEERS_ALIVE_TIMER)', 'QM_IDLE')],
    [deleted('Dead Peer Detection', 'QM_IDLE')],
  ])('a peer that is dead: %s', (line) => {
    const found = only(...up, 'ISAKMP:(7): Creating IPSec SAs', line);
    expect(found).toMatchObject({ verdict: 'dpd-peer-dead', outcome: 'established' });
    expect(found.evidenceLines).toContain(5);
  });
});

describe('a proposal of quick mode that is refused', () => {
  const refusedOne = (number: number): readonly string[] => [
    `ISAKMP:(1003):Checking IPSec proposal ${number}`,
    'ISAKMP:(1003):atts are acceptable.',
    'IPSEC(ipsec_process_proposal): transform proposal not supported for identity:',
    '    {esp-aes esp-md5-hmac }',
    'ISAKMP:(1003): IPSec policy invalidated proposal with error 256',
  ];
  const quickMode = [
    'ISAKMP (1003): received packet from 192.0.2.7 dport 500 sport 500 Global (R) QM_IDLE',
    'ISAKMP:(1003): processing SA payload. message ID = 77',
    ...refusedOne(1),
    ...refusedOne(2),
  ];
  const refusedAll =
    'ISAKMP:(1003): phase 2 SA policy not acceptable! (local 192.0.2.1 remote 192.0.2.7)';
  const checked = 'ISAKMP:(1003):Checking IPSec proposal 3';
  const nonce = 'ISAKMP:(1003): processing NONCE payload. message ID = 77';

  it.each([
    ['is not the end while the next is checked', [...quickMode, checked], 'inconclusive'],
    [
      'is not the end where a later one is accepted',
      [...quickMode, checked, 'ISAKMP:(1003):atts are acceptable.', nonce],
      'inconclusive',
    ],
    ['is the end where nothing follows', quickMode, 'transform-set-mismatch'],
    ['is the end where all are', [...quickMode, refusedAll], 'transform-set-mismatch'],
    [
      'stays the end where the peer begins again',
      [...quickMode, refusedAll, checked],
      'transform-set-mismatch',
    ],
  ])('%s', (_, lines, verdict) => {
    const isOver = verdict !== 'inconclusive';
    expect(only(...lines)).toMatchObject({
      verdict,
      phase1: 'complete',
      phase2: isOver ? 'failed' : 'incomplete',
    });
  });
});

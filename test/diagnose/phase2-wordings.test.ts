import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import { diagnosisOf } from '../support/incident.ts';

/** Whole debug lines of what follows phase 1, so that what the log reader makes of them is held to the rules as well. */
const PEER = '203.0.113.40';
const stamped = (lines: readonly string[]): string =>
  lines.map((line, at) => `*Mar  3 10:00:${String(at).padStart(2, '0')}.000: ${line}`).join('\n');
const read = (...lines: readonly string[]): Diagnosis => diagnosisOf({ logs: [stamped(lines)] });
const ids = ({ findings }: Diagnosis): readonly string[] =>
  findings.map(({ id }) => id).filter((id) => id !== 'debug-too-shallow');
const words = ({ findings }: Diagnosis): string => {
  const { title, explanation, remedies, settle } = findings[0]!;
  return [title, explanation, ...remedies.map(({ text }) => text), ...settle].join(' ');
};

const answers = [
  `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (N) NEW SA`,
  `ISAKMP:(7):SA has been authenticated with ${PEER}`,
  'ISAKMP:(7):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE',
  `ISAKMP (7): received packet from ${PEER} dport 500 sport 500 Global (R) QM_IDLE      `,
  'ISAKMP:(7):Checking IPSec proposal 1',
];
const calls = [
  'ISAKMP:(0): beginning Main Mode exchange',
  `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (I) MM_NO_STATE`,
  `ISAKMP:(7):SA has been authenticated with ${PEER}`,
  'ISAKMP:(7):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
];
const starts = 'ISAKMP:(7):beginning Quick Mode exchange, M-ID of 889293300';
const up = 'ISAKMP:(7):Old State = IKE_QM_I_QM1  New State = IKE_QM_PHASE2_COMPLETE';
const error = (number: number): string =>
  `ISAKMP:(7): IPSec policy invalidated proposal with error ${number}`;
const refused = `ISAKMP:(7): phase 2 SA policy not acceptable! (local 203.0.113.9 remote ${PEER})`;
const noTransform =
  'IPSEC(ipsec_process_proposal): transform proposal not supported for identity: {esp-256-aes esp-sha-hmac }';
const deletes = [
  'ISAKMP:(7): processing DELETE payload. message ID = 1882310981',
  'ISAKMP:(7):peer does not do paranoid keepalives.',
  `ISAKMP:(7):deleting SA reason "No reason" state (I) QM_IDLE       (peer ${PEER})`,
];
const request = (network: string): string =>
  `IPSEC(sa_request): ,\n  (key eng. msg.) OUTBOUND local= 203.0.113.9, remote= ${PEER},\n    local_proxy= ${network}/255.255.255.0/0/0 (type=4),\n    remote_proxy= 10.9.0.0/255.255.255.0/0/0 (type=4),\n    protocol= ESP, transform= esp-aes esp-sha-hmac  (Tunnel),`;

describe('a proposal that no crypto map entry takes', () => {
  const told = (...lines: readonly string[]): string => {
    const diagnosis = read(...answers, ...lines, refused);
    expect(ids(diagnosis)).toEqual(['proxy-identity-mismatch']);
    return words(diagnosis);
  };

  it('is told by the networks only where the router says so', () => {
    expect(
      told('IPSEC(ipsec_process_proposal): proxy identities not supported', error(32)),
    ).toMatch(/mirror images/);
  });

  it('is told by the local address that has no map', () => {
    const text = told('IPSEC(ipsec_process_proposal): invalid local address 203.0.113.9', error(8));
    expect(text).toMatch(/no crypto map serves its local address 203\.0\.113\.9/);
    expect(text).not.toMatch(/mirror|not documented/);
    expect(told(error(8))).toMatch(/not documented; as far as it is known.*local-address/s);
  });

  it('is told by the peer that no entry names', () => {
    const text = told(`IPSEC(ipsec_process_proposal): peer address ${PEER} not found`, error(64));
    expect(text).toMatch(new RegExp(`no entry of its crypto map names the peer ${PEER}`));
    expect(text).toContain(`"set peer ${PEER}"`);
    expect(text).not.toMatch(/mirror/);
  });
});

describe('a transform that is refused', () => {
  it('is named, and not asked for again', () => {
    const diagnosis = read(...answers, noTransform, error(256), refused);
    expect(ids(diagnosis)).toEqual(['transform-set-mismatch']);
    expect(words(diagnosis)).toMatch(/Refused: esp-256-aes esp-sha-hmac/);
    expect(words(diagnosis)).not.toMatch(/debug crypto ipsec/);
    expect(words(read(...answers, error(256), refused))).toMatch(/debug crypto ipsec/);
  });

  it('is no failure while another proposal is accepted', () => {
    const accepted = [
      ...answers,
      noTransform,
      error(256),
      'ISAKMP:(7):Checking IPSec proposal 2',
      'ISAKMP:(7):QM Responder gets spi',
    ];
    expect(ids(read(...accepted))).toEqual(['inconclusive']);
    expect(words(read(...accepted))).toMatch(/ends before phase 2 does/);
    const byState = 'ISAKMP:(7):Old State = IKE_QM_READY  New State = IKE_QM_SPI_STARVE';
    expect(ids(read(...accepted.slice(0, -1), byState))).toEqual(['inconclusive']);
    expect(ids(read(...answers, error(32), ...accepted.slice(-1)))).toEqual(['inconclusive']);
  });
});

describe('a quick mode over a tunnel that is up', () => {
  const first = [...calls, starts, up];
  const again = [
    request('10.8.0.0'),
    `ISAKMP:(7):SA has outstanding requests  (local 203.0.113.9 port 500, remote ${PEER} port 500)`,
    'ISAKMP:(7):beginning Quick Mode exchange, M-ID of 889293301',
  ];
  const notChosen = 'ISAKMP:(7): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3';

  it('is told when it is refused, with its networks, and the tunnel stays up', () => {
    const diagnosis = read(...first, ...again, notChosen);
    expect(ids(diagnosis)).toEqual(['inconclusive', 'tunnel-up']);
    expect(words(diagnosis)).toMatch(/is up; a later quick mode.*10\.8\.0\.0/s);
    expect(diagnosis.verdict.finding).toBe('inconclusive');
    expect(diagnosis.negotiations).toMatchObject([{ outcome: 'established', phase2: 'complete' }]);
  });

  it('is told when this router refuses it', () => {
    const diagnosis = read(
      ...first,
      'ISAKMP:(7):Checking IPSec proposal 1',
      noTransform,
      error(256),
    );
    expect(ids(diagnosis)).toEqual(['transform-set-mismatch', 'tunnel-up']);
  });

  it('is no failure when it was refused before the tunnel came up', () => {
    expect(ids(read(...calls, starts, notChosen, starts, up))).toEqual(['tunnel-up']);
  });
});

describe('a quick mode that fails without words', () => {
  it('is told by the number, and the debug is asked for where the refusal is made', () => {
    const text = words(read(...answers, error(1024), refused));
    expect(text).toMatch(/refuses the quick mode of 203\.0\.113\.40 with error 1024/);
    expect(text).toMatch(/not documented; as far as it is known, its crypto map is not applied/);
    expect(text).toMatch(/"debug crypto ipsec" of 203\.0\.113\.9, where the refusal is made/);
  });

  it('is told as unanswered', () => {
    const text = words(
      read(
        ...calls,
        starts,
        'ISAKMP:(7): retransmitting phase 2 QM_IDLE       889293300 ...',
        'ISAKMP:(7):deleting node 889293300 error TRUE reason "Phase 2 err count exceeded"',
      ),
    );
    expect(text).toMatch(/does not answer the quick mode/);
  });
});

describe('what waits for an answer', () => {
  it('MM3: the policy is agreed and nothing follows', () => {
    const lines = [
      ...calls.slice(0, 2),
      `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (I) MM_NO_STATE`,
      `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (I) MM_SA_SETUP`,
      'ISAKMP:(0): retransmitting phase 1 MM_SA_SETUP...',
      `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (I) MM_SA_SETUP`,
    ];
    expect(ids(read(...lines))).toEqual(['mm3-lost']);
  });

  it('MM2: the initiator repeats MM1', () => {
    const sends = `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (R) MM_SA_SETUP`;
    const lines = [
      answers[0]!,
      sends,
      `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (R) MM_SA_SETUP`,
      'ISAKMP:(0): phase 1 packet is a duplicate of a previous packet.',
      'ISAKMP:(0): retransmitting phase 1 MM_SA_SETUP...',
      sends,
    ];
    expect(words(read(...lines))).toMatch(/keeps sending MM1, so MM2 does not reach it/);
  });

  it('XAUTH: nobody gives user name and password', () => {
    const lines = [
      ...answers.slice(0, 3),
      'ISAKMP:(7): retransmitting phase 2 CONF_XAUTH    1409823091 ...',
      `ISAKMP:(7):deleting SA reason "Death by retransmission P2" state (R) CONF_XAUTH    (peer ${PEER})`,
    ];
    expect(words(read(...lines))).toMatch(
      /does not answer when .* asks for user name and password/,
    );
  });

  it('MM4: without a log of the initiator MM4 may be what is lost', () => {
    const hash = 'ISAKMP (7): His hash no match - this node outside NAT';
    const sends = `ISAKMP:(7): sending packet to ${PEER} my_port 500 peer_port 500 (R) MM_KEY_EXCH`;
    const lines = (nat: string): readonly string[] => [
      answers[0]!,
      hash,
      nat,
      sends,
      'ISAKMP:(7): retransmitting phase 1 MM_KEY_EXCH...',
      sends,
      `ISAKMP:(7):deleting SA reason "Death by retransmission P1" state (R) MM_KEY_EXCH (peer ${PEER})`,
    ];
    const behindNat = words(read(...lines(hash)));
    expect(behindNat).toMatch(/^The responder receives no MM5.*or MM4 does not reach/s);
    expect(behindNat).toMatch(/allow UDP 4500/);
    const direct = words(read(...lines('ISAKMP (7): No NAT Found for self or peer')));
    expect(direct).not.toMatch(/allow UDP 4500/);
  });
});

describe('a DELETE of the peer', () => {
  it('ends an attempt that had come as far as quick mode', () => {
    const diagnosis = read(...calls, starts, ...deletes);
    expect(ids(diagnosis)).toEqual(['deleted-by-peer']);
    expect(diagnosis.negotiations).toMatchObject([
      { phase2: 'failed', verdict: 'deleted-by-peer' },
    ]);
  });

  it('of a tunnel that was up is told beside it', () => {
    const diagnosis = read(...calls, starts, up, ...deletes);
    expect(ids(diagnosis)).toEqual(['tunnel-up', 'deleted-by-peer']);
    expect(diagnosis.verdict.summary).toMatch(/Later 203\.0\.113\.40 deletes it/);
  });

  it('does not hide the refusal that came before it', () => {
    const notChosen = 'ISAKMP:(7): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3';
    expect(ids(read(...calls, starts, notChosen, ...deletes))[0]).toBe('inconclusive');
  });

  it('is not taken for the reason of an SA that ends later', () => {
    const later = Array.from({ length: 12 }, () => 'ISAKMP:(7):purging node 1882310981');
    expect(ids(read(...calls, starts, up, deletes[0]!, ...later, deletes[2]!))).toEqual([
      'tunnel-up',
    ]);
  });
});

describe('a quick mode that is answered with an error', () => {
  const notified = (type: string): string =>
    `ISAKMP:(7): processing NOTIFY ${type} protocol 1\n        spi 0, message ID = 469585405, sa = 0x66825864`;

  it('is refused for its networks by INVALID_ID_INFO', () => {
    const diagnosis = read(request('10.1.0.0'), ...calls, starts, notified('INVALID_ID_INFO'));
    expect(ids(diagnosis)).toEqual(['proxy-identity-mismatch']);
    expect(words(diagnosis)).toMatch(/10\.1\.0\.0.*mirror images/s);
  });

  it('is told with the name of the notification', () => {
    const diagnosis = read(...calls, starts, notified('AUTHENTICATION_FAILED'));
    expect(ids(diagnosis)).toEqual(['inconclusive']);
    expect(words(diagnosis)).toMatch(/answers quick mode with AUTHENTICATION_FAILED\./);
  });

  it('is told as unanswered, whatever the reason at the end of its node', () => {
    const end = 'ISAKMP:(7):deleting node 889293300 error TRUE reason "QM_TIMER expired"';
    expect(words(read(...calls, starts, end))).toMatch(/does not answer the quick mode/);
  });
});

import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogNegotiation } from '../../src/model/log.ts';

const told = (...lines: readonly string[]): readonly LogNegotiation[] =>
  parseLog(lines.join('\n'), 'i1').negotiations;

const ends = (local: string, remote: string): readonly string[] => [
  `  (key eng. msg.) INBOUND local= ${local}:0, remote= ${remote}:0,`,
  '    local_proxy= 10.1.0.0/255.255.0.0/256/0,',
  '    remote_proxy= 10.2.0.0/255.255.255.0/256/0,',
  '    protocol= ESP, transform= NONE  (Tunnel),',
  '    lifedur= 0s and 0kb,',
  '    spi= 0x0(0), conn_id= 0, keysize= 128, flags= 0x0',
];
const asked = (local: string, remote: string): readonly string[] => [
  'IPSEC(validate_proposal_request): proposal part #1,',
  ...ends(local, remote),
];
const wanted = (local: string, remote: string): readonly string[] => [
  'IPSEC(sa_request): ,',
  ...ends(local, remote).map((line) => line.replace('INBOUND', 'OUTBOUND')),
];
const created = (local: string, remote: string, destination: string, spi: string): string[] => [
  'IPSEC(create_sa): sa created,',
  `  (sa) sa_dest= ${destination}, sa_proto= 50,`,
  `    sa_spi= 0x${spi}(1671592151),`,
  '    sa_trans= esp-aes 256 esp-sha512-hmac , sa_conn_id= 2005',
  '    sa_lifetime(k/sec)= (4608000/3600),',
  `  (identity) local= ${local}:0, remote= ${remote}:0,`,
  '    local_proxy= 10.1.0.0/255.255.0.0/256/0,',
  '    remote_proxy= 10.2.0.0/255.255.255.0/256/0',
];
const bothCreated = (local: string, remote: string): readonly string[] => [
  ...created(local, remote, local, '63A278D7'),
  ...created(local, remote, remote, '731256EB'),
];
const noMap = [
  'map_db_find_best did not find matching map',
  'IPSEC(ipsec_process_proposal): proxy identities not supported',
];
const noTransform = [
  'IPSEC(ipsec_process_proposal): transform proposal not supported for identity:',
  '    {esp-aes esp-sha-hmac }',
];
const hub = '192.0.2.1';
const spoke = '192.0.2.7';
const other = '192.0.2.8';

describe('a log of the key engine alone', () => {
  it.each([
    ['transforms', noTransform, 'transform-set-mismatch'],
    ['proxies', noMap, 'proxy-identity-mismatch'],
  ])('tells of %s that a responder refuses', (_, refusal, verdict) => {
    expect(told(...asked(hub, spoke), ...refusal)).toMatchObject([
      {
        role: 'responder',
        localAddress: hub,
        peerAddress: spoke,
        phase1: 'complete',
        phase2: 'failed',
        verdict,
      },
    ]);
  });

  it('tells that what an initiator asked for was made', () => {
    expect(told(...wanted(spoke, hub), ...bothCreated(spoke, hub))).toMatchObject([
      { role: 'initiator', localAddress: spoke, peerAddress: hub, verdict: 'tunnel-up' },
    ]);
  });

  it.each([
    ['a line without addresses before it', ['IPSEC(validate_proposal_request): proposal part #1']],
    ['none', []],
  ])('keeps the initiator where the engine is asked for the answer as well: %s', (_, before) => {
    const answered = [...wanted(spoke, hub), ...before, ...asked(spoke, hub)];
    const role = { role: 'initiator', localAddress: spoke, peerAddress: hub, firstLine: 1 };
    expect(told(...answered)).toMatchObject([role]);
    expect(told(...answered, ...bothCreated(spoke, hub))).toMatchObject([
      { ...role, assumed: ['ikeVersion'], verdict: 'tunnel-up' },
    ]);
    expect(told(...answered, ...noTransform)).toMatchObject([role]);
  });

  it('does not make an initiator of one that another peer asks', () => {
    expect(told(...wanted(hub, other), ...asked(hub, spoke), ...noTransform)).toMatchObject([
      { role: 'responder', peerAddress: spoke, assumed: ['ikeVersion'] },
    ]);
  });

  it('says that nothing tells the role and the version', () => {
    for (const lines of [bothCreated(hub, spoke), asked(hub, spoke)])
      expect(told(...lines)).toMatchObject([{ assumed: ['role', 'ikeVersion'] }]);
  });

  it('tells of SAs of which the request is not in it', () => {
    expect(told(...bothCreated(hub, spoke))).toMatchObject([
      { localAddress: hub, peerAddress: spoke, phase1: 'complete', verdict: 'tunnel-up' },
    ]);
  });

  it('half of what an SA takes is no tunnel yet', () => {
    expect(told(...created(hub, spoke, hub, '63A278D7'))).toMatchObject([
      { phase1: 'complete', phase2: 'incomplete', verdict: 'inconclusive' },
    ]);
  });

  it('is of each peer that it names', () => {
    expect(
      told(
        ...asked(hub, spoke),
        ...noTransform,
        ...asked(hub, other),
        ...noMap,
        ...bothCreated(hub, spoke),
      ),
    ).toMatchObject([
      { peerAddress: spoke, verdict: 'tunnel-up' },
      { peerAddress: other, verdict: 'proxy-identity-mismatch' },
    ]);
  });

  it('does not take what was asked of one peer for what another got', () => {
    expect(told(...wanted(hub, spoke), ...bothCreated(hub, other))).toMatchObject([
      { peerAddress: other, verdict: 'tunnel-up' },
    ]);
  });
});

describe('a refusal above the first line of ISAKMP', () => {
  it.each([
    [
      'IPSEC(validate_transform_proposal): proxy identities not supported',
      'proxy-identity-mismatch',
    ],
    ['IPSEC(validate_proposal): invalid local address 192.0.2.1', 'proxy-identity-mismatch'],
    [
      'IPSEC(validate_proposal): transform proposal (prot 3, trans 3, hmac_alg 2) not supported',
      'transform-set-mismatch',
    ],
  ])('%s', (first, verdict) => {
    const rest = ['ISAKMP: IPSec policy invalidated proposal', 'ISAKMP (0:2): SA not acceptable!'];
    for (const lines of [
      [first, ...rest],
      ['ISAKMP (0:2): Checking IPSec proposal 1', first, ...rest],
    ])
      expect(told(...lines)).toMatchObject([{ phase1: 'complete', phase2: 'failed', verdict }]);
  });

  it('is none of a peer that calls behind it', () => {
    const negotiations = told(
      ...noMap,
      'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
      'ISAKMP:(0): processing SA payload. message ID = 0',
      'ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) MM_SA_SETUP',
    );
    expect(negotiations).toMatchObject([
      { verdict: 'proxy-identity-mismatch' },
      { peerAddress: spoke, phase1: 'incomplete', phase2: 'not-reached' },
    ]);
  });

  it('nor of a main mode that goes on behind it', () => {
    const negotiations = told(
      ...noMap,
      'ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (R) MM_SA_SETUP',
      'ISAKMP:(0): processing KE payload. message ID = 0',
    );
    expect(negotiations.at(-1)).toMatchObject({ peerAddress: spoke, phase1: 'incomplete' });
  });

  it('is of the IKEv2 SA that follows, where one does', () => {
    const negotiations = told(
      ...noMap,
      'IKEv2:(SESSION ID = 1,SA ID = 1):There was no IPSEC policy found for received TS',
    );
    expect(negotiations).toMatchObject([{ ikeVersion: 2 }]);
  });
});

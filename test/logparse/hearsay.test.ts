import { describe, expect, it } from 'vitest';
import { createHearsay } from '../../src/logparse/hearsay.ts';
import { parseLog } from '../../src/logparse/parse.ts';

const syslog = [
  '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.9 failed its sanity check or is malformed',
  '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.9 failed its sanity check or is malformed',
  '%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel0, changed state to down',
  '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 203.0.113.4 failed its sanity check or is malformed',
  '%CRYPTO-5-IPSEC_SETUP_FAILURE: IPSEC SETUP FAILED for local:192.0.2.1 local_id:192.0.2.1 remote:198.51.100.9 remote_id:b.example IKE profile:P fvrf:None fail_reason:IPSec Proposal failure fail_class_cnt:2',
].map((text, i) => `*Nov 11 08:15:3${i}.123: ${text}`);

describe('what the syslog says', () => {
  it('is told as well where it names no peer', () => {
    const hearsay = createHearsay();
    const lines = [
      '%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Auth exchange failed',
      '%PKI-3-CERTIFICATE_INVALID_EXPIRED: Certificate chain validation has failed.  The certificate (SN: 02) has expired.    Validity period ended on 12:00:00 UTC Jan 1 2024',
      '%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Auth exchange failed',
      '%IKEV2-5-SA_UP: SA UP',
    ];
    parseLog(lines.join('\n'), 'i1').events.forEach(hearsay.take);
    expect(hearsay.all()).toMatchObject([
      { peer: null, means: 'the IKEv2 negotiation failed (Auth exchange failed)', times: 2 },
      { peer: null, means: expect.stringContaining('has expired') as string, line: 2 },
    ]);
  });

  it.each([
    [
      '%DMVPN-5-NHRP_NHS_DOWN: Tunnel0: Next Hop Server : (Tunnel: 172.16.0.1 NBMA: 192.0.2.7 ) for (Tunnel: 172.16.0.2 NBMA: 192.0.2.1) is DOWN, Reason: NHRP Registration Failure(NHRP: no error)',
      'went down (NHRP Registration Failure(NHRP: no error))',
    ],
    [
      '%DMVPN-5-CRYPTO_SS:  Tunnel0: local address : 192.0.2.1 remote address : 192.0.2.7 socket is UP',
      'tunnel came up',
    ],
    [
      '%CRYPTO-6-EZVPN_CONNECTION_DOWN: (Client)  User=u7  Group=G7  Client_public_addr=192.0.2.1  Server_public_addr=192.0.2.7  Assigned_client_addr=10.1.1.1',
      'tunnel went down',
    ],
    [
      '%GDOI-5-GM_REGS_COMPL: Registration to KS 192.0.2.7 complete for group GET-A using address 192.0.2.1',
      'has registered',
    ],
  ])('is told of what is built upon IKE: %s', (line, means) => {
    const hearsay = createHearsay();
    parseLog(line, 'i1').events.forEach(hearsay.take);
    expect(hearsay.all()).toMatchObject([
      { peer: '192.0.2.7', means: expect.stringContaining(means) as string },
    ]);
  });

  it('names no peer of the attempt at hand', () => {
    const up =
      '%DMVPN-5-CRYPTO_SS:  Tunnel0: local address : 192.0.2.1 remote address : 192.0.2.9 socket is DOWN';
    const { negotiations } = parseLog(`ISAKMP:(7): processing vendor id payload\n${up}`, 'i1');
    expect(negotiations).toMatchObject([{ peerAddress: null }]);
  });

  it('is told once for each peer, message and reason', () => {
    const hearsay = createHearsay();
    parseLog(syslog.join('\n'), 'i1').events.forEach(hearsay.take);
    expect(
      hearsay.all().map(({ peer, times, line, lastLine }) => [peer, times, line, lastLine]),
    ).toEqual([
      ['198.51.100.9', 2, 1, 2],
      ['203.0.113.4', 1, 4, 4],
      ['198.51.100.9', 1, 5, 5],
    ]);
    expect(hearsay.all()[2]!.means).toContain('(IPSec Proposal failure)');
  });

  it('is bounded', () => {
    const hearsay = createHearsay();
    const lines = Array.from({ length: 1000 }, (_, i) =>
      syslog[0]!.replace('198.51.100.9', `198.51.${i >> 8}.${i & 255}`),
    );
    parseLog(lines.join('\n'), 'i1').events.forEach(hearsay.take);
    expect(hearsay.all()).toHaveLength(64);
  });
});

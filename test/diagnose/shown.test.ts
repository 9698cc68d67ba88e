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
  ])('says nothing of what is well: %#', (lines) => {
    expect(summaryOf(...lines)).not.toContain('The show output says');
  });
});

import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
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

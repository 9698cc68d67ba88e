import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { vendorIdTable } from '../../src/isakmp/registry/vendor-id-table.ts';
import { vendorName } from '../../src/isakmp/registry/vendor-ids.ts';
import { octets } from '../support/isakmp.ts';

const name = (data: string): string | null => vendorName(octets(data));

describe('the vendor id table', () => {
  it('holds no prefix twice, and only whole octets', () => {
    const prefixes = vendorIdTable.map(([prefix]) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const prefix of prefixes) expect(prefix).toMatch(/^([0-9a-f]{2}){2,}$/);
  });

  it('hashes what it says it hashes', () => {
    const hashed = vendorIdTable.filter(([, , text]) => text !== undefined);
    expect(hashed.length).toBeGreaterThan(80);
    for (const [prefix, , text] of hashed) {
      const md5 = createHash('md5').update(text!).digest('hex');
      expect([text, md5.slice(0, prefix.length)]).toEqual([text, prefix]);
    }
  });

  it('finds every row by itself', () => {
    for (const [prefix, wanted] of vendorIdTable) {
      expect(name(prefix)).toContain(wanted.split(' ')[0]);
    }
  });
});

describe('vendorName', () => {
  it.each([
    ['09002689dfd6b712', 'XAUTH'],
    ['afcad71368a1f1c96b8696fc77570100', 'RFC 3706 DPD (Dead Peer Detection) 1.0'],
    ['12f5f28c457168a9702d9fe274cc0100', 'Cisco Unity 1.0'],
    ['4a131c81070358455c5728f20e95452f', 'RFC 3947 NAT-Traversal'],
    ['90cb80913ebb696e086381b5ec427b1f', 'draft-ietf-ipsec-nat-t-ike-02\\n'],
    ['4048b7d56ebce88525e7de7f00d6c2d380000000', 'FRAGMENTATION (Cisco IKE fragmentation)'],
    ['1f07f70eaa6514d3b0fa96542a500407', 'Cisco VPN 3000 / ASA 4.0.7'],
    ['1e2b516905991c7d7c96fcbfb587e46100000009', 'Windows 8, 10, Server 2012 or later'],
    ['1e2b516905991c7d7c96fcbfb587e46100000063', 'Windows release 99'],
    ['882fe56d6fd20dbc2251613b2ebe5beb', 'strongSwan'],
    ['4f452d4c6962726573776 16e2d342e3130'.replace(' ', ''), 'Libreswan 4.10'],
    ['4f4568794c64414365636661', 'Openswan or FreeS/WAN'],
    ['8299031757a36082c6a621de0005024d', 'FortiGate'],
    [
      'f4ed19e0c114eb516faaac0ee37daf2807b4381f000000010000138d0000000000000000182800',
      'Check Point Firewall-1 NG AI R55 or NGX',
    ],
  ])('%s', (data, wanted) => {
    expect(name(data)).toBe(wanted);
  });

  it('is null for what nobody knows, and for a known value cut short', () => {
    expect(name('00112233445566778899aabbccddeeff')).toBeNull();
    expect(name('')).toBeNull();
    expect(name('09002689')).toBeNull();
  });
});

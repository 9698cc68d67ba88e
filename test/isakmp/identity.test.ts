import { describe, expect, it } from 'vitest';

import { identityText, readableIdentity } from '../../src/isakmp/identity.ts';
import { octets } from '../support/isakmp.ts';

const text = (type: number, data: string): string => identityText(type, octets(data));

describe('identityText', () => {
  it('writes addresses, networks and ranges as configurations do', () => {
    expect(text(1, 'c0a84d0a')).toBe('192.168.77.10');
    expect(text(4, '0a470000ffffff00')).toBe('10.71.0.0/24');
    expect(text(4, '0a470000ff00ff00')).toBe('10.71.0.0/255.0.255.0');
    expect(text(4, '0000000000000000')).toBe('0.0.0.0/0');
    expect(text(7, '0a4700010a4700fe')).toBe('10.71.0.1-10.71.0.254');
    expect(text(5, '20010db8007700000000000000000010')).toBe('2001:db8:77::10');
    expect(text(6, `20010db8${'00'.repeat(12)}ffffffff${'00'.repeat(12)}`)).toBe('2001:db8::/32');
  });

  it('writes names as text, key ids and structures as hex', () => {
    expect(text(2, '6875622e6578616d706c65')).toBe('hub.example');
    expect(text(3, '6c6170746f70406578616d706c652e6e6574')).toBe('laptop@example.net');
    expect(text(11, '52656d6f74652d5374616666')).toBe('52656d6f74652d5374616666');
    expect(text(9, '3000')).toBe('3000');
  });

  it('writes hex for lengths that do not fit', () => {
    expect(text(1, 'c0a84d')).toBe('c0a84d');
    expect(text(6, '20010db8')).toBe('20010db8');
  });
});

describe('readableIdentity', () => {
  it('reads key ids that are text', () => {
    const read = (type: number, data: string): string =>
      readableIdentity(type, { bytes: octets(data), offset: 0 });
    expect(read(11, '52656d6f74652d5374616666')).toBe('Remote-Staff');
    expect(read(11, '00ff')).toBe('00ff');
    expect(read(9, '300d310b3009060355040613024348')).toBe('C=CH');
    expect(read(1, 'c0000201')).toBe('192.0.2.1');
  });
});

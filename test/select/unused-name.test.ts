import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';

const ROUTER = (keyrings: string, rest = ''): string => `hostname R1
${keyrings}
crypto isakmp policy 10
 authentication pre-share
 group 14
${rest}
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
interface Tunnel1
 ip address 10.0.0.1 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination 192.0.2.1
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address 198.51.100.2 255.255.255.0
`;
const RING = (name: string, address = '192.0.2.1'): string =>
  `crypto keyring ${name}\n pre-shared-key address ${address} key Harbour-${name}\n`;
const PROFILE =
  'crypto isakmp profile p\n keyring named\n match identity address 192.0.2.1 255.255.255.255';

const told = (text: string): readonly string[] =>
  predict([...parseConfigs(text, 'cfg')])
    .findings.filter(({ id }) => id === 'unused-name')
    .map(({ title }) => title);

describe('a keyring that no profile names', () => {
  it('is told by what names it not, for it is searched even so', () => {
    expect(told(ROUTER(RING('named') + RING('spare', '203.0.113.4'), PROFILE))).toEqual([
      'No ISAKMP profile of R1 names keyring spare',
    ]);
  });

  it('is no matter where there is no profile, or where the replay takes the key from it', () => {
    expect(told(ROUTER(RING('first') + RING('second')))).toEqual([]);
    expect(told(ROUTER(RING('spare') + RING('named', '203.0.113.4'), PROFILE))).toEqual([]);
  });

  it('defines what nothing uses only where it holds no key', () => {
    expect(told(ROUTER(`${RING('named')}crypto keyring empty\n`, PROFILE))).toEqual([
      'R1 defines what nothing uses: keyring empty',
    ]);
  });
});

describe('another name', () => {
  it('is told as unused beside such a keyring, each in its own words', () => {
    const text = ROUTER(RING('named') + RING('spare', '203.0.113.4'), PROFILE);
    expect(told(`${text}crypto ipsec transform-set OLD esp-3des esp-md5-hmac\n`)).toEqual([
      'R1 defines what nothing uses: transform set OLD',
      'No ISAKMP profile of R1 names keyring spare',
    ]);
  });
});

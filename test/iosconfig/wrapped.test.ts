import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { ConfigModel } from '../../src/model/config.ts';

const LISTING = `hostname R1
crypto keyring KR-OF-THE-BRANCH-OFFICE
  description keys of the branch offices
  pre-shared-key address 192.0.2.9 255.255.255.255 key Kiwi7-And-Fig9-Make-Jam
crypto isakmp profile PROFILE-OF-THE-BRANCH-OFFICE
   keyring KR-OF-THE-BRANCH-OFFICE
   match identity address 192.0.2.9 255.255.255.255
ip access-list extended VPN
 permit ip 172.16.1.0 0.0.0.255 172.16.2.0 0.0.0.255
 permit ip 172.16.1.0 0.0.0.255 172.16.3.0 0.0.0.255`;

/** What a terminal makes of a text that goes beyond its width. */
const broken = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${String(width)}}`, 'g')) ?? [''])
    .join('\n');

function read(text: string): ConfigModel {
  const models = parseConfigs(text, 'i1');
  expect(models).toHaveLength(1);
  return models[0]!;
}

describe('a listing that a terminal broke', () => {
  it.each([40, 43, 44, 47, 50])('reads as it was printed, at %i columns', (width) => {
    const { profiles, accessLists, keyrings, anomalies } = read(broken(LISTING, width));
    expect(keyrings).toMatchObject([{ name: 'KR-OF-THE-BRANCH-OFFICE' }]);
    expect(profiles).toMatchObject([
      {
        name: 'PROFILE-OF-THE-BRANCH-OFFICE',
        keyrings: [{ name: 'KR-OF-THE-BRANCH-OFFICE' }],
        matches: [{ value: '192.0.2.9', prefixLength: 32, vrf: null }],
      },
    ]);
    expect(accessLists[0]!.entries.map(({ destination }) => destination)).toMatchObject([
      { address: '172.16.2.0', wildcard: '0.0.0.255' },
      { address: '172.16.3.0', wildcard: '0.0.0.255' },
    ]);
    expect(anomalies.map(({ code }) => code)).toContain('line-joined');
  });

  it.each([44, 48, 51, 54, 60, 62])('reads the one entry that it broke, at %i columns', (width) => {
    const entry = 'access-list 101 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255';
    const { accessLists } = read(broken(`hostname R1\n${entry}\n!\nend`, width));
    expect(accessLists[0]!.unread).toEqual([]);
    expect(accessLists[0]!.entries).toMatchObject([
      {
        source: { address: '10.1.0.0', wildcard: '0.0.255.255' },
        destination: { address: '10.2.0.0', wildcard: '0.0.255.255' },
      },
    ]);
  });

  it.each([
    [60, 'torn'],
    [70, 'torn'],
    [77, 'torn'],
    [78, 0],
  ] as const)(
    'keeps a key of which it shows a part alone from every comparison: %i',
    (width, type) => {
      const [entry] = read(broken(LISTING, width)).keyrings[0]!.entries;
      expect(entry).toMatchObject({ address: '192.0.2.9', secretType: type });
    },
  );

  it.each(['```', '</pre>', '-----', '...', '(snip)', 'Best regards, Anna', 'call-home'])(
    'is none where %s stands behind the widest line, which lacks nothing',
    (behind) => {
      const { accessLists, anomalies } = read(
        `${LISTING.split('\n').slice(7).join('\n')}\n${behind}`,
      );
      expect(accessLists[0]!.entries).toHaveLength(2);
      expect(accessLists[0]!.entries[1]).toMatchObject({
        destination: { address: '172.16.3.0', wildcard: '0.0.0.255' },
      });
      expect(anomalies).toEqual([]);
    },
  );

  it('has keys that went on behind an end of line as well', () => {
    const text = `crypto keyring K
 pre-shared-key address 192.0.2.9 key
Kiwi7-And
crypto ikev2 keyring V
 peer P
  address 192.0.2.9
  pre-shared-key
`;
    const model = read(text);
    expect(model.keyrings[0]!.entries).toMatchObject([{ secret: '', secretType: 'torn' }]);
    expect(model.ikev2Keyrings[0]!.peers[0]!.local).toMatchObject({ secretType: 'torn' });
  });

  it.each([
    ['a line at the margin that is not known', 'frobnicate the whole of the router'],
    ['a remark', '% the peer is not yet there'],
  ])('is not what a narrower line and %s are', (_, next) => {
    const text = `${LISTING}\ninterface Ethernet0/0\n${next}`;
    expect(read(text).anomalies.map(({ code }) => code)).not.toContain('line-joined');
  });
});

describe('line ends', () => {
  it('may be CR alone', () => {
    const model = read(LISTING.replaceAll('\n', '\r'));
    expect(model.profiles).toHaveLength(1);
    expect(model.keyrings[0]!.entries[0]!.line).toBe(4);
  });
});

describe('lines of keyrings and profiles that cannot be read', () => {
  it.each([
    ['crypto keyring K\n pre-shred-key address 192.0.2.9 key kiwi', [2]],
    ['crypto keyring K\nR1(conf-keyring)#\n pre-shared-key adress 192.0.2.9 key kiwi', [3]],
    ['crypto isakmp profile P\n keyring K\n mtch identity address 192.0.2.9', [3]],
    ['crypto isakmp key walnut\n', [1]],
    ['crypto keyring K\n description the key\ncdp frobnicate', []],
    ['crypto isakmp profile P\n match identity group sales\n', []],
  ])('are told: %s', (text, lines) => {
    const told = parseConfigs(`hostname R1\n${text}`, 'i1')[0]!.anomalies.filter(
      ({ code }) => code === 'line-unread',
    );
    expect(told.map(({ line }) => line - 1)).toEqual(lines);
  });
});

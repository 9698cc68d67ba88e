import { describe, expect, it } from 'vitest';
import { candidatesOfConfigs, unreadableKeys } from '../../src/intake/candidates.ts';
import { createInputReader, type Input } from '../../src/intake/input.ts';
import { applyCommands } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';
import { tokensFor } from '../../src/iosconfig/secrets.ts';

/* The stored string and its master key: github.com/CiscoDevNet/Type-6-Password-Encode. */
const stored = 'fe_a`iJYE\\DZYJhDhTP[`MYaTgRH_MAAB';
const key = 'Cisco123';

function read(text: string, masterKeys: readonly string[] = []): Input {
  const reader = createInputReader({
    id: 'i1',
    path: 'router.txt',
    as: 'evidence',
    captureIndex: 0,
    router: null,
    ports: [],
    year: null,
    masterKeys,
  });
  reader.push(new TextEncoder().encode(text));
  const input = reader.end();
  if (input.kind === 'unreadable') throw new Error(input.why);
  return input;
}

const router = (
  name: string,
  own: string,
  peer: string,
  secret: string,
): string => `hostname ${name}
password encryption aes
crypto keyring ring
  pre-shared-key address ${peer} key ${secret}
crypto isakmp policy 10
 encryption aes
 authentication pre-share
 group 14
crypto isakmp profile far
 keyring ring
 match identity address ${peer} 255.255.255.255
crypto ipsec profile tunnel
 set isakmp-profile far
interface Tunnel0
 ip address 10.0.0.${own.at(-1)!} 255.255.255.252
 tunnel source ${own}
 tunnel mode ipsec ipv4
 tunnel destination ${peer}
 tunnel protection ipsec profile tunnel
interface GigabitEthernet0/0
 ip address ${own} 255.255.255.0
`;
const storing = router('A', '192.0.2.1', '192.0.2.2', `6 ${stored}`);

const secretOf = ({ configs }: Input): string => configs[0]!.keyrings[0]!.entries[0]!.secret;

describe('type 6 keys', () => {
  it('are unreadable without their master key, and under another one', () => {
    for (const masters of [[], ['another']]) {
      const input = read(storing, masters);
      expect(candidatesOfConfigs([input])).toEqual([]);
      expect(unreadableKeys(input)).toMatchObject([{ code: 'key-encrypted' }]);
    }
  });

  it.each([
    ['given', storing, ['another', key]],
    ['shown by the session', `key config-key password-encrypt ${key}\n${storing}`, []],
  ])('are candidates when the master key is %s', (_, text, masters) => {
    const input = read(text, masters);
    expect(secretOf(input)).toBe(key);
    expect(unreadableKeys(input)).toEqual([]);
    expect(candidatesOfConfigs([input])).toMatchObject([{ keyring: 'ring' }]);
  });

  it('compare with the key in clear of another router', () => {
    const other = (secret: string): string => router('B', '192.0.2.2', '192.0.2.1', secret);
    const outcomes = (secret: string, masters: readonly string[]): readonly string[] => {
      const inputs = [read(storing, masters), read(other(secret))];
      return predict(inputs.flatMap(({ configs }) => configs)).directions.map(
        ({ outcome }) => outcome,
      );
    };
    expect(outcomes(key, [key])).toEqual(['up', 'up']);
    expect(outcomes('else', [key])).toEqual(['fails', 'fails']);
    expect(outcomes(key, [])).toEqual(['unknown', 'unknown']);
  });

  it('stay in clear when commands are applied', () => {
    const [model] = read(storing, [key]).configs;
    const after = applyCommands(model!, ['crypto keyring other']);
    expect(after.keyrings[0]!.entries[0]).toMatchObject({ secret: key, secretType: 0 });
  });

  it('have the token of the key that they store', () => {
    const token = tokensFor(read(storing, [key]).configs);
    expect(token(stored)).toBe(token(key));
  });
});

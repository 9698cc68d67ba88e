import { describe, expect, it } from 'vitest';
import { undefinedNames } from '../../src/iosconfig/names.ts';
import { applyCommands, parseConfigs } from '../../src/iosconfig/parse.ts';
import { scoreConfig } from '../../src/iosconfig/recognise.ts';
import { isShownName } from '../../src/iosconfig/show-profiles.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import { diagnosisOf } from '../support/incident.ts';

const listing = `EDGE#show crypto isakmp profile
ISAKMP PROFILE PR-PARTNER
   Ref Count = 4
   Identities matched are:
    ip-address 203.0.113.77 255.255.255.255 [fvrf: INET]
    fqdn gw.partner.example
    group VPN
   Certificate maps matched are:
   Identity presented is: ip-address
   keyring(s): KR-PARTNER KR-LAB
   trustpoint(s): <all>
ISAKMP PROFILE PR-CERT
   Ref Count = 2
   Identities matched are:
   Certificate maps matched are:
    CM-SPOKES
   Identity presented is: fqdn
   keyring(s): <none>
   trustpoint(s): TP-CORP
   VRF : RED
EDGE#`;
const read = (text: string): ConfigModel => {
  const [model, ...more] = parseConfigs(text, 'i1');
  expect(more).toEqual([]);
  return model!;
};

describe('the listing of show crypto isakmp profile', () => {
  it('is taken for the profiles that print it, row by row', () => {
    const { hostname, profiles, lineStates } = read(listing);
    expect(hostname).toBe('EDGE');
    expect(profiles).toMatchObject([
      {
        name: 'PR-PARTNER',
        line: 2,
        vrf: null,
        keyrings: [
          { name: 'KR-PARTNER', line: 10 },
          { name: 'KR-LAB', line: 10 },
        ],
        trustpoints: [],
        selfIdentity: { kind: 'address', line: 9 },
        matches: [
          { kind: 'address', value: '203.0.113.77', prefixLength: 32, vrf: 'INET', line: 5 },
          { kind: 'host', value: 'gw.partner.example', line: 6 },
          { kind: 'group', value: 'VPN', line: 7 },
        ],
      },
      {
        name: 'PR-CERT',
        line: 12,
        vrf: 'RED',
        keyrings: [],
        trustpoints: [{ name: 'TP-CORP', line: 19 }],
        selfIdentity: { kind: 'fqdn', line: 17 },
        matches: [{ kind: 'certificate-map', value: 'CM-SPOKES', line: 16 }],
      },
    ]);
    expect(lineStates).not.toContain('unknown');
    expect(scoreConfig(listing)).toBe(2);
  });

  it.each([
    ['in mail', listing.split('\n').map((line) => `> ${line}`)],
    ['with CRLF', listing.split('\n').map((line) => `${line}\r`)],
    ['without prompts', listing.split('\n').slice(1, -1)],
    ['before other output', [...listing.split('\n'), 'EDGE#show clock', '09:12:03.1 UTC']],
  ])('is read %s', (_, lines) => {
    expect(read(lines.join('\n')).profiles.map(({ name }) => name)).toEqual([
      'PR-PARTNER',
      'PR-CERT',
    ]);
  });

  it('adds nothing to profiles that are configured in the paste', () => {
    const configured = `${listing}show running-config
crypto isakmp profile PR-PARTNER
   keyring KR-NEW
   match identity address 203.0.113.77 255.255.255.255
EDGE#`;
    expect(read(configured).profiles).toMatchObject([
      { name: 'PR-PARTNER', keyrings: [{ name: 'KR-NEW' }] },
    ]);
  });

  it('has no row that is taken for a command of what is configured before it', () => {
    const { profiles, policies } = read(`EDGE#show running-config
crypto isakmp profile PR-OTHER
   keyring KR-NEW
crypto isakmp policy 10
 group 14
${listing.replace('group VPN', 'group 5')}`);
    expect(profiles.map(({ name }) => name)).toEqual(['PR-OTHER']);
    expect(policies).toMatchObject([{ priority: 10, group: 14 }]);
  });

  it('stays, with the keys that are shown, when commands are typed after it', () => {
    const shown = read(`${listing}show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

KR-PARTNER   203.0.113.77                                walnut
EDGE#`);
    const changed = applyCommands(shown, [
      'crypto isakmp profile PR-PARTNER',
      ' no keyring KR-LAB',
      'crypto keyring KR-LAB',
    ]);
    expect(changed.profiles.map(({ name }) => name)).toEqual(['PR-PARTNER', 'PR-CERT']);
    expect(changed.profiles[0]!.keyrings).toMatchObject([{ name: 'KR-PARTNER' }]);
    expect(changed.keyrings.find(({ name }) => name === 'KR-PARTNER')?.entries).toHaveLength(1);
  });

  it('calls names that are configured, though not shown', () => {
    const { findings } = diagnosisOf({ configs: [listing] });
    expect(undefinedNames(read(listing)).map(({ name }) => name)).toContain('KR-PARTNER');
    expect(findings.map(({ id }) => id)).not.toContain('undefined-name');
    expect(isShownName('   keyring(s): KR-PARTNER')).toBe(true);
    expect(isShownName('   keyring KR-PARTNER')).toBe(false);
  });

  it('names the keyrings of the profile that a debug tells of', () => {
    const log = [
      'EDGE#',
      '*Mar 11 09:14:02.100: ISAKMP (0): received packet from 203.0.113.77 dport 500 sport 500 Global (N) NEW SA',
      '*Mar 11 09:14:02.104: ISAKMP:(0):key for 203.0.113.77 found in KR-OLD',
      '*Mar 11 09:14:02.451: ISAKMP:(1023): sending packet to 203.0.113.77 my_port 500 peer_port 500 (R) MM_KEY_EXCH',
      '*Mar 11 09:14:02.459: ISAKMP:(1023):Old State = IKE_R_MM3  New State = IKE_R_MM4',
      '*Mar 11 09:14:02.474: ISAKMP (1023): received packet from 203.0.113.77 dport 500 sport 500 Global (R) MM_KEY_EXCH',
      '*Mar 11 09:14:02.474: ISAKMP:(1023):Old State = IKE_R_MM4  New State = IKE_R_MM5',
      '*Mar 11 09:14:02.484: ISAKMP:(0):: peer matches PR-PARTNER profile',
      '*Mar 11 09:14:02.484: ISAKMP:(1023):Key not found in keyrings of profile , aborting exchange',
      '*Mar 11 09:14:02.484: ISAKMP (1023): FSM action returned error: 2',
    ].join('\n');
    const { findings } = diagnosisOf({
      logs: [log],
      configs: [listing.replace(' [fvrf: INET]', '')],
    });
    const lines = findings[0]!.evidence.map(({ input, line }) => `${input} ${String(line)}`);
    expect(findings[0]!.id).toBe('keyring-mismatch-after-mm5');
    expect(lines).toContain('cfg0 10');
  });
});

describe('the listing of show crypto isakmp profile, taken more than once', () => {
  const profile = (name: string, keyring: string): string => `ISAKMP PROFILE ${name}
   Ref Count = 2
   Identities matched are:
    ip-address 203.0.113.77 255.255.255.255
   Certificate maps matched are:
   Identity presented is: ip-address
   keyring(s): ${keyring}
   trustpoint(s): <all>`;
  const taken = (command: string, ...profiles: readonly string[]): string =>
    [`EDGE#show crypto isakmp profile${command}`, ...profiles].join('\n');
  const [before, after] = [profile('P1', 'KR-NEW'), profile('P1', 'KR-OLD')];
  const keys = `EDGE#show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

KR-OLD       203.0.113.77                                walnut
KR-NEW       203.0.113.77                                walnut`;

  it.each([
    ['one behind the other', [taken('', before), taken('', after)], ['P1 KR-OLD']],
    ['with keys between', [taken('', before), keys, taken('', after)], ['P1 KR-OLD']],
    ['without prompts', [before, after], ['P1 KR-OLD']],
    [
      'with another profile gone',
      [taken('', profile('P0', 'KR-A'), before), taken('', after)],
      ['P1 KR-OLD'],
    ],
    ['under another name', [taken('', before), taken('', profile('P2', 'KR-OLD'))], ['P2 KR-OLD']],
    [
      'in part the second time',
      [taken('', profile('P0', 'KR-A'), before), taken(' tag P1', after)],
      ['P0 KR-A', 'P1 KR-OLD'],
    ],
    [
      'each in part',
      [taken(' tag P0', profile('P0', 'KR-A')), taken(' tag P1', after)],
      ['P0 KR-A', 'P1 KR-OLD'],
    ],
  ])('counts as it was last: %s', (_, parts, said) => {
    const { profiles } = read([...parts, 'EDGE#'].join('\n'));
    expect(
      profiles.map(({ name, keyrings }) => [name, ...keyrings.map((each) => each.name)].join(' ')),
    ).toEqual(said);
  });

  it('stays so when commands are typed after it', () => {
    const shown = read([taken('', before), taken('', after), 'EDGE#'].join('\n'));
    const [changed] = applyCommands(shown, ['crypto keyring KR-LAB']).profiles;
    expect(changed!.keyrings).toMatchObject([{ name: 'KR-OLD' }]);
  });

  it('is told apart by the router', () => {
    const other = taken('', after).replace('EDGE#', 'HUB#');
    const models = parseConfigs([taken('', before), other, 'HUB#'].join('\n'), 'i1');
    expect(models.map(({ profiles }) => profiles[0]?.keyrings[0]?.name)).toEqual([
      'KR-NEW',
      'KR-OLD',
    ]);
  });
});

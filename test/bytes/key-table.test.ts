import { describe, expect, it } from 'vitest';
import { createKeyTable, keysOfTables } from '../../src/bytes/key-table.ts';

const header = 'Keyring      Hostname/Address                            Preshared Key';

function shown(text: string): readonly string[] {
  const table = createKeyTable();
  return text.split('\n').map((line) => {
    const at = table.keyAt(line);
    return at < 0 ? line : `${line.slice(0, at)}<key>`;
  });
}

describe('the table of show crypto isakmp key', () => {
  it.each([
    [
      'default      10.10.10.2                                  hush',
      'default      10.10.10.2                                  <key>',
    ],
    ['default 0.0.0.0/0.0.0.0 hush', 'default 0.0.0.0/0.0.0.0 <key>'],
    [
      'default      0.0.0.0        [0.0.0.0]     hush',
      'default      0.0.0.0        [0.0.0.0]     <key>',
    ],
    [
      'default      10.0.0.0     [255.0.0.0      ]   hush hush',
      'default      10.0.0.0     [255.0.0.0      ]   <key>',
    ],
    [
      '             192.0.2.10                                  hush',
      '             192.0.2.10                                  <key>',
    ],
    [
      'default      2001:DB8::1/128                             hush',
      'default      2001:DB8::1/128                             <key>',
    ],
    [
      'KR1 (VRF-A)  192.0.2.9                                   hush',
      'KR1 (VRF-A)  192.0.2.9                                   <key>',
    ],
    [
      'KR1          vpn.example.com                             hush',
      'KR1          vpn.example.com                             <key>',
    ],
    [
      '> default    192.0.2.9                                   hush',
      '> default    192.0.2.9                                   <key>',
    ],
    [
      'KR1          branch                                      hush',
      'KR1          branch                                      <key>',
    ],
    ['hush', '<key>'],
  ])('hides the key of "%s"', (row, hidden) => {
    expect(shown(`R1#show crypto isakmp key\n${header}\n\n${row}\n${row}\n`).slice(3, 5)).toEqual([
      hidden,
      hidden,
    ]);
    expect(keysOfTables(`${header}\r\n${row}\r\n`).get(row.trim())).toMatch(/^hush/);
  });

  it('ends with a prompt, a message or prose', () => {
    for (const end of [
      'R1#show clock',
      'R1(config-if)# exit',
      '*Mar  1 00:01:02.003: ISAKMP:(0):found peer pre-shared key matching 192.0.2.7',
      '%SYS-5-CONFIG_I: Configured from console by console',
      'and this is what the other one says',
    ]) {
      const text = `${header}\ndefault 192.0.2.9 hush\n${end}\ndefault 192.0.2.9 word`;
      expect(shown(text).slice(2)).toEqual([end, 'default 192.0.2.9 word']);
    }
  });

  it('looks at a line in time that grows with it', () => {
    for (const filler of ['a', ' ', 'a ', '1.', 'a  ', ':', 'a.b ', '\t']) {
      const table = createKeyTable();
      table.keyAt(header);
      table.keyAt(filler.repeat(500_000));
    }
  });

  it.each([
    [
      'R1#show crypto isakmp key | include 192',
      'KR1          192.0.2.9       [255.255.255.255]   ',
    ],
    ['R1#sh cry isa key | i 192', 'KR1  192.0.2.9  '],
    ['% unknown', 'default      192.0.2.9                       '],
    ['', '> default      192.0.2.9       [255.255.255.255]           '],
  ])('is known without its header: %j', (before, row) => {
    const text = [before, `${row}hush`, `             192.0.2.10      other`, 'R1#exit'].join('\n');
    expect(shown(text)).toEqual([
      before,
      `${row}<key>`,
      '             192.0.2.10      <key>',
      'R1#exit',
    ]);
    expect([...keysOfTables(text).values()]).toEqual(['hush', 'other']);
  });

  it.each([
    'R1#show crypto isakmp key\n% Invalid input\nGigabitEthernet0/0 192.0.2.1 YES NVRAM up up',
    'R1#show ip interface brief\nGigabitEthernet0/0  192.0.2.1  YES',
    'default gateway is 192.0.2.1  up',
    'ip default-gateway 192.0.2.1',
    'R1#show ip local pool\ndefault             10.3.0.1        10.3.0.50\nVPNPOOL             10.3.1.1        10.3.1.50',
    'R1#show ip route static\ndefault  10.0.0.1   255.255.255.0\ndefault  10.0.0.9   GigabitEthernet0/1',
    'default  10.0.0.9   [255.255.255.0]  Gi0/0/1.100',
    'default  10.0.0.9   Tunnel0',
    'Default  192.0.2.7   via',
    'default   192.0.2.1   up',
    '  default    192.0.2.1      ipv4',
  ])('is not seen in %j', (text) => {
    expect(shown(text)).toEqual(text.split('\n'));
  });

  it('is read where CR alone ends the lines', () => {
    expect([...keysOfTables(`${header}\rdefault  192.0.2.9  hush\r`).values()]).toEqual(['hush']);
  });
});

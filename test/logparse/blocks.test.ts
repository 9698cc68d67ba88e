import { describe, expect, it } from 'vitest';
import { readBlock } from '../../src/logparse/blocks.ts';

const request = (remote: string): readonly string[] => [
  `  (key eng. msg.) OUTBOUND local= 192.0.2.1:500, remote= ${remote}:500,`,
  '    local_proxy= 10.1.0.0/255.255.0.0/256/0,',
  '    remote_proxy= 10.2.0.0/255.255.0.0/256/0,',
  '    protocol= ESP, transform= esp-aes 256 esp-sha256-hmac  (Tunnel), ',
  '    lifedur= 3600s and 4608000kb, ',
  '    spi= 0x0(0), conn_id= 0, keysize= 256, flags= 0x0',
];

const fieldsOf = (remote: string): Readonly<Record<string, string | number>> => ({
  direction: 'OUTBOUND',
  local: '192.0.2.1',
  localPort: 500,
  remote,
  remotePort: 500,
  localProxy: '10.1.0.0/255.255.0.0/256/0',
  remoteProxy: '10.2.0.0/255.255.0.0/256/0',
  protocol: 'ESP',
  transform: 'esp-aes 256 esp-sha256-hmac',
  mode: 'Tunnel',
  lifeSeconds: 3600,
  lifeKilobytes: 4608000,
  spi: 0,
  engineId: 0,
  keySize: 256,
});

const cut = (lines: readonly string[], width: number): readonly string[] =>
  lines.flatMap((line) => line.match(new RegExp(`.{1,${String(width)}}`, 'g')) ?? []);

describe('the lines below a message', () => {
  it('are read wherever they were broken, whatever stood above the same lines before', () => {
    for (const remote of ['203.0.113.7', '203.0.113.201', '2001:db8::7'])
      for (let width = 9; width <= 80; width++) {
        const lines = cut(request(remote), width);
        const { fields, belongs } = readBlock('key-engine-request', lines);
        expect(fields, `${remote} at ${String(width)}`).toEqual(fieldsOf(remote));
        expect(belongs).toEqual(lines.map((line) => line.trim() !== ''));
      }
  });

  it('are told from others among them', () => {
    const [first, ...rest] = request('203.0.113.7');
    const lines = [first!, 'it stopped here', ...rest, 'and then?'];
    const { fields, belongs } = readBlock('key-engine-request', lines);
    expect(fields).toEqual(fieldsOf('203.0.113.7'));
    expect(belongs).toEqual([true, false, true, true, true, true, true, false]);
    expect(readBlock('key-engine-request', ['not this', ...lines]).belongs).toEqual([
      false,
      ...belongs,
    ]);
  });

  it.each([
    ['esp-3des esp-sha-hmac ', 'esp-3des esp-sha-hmac'],
    ['ah-sha-hmac esp-aes esp-md5-hmac comp-lzs ', 'ah-sha-hmac esp-aes esp-md5-hmac comp-lzs'],
    ['esp-gcm 256 ', 'esp-gcm 256'],
    ['esp-192-aes esp-sha384-hmac', 'esp-192-aes esp-sha384-hmac'],
    ['NONE ', 'NONE'],
  ])('name a transform in words: %s', (written, transform) => {
    const line = `protocol= ESP, transform= ${written} (Tunnel), `;
    expect(readBlock('key-engine', [line]).fields).toMatchObject({ transform, mode: 'Tunnel' });
    expect(readBlock('sa-created', [`    sa_trans= ${written},`]).fields).toEqual({ transform });
  });

  it('keep the blanks of a name that may hold some', () => {
    const lines = (name: string): readonly string[] => [
      ' next-payload : 6',
      ' type         : 9 ',
      ` ${name} `,
      ' protocol     : 17 ',
    ];
    const value = (name: string): unknown => readBlock('id-payload', lines(name)).fields['value'];
    expect(value('Dist. name   : cn=hub (1) + x,o=Example  Corp.')).toBe(
      'cn=hub (1) + x,o=Example Corp.',
    );
    expect(value('group id     : remote users')).toBe('remote users');
    expect(value('FQDN name    : r1.example.net')).toBe('r1.example.net');
    expect(
      readBlock('id-payload', [' Dist. name   : cn=hub one,o=Exam', 'ple Corp', ' port : 500']),
    ).toMatchObject({ fields: { value: 'cn=hub one,o=Example Corp', port: 500 } });
  });

  it('may be none', () => {
    expect(readBlock('key-engine', [])).toEqual({ fields: {}, belongs: [] });
    expect(readBlock('key-engine', ['  '])).toEqual({ fields: {}, belongs: [false] });
  });
});

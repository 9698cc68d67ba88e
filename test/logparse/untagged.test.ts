import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';

const stamp = '*Mar  1 00:20:01.103: ';
const eventsOf = (lines: readonly string[]): readonly unknown[] =>
  parseLog(lines.join('\n'), 'i1').events.map(({ message, fields }) => [message, fields]);
const installed = [
  ['ipsec-sas-created', {}],
  [
    'sa-direction',
    {
      from: '192.0.2.7',
      to: '192.0.2.1',
      fvrf: 0,
      ivrf: 0,
      proxyFrom: '10.2.0.0',
      proxyTo: '10.1.0.0',
    },
  ],
  ['sa-spi', { spi: 0x1c2d3e4f, engineId: 2000, flags: '13' }],
  ['sa-life', { seconds: 3600 }],
  ['sa-life', { kilobytes: 4608000 }],
  ['sa-client-flags', { flags: '0x0' }],
  [
    'sa-direction',
    {
      from: '192.0.2.1',
      to: '192.0.2.7',
      fvrf: 0,
      ivrf: 0,
      proxyFrom: '10.1.0.0',
      proxyTo: '10.2.0.0',
    },
  ],
];

describe('messages behind a stamp without a tag', () => {
  it('are read with the lines that follow them', () => {
    expect(
      eventsOf([
        `${stamp}ISAKMP (0:2): Creating IPSec SAs`,
        `${stamp}        inbound SA from 192.0.2.7 to 192.0.2.1 (f/i)  0/ 0`,
        '        (proxy 10.2.0.0 to 10.1.0.0)',
        `${stamp}        has spi 0x1C2D3E4F and conn_id 2000 and flags 13`,
        `${stamp}        lifetime of 3600 seconds`,
        `${stamp}        lifetime of 4608000 kilobytes`,
        `${stamp}        has client flags 0x0`,
        `${stamp}        outbound SA from 192.0.2.1 to 192.0.2.7 (f/i) 0/0`,
        '        (proxy 10.1.0.0 to 10.2.0.0 )',
      ]),
    ).toEqual(installed);
  });

  it('are read where a line was broken, and with a remark behind them', () => {
    const document = parseLog(
      [
        `${stamp}ISAKMP (0:2): Creating IPSec SAs`,
        `${stamp}        inbound SA from 192.0.2.7 to`,
        '192.0.2.1 (f/i)  0/ 0 (proxy 10.2.0.0 to 10.1.0.0)',
        `${stamp}        has spi 0x1C2D3E4F and conn_id 2000 and fl`,
        'ags 13',
        `${stamp}        lifetime of 3600 seconds  <== an hour`,
      ].join('\n'),
      'i1',
    );
    expect(document.events.map(({ message, fields }) => [message, fields])).toEqual(
      installed.slice(0, 4),
    );
    expect(document.unmatched.map(({ example }) => example)).toEqual(['<== an hour']);
  });

  it('are nothing without the stamp', () => {
    expect(eventsOf(['The SA has a', 'lifetime of 3600 seconds'])).toEqual([]);
  });

  it('leave other lines as they are', () => {
    expect(eventsOf([`${stamp}lifetime of the universe`])).toEqual([['unmatched', {}]]);
  });
});

describe('the SA that a line of the key engine is about', () => {
  const identity = [
    '  (identity) local= 192.0.2.1:0, remote= 192.0.2.7:0,',
    '    local_proxy= 10.1.0.0/255.255.0.0/256/0,',
    '    remote_proxy= 10.2.0.0/255.255.0.0/256/0',
  ];
  const told = {
    local: '192.0.2.1',
    localPort: 0,
    remote: '192.0.2.7',
    remotePort: 0,
    localProxy: '10.1.0.0/255.255.0.0/256/0',
    remoteProxy: '10.2.0.0/255.255.0.0/256/0',
  };

  it('is read behind an SA that was made', () => {
    expect(
      eventsOf([
        `${stamp}IPSEC(create_sa): sa created,`,
        '  (sa) sa_dest= 192.0.2.1, sa_proto= 50, ',
        '    sa_spi= 0x1C2D3E4F(472727119), ',
        '    sa_trans= esp-aes esp-sha-hmac , sa_conn_id= 2001',
        '    sa_lifetime(k/sec)= (4608000/3600),',
        ...identity,
      ]),
    ).toEqual([
      [
        'ipsec-sa-created',
        {
          destination: '192.0.2.1',
          protocol: 50,
          spi: 0x1c2d3e4f,
          transform: 'esp-aes esp-sha-hmac',
          engineId: 2001,
          lifeKilobytes: 4608000,
          lifeSeconds: 3600,
          ...told,
        },
      ],
    ]);
  });

  it('is read behind a request that nobody answered', () => {
    expect(
      eventsOf([`${stamp}IPSEC(key_engine): request timer fired: count = 1,`, ...identity]),
    ).toEqual([['ipsec-request-timer', { count: 1, ...told }]]);
  });
});

import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import { scoreLog } from '../../src/logparse/recognise.ts';

const failed =
  '*Nov  5 07:00:00.003: IKEv2-ERROR:(SESSION ID = 2,SA ID = 1):: Auth exchange failed';
const group = "Group = 192.0.2.7, IP = 192.0.2.7, Can't find a valid tunnel group, aborting...!";
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('rows that a collector exports', () => {
  it.each([
    ['JSON, an object a line', [JSON.stringify({ host: { name: 'r9' }, message: failed })], 'r9'],
    [
      'JSON, an array',
      ['[', ` ${JSON.stringify({ _source: { source: 'r9', message: failed } })},`, ']'],
      null,
    ],
    [
      'JSON with a time',
      [JSON.stringify({ '@timestamp': '2023-11-05T07:00:00.000Z', hostname: 'r9', msg: failed })],
      'r9',
    ],
    [
      'CSV with names of its columns',
      ['timestamp,source,message', `2023-11-05T07:00:00.000Z,r9,${quoted(failed)}`],
      'r9',
    ],
    ['CSV without', [`2023-11-05T07:00:00.000Z,"x",${quoted(failed)}`], null],
    [
      'CSV of a line of a relay',
      ['"_time",host,"_raw"', `"1",r9,${quoted(`Nov  5 07:00:00 r9 12: ${failed}`)}`],
      'r9',
    ],
  ] as const)('%s', (_, rows, router) => {
    const text = rows.join('\n');
    expect(scoreLog(text)).toBeGreaterThan(0);
    const { events, negotiations } = parseLog(text, 'log0');
    expect(events.map(({ message }) => message)).toEqual(['v2-auth-exchange-failed']);
    expect(negotiations).toHaveLength(1);
    if (router !== null && text.includes('2023')) expect(negotiations[0]).toMatchObject({ router });
  });

  it.each([
    ['a log viewer', `4|Nov 12 2023|10:22:33|713903|||||${group}`],
    ['a list of it', `4 Nov 12 2023 10:22:33 713903 ${group}`],
  ])('columns of %s', (_, row) => {
    expect(scoreLog(row)).toBeGreaterThan(0);
    expect(parseLog(row, 'log0').negotiations).toMatchObject([
      { verdict: 'no-psk-for-peer', peerAddress: '192.0.2.7' },
    ]);
  });

  it.each([
    '{"message":"nothing of a router"}',
    '{"broken',
    '[1,2,{"a":[[[[[["deep"]]]]]]}]',
    'a,"b',
    'some prose, with a "quote", and commas',
  ])('leaves what is no row as it is: %s', (row) => {
    expect(scoreLog(row)).toBe(0);
    expect(parseLog(row, 'log0').events).toEqual([]);
  });

  it('gets through hostile rows, which hold no message', () => {
    for (const row of [
      `${' '.repeat(900)}{}${' '.repeat(900)}x`,
      `${' '.repeat(1300)}{}${' '.repeat(1300)}x`,
      `[${' '.repeat(2000)}{}${' '.repeat(2000)}]`,
      `{${'}'.repeat(4000)}x`,
      `{}${'],'.repeat(2000)}`,
      `${'|'.padStart(1900)}x${'|'.padStart(1900)}`,
    ]) {
      const text = `${row}\n`.repeat(200);
      expect(scoreLog(text)).toBe(0);
      expect(parseLog(text, 'log0').events).toEqual([]);
    }
  });

  it.each([
    ['the first of an array', `[ ${JSON.stringify({ msg: failed })} ,`, 1],
    ['one of an array', ` , ${JSON.stringify({ msg: failed })}`, 1],
    ['the last', `  ${JSON.stringify({ msg: failed })} ],  `, 1],
    ['one that more ends behind', `${JSON.stringify({ msg: failed })}],]`, 0],
  ] as const)('an object that is %s', (_, row, count) => {
    expect(parseLog(row, 'log0').events).toHaveLength(count);
  });
});

describe('the source of a page', () => {
  const lines = [
    'Received Packet [From 192.0.2.7:500/To 198.51.100.2:500/VRF i0:f0]',
    'Verification of peer&#39;s authentication data FAILED',
  ].map((text, n) => `*Nov  5 07:00:0${n}.000: IKEv2:(SESSION ID = 2,SA ID = 1):${text}`);

  it.each([
    ['breaks alone', `<p>${lines.join('<br />')}</p>`],
    ['breaks behind a line that begins as it is', lines.join('<br>')],
    ['breaks and line ends', lines.join('<br/>\n')],
    ['several tags in front', `<html><body><pre>${lines.join('\n')}</pre></body></html>`],
  ])('with %s', (_, text) => {
    expect(parseLog(text, 'log0').events.map(({ message }) => message)).toEqual([
      'v2-received',
      'v2-auth-failed',
    ]);
  });
});

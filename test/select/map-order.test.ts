import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { router } from '../support/map-router.ts';
import { readRouters } from '../support/tunnel-router.ts';

/** B has one more entry, with this number, peer and list. */
function read(sequence: number, peer: string, list: string, set = 'TS'): readonly unknown[] {
  const more = `ip access-list extended MORE
 ${list}
crypto ipsec transform-set OLD esp-3des esp-md5-hmac
crypto map M ${String(sequence)} ipsec-isakmp
 set peer ${peer}
 set transform-set ${set}
 match address MORE
crypto isakmp key pecan address 203.0.113.9
`;
  const prediction = predict(
    readRouters([
      `version 15.4\n${router('A', '192.0.2.1', '192.0.2.2')}`,
      `version 15.4\n${router('B', '192.0.2.2', '192.0.2.1')}${more}`,
    ]),
  );
  const told = prediction.findings.filter(({ title }) => title.includes('never calls'));
  const calls = prediction.directions.filter(({ initiator }) => initiator === 'B');
  return [
    ...calls.map(({ tunnel, outcome }) => `${tunnel ?? 'nothing'} ${outcome}`),
    ...told.map(({ title }) => title),
  ];
}

const FLOW = 'permit ip 172.16.2.0 0.0.0.255 172.16.1.0 0.0.0.255';
const WIDE = 'permit ip 172.16.2.0 0.0.0.255 any';

describe('entries of one crypto map', () => {
  const shadowed = (entry: number, by: number): string =>
    `crypto map M ${String(entry)} of B never calls: crypto map M ${String(by)} takes its traffic`;

  it.each([
    ['of another flow', 5, '203.0.113.9', FLOW.replace('1.0', '9.0'), ['crypto map M 10 up']],
    ['of which the later takes more', 20, '203.0.113.9', WIDE, ['crypto map M 10 up']],
    [
      'of which the earlier leaves some out',
      5,
      '203.0.113.9',
      `deny ip host 172.16.2.7 any\n ${WIDE}`,
      ['crypto map M 10 up'],
    ],
    [
      'of which the earlier has an entry that is not read',
      5,
      '203.0.113.9',
      `deny ip object-group SOME any\n ${WIDE}`,
      ['crypto map M 10 up'],
    ],
    [
      'of which the later has an entry that is not read',
      20,
      '203.0.113.9',
      `${FLOW}\n permit ip object-group SOME any`,
      ['crypto map M 10 up'],
    ],
    [
      'of which the earlier takes some',
      5,
      '203.0.113.9',
      WIDE.replace('ip', 'tcp'),
      ['crypto map M 10 up'],
    ],
    [
      'of which the earlier takes all',
      5,
      '203.0.113.9',
      WIDE,
      ['nothing unknown', shadowed(10, 5)],
    ],
    [
      'of which the later has nothing of its own',
      20,
      '203.0.113.9',
      FLOW,
      ['crypto map M 10 up', shadowed(20, 10)],
    ],
    [
      'for one peer',
      20,
      '192.0.2.1',
      FLOW.replace('2.0', '2.128').replace('255', '127'),
      ['crypto map M 10 up'],
    ],
  ])('%s', (_, sequence, peer, list, wanted) => {
    expect(read(sequence, peer, list).slice(0, wanted.length)).toEqual(wanted);
  });

  it('are tried by number, wherever they stand', () => {
    expect(read(5, '192.0.2.1', FLOW, 'OLD')).toEqual(['crypto map M 5 fails', shadowed(10, 5)]);
  });
});

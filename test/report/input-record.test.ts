import { describe, expect, it } from 'vitest';
import type { InputRecord } from '../../src/model/report.ts';
import { withRepeats } from '../../src/report/input-record.ts';

const record = (id: string, path: string): InputRecord => ({
  id,
  path,
  kind: 'ios-debug',
  bytes: 1,
  sha256: '',
  counts: {},
  anomalies: [],
});

describe('lines that stand in two inputs', () => {
  const records = [record('i1', 'terminal.txt'), record('i2', 'syslog.txt')];
  const repeat = { input: 'i2', line: 4, lastLine: 90, of: { input: 'i1', line: 7 }, lines: 61 };

  it('are told where they stand again, with the place that is read', () => {
    const [first, second] = withRepeats(records, [repeat]);
    expect(first!.anomalies).toEqual([]);
    expect(second!.anomalies).toEqual([
      {
        code: 'lines-seen-twice',
        text: 'lines 4 to 90 show an attempt that terminal.txt shows from line 7: 61 messages are in both; the attempt counts once and is read from there',
        line: 4,
      },
    ]);
    const [own] = withRepeats(records, [{ ...repeat, input: 'i1' }]);
    expect(own!.anomalies[0]!.text).toContain('that this file shows from line 7');
  });
});

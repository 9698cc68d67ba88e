import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLog } from '../../../src/logparse/parse.ts';
import { renderLogCsv } from '../../../src/report/log/csv.ts';
import { renderLogJson } from '../../../src/report/log/json.ts';
import { eventLine } from '../../../src/report/log/ndjson.ts';
import { renderLogText } from '../../../src/report/log/text.ts';
import { makePalette } from '../../../src/report/palette.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../fixtures/logparse/${name}.txt`, import.meta.url), 'utf8');
const log = { path: 'edge-a.log', document: parseLog(read('01-keyring-mismatch-after-mm5'), 'i1') };

describe('the narration of a log', () => {
  const text = renderLogText([log], makePalette(false));
  it('says where the key came from, with the line', () => {
    expect(text).toMatch(/^ +98 .*takes the key of keyring KR-OLD.*MM3/m);
    expect(text).toMatch(/^ +139 .*selects ISAKMP profile PROF-NEW/m);
    expect(text).toMatch(/^ +141 .*came from KR-OLD/m);
  });
  it('ends with the verdict and the lines it rests on', () => {
    expect(text).toMatch(/keyring-mismatch-after-mm5 at mm5-verify.*lines 98, 139, 140, 141, 143/);
  });
  it('shows no key of a command or a table that was pasted along', () => {
    const pasted =
      'R1(config)#crypto isakmp key Winter-Oak-7 address 192.0.2.7\ncrypto keyring K\n pre-shared-key address 192.0.2.7 key Winter-Oak-7\nkeyring1     192.0.2.7      Winter-Oak-7\n';
    const document = parseLog(pasted, 'i1');
    const shown =
      renderLogText([{ path: 'p', document }], makePalette(false), { unmatched: true }) +
      renderLogJson([{ path: 'p', document }], { name: 'ike-autopsy', version: '0' });
    expect(shown).not.toContain('Winter-Oak');
    expect(shown).toContain('<key>');
  });
});

describe('the documents of a log', () => {
  it('have one row or line an event', () => {
    const { events } = log.document;
    expect(renderLogCsv([log]).trimEnd().split('\r\n')).toHaveLength(events.length + 1);
    expect(JSON.parse(eventLine(events[3]!, 'i1'))).toMatchObject({
      kind: 'event',
      line: events[3]!.line,
      message: events[3]!.message,
    });
    expect(JSON.parse(renderLogJson([log], { name: 'ike-autopsy', version: '0' }))).toMatchObject({
      schema: 'ike-autopsy/log@1',
      negotiations: [{ connId: 1023 }],
    });
  });
});

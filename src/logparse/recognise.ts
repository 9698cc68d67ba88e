import { newEnvelope, readEnvelope } from './envelope.ts';
import { cleanLine, readPrompt, withShortMonth } from './clean.ts';
import { ExportRows } from './export-row.ts';
import { withoutDecoration } from './paste-frame.ts';
import { beginsShowOutput } from './show-output.ts';
import { splitStamped, splitTagged, withoutCarrier } from './split.ts';

const mostLines = 2000;
/** What messages and tables hold: to be looked for where a text begins with other things. */
const telling =
  /ISAKMP|IKEv2|IPSEC\(|IPSec\(|%[A-Z][A-Z0-9_]{1,30}-\d-|\[IKEv1|Crypto (?:session|map tag|ISAKMP)|dst\s{1,40}src\s{1,40}state|Keyring\s{1,40}Hostname/g;
const mostPlaces = 200;
const linesThere = 20;

/**
 * How many lines of this text are debug, syslog or show lines of a router: of its first lines, or, if there are none, of
 * those where something speaks of them. A terminal's record may begin with a long configuration.
 */
export function scoreLog(text: string): number {
  let { score, end } = scoreFrom(text, 0, mostLines);
  for (let place = 0; score === 0 && place < mostPlaces; place++) {
    telling.lastIndex = end;
    const found = telling.exec(text);
    if (!found) break;
    const line = text.lastIndexOf('\n', found.index) + 1;
    ({ score, end } = scoreFrom(text, line, linesThere));
  }
  return score;
}

function scoreFrom(
  text: string,
  from: number,
  lines: number,
): { readonly score: number; readonly end: number } {
  const envelope = newEnvelope();
  const rows = new ExportRows();
  let score = 0;
  let at = from;
  for (let line = 0; line < lines && at < text.length; line++) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const written = text.slice(at, Math.min(end, at + 2000));
    const raw = rows.unwrap(written) ?? written;
    at = end + 1;
    readEnvelope(raw, 0, raw.length, envelope);
    const carried = envelope.family === 'other' ? withoutCarrier(raw, envelope.textStart) : null;
    if (carried !== null) readEnvelope(carried, 0, carried.length, envelope);
    if (envelope.family === 'none' || envelope.family === 'other') {
      const clean = withShortMonth(withoutDecoration(cleanLine(raw)));
      const plain = readPrompt(clean.trimStart())?.rest ?? clean;
      if (beginsShowOutput(plain)) {
        score++;
        continue;
      }
      const line = (splitStamped(plain) ?? splitTagged(plain))?.[1] ?? plain;
      readEnvelope(line, 0, line.length, envelope);
    }
    if (envelope.family !== 'none' && envelope.family !== 'other') score++;
  }
  return { score, end: at };
}

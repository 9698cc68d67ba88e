import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogNegotiation } from '../../src/model/log.ts';

const shared =
  process.env.IKE_AUTOPSY_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const folder = join(shared, 'ios-debug', 'examples');
const present = existsSync(folder);
if (!present) console.warn(`skipped: no example logs at ${folder} (set IKE_AUTOPSY_SHARED)`);

type Truth = {
  readonly primaryNegotiation: string;
  readonly primaryVerdict: string;
  readonly generation: string;
  readonly negotiations: readonly Record<string, unknown>[];
};

/** Words of the truth files that the contract of the tool writes differently. */
const translated: Readonly<Record<string, unknown>> = { 'ike-auth': 'auth', up: 'established' };

function contractWords(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'string' && inner in translated ? translated[inner] : inner,
  );
}

/** Fields that hold an opinion in words, or name what only a configuration knows. */
const notFromLog: ReadonlySet<string> = new Set(['id', 'rootCause', 'rootCauseId']);

/** Evidence lines are the wanted set: further citations are fine. A name or address that the paste does not hold cannot be known. */
function expectField(
  name: string,
  wanted: unknown,
  negotiation: LogNegotiation,
  log: string,
): void {
  const got = contractWords(negotiation) as Record<string, unknown>;
  switch (name) {
    case 'evidenceLines':
      expect(negotiation.evidenceLines).toEqual(expect.arrayContaining(wanted as number[]));
      return;
    case 'router':
    case 'localAddress':
      if (new RegExp(`(?<![\\w.])${String(wanted).replaceAll('.', '\\.')}(?![\\w.]\\d?)`).test(log))
        expect(got[name], name).toEqual(wanted);
      return;
    case 'proxyLocal':
      expect(negotiation.proxies?.local).toBe(wanted);
      return;
    case 'proxyRemote':
      expect(negotiation.proxies?.remote).toBe(wanted);
      return;
    default:
      expect(got[name], name).toEqual(contractWords(wanted));
  }
}

describe.skipIf(!present)('the example logs', () => {
  for (const name of present ? readdirSync(folder).filter((entry) => /^\d/.test(entry)) : []) {
    const log = readFileSync(join(folder, name, 'log.txt'), 'utf8');
    const truth = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')) as Truth;
    const document = parseLog(log, 'i1');

    describe(name, () => {
      it('has as many negotiations', () => {
        expect(document.negotiations).toHaveLength(truth.negotiations.length);
      });
      it('is of that generation', () => {
        if (document.generation !== null) expect(truth.generation).toContain(document.generation);
      });
      truth.negotiations.forEach((wanted) => {
        const negotiation = document.negotiations.find(
          (each) => each.role === wanted.role && each.peerAddress === wanted.peerAddress,
        );
        for (const [field, value] of Object.entries(wanted)) {
          if (notFromLog.has(field)) continue;
          it(`${String(wanted.id)}: ${field}`, () => {
            expect(negotiation).toBeDefined();
            expectField(field, value, negotiation!, log);
          });
        }
      });
    });
  }
});

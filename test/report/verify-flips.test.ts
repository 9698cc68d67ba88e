import { describe, expect, it } from 'vitest';

import { analyze, type AnalysisReport, type EvidenceFile } from '../../src/index.ts';
import { verifyReport, type BrokenClaim } from '../../src/report/verify.ts';
import { createRandom } from '../support/random.ts';
import { readSample } from '../support/samples.ts';

const octetsOf = ({ content }: EvidenceFile): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** Null when the change makes the file unreadable as a whole, which the command says instead. */
function analyzed(files: readonly EvidenceFile[]): AnalysisReport | null {
  try {
    return analyze(files);
  } catch (error) {
    if (error instanceof Error && /nothing in it is/.test(error.message)) return null;
    throw error;
  }
}

const linesOf = (file: EvidenceFile): readonly string[] =>
  new TextDecoder()
    .decode(octetsOf(file))
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));

const withoutDigests = (report: AnalysisReport): string =>
  JSON.stringify(report, (key, value: unknown) => (key === 'sha256' ? null : value));

/** Each thing that a report claims with a place or a name of its own, by that name, and how it reads. */
function things(report: AnalysisReport): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  const add = (key: string, thing: unknown): void => {
    all.set(key, [...(all.get(key) ?? []), JSON.stringify(thing)]);
  };
  for (const frame of report.excerpts.frames) add(`frame ${frame.input} ${frame.frame}`, frame);
  for (const { id, decisions, timeline } of report.negotiations) {
    for (const decision of decisions) {
      const { step, side, what } = decision;
      add(`decision ${id}, ${what} of the ${side} at ${step}`, decision);
    }
    for (const item of timeline)
      add(`event ${id} ${item.input} ${item.line ?? ''} ${item.frame ?? ''}`, item);
  }
  return all;
}

/** The same names, of the claims that were found broken. */
function brokenThings(broken: readonly BrokenClaim[]): ReadonlySet<string> {
  return new Set(
    broken.flatMap(({ kind, place, claim }) => {
      if (kind === 'frame') return [`frame ${place!.input} ${place!.frame}`];
      if (kind === 'decision') return [`decision ${/^[^,]+, [^,:]+/.exec(claim)![0]}`];
      const id = claim.split(',')[0]!;
      return kind === 'event'
        ? [`event ${id} ${place!.input} ${place!.line ?? ''} ${place!.frame ?? ''}`]
        : [];
    }),
  );
}

const FLIPS = 6;

describe.each(['01-r1-initiates', '03-different-keys', '08-ikev2-unaffected', '12-certificates'])(
  '%s',
  (sample) => {
    const files = readSample(sample);
    const saved = analyze(files);
    const before = things(saved);
    const quoted = [...saved.excerpts.logLines, ...saved.excerpts.configLines];

    it.each(files.map(({ path }, index) => [path, index] as const))(
      'a flipped bit of %s breaks the claims that read otherwise now, and no other',
      (_, index) => {
        const random = createRandom(index + 1);
        for (let i = 0; i < FLIPS; i += 1) {
          const content = octetsOf(files[index]!).slice();
          const at = random(content.length);
          content[at]! ^= 1 << random(7);
          const changed = files.map((file, j) => (j === index ? { ...file, content } : file));
          const now = analyzed(changed);
          if (now === null) continue;
          const lines = changed.map(linesOf);
          const { broken } = verifyReport(saved, now, (_, input, line) => {
            const text = lines[Number(input.slice(1)) - 1]?.[line - 1];
            return text === undefined
              ? null
              : { input, line, text, means: null, negotiation: null };
          });
          const where = `octet ${at}`;

          // The digest of this file falls, and of no other.
          const digests = broken.filter(({ claim }) => claim.startsWith('SHA-256'));
          expect(
            digests.map(({ place }) => place),
            where,
          ).toEqual([{ input: `i${index + 1}` }]);

          // Of the lines that are quoted, those that read otherwise; a token stands for a key wherever it is.
          const moved = quoted.filter(({ input, line, text }) => {
            const file = Number(input.slice(1)) - 1;
            return (
              !text.includes('<key#') && lines[file]![line - 1] !== linesOf(files[file]!)[line - 1]
            );
          });
          const named = broken.filter(
            ({ kind, place, claim }) =>
              kind === 'line' &&
              claim.startsWith(`line ${place!.line}:`) &&
              !claim.includes('<key#'),
          );
          const placeOf = (input: string, line: number | undefined): string => `${input}:${line}`;
          expect(
            new Set(named.map(({ place }) => placeOf(place!.input, place!.line))),
            where,
          ).toEqual(new Set(moved.map(({ input, line }) => placeOf(input, line))));

          // Frames, decisions and events: those that are not what they were.
          const after = things(now);
          const expected = [...before].flatMap(([key, says]) =>
            says.every((one) => after.get(key)?.includes(one)) ? [] : [key],
          );
          expect([...brokenThings(broken)].sort(), where).toEqual(expected.sort());

          // What is claimed of a line of a negotiation lies in the log of whose negotiation it is.
          for (const { kind, place, claim } of broken)
            if (kind === 'negotiation' && place !== null)
              expect(claim.startsWith(`${place.input}-`), claim).toBe(true);

          // Nothing but the digest falls where nothing else of the report changed, and only there.
          const isSame = withoutDigests(now) === withoutDigests(saved);
          if (isSame) expect(broken, where).toHaveLength(1);
        }
      },
    );

    it('a digit that nothing rests on breaks the digest alone', () => {
      const index = files.findIndex(({ path }) => path === 'r1-config.txt');
      const content = octetsOf(files[index]!).slice();
      const at = new TextDecoder('latin1').decode(content).indexOf(' bytes') - 1;
      content[at]! ^= 1;
      const now = analyze(files.map((file, j) => (j === index ? { ...file, content } : file)));
      const { broken } = verifyReport(saved, now);
      expect(broken.map(({ claim }) => claim.split(':')[0])).toEqual(['SHA-256 of r1-config.txt']);
    });
  },
);

import { describe, expect, it } from 'vitest';

import { analyze, type EvidenceFile } from '../../src/index.ts';
import { verifyReport, type QuoteLine } from '../../src/report/verify.ts';
import { readSample } from '../support/samples.ts';

const files = readSample('02-r2-initiates');
const saved = analyze(files);
const octetsOf = ({ content }: EvidenceFile): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** The evidence with one octet of one file changed. */
function flipped(index: number, at: number, to: number): readonly EvidenceFile[] {
  return files.map((file, i) => {
    if (i !== index) return file;
    const content = octetsOf(file).slice();
    content[at] = to;
    return { ...file, content };
  });
}

/** Secrets aside, which this test changes nothing of. */
const quoteOf =
  (evidence: readonly EvidenceFile[]): QuoteLine =>
  (_, input, line) => {
    const file = evidence[Number(input.slice(1)) - 1];
    const content = file === undefined ? '' : new TextDecoder().decode(octetsOf(file));
    const text = content.split('\n')[line - 1]?.replace(/\r$/, '');
    return text === undefined ? null : { input, line, text, means: null, negotiation: null };
  };

const lineAt = (content: Uint8Array, at: number): number =>
  content.subarray(0, at).filter((octet) => octet === 10).length + 1;

describe('one changed octet', () => {
  it('breaks no claim when nothing changed', () => {
    expect(verifyReport(saved, analyze(files)).broken).toEqual([]);
  });

  const texts = files.flatMap((file, index) => (/\.txt$/.test(file.path) ? [index] : []));

  it.each(
    texts.flatMap((index) => [0.11, 0.37, 0.52, 0.68, 0.93].map((part) => [index, part] as const)),
  )('of file %i at %f of it is named, and only lines that hold it', (index, part) => {
    const content = octetsOf(files[index]!);
    let at = Math.floor(content.length * part);
    while (!/[a-z]/.test(String.fromCharCode(content[at]!))) at += 1;
    const changed = flipped(index, at, 'Q'.charCodeAt(0));
    const { broken } = verifyReport(saved, analyze(changed), quoteOf(changed));
    const id = `i${index + 1}`;
    expect(broken).toContainEqual(expect.objectContaining({ kind: 'input', place: { input: id } }));
    const line = lineAt(content, at);
    for (const { kind, place, claim } of broken) {
      if (kind === 'line' && claim.startsWith('line ')) expect(place).toEqual({ input: id, line });
    }
  });

  it('of the line that decides is named with finding, decision and verdict', () => {
    const index = files.findIndex(({ path }) => path === 'r1-debug.txt');
    const content = octetsOf(files[index]!);
    const text = new TextDecoder('latin1').decode(content);
    const at = text.indexOf('Key not found in keyrings') + 4;
    const line = lineAt(content, at);
    const { broken } = verifyReport(saved, analyze(flipped(index, at, 'X'.charCodeAt(0))));
    const here = broken.filter(
      ({ place }) => place?.input === `i${index + 1}` && place.line === line,
    );
    const kinds = new Set(here.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['line', 'event', 'evidence']));
    // What was decided stands on the line that names the keyring.
    expect(broken.map(({ kind }) => kind)).toContain('decision');
  });

  it('of a frame is named with the frame, and no log line is', () => {
    const index = files.findIndex(({ path }) => path.startsWith('capture'));
    const content = octetsOf(files[index]!);
    // The first octet of the last frame's message.
    const cookie = saved.negotiations.find(
      ({ initiatorCookie }) => initiatorCookie !== undefined,
    )!.initiatorCookie!;
    const hex = Array.from(content, (octet) => octet.toString(16).padStart(2, '0')).join('');
    const at = hex.lastIndexOf(cookie) / 2 + 40;
    const { broken } = verifyReport(saved, analyze(flipped(index, at, content[at]! ^ 0xff)));
    expect(broken.some(({ kind, place }) => kind === 'frame' && place?.frame !== undefined)).toBe(
      true,
    );
    expect(broken.some(({ kind, claim }) => kind === 'line' && claim.startsWith('line '))).toBe(
      false,
    );
  });
});

import { describe, expect, it } from 'vitest';

import type { Input } from '../../../src/intake/input.ts';
import { createInputReader } from '../../../src/intake/input.ts';
import { readPending, readWire } from '../../../src/intake/wire.ts';
import { decodeJson } from '../../../src/report/decode/json.ts';
import { keysDocument } from '../../../src/report/keys/document.ts';
import { createLogJson } from '../../../src/report/log/json.ts';
import { decodeSchema } from '../../../src/report/schema/decode.ts';
import { keysSchema } from '../../../src/report/schema/keys.ts';
import { writtenLog } from '../../support/written-log.ts';
import { logDocumentSchema } from '../../../src/report/schema/log.ts';
import { readSample, sampleNames } from '../../support/samples.ts';

function inputsOf(name: string): readonly Input[] {
  let captureIndex = 0;
  return readSample(name).map(({ path, content }, at) => {
    const reader = createInputReader({
      id: `i${at + 1}`,
      path,
      captureIndex,
      router: null,
      ports: [],
      year: null,
      as: 'evidence',
    });
    reader.push(typeof content === 'string' ? new TextEncoder().encode(content) : content);
    const input = reader.end();
    if (input.kind === 'unreadable') throw new Error(`${path}: ${input.why}`);
    if (input.capture !== null) captureIndex += 1;
    return input;
  });
}

/** A document as a reader of the output gets it. */
const read = (document: unknown): unknown => JSON.parse(JSON.stringify(document));

describe.each(sampleNames)('%s', (name) => {
  const inputs = inputsOf(name);
  const captures = inputs.flatMap((input) =>
    input.capture === null ? [] : [{ path: input.path, sha256: null, decoding: input.capture }],
  );
  const { exchanges, candidates } = readWire(inputs, []);

  it('decode, with and without what the keys open', () => {
    const closed = readPending(
      inputs.filter(({ capture }) => capture !== null),
      [],
    );
    for (const source of [exchanges, closed!]) {
      const document: unknown = JSON.parse([...decodeJson(captures, source)].join(''));
      decodeSchema.parse(document);
    }
  });

  it('keys, with and without secrets', () => {
    for (const showSecrets of [false, true]) {
      keysSchema.parse(read(keysDocument(exchanges, candidates, { showSecrets })));
    }
  });

  it('log', () => {
    const logs = inputs.flatMap(({ path, log }) => (log === null ? [] : [{ path, document: log }]));
    expect(logs.length).toBeGreaterThan(0);
    const document: unknown = JSON.parse(
      writtenLog(logs, (read) => createLogJson(read, { name: 'ike-autopsy', version: '0' })),
    );
    logDocumentSchema.parse(document);
  });
});

it('refuses what is not the document', () => {
  const document = { schema: 'ike-autopsy/decode@1', captures: [], messages: [], exchanges: [] };
  expect(decodeSchema.safeParse(document).success).toBe(true);
  expect(decodeSchema.safeParse({ ...document, schema: 'ike-autopsy/decode@2' }).success).toBe(
    false,
  );
  expect(decodeSchema.safeParse({ ...document, messages: [{}] }).success).toBe(false);
  expect(decodeSchema.safeParse({ ...document, more: 1 }).success).toBe(false);
});

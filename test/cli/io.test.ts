import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamOutput } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../support/io.ts';

/** A stream that takes so many pieces and then fails. */
function failing(code: string, taken: number): Writable {
  let left = taken;
  return new Writable({
    write: (_chunk, _encoding, done) => {
      left -= 1;
      done(left < 0 ? Object.assign(new Error(code), { code }) : null);
    },
  });
}

const explain = (stream: Writable): Promise<{ code: number; err: string }> => {
  const io = testIo();
  return main(['explain'], { ...io, stdout: streamOutput(stream) }).then((code) => ({
    code,
    err: io.err(),
  }));
};

describe('standard output', () => {
  it('that cannot be written is told in one line, exit code 2', async () => {
    expect(await explain(failing('ENOSPC', 0))).toEqual({
      code: 2,
      err: 'ike-autopsy: standard output: cannot be written (ENOSPC); choose another place\n',
    });
  });

  it('whose reader has gone away is no error', async () => {
    expect(await explain(failing('EPIPE', 0))).toEqual({ code: 0, err: '' });
  });

  it('takes nothing more once it failed', async () => {
    const output = streamOutput(failing('ENOSPC', 1));
    await output.write('one');
    await output.write('two');
    await expect(output.flush()).rejects.toThrow('ENOSPC');
    await expect(output.write('three')).rejects.toThrow('ENOSPC');
  });

  it('is waited for where it is slow', async () => {
    const got: string[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, done) => {
        got.push(chunk.toString());
        setTimeout(done, 1);
      },
    });
    const output = streamOutput(slow);
    await Promise.all([output.write('one'), output.write('two')]);
    await output.flush();
    expect(got).toEqual(['one', 'two', '']);
  });
});

describe('a name that a terminal would obey', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is told harmlessly by every command that names what it wrote', async () => {
    const name = '\u001b[31mred\u009b\u202e.pcapng';
    const sample = new URL('../../samples/02-r2-initiates/capture.pcapng', import.meta.url);
    copyFileSync(sample, join(folder, name));
    for (const argv of [
      ['redact', name, '-o', join(folder, 'out')],
      ['slice', name, '-w', join(folder, `2${name}`)],
      ['keys', name, '--wireshark-dir', join(folder, `3${name}`)],
    ]) {
      const io = testIo({ cwd: folder });
      expect(await main(argv, io)).toBe(0);

      expect(io.err()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(io.err()).not.toBe('');
    }
  });
});

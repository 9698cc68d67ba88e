import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { screeningWork } from '../../src/cli/screening.ts';
import { pairMessages } from '../../src/exchange/pair.ts';
import { keysOf, messagesOf } from '../support/exchanges.ts';
import { commandPath } from '../support/workbench.ts';

const dist = dirname(commandPath);
const fixture = fileURLToPath(new URL('../fixtures/keys/v05/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-keys-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const words = Array.from({ length: 20_001 }, (_, at) => `word ${at}`);
words.splice(15_000, 0, 'Summer2024');
words.splice(7_000, 0, 'Spring2024');

/** The capture's g^xy, without what it opens by itself. */
function sharedSecrets(): string {
  const { exchanges } = JSON.parse(readFileSync(join(fixture, 'secrets.json'), 'utf8')) as {
    readonly exchanges: readonly Readonly<Record<string, string>>[];
  };
  return JSON.stringify({
    exchanges: exchanges.map(({ initiatorCookie, responderCookie, sharedSecret }) => ({
      initiatorCookie,
      responderCookie,
      sharedSecret,
    })),
  });
}

describe.skipIf(!existsSync(commandPath))('many candidates with the built command', () => {
  it('gives with all cores what one thread gives', () => {
    const list = join(folder, 'words.txt');
    const keys = join(folder, 'keys.json');
    writeFileSync(list, words.join('\n'));
    writeFileSync(keys, sharedSecrets());
    const run = (command: string): string =>
      execFileSync(
        process.execPath,
        [
          command,
          'keys',
          join(fixture, 'capture.pcap'),
          ...['--keys', keys, '--psk-file', list, '--format', 'json'],
        ],
        { maxBuffer: 1 << 28 },
      ).toString();
    const single = join(folder, 'dist');
    cpSync(dist, single, { recursive: true });
    // Without the thread's program the command falls back to one thread.
    rmSync(join(single, 'screening-worker.js'));
    const threaded = run(commandPath);
    expect(threaded).toBe(run(join(single, 'bin.js')));
    const { exchanges } = JSON.parse(threaded) as {
      exchanges: { proven: Record<string, { labels: readonly string[] }> }[];
    };
    expect(exchanges[0]!.proven.initiator!.labels).toEqual(['the key in line 7001 of words.txt']);
    expect(exchanges[0]!.proven.responder!.labels).toEqual(['the key in line 15002 of words.txt']);
  });

  it('has a thread that screens pieces of a list', async () => {
    const messages = messagesOf(readFileSync(join(fixture, 'capture.pcap')));
    const worker = new Worker(join(dist, 'screening-worker.js'), {
      workerData: screeningWork(pairMessages(messages), keysOf([sharedSecrets()]).material),
    });
    const groups = ['no', 'Spring2024', 'no again', 'Summer2024'].map((text) => ({
      secret: new TextEncoder().encode(text),
      labels: [text],
    }));
    const found = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage({ from: 40, groups });
    });
    await worker.terminate();
    expect(found).toEqual({ from: 40, survivors: [expect.arrayContaining([1, 3])] });
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';
import type { AnalysisReport } from '../../src/model/report.ts';
import { testIo } from '../support/io.ts';
import { ethernet, ike, ipv4, udp } from '../support/packets.ts';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const evidence = [
  'capture.pcapng',
  'r1-debug.txt',
  'r2-debug.txt',
  'r1-config.txt',
  'r2-config.txt',
  'keys.json',
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (
  sample: string,
  ...argv: readonly string[]
): Promise<{ code: number; out: string; err: string }> => {
  const io = testIo({ cwd: join(samples, sample) });
  const code = await main(argv, io);
  return { code, out: io.out(), err: io.err() };
};

describe('each command on a sample', () => {
  it('analyze: the verdict first, exit code 1', async () => {
    const { code, out, err } = await run('02-r2-initiates', ...evidence);
    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toContain('keyring1');
    expect(out).toContain('keyring-mismatch-after-mm5');
    expect(out).not.toContain('Harbour-Lamp-31');
  });

  it('analyze --format csv writes three files', async () => {
    const target = join(folder, 'csv');
    expect((await run('02-r2-initiates', ...evidence, '--format', 'csv', '-o', target)).code).toBe(
      1,
    );
    for (const name of ['findings', 'negotiations', 'timeline']) {
      expect(readFileSync(join(target, `${name}.csv`), 'utf8').split('\n').length).toBeGreaterThan(
        2,
      );
    }
  });

  it('says that a bound left nothing', async () => {
    const { code, out, err } = await run(
      '02-r2-initiates',
      'r1-debug.txt',
      ...['--quiet', '--peer', '192.0.2.99'],
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^nothing-examined: /);
    expect(err).toBe('ike-autopsy: --peer left no negotiation to examine\n');
  });

  it.each([
    ['predict', 'r1-config.txt', ['--peer', '192.0.2.77'], '--peer'],
    ['decode', 'capture.pcapng', ['--year', '2025', '--show-secrets'], '--year and --show-secrets'],
    ['log', 'r1-debug.txt', ['--port', '4600', '--digest'], '--port and --digest'],
    ['keys', 'capture.pcapng', ['--tz', 'UTC'], '--tz'],
    ['explain', 'psk-mismatch', ['--psk', 'a-key'], '--psk'],
  ])('%s of %s with %j says that it does no more', async (command, file, options, told) => {
    const plain = await run('02-r2-initiates', command, file);
    const asked = await run('02-r2-initiates', command, file, ...options);
    expect(plain.err).toBe('');
    expect(asked).toEqual({
      ...plain,
      err: `ike-autopsy: ${told} made no difference to ${command}\n`,
    });
    const help = (await run('', command, '--help')).out;
    for (const option of told.split(' and ')) expect(help).not.toContain(`${option} `);
  });

  it('looks may be asked of every command', async () => {
    const { err } = await run('', 'explain', 'psk-mismatch', '--no-progress', '--no-color', '-q');
    expect(err).toBe('');
  });

  it('decode: one JSON value, or one a line', async () => {
    const json = await run('02-r2-initiates', 'decode', 'capture.pcapng', '--format', 'json');
    const document = JSON.parse(json.out) as { schema: string; messages: { step: string }[] };
    expect(json.code).toBe(0);
    expect(document.schema).toBe('ike-autopsy/decode@1');
    expect(document.messages.slice(0, 5).map(({ step }) => step)).toEqual([
      'MM1',
      'MM2',
      'MM3',
      'MM4',
      'MM5',
    ]);
    const lines = (
      await run('02-r2-initiates', 'decode', 'capture.pcapng', '--format', 'ndjson')
    ).out
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toContain('exchange');
  });

  it('log: from standard input as from a file', async () => {
    const path = join(samples, '02-r2-initiates', 'r1-debug.txt');
    const io = testIo({ stdin: new Uint8Array(readFileSync(path)) });
    const code = await main(['log', '-', '--format', 'json'], io);
    const fromFile = await run('02-r2-initiates', 'log', 'r1-debug.txt', '--format', 'json');
    const negotiations = (text: string): unknown =>
      (JSON.parse(text) as { negotiations: unknown }).negotiations;
    expect(code).toBe(1);
    expect(fromFile.code).toBe(1);
    expect(negotiations(io.out())).toEqual(negotiations(fromFile.out));
  });

  it('predict: a name that no router has is a mistake, not an empty answer', async () => {
    const { code, out, err } = await run(
      '02-r2-initiates',
      'predict',
      'r1-config.txt',
      'r2-config.txt',
      '--initiator',
      'R9',
    );
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe('ike-autopsy: --initiator R9: no such router; the routers are R1, R2\n');
  });

  it('predict: the host name asks for every listing of a router', async () => {
    const text = readFileSync(join(samples, '02-r2-initiates', 'r1-config.txt'), 'utf8');
    const later = join(folder, 'r1-later.txt');
    writeFileSync(
      later,
      `${text.replace(/^end$/m, '')}\ncrypto isakmp key fig address 192.0.2.77\n`,
    );
    const { code, out } = await run(
      '02-r2-initiates',
      'predict',
      'r1-config.txt',
      later,
      'r2-config.txt',
      '--initiator',
      'R1',
      '--format',
      'json',
    );
    const { directions } = JSON.parse(out) as { directions: { initiator: string }[] };
    expect(code).not.toBe(2);
    expect(directions.map(({ initiator }) => initiator)).toEqual([
      'R1 (listing 1)',
      'R1 (listing 2)',
    ]);
  });

  it('predict: one direction comes up, the other does not', async () => {
    const { code, out } = await run(
      '02-r2-initiates',
      'predict',
      'r1-config.txt',
      'r2-config.txt',
      '--format',
      'json',
    );
    const { directions } = JSON.parse(out) as {
      directions: { initiator: string; outcome: string; failingStep: string | null }[];
    };
    expect(code).toBe(1);
    expect(
      directions.map(({ initiator, outcome, failingStep }) => [initiator, outcome, failingStep]),
    ).toEqual([
      ['R1', 'up', null],
      ['R2', 'fails', 'mm5-verify'],
    ]);
  });

  it('keys: says why candidates alone decide nothing, and writes no table then', async () => {
    const target = join(folder, 'tables');
    const { code, out, err } = await run(
      '02-r2-initiates',
      'keys',
      'capture.pcapng',
      '--psk',
      'anything',
      '--wireshark-dir',
      target,
    );
    expect(code).toBe(0);
    expect(out).toContain('g^xy');
    expect(err).toContain('no table');
    expect(existsSync(join(target, 'ikev1_decryption_table'))).toBe(false);
  });

  it('slice: a capture that holds the exchange and nothing else', async () => {
    const target = join(folder, 'slice.pcapng');
    expect((await run('02-r2-initiates', 'slice', 'capture.pcapng', '-w', target)).code).toBe(0);
    const decoder = createCaptureDecoder(0);
    decoder.push(readFileSync(target));
    const { messages, summary } = decoder.end();
    expect(summary.packets).toBe(10);
    expect(messages).toHaveLength(10);
    expect(summary.anomalies).toEqual([]);
  });

  it('explain: knows what it names, and what is near to a mistyped name', async () => {
    expect((await run('', 'explain')).out).toContain('keyring-mismatch-after-mm5');
    expect((await run('', 'explain', 'tunnel-up')).code).toBe(0);
    const wrong = await run('', 'explain', 'psk');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('psk-mismatch');
  });

  it('render: the same report again from its JSON', async () => {
    const saved = join(folder, 'report.json');
    await run('02-r2-initiates', ...evidence, '--format', 'json', '-o', saved);
    const direct = await run('02-r2-initiates', ...evidence);
    expect(await run('', 'render', saved)).toEqual(direct);
  });

  it('verify: holds for the evidence it came from, and names what rests on a line that changed', async () => {
    const saved = join(folder, 'verify.json');
    await run('02-r2-initiates', ...evidence, '--format', 'json', '-o', saved);
    const same = await run('02-r2-initiates', 'verify', saved, ...evidence);
    expect(same.out).toMatch(/^All \d+ claims hold\.\n$/);
    expect(same.code).toBe(0);
    const other = await run(
      '02-r2-initiates',
      'verify',
      saved,
      ...evidence.slice(0, -2),
      '../01-r1-initiates/r2-config.txt',
      'keys.json',
    );
    expect(other.code).toBeLessThan(2);
    const missing = await run('02-r2-initiates', 'verify', saved, ...evidence.slice(1));
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('capture.pcapng');
  });

  it('verify: reads what a report quotes without need, and misses what it leaves out', async () => {
    const report = JSON.parse(
      (await run('02-r2-initiates', ...evidence, '--format', 'json')).out,
    ) as AnalysisReport;
    const saved = join(folder, 'forged.json');
    const verify = async (
      findings: AnalysisReport['findings'],
      ...lines: AnalysisReport['excerpts']['logLines']
    ): Promise<{ code: number; out: string }> => {
      const logLines = [...report.excerpts.logLines, ...lines];
      const excerpts = { ...report.excerpts, logLines };
      writeFileSync(saved, JSON.stringify({ ...report, findings, excerpts }));
      return run('02-r2-initiates', 'verify', saved, ...evidence, '-q');
    };
    const debug = readFileSync(join(samples, '02-r2-initiates', 'r1-debug.txt'), 'utf8');
    const quoted = new Set(
      report.excerpts.logLines.flatMap(({ input, line }) => (input === 'i2' ? [line] : [])),
    );
    const line = debug.split('\n').findIndex((_, at) => !quoted.has(at + 1)) + 1;
    const text = debug.split('\n')[line - 1]!.replace(/\r$/, '');
    const quote = { input: 'i2', line, text, means: null, negotiation: null };

    const { findings } = report;
    expect((await verify(findings)).code).toBe(0);
    const falsely = await verify(findings, { ...quote, means: 'the keys differ' });
    expect(falsely.out).toMatch(/^1 of \d+ claims do not hold; \d+ do\.\n$/);
    expect(falsely.code).toBe(1);
    expect((await verify(findings, { ...quote, text: 'made up' })).code).toBe(1);
    const less = await verify(findings.slice(1));
    expect(less.out).toMatch(/^All \d+ claims hold, but the report leaves something out\.\n$/);
    expect(less.code).toBe(1);
  });
});

describe('secrets', () => {
  const note = 'Mail from Bob: see Harbour-Lamp-31, please check\n';
  const withNote = (): string => {
    const path = join(folder, 'note.txt');
    writeFileSync(path, note + readFileSync(join(samples, '02-r2-initiates/r1-debug.txt'), 'utf8'));
    return path;
  };

  it.each(['text', 'json', 'ndjson', 'md', 'html'])('a known key in a note, %s', async (format) => {
    for (const known of [['r1-config.txt'], ['--psk', 'Harbour-Lamp-31']]) {
      const { out } = await run('02-r2-initiates', withNote(), ...known, '--format', format);
      expect(out).not.toMatch(/Harbour-Lamp/);
    }
  });

  it('a known key in a log and in a copy', async () => {
    const known = ['--psk', 'Harbour-Lamp-31'];
    for (const form of [['--unmatched'], ['--format', 'ndjson'], ['--format', 'json']]) {
      const { out } = await run('02-r2-initiates', 'log', withNote(), ...known, ...form);
      expect(out).not.toMatch(/Harbour-Lamp/);
    }
    for (const other of [['r1-config.txt'], ['keys.json'], known]) {
      const target = join(folder, 'noted');
      await run('02-r2-initiates', 'redact', withNote(), ...other, '-o', target, '--quiet');
      expect(readFileSync(join(target, 'note.txt'), 'utf8')).not.toMatch(/Harbour-Lamp/);
    }
  });

  const wide = Buffer.from('Harbour-Lamp-31\n', 'utf16le');
  const reading = (command: string): readonly string[] =>
    command === 'redact' ? ['redact', '-o', join(folder, 'unread')] : [command];

  it.each([
    [
      'log',
      '--psk-file',
      wide,
      'looks like UTF-16 text without a byte order mark; save it as UTF-8',
    ],
    ['redact', '--psk-file', wide, 'looks like UTF-16 text without a byte order mark'],
    ['redact', '--psk-file', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'looks like'],
    ['redact', '--psk-file', Buffer.from('# none\n'), 'lists no key'],
    ['redact', '--keys', Buffer.from('nothing of the kind\n'), 'holds no capture'],
  ])('%s %s: a file without them is no list of keys', async (command, option, octets, why) => {
    const path = join(folder, 'named');
    writeFileSync(path, octets);
    const { code, err } = await run(
      '02-r2-initiates',
      ...reading(command),
      'r1-debug.txt',
      option,
      path,
    );
    expect(code).toBe(2);
    expect(err).toContain(`named: ${why}`);
  });

  it.each(['log', 'redact'])('%s: of a configuration that --keys names', async (command) => {
    const { code, out, err } = await run(
      '02-r2-initiates',
      ...reading(command),
      withNote(),
      ...['--keys', 'r1-config.txt', ...(command === 'log' ? ['--unmatched'] : [])],
    );
    expect(code, err).toBeLessThan(2);
    const shown =
      command === 'log' ? out : readFileSync(join(folder, 'unread', 'note.txt'), 'utf8');
    expect(shown).toContain('Mail from Bob');
    expect(shown).not.toMatch(/Harbour-Lamp/);
  });

  it('show only when asked for', async () => {
    const argv = ['keys', 'capture.pcapng', 'keys.json', '--format', 'json'];
    const secret = 'Harbour-Lamp-31';
    const masked = await run('02-r2-initiates', ...argv);
    expect(masked.out).not.toContain(secret);
    const report = await run('02-r2-initiates', ...evidence, '--format', 'json');
    expect(report.out).not.toContain(secret);
    expect(
      (JSON.parse(report.out) as AnalysisReport).excerpts.configLines.some(({ text }) =>
        text.includes('<key#1>'),
      ),
    ).toBe(true);
    expect(
      (await run('02-r2-initiates', ...evidence, '--format', 'json', '--show-secrets')).out,
    ).toContain(secret);
  });
});

describe('handing evidence over', () => {
  it('redact: no key, no address of the original, and the same diagnosis', async () => {
    const target = join(folder, 'clean');
    const { code, err } = await run(
      '02-r2-initiates',
      'redact',
      ...evidence,
      '--addresses',
      '-o',
      target,
    );
    expect(code).toBe(0);
    expect(err).toContain('keys.json: holds keys');
    const io = testIo({ cwd: target });
    await main(['analyze', ...evidence.slice(0, -1), '--format', 'json'], io);
    const report = JSON.parse(io.out()) as AnalysisReport;
    expect(report.verdict.finding).toBe('keyring-mismatch-after-mm5');
    expect(io.out()).not.toContain('192.168.0.');
    for (const name of evidence.slice(1, -1)) {
      const text = readFileSync(join(target, name), 'utf8');
      expect(text).not.toContain('Harbour-Lamp-31');
      expect(text).not.toContain('192.168.0.');
    }
  });

  it('redact: copies nothing that it cannot free of keys', async () => {
    const target = join(folder, 'lists');
    const { err } = await run('03-different-keys', 'redact', 'psk.txt', '-o', target);
    expect(err).toContain('psk.txt: is neither a log nor a configuration, so it was not copied');
    expect(existsSync(join(target, 'psk.txt'))).toBe(false);
  });

  it('bundle: one ZIP, the same octets for the same evidence, keys only when asked for', async () => {
    const zip = join(folder, 'incident.zip');
    await run('02-r2-initiates', ...evidence, '--quiet', '--bundle', zip);
    const first = readFileSync(zip);
    await run('02-r2-initiates', ...evidence, '--quiet', '--bundle', zip);
    expect(readFileSync(zip).equals(first)).toBe(true);
    const files = unzipSync(new Uint8Array(first));
    expect(Object.keys(files)).toEqual([
      'ike-autopsy-case.json',
      'README.txt',
      'evidence/r1-config.txt',
      'evidence/r1-debug.txt',
      'evidence/r2-config.txt',
      'evidence/r2-debug.txt',
      'ike.pcapng',
      'report.html',
      'report.json',
      'report.md',
    ]);
    for (const content of Object.values(files)) {
      expect(Buffer.from(content).includes('Harbour-Lamp-31')).toBe(false);
    }
    await run('02-r2-initiates', ...evidence, '--quiet', '--show-secrets', '--bundle', zip);
    expect(Object.keys(unzipSync(new Uint8Array(readFileSync(zip))))).toContain(
      'wireshark/ikev1_decryption_table',
    );
  });

  it('bundle: is read again as evidence, with the same verdict', async () => {
    const zip = join(folder, 'again.zip');
    const open = evidence.filter((name) => name !== 'keys.json');
    const { out } = await run('02-r2-initiates', ...open, '--quiet', '--bundle', zip);
    expect((await run('', 'analyze', zip, '--quiet')).out).toBe(out);
    const about = new TextDecoder().decode(unzipSync(readFileSync(zip))['README.txt']);
    expect(about).toMatch(/analyze BUNDLE\.zip/);
    expect(about).toMatch(/verify report\.json FILES.*needs those originals/s);
  });

  it('bundle: says that a text which holds packets and a debug is not in it', async () => {
    const mixed = join(folder, 'mixed.txt');
    const debug = readFileSync(join(samples, '02-r2-initiates', 'r1-debug.txt'), 'utf8');
    const octets = [...ethernet(ipv4(udp(ike(84))))].map((one) =>
      one.toString(16).padStart(2, '0'),
    );
    const rows = octets.flatMap((_, at) =>
      at % 16 === 0
        ? [`${at.toString(16).padStart(4, '0')}  ${octets.slice(at, at + 16).join(' ')}`]
        : [],
    );
    writeFileSync(mixed, `${rows.join('\n')}\n\n${debug}`);
    const zip = join(folder, 'mixed.zip');
    await run('02-r2-initiates', 'analyze', mixed, '--quiet', '--bundle', zip);
    const files = unzipSync(new Uint8Array(readFileSync(zip)));
    expect(Object.keys(files)).not.toContain('evidence/mixed.txt');
    expect(Buffer.from(files['README.txt']!).toString()).toMatch(
      /evidence\/mixed\.txt {2}left out: .*hex dump/,
    );
  });
});

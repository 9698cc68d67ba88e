import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derName } from '../../samples/builder/x509.ts';
import { main } from '../../src/cli/main.ts';
import { HIDDEN, HOSTILE } from '../support/hostile.ts';
import { testIo } from '../support/io.ts';
import { CKY_I, ZERO, clear, payload, phase1Sa } from '../support/isakmp.ts';
import { be, ethernet, ipv4, udp } from '../support/packets.ts';
import { concat, enhanced, interfaceBlock, section, textOption } from '../support/pcap-files.ts';
import { readSample } from '../support/samples.ts';

const texts = Object.values(HOSTILE);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const identity = (type: number, data: Uint8Array): ReturnType<typeof payload> =>
  payload(5, be(['u8', type], ['u8', 17], ['u16', 500]), data);

/** Hostile text in every field of a message that holds text: identities, names of certificates, vendor ids, notices. */
function hostileCapture(): Uint8Array {
  const messages = texts.flatMap((text, i) => {
    const data = utf8(text.slice(0, 1500));
    const name = derName([
      { kind: 'cn', value: text.slice(0, 100) },
      { kind: 'hostname', value: text.slice(0, 100) },
    ]);
    return [identity(2, data), identity(3, data), identity(9, name), identity(11, data)].map(
      (id, k) =>
        clear(
          {
            initiator: CKY_I.replace(/^..../, (0x1000 + i * 4 + k).toString(16)),
            responder: ZERO,
            exchange: 4,
          },
          phase1Sa(),
          payload(4, new Uint8Array(256).fill(0x61)),
          payload(10, new Uint8Array(20).fill(0x71)),
          id,
          payload(7, Uint8Array.of(4), name),
          payload(6, Uint8Array.of(4), name),
          payload(13, data),
          payload(11, be(['u32', 1], ['u8', 1], ['u8', 0], ['u16', 14]), data),
        ),
    );
  });
  return concat(
    section(true, [textOption(1, HOSTILE['script']!)]),
    interfaceBlock(1, { options: [textOption(2, HOSTILE['colour']!)] }),
    ...messages.map((bytes, i) =>
      enhanced(0, 1_725_000_000_000_000n + BigInt(i), ethernet(ipv4(udp(bytes))), {
        options: [textOption(1, texts[i % texts.length]!.slice(0, 200))],
      }),
    ),
  );
}

/** One word for where a name is one word. */
const word = (text: string): string => text.replace(/\s+/g, '_').slice(0, 120);

const hostileConfig = (config: string): string =>
  texts.reduce(
    (all, text, i) =>
      `${all}!\ncrypto keyring ${word(text)}\n  pre-shared-key address 203.0.113.${i} key k${i}x\n` +
      `crypto isakmp profile ${word(text)}\n   keyring ${word(text)}\n   match identity host ${word(text)}\n` +
      `interface Tunnel${i + 50}\n description ${text}\n${text}\n`,
    config,
  );

const hostileLog = (log: string): string => {
  const stamp = /^\*\w{3} +\d+ [\d:.]+: /m.exec(log)![0];
  return texts.reduce(
    (all, text) =>
      `${all}\n${stamp}ISAKMP:(0):Found ADDRESS key in keyring ${word(text)}\n` +
      `${stamp}ISAKMP:(0):: peer matches ${word(text)} profile\n` +
      `${stamp}ISAKMP:(0): ${text}\n${text}`,
    log,
  );
};

/** What a file system takes as a name. */
const fileNames = texts

  .map((text) => text.replace(/[/\u0000]|\p{Surrogate}/gu, '_').slice(0, 60))
  .filter((name, i, all) => all.indexOf(name) === i);

let folder = '';
let names: readonly string[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-hostile-'));
  const files = readSample('02-r2-initiates').map(({ path, content }) => ({
    path,
    text: new TextDecoder().decode(content as Uint8Array),
    content: content as Uint8Array,
  }));
  const written = files.map(({ path, text, content }, i) => {
    const name = `${fileNames[i]!} ${path}`;
    const made = path.includes('config')
      ? hostileConfig(text)
      : path.includes('debug')
        ? hostileLog(text)
        : content;
    writeFileSync(join(folder, name), made);
    return name;
  });
  writeFileSync(join(folder, 'hostile.pcapng'), hostileCapture());
  // Every name once, each with a little of a log.
  const { text: log } = files.find(({ path }) => path.includes('debug'))!;
  const little = `${log.split('\n').slice(0, 8).join('\n')}\n`;
  const rest = fileNames.slice(files.length).map((name) => {
    writeFileSync(join(folder, `${name}.log`), little);
    return `./${name}.log`;
  });
  names = [...written, 'hostile.pcapng', ...rest];
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: readonly string[]): Promise<{ out: string; err: string }> {
  const io = testIo({ cwd: folder });
  const code = await main(argv, io);
  expect(code, io.err()).toBeLessThan(2);
  expect(io.err()).not.toMatch(HIDDEN);
  return { out: io.out(), err: io.err() };
}

const of = (pattern: RegExp): readonly string[] => names.filter((name) => pattern.test(name));
const logs = (): readonly string[] => of(/debug\.txt$|\.log$/);
const captures = (): readonly string[] => of(/\.pcap(?:ng)?$/);
const configs = (): readonly string[] => of(/config\.txt$/);
const keys = (): readonly string[] => of(/keys\.json$/);

describe('hostile text in every input', () => {
  it('gives no terminal a command, whatever is asked', async () => {
    for (const argv of [
      ['analyze', ...names],
      ['analyze', ...names, '--quiet'],
      ['log', ...logs()],
      ['decode', ...captures(), ...keys()],
      ['predict', ...configs()],
      ['keys', ...captures(), ...keys()],
    ]) {
      const { out } = await run(...argv);
      expect(out.length, argv[0]).toBeGreaterThan(50);
      expect(HIDDEN.exec(out), argv[0]).toBeNull();
    }
  });

  it('gives Markdown no markup of its own', async () => {
    const { out } = await run('analyze', ...names, '--format', 'md');
    expect(HIDDEN.exec(out)).toBeNull();
    const outside = out.replace(/^(`{3,})[^\n]*\n[^]*?\n\1$/gm, '').replace(/(`+)[^`\n]+\1/g, '');
    expect(outside).not.toMatch(/(?<!\\)<[a-z/!]/i);
    expect(outside).not.toMatch(/(?<!\\)\]\(/);
  });

  it('makes no element of a page, no attribute, no address', async () => {
    const page = (await run('analyze', ...names, '--format', 'html')).out;
    const clean = readFileSync(
      new URL('../golden/02-r2-initiates/report.html', import.meta.url),
      'utf8',
    );
    expect(page.length).toBeGreaterThan(clean.length);
    expect(HIDDEN.exec(page.replaceAll('\t', ''))).toBeNull();
    const shapes = (html: string): ReadonlySet<string> =>
      new Set(
        [...html.replace(/<style>[^<]*<\/style>/, '').matchAll(/<([^<>]*)>/g)].map(([, tag]) =>
          tag!
            .replace(/="[^"]*"/g, '')
            .replace(/\s+/g, ' ')
            .trim(),
        ),
      );
    const names_ = (html: string): ReadonlySet<string> =>
      new Set([...shapes(html)].map((tag) => tag.split(' ')[0]!));
    const known = names_(clean);
    for (const name of names_(page))
      if (!known.has(name)) expect(['wbr', 'circle', 'rect', 'caption']).toContain(name);
    for (const tag of shapes(page)) expect(tag).not.toMatch(/ (?:on\w+|src|srcdoc|action|style)\b/);
    for (const [, target] of page.matchAll(/ href="([^"]*)"/g)) expect(target).toMatch(/^#[\w-]+$/);
  });

  it('gives a spreadsheet no formula and a program no broken line', async () => {
    await run('analyze', ...names, '--format', 'csv', '-o', 'tables');
    const tables = readdirSync(join(folder, 'tables')).map((name) =>
      readFileSync(join(folder, 'tables', name), 'utf8'),
    );
    const { out: log } = await run('log', ...logs(), '--format', 'csv');
    const { out: decoded } = await run('decode', ...captures(), ...keys(), '--format', 'csv');
    for (const table of [...tables, log, decoded]) {
      expect(table.split('\n').length).toBeGreaterThan(2);
      for (const [, quoted, plain] of table.matchAll(
        /(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|\r?$)/gm,
      ))
        expect(quoted ?? plain ?? '').not.toMatch(/^(?:[=@\t\r]|[+-](?!\d+(?:\.\d+)?$))/);
    }
    for (const [command, inputs] of [
      ['analyze', names],
      ['log', logs()],
      ['decode', [...captures(), ...keys()]],
    ] as const) {
      const { out } = await run(command, ...inputs, '--format', 'ndjson');
      for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object');
    }
    const { out } = await run('analyze', ...names, '--format', 'json');

    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    writeFileSync(join(folder, 'saved.json'), out);
    const verified = await run('verify', 'saved.json', ...names);
    expect(verified.out).toMatch(/^All \d+ claims hold\.\n$/);
  });

  it('is named in one harmless line where it cannot be read', async () => {
    for (const name of fileNames) {
      const io = testIo({ cwd: folder });
      expect(await main(['analyze', `./no such ${name}`], io)).toBe(2);
      expect(io.err().trimEnd()).not.toMatch(HIDDEN);
      expect(io.err().trimEnd()).not.toContain('\n');
    }
  });
});

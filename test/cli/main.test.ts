import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { toolVersion } from '../../src/model/tool.ts';
import { testIo } from '../support/io.ts';

const run = async (...argv: string[]): Promise<{ code: number; out: string; err: string }> => {
  const io = testIo();
  const code = await main(argv, io);
  return { code, out: io.out(), err: io.err() };
};

describe('the command line', () => {
  it('prints its version, the one of package.json', async () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(toolVersion).toBe(manifest.version);
    expect(await run('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });

  it('prints help on stdout', async () => {
    const { code, out, err } = await run('--help');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('analyze');
    expect(out).toContain('Exit code');
  });

  it('takes help for a command', async () => {
    expect(await run('help')).toEqual(await run('--help'));
    expect(await run('help', 'slice')).toEqual(await run('slice', '--help'));
  });

  it.each([
    ['no arguments', [], /^ike-autopsy: no evidence named; see ike-autopsy --help\n$/],
    [
      'an unknown option',
      ['analyze', 'x', '--colour'],
      /^ike-autopsy: unknown option --colour; .*\n$/,
    ],
    [
      'an unknown option before the only file',
      ['decode', '--nope', 'x.pcap'],
      /^ike-autopsy: unknown option --nope; /,
    ],
    ['an unknown format', ['analyze', 'x', '--format', 'xml'], /^ike-autopsy: .*format.*\n$/],
    ['no file', ['analyze'], /^ike-autopsy: no file named; .*\n$/],
    [
      'a missing file',
      ['analyze', 'does-not-exist.pcap'],
      /^ike-autopsy: does-not-exist\.pcap: no such file; .*\n$/,
    ],
    [
      'a missing file without the command',
      ['does-not-exist.pcap'],
      /^ike-autopsy: does-not-exist\.pcap: no such file; .*\n$/,
    ],
    ['a directory', ['analyze', 'src'], /^ike-autopsy: src: is a directory; .*\n$/],
    [
      'a time that is none',
      ['analyze', 'x', '--since', 'yesterday'],
      /^ike-autopsy: --since yesterday: not a time; .*\n$/,
    ],
    ['a year that is none', ['analyze', 'x', '--year', '24'], /^ike-autopsy: --year 24: .*\n$/],
    [
      'a zone that is none',
      ['analyze', 'x', '--tz', 'Mars/Olympus'],
      /^ike-autopsy: --tz Mars\/Olympus: .*\n$/,
    ],
    [
      'a router without a file',
      ['analyze', 'x', '--router', 'R1'],
      /^ike-autopsy: --router R1: write it as NAME=FILE\n$/,
    ],
    [
      'a peer that is no address',
      ['analyze', 'x', '--peer', '300.1.1.1'],
      /^ike-autopsy: --peer 300\.1\.1\.1: not an address; .*\n$/,
    ],
    ['a day that is none', ['x', '--until', '2026-02-30'], /^ike-autopsy: --until .*: not a time/],
    ['a time of one digit', ['x', '--since', '5'], /^ike-autopsy: --since 5: not a time/],
    ['a format left out', ['x', '--format'], /^ike-autopsy: --format needs a value; /],
    ['an output left out', ['x', '-o'], /^ike-autopsy: -o needs a value; /],
    [
      'a file too many',
      ['render', 'a.json', 'b.json'],
      /^ike-autopsy: b\.json: one file more than the command takes; /,
    ],
    [
      'standard input twice',
      ['render', '-', '-'],
      /^ike-autopsy: -: one file more than the command takes; /,
    ],
    [
      'a missing file that looks like an option, behind --',
      ['--', '--odd.pcap'],
      /^ike-autopsy: --odd\.pcap: no such file; /,
    ],
    [
      'a missing file behind --',
      ['decode', '--quiet', '--', 'odd.pcap'],
      /^ike-autopsy: odd\.pcap: no such file; /,
    ],
    [
      'a zone beyond the earth',
      ['x', '--tz', '+99:00'],
      /^ike-autopsy: --tz \+99:00: not a time zone; /,
    ],
    [
      'a zone past the last',
      ['x', '--tz', '+14:30'],
      /^ike-autopsy: --tz \+14:30: not a time zone; /,
    ],
    [
      'bounds the wrong way round',
      ['x', '--since', '2026-01-02', '--until', '2026-01-01'],
      /^ike-autopsy: --since is later than --until, /,
    ],
    ['an empty name', [''], /^ike-autopsy: an empty name names no file\n$/],
    ['a ZIP on a terminal', ['x', '--bundle', '-'], /^ike-autopsy: --bundle -: .*name a file\n$/],
    [
      'one name for two outputs',
      ['x', '-o', 'r', '--bundle', './r'],
      /^ike-autopsy: \.\/r: is named by -o and by --bundle; /,
    ],
  ])('answers %s with one line and exit code 2', async (_name, argv, line) => {
    const { code, out, err } = await run(...argv);
    expect(err).toMatch(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

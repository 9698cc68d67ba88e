import { messagesTo, type Io } from '../../src/cli/io.ts';

/** A world of strings for a command to run in. */
export type TestIo = Io & { readonly out: () => string; readonly err: () => string };

export function testIo(
  options: {
    readonly cwd?: string;
    readonly stdin?: Uint8Array;
    readonly env?: Record<string, string>;
    readonly terminal?: boolean;
  } = {},
): TestIo {
  const out: string[] = [];
  const err: string[] = [];
  const output = (lines: string[]): Io['stdout'] => ({
    isTerminal: options.terminal ?? false,
    columns: 80,
    write: (text) => {
      lines.push(text);
      return Promise.resolve();
    },
    flush: () => Promise.resolve(),
  });
  return {
    stdout: output(out),
    stderr: messagesTo(output(err)),
    // eslint-disable-next-line @typescript-eslint/require-await
    stdin: async function* () {
      if (options.stdin) yield options.stdin;
    },
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    out: () => out.join(''),
    err: () => err.join(''),
  };
}

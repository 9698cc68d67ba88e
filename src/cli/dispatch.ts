import yargs, { type Argv } from 'yargs';
import { toolVersion } from '../model/tool.ts';
import type { Arguments, Command } from './command.ts';
import { UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import {
  allOfEvidence,
  hideDashes,
  hideUnused,
  sharedOptions,
  showDash,
  unusedGiven,
  type Unused,
} from './options.ts';

const redactOption = (yargs: Argv): Argv =>
  yargs.option('redact', {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'replace addresses, names or both (addresses,names), the same way everywhere',
  });

const reportFormats = ['text', 'json', 'ndjson', 'csv', 'md', 'html'];

type CommandSpec = {
  readonly name: string;
  readonly positionals: string;
  readonly describe: string;
  readonly options: (yargs: Argv) => Argv;
  readonly unused: Unused;
  readonly examples: readonly (readonly [command: string, describe: string])[];
  /** Loaded when chosen, so that no command pays for another. */
  readonly load: () => Promise<Command>;
};

const commands: readonly CommandSpec[] = [
  {
    name: 'analyze',
    positionals: '<evidence..>',
    describe: 'everything: captures, debugs, configurations and keys in, a diagnosis out',
    options: (y) =>
      redactOption(sharedOptions(y, reportFormats, { quiet: 'the verdict in one line' })).option(
        'bundle',
        {
          type: 'string',
          requiresArg: true,
          describe: 'write a ZIP with the report, the evidence without secrets and the IKE packets',
        },
      ),
    unused: [],
    examples: [
      ['$0 analyze capture.pcap r1.log r2.log r1.cfg r2.cfg', 'diagnose an incident'],
      ['$0 analyze debug.txt --format html -o report.html', 'one log, as a page'],
    ],
    load: async () => (await import('./commands/analyze.ts')).analyzeCommand,
  },
  {
    name: 'decode',
    positionals: '<capture..>',
    describe: 'ISAKMP messages and exchanges of captures, decrypted where key material allows',
    options: (y) =>
      sharedOptions(y, ['text', 'json', 'ndjson', 'csv'], { quiet: null }).option('verbose', {
        alias: 'v',
        type: 'boolean',
        default: false,
        describe: 'every payload as a tree',
      }),
    unused: ['tz', 'year', 'show-secrets'],
    examples: [
      ['$0 decode capture.pcap', 'one line a message'],
      ['$0 decode -v capture.pcap --keys ikev1_decryption_table', 'every payload, decrypted'],
    ],
    load: async () => (await import('./commands/decode.ts')).decodeCommand,
  },
  {
    name: 'log',
    positionals: '<file..>',
    describe: 'a debug log as structured events and negotiations',
    options: (y) =>
      sharedOptions(y, ['text', 'json', 'ndjson', 'csv'], { quiet: null }).option('unmatched', {
        type: 'boolean',
        default: false,
        describe: 'list what was not understood, by shape',
      }),
    unused: ['port', 'digest'],
    examples: [
      ['$0 log debug.txt', 'what the router did, one line a step'],
      ['$0 log - < paste.txt', 'the same for a paste'],
    ],
    load: async () => (await import('./commands/log.ts')).logCommand,
  },
  {
    name: 'predict',
    positionals: '<config..>',
    describe: 'which keyring and profile each router selects, in both directions',
    options: (y) =>
      sharedOptions(y, ['text', 'json', 'csv'], { quiet: null })
        .option('initiator', {
          type: 'string',
          requiresArg: true,
          describe: 'only directions that this router starts',
        })
        .option('responder', {
          type: 'string',
          requiresArg: true,
          describe: 'only directions that this router answers',
        }),
    unused: ['peer', 'since', 'until', 'tz', 'year', 'port', 'digest'],
    examples: [
      ['$0 predict r1.cfg r2.cfg', 'does each direction come up'],
      ['$0 predict *.cfg --format json', 'every pair of routers, for a pipeline'],
    ],
    load: async () => (await import('./commands/predict.ts')).predictCommand,
  },
  {
    name: 'keys',
    positionals: '<capture..>',
    describe: 'which pre-shared key each side used, or exactly why that cannot be known',
    options: (y) =>
      sharedOptions(y, ['text', 'json'], {
        quiet: 'say nothing of keys that cannot be read',
      }).option('wireshark-dir', {
        type: 'string',
        requiresArg: true,
        describe: 'write decryption tables for Wireshark into this folder (they hold keys)',
      }),
    unused: ['tz', 'year', 'digest'],
    examples: [
      ['$0 keys capture.pcap --psk-file candidates.txt', 'test candidates'],
      [
        '$0 keys capture.pcap charon.log --wireshark-dir profile',
        'tables that tshark decrypts with',
      ],
    ],
    load: async () => (await import('./commands/keys.ts')).keysCommand,
  },
  {
    name: 'slice',
    positionals: '<capture..>',
    describe: 'writes only the IKE (and on request ESP) packets of the chosen negotiations',
    options: (y) =>
      sharedOptions(y, ['text'], { output: null, quiet: 'do not say what was written' })
        .option('write', {
          alias: 'w',
          type: 'string',
          requiresArg: true,
          describe: 'the pcapng file to write',
        })
        .option('exchange', {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'only this exchange (x1, x2, … as decode lists them)',
        })
        .option('esp', {
          type: 'boolean',
          default: false,
          describe: 'the ESP packets of their SPIs too',
        }),
    unused: ['tz', 'year', 'digest', 'show-secrets', 'format', 'color'],
    examples: [['$0 slice big.pcap --peer 192.0.2.1 -w tunnel.pcapng', 'one tunnel of many']],
    load: async () => (await import('./commands/slice.ts')).sliceCommand,
  },
  {
    name: 'redact',
    positionals: '<file..>',
    describe: 'copies evidence with its secrets removed, the same way in every file',
    options: (y) =>
      sharedOptions(y, ['text'], {
        output: 'the folder for the copies',
        quiet: 'do not say what was written',
      })
        .option('addresses', {
          type: 'boolean',
          default: false,
          describe: 'replace addresses too, in captures as well',
        })
        .option('names', {
          type: 'boolean',
          default: false,
          describe: 'replace host names, keyring and profile names too',
        }),
    unused: [
      'router',
      'peer',
      'since',
      'until',
      'tz',
      'year',
      'port',
      'digest',
      'show-secrets',
      'format',
      'color',
      'progress',
    ],
    examples: [['$0 redact *.cfg *.log capture.pcap --addresses -o clean', 'fit to hand over']],
    load: async () => (await import('./commands/redact.ts')).redactCommand,
  },
  {
    name: 'render',
    positionals: '<report>',
    describe: 'a report that was saved as JSON, in another form',
    options: (y) =>
      redactOption(sharedOptions(y, reportFormats, { quiet: 'the verdict in one line' })),
    unused: allOfEvidence,
    examples: [['$0 render report.json --format html -o report.html', 'as a page']],
    load: async () => (await import('./commands/render.ts')).renderCommand,
  },
  {
    name: 'verify',
    positionals: '<files..>',
    describe:
      'recomputes every claim of a saved report from the evidence, given with the options that the report was made with',
    options: (y) =>
      sharedOptions(y, ['text', 'json'], { quiet: 'how many claims hold, in one line' }),
    unused: [],
    examples: [['$0 verify report.json capture.pcap r1.log r2.log', 'does it still hold']],
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'explain',
    positionals: '[finding..]',
    describe: 'the catalogue of findings: what each means, how it is recognised, how it is fixed',
    options: (y) => sharedOptions(y, ['text', 'json'], { quiet: null }),
    unused: allOfEvidence,
    examples: [['$0 explain keyring-mismatch-after-mm5', 'one finding']],
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'workbench',
    positionals: '',
    describe: 'the offline page: paste debugs, drop captures, see the diagnosis',
    options: (y) =>
      y
        .option('port', {
          type: 'string',
          requiresArg: true,
          describe: 'the port on loopback; any free one when left out',
        })
        .option('host', {
          type: 'string',
          requiresArg: true,
          hidden: true,
        })
        .option('html', {
          type: 'string',
          requiresArg: true,
          describe: 'write the page as one file instead; - is standard output',
        }),
    unused: [],
    examples: [
      ['$0 workbench', 'serve it on loopback and print the address'],
      ['$0 workbench --html workbench.html', 'one file for a machine without a network'],
    ],
    load: async () => (await import('./commands/workbench.ts')).workbenchCommand,
  },
];

/** Parses the command line, runs the command it names and resolves to the exit code. Throws UsageError. */
export async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const words = hideDashes(withCommand(argv));
  const { choice, printed } = await parse(words, io).catch(async (error: unknown) => {
    const [command = '', ...rest] = words;
    // An option that does not exist takes the file behind it for its value: with a file more, that is told.
    const told = messageOf(error).startsWith(noFile)
      ? await parse([command, 'file', ...rest], io).then(
          () => error,
          (other: unknown) => other,
        )
      : error;
    throw new UsageError(`${plain(messageOf(told), words)}; see ike-autopsy --help`);
  });
  if (printed !== '') {
    await io.stdout.write(`${printed}\n`);
    return exitCodes.noFailure;
  }
  if (choice === null) throw new UsageError('no evidence named; see ike-autopsy --help');
  const unused = unusedGiven(choice.args, choice.spec.unused);
  if (unused.length > 0)
    await io.stderr.tell(
      `ike-autopsy: ${unused.join(' and ')} made no difference to ${choice.spec.name}`,
    );
  const command = await choice.spec.load();
  return command(choice.args, io);
}

type Choice = { readonly spec: CommandSpec; readonly args: Arguments };

/** Finds the command and its options, or the help that is asked for. Rejects with what yargs says. */
async function parse(
  argv: readonly string[],
  io: Io,
): Promise<{ readonly choice: Choice | null; readonly printed: string }> {
  const words = [...argv];
  const chosen: Choice[] = [];
  let parser: Argv = yargs()
    .scriptName('ike-autopsy')
    .usage(
      '$0 [command] <evidence..>\n\nExplains why an IKE tunnel does not come up. Reads files, opens no connection.',
    )
    .version(toolVersion)
    .alias('version', 'V')
    .alias('help', 'h')
    .parserConfiguration({
      'dot-notation': false,
      'parse-positional-numbers': false,
      'parse-numbers': false,
      'camel-case-expansion': false,
    })
    .exitProcess(false)
    .fail(false)
    .strict()
    .recommendCommands()
    .wrap(Math.min(io.stdout.columns, 100))
    .locale('en')
    .epilogue(
      'Exit code: 0 no failure found, 1 a failure was found, 2 wrong usage or unreadable input.',
    );
  // Only help needs them all.
  const named = commands.filter(({ name }) => name === words[0]);
  // yargs lays out the whole help after every command but the default one, which takes longer than many a capture.
  const isAlone = named.length > 0 && !words.some((word) => word === '-h' || word === '--help');
  if (isAlone) words.shift();
  for (const spec of named.length > 0 ? named : commands) {
    parser = parser.command(
      `${isAlone ? '$0' : spec.name} ${spec.positionals}`.trimEnd(),
      spec.describe,
      (y) =>
        spec.examples.reduce(
          (out, [command, describe]) => out.example(command, describe),
          hideUnused(spec.options(y), spec.unused),
        ),
      (args) => {
        chosen.push({ spec, args });
      },
    );
  }
  let printed = '';
  await parser.parseAsync(
    words,
    {},
    (_error: Error | undefined | null, _args: unknown, output: string) => {
      printed = output;
    },
  );
  return { choice: chosen[0] ?? null, printed };
}

/** `ike-autopsy FILE…` means `ike-autopsy analyze FILE…`. */
function withCommand(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  if (first === 'help') return [...rest.slice(0, 1), '--help'];
  const isCommand = commands.some((spec) => spec.name === first);
  const isQuestion = argv.length === 0 || ['-h', '--help', '-V', '--version'].includes(first ?? '');
  return isCommand || isQuestion ? [...argv] : ['analyze', ...argv];
}

const noFile = 'Not enough non-option arguments';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** yargs speaks of arguments where users think of options and files. */
function plain(message: string, words: readonly string[]): string {
  const line = message.split('\n')[0] ?? '';
  const asOption = (name: string): string => (name.length > 1 ? `--${name}` : `-${name}`);
  const unknown = /^Unknown arguments?: (.*)$/.exec(line)?.[1]?.split(', ');
  const extra = unknown?.find((name) => words.includes(name));
  if (extra !== undefined) return `${showDash(extra)}: one file more than the command takes`;
  if (unknown) return `unknown option ${unknown.map(asOption).join(', ')}`;
  const bare = /^Not enough arguments following: (\S+)$/.exec(line)?.[1];
  if (bare !== undefined) return `${asOption(bare)} needs a value`;
  const choice = /Argument: (\S+), Given: "([^"]*)", Choices: (.*)$/m.exec(message);
  if (choice)
    return `--${choice[1] ?? ''} ${choice[2] ?? ''}: choose one of ${(choice[3] ?? '').replaceAll('"', '')}`;
  if (line.startsWith(noFile)) return 'no file named';
  return line;
}

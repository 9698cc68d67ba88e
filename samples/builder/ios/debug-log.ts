import { createSeeded } from '../seeded.ts';
import type { Router } from '../topology.ts';
import { tagText, templates } from './templates.ts';
import type { Tag, TemplateName } from './templates.ts';

export type Fields = Readonly<Record<string, string | number>>;

export type LogOptions = {
  /** Columns of the terminal or document that broke the lines, and how many in a hundred it broke. */
  readonly wrap: { readonly column: number; readonly percent: number } | null;
  /** IOS ends a few messages with a line break of their own; many copies lose the empty line. */
  readonly blankLines: boolean;
};

/** The screen of one router: prompts, commands and debug lines in the order in which they appeared. */
export type DebugLog = {
  readonly router: Router;
  /** Capture clock, microseconds: when this router does what it does next. */
  now(): number;
  waitUntil(atUs: number): void;
  work(us: number): void;
  /** The connection id that the next lines carry. */
  setConnection(id: number): void;
  readonly say: (name: TemplateName, fields?: Fields, id?: number) => void;
  /** What the terminal shows without a time stamp. */
  screen(...lines: readonly string[]): void;
  text(): string;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `*Sep  3 09:41:07.312: `, in the router's own time. */
export const timeStamp = (router: Router, atUs: number): string => {
  const at = new Date(Math.floor(atUs / 1000) + router.clockOffsetMs);
  const day = String(at.getUTCDate()).padStart(2, ' ');
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const milliseconds = String(at.getUTCMilliseconds()).padStart(3, '0');
  return `${router.clockMark}${months[at.getUTCMonth()]!} ${day} ${clock}.${milliseconds}: `;
};

/** Breaks one physical line at blanks, as a document or a narrow window does. */
const broken = (line: string, column: number): readonly string[] => {
  const parts: string[] = [];
  let rest = line;
  while (rest.trimEnd().length > column) {
    const blank = rest.lastIndexOf(' ', column);
    if (blank < column / 2) break;
    parts.push(rest.slice(0, blank));
    rest = rest.slice(blank + 1);
  }
  return [...parts, rest];
};

/** Releases before 15 print message ids as signed numbers. */
const filled = (text: string, fields: Fields, name: string, signed: boolean): string =>
  text.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = fields[field];
    if (value === undefined) throw new Error(`message ${name} needs ${field}`);
    return String(signed && field === 'node' ? Number(value) | 0 : value);
  });

/** IOS-XE prints text directly behind the tag; lists keep their indentation, and one line its old tag. */
const xeLine = (style: Tag, tag: string, text: string): string => {
  if (style === 'plain') return tag + text;
  if (text.includes('life duration (VPI)')) return `ISAKMP: ${text}`;
  if (style === 'bare' && text.startsWith('  ')) return `${tag} ${text}`;
  return tag + (/^ \S/.test(text) && style !== 'bare' ? text.slice(1) : text);
};

export const createDebugLog = (router: Router, startUs: number, options: LogOptions): DebugLog => {
  const lines: string[] = [];
  const jitter = createSeeded(`${router.hostname}/${startUs}/pace`);
  let at = startUs;
  let connection = 0;

  const write = (text: string): void => {
    for (const line of text.split('\n')) {
      const { wrap } = options;
      const wraps = wrap !== null && line.length > wrap.column && jitter.below(100) < wrap.percent;
      lines.push(...(wraps ? broken(line, wrap.column) : [line]));
    }
  };

  return {
    router,
    now: () => at,
    waitUntil: (us) => {
      at = Math.max(at, us);
    },
    work: (us) => {
      at += us;
    },
    setConnection: (id) => {
      connection = id;
    },
    say: (name, fields = {}, id = connection) => {
      const [style, wording, end] = templates[name];
      const text = filled(wording, fields, name, router.release === 'ios-12.4t');
      const tag = tagText[router.release](style, id);
      const shown = router.release === 'ios-xe-17' ? xeLine(style, tag, text) : `${tag}${text}`;
      write(timeStamp(router, at) + shown);
      if (end === 'blank-after' && options.blankLines) lines.push('');
      // A line takes microseconds, now and then the process yields.
      at += jitter.below(6) === 0 ? 300 + jitter.below(900) : 10 + jitter.below(50);
    },
    screen: (...shown) => {
      for (const line of shown) lines.push(line);
    },
    text: () => `${lines.join('\n')}\n`,
  };
};

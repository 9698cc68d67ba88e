import { clientStamp, quoteMarks } from '../bytes/line-frame.ts';

/** Makes the damage of terminals, pages and mail undone, for lines that could not be read as they stand. */

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decodeEntity(whole: string, name: string): string {
  if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole;
  const hex = name[1] === 'x' || name[1] === 'X';
  const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
  return code >= 9 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/** A terminal moves back and overwrites: a blank written over a character removes it. */
function applyBackspaces(line: string): string {
  if (!line.includes('\b')) return line;
  const out: string[] = [];
  let at = 0;
  for (const c of line) {
    if (c === '\b') at = Math.max(0, at - 1);
    else out[at++] = c;
  }
  return out.join('');
}

/** A relay writes control characters in octal: a message and the lines below it come as one line. */
const escaped = /[#\\]01([125])/g;
const controls: Readonly<Record<string, string>> = { 1: '\t', 2: '\n', 5: '' };

/** Line ends of a string in JSON or in a program, if messages begin behind them. */
const lineEnds =
  /\\n(?=\s*(?:[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d |ISAKMP|IPSEC[(:]|IKEv2|%[A-Z]))/;
const inString: Readonly<Record<string, string>> = {
  n: '\n',
  r: '',
  t: '\t',
  '"': '"',
  '\\': '\\',
};

/** What a string holds, without the marks around it. */
const outOfString = (text: string): string =>
  text
    .replace(/^\s*(?:"[\w.-]{1,40}"\s*:\s*)?"/, '')
    .replace(/(?<!\\)"\s*(?:[,\]}]+\s*)?$/, '')
    .replace(/\\([nrt"\\])/g, (_, mark: string) => inString[mark]!);

/** Markdown takes a backslash in front of its own marks, and two stars around what is bold. */
const markdownEscape = /\\([_*[\]()#.!|<>-])/g;
const bold =
  /^\*\*(?=ISAKMP|IPSEC|IPSec|IKEv2|%[A-Z]|[*.]?[A-Z][a-z]{2} [ \d]\d )(.*?)\*\*(?=\s*$)/;

const needsCleaning =
  /[^\x20-\x7e\t]|\\[n_*[\]()]|^\*\*|&#?\w{1,8};|<\/?[a-z]|--More--|More --->|\^M|[#\\]01[125]/i;

/** True when `cleanLine` would change the line. */
export function isDirty(line: string): boolean {
  return needsCleaning.test(line);
}

/** One physical line without its damage; line feeds are those that a relay escaped. Length is bounded by the caller. */
export function cleanLine(line: string): string {
  if (!needsCleaning.test(line)) return line;
  let text = (lineEnds.test(line) ? outOfString(line) : line)
    .replace(/\x1b\[[0-9;?]{0,16}[ -/]?[@-~]/g, '')
    .replace(/\x1b[()][A-Z0-9]|\x1b[=>78cDEHM]/g, '')
    .replace(/ ?(?:<---?)? ?(?:--)?More(?:--| --->) ?/g, (found) =>
      found.includes('--') ? '' : found,
    );
  text = /^[\s\b]*\x08/.test(text) ? text.replace(/^(?:[\x08 ])+/, '') : applyBackspaces(text);
  if (text.includes('<')) {
    text = text
      .replace(/<br ?\/?>/gi, '\n')
      .replace(
        /<\/?(?:a|b|i|u|p|em|pre|code|div|span|font|strong|td|tr|th|li|ul|ol|tt|html|head|body|table|tbody|blockquote|samp|kbd|section|article|main)(?: [^<>]{0,200})?>/gi,
        '',
      );
  }
  if (text.includes('&')) text = text.replace(/&(#?\w{1,8});/g, decodeEntity);
  return text
    .replace(bold, '$1')
    .replace(markdownEscape, '$1')
    .replace(escaped, (_, octal: string) => controls[octal]!)
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replace(/[\u2018\u2019\u201a\u2032]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\^M$/, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

/** The line without its damage, and without the blanks that stood before damage at its end. */
export function undamaged(line: string): string {
  return isDirty(line) ? cleanLine(line).trimEnd() : line;
}

const stampedByClient = new RegExp(`^${clientStamp} ?`);

export function withoutClientStamp(line: string): string {
  return line.startsWith('[') ? line.replace(stampedByClient, '') : line;
}

/** What people put in front of lines when they quote, list or number them. */
const decorations: readonly RegExp[] = [
  new RegExp(`^${quoteMarks}`),
  stampedByClient,
  /^(?:[-\u2022\u00b7o]\s+)(?=\S)/,
  /^\|\s+(?=\S)/,
  /^\s*\d{1,6}(?:[.)]\s+|\s{0,2}\|\s*)(?=\S)/,
  /^(?:[*.][A-Z][a-z]{2} )+(?=[*.][A-Z][a-z]{2} )/,
  // Stars, arrows and crosses: no letters of any script.
  /^[^\x00-\x7f\p{L}\p{N}]{1,8}\s*(?=[\x21-\x7e])/u,
];

/** Quote marks, bullets, line numbers, client stamps and ornaments, one of each at most. */
export function undecorate(line: string): string {
  let text = line;
  for (const decoration of decorations) text = text.replace(decoration, '');
  return text.replace(line.startsWith('|') ? /(?<!\s)\s*\|\s*$/ : /(?<!\s)\s*\|\s*\|\s*$/, '');
}

/** A month that somebody wrote in full, or set apart from its day. */
const longMonth =
  /^((?:\d{1,10}: )?[*.]?)(?:(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)\.?|([A-Z][a-z]{2})(?:\.|(?=\s{3})))\s{1,8}(?=\d{1,2}\s+\d)/;

/** The line with its month as a router prints it. */
export const withShortMonth = (line: string): string =>
  line.replace(
    longMonth,
    (_, before: string, long?: string, short?: string) => `${before}${long ?? short ?? ''} `,
  );

export type Prompt = { readonly host: string; readonly rest: string };

const prompt =
  /^([A-Za-z][\w.-]{0,62})((?:\/[A-Za-z][\w-]{0,31}){1,3})?(?:\([\w-]{1,32}\))?[#>]\s*/;
/** Which of a pair of firewalls it is, and whether that one is in service. */
const failover = /\/(?:pri|sec|act|stby|actNoFailover)(?![\w-])/g;

/** `R1#`, `R1(config-if)#`, `R1>`, `fw1/pri/act#`, alone, before a command or glued to a debug line. */
export function readPrompt(line: string): Prompt | null {
  const found = prompt.exec(line);
  if (!found) return null;
  const rest = line.slice(found[0].length);
  // `a>b` within prose is no prompt: what follows is nothing, a command or a log line.
  if (
    found[0].includes('>') &&
    rest !== '' &&
    !/^(?:en|enable|sh|show|ping|debug|un|undebug|clear|ter|exit|[*.%]|ISAKMP|IPSEC)\b/.test(
      rest,
    ) &&
    !/^[*.]?[A-Z][a-z]{2} /.test(rest)
  ) {
    return null;
  }
  // What else stands behind the name is a context, which speaks for itself.
  return { host: found[1]! + (found[2] ?? '').replace(failover, ''), rest };
}

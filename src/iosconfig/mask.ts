import { frameEnd } from '../bytes/line-frame.ts';
import { commandStart, markedStart, quotedCommand, standsAsCommand } from './command-start.ts';
import { beginsCommand } from './first-words.ts';
import { isRequest } from './help.ts';
import { MASKED_KEY, isMaskedKey } from './masked-key.ts';
import {
  DERIVED,
  ELEMENT,
  HEADING,
  KEY_IN_PROSE,
  MAY_HOLD_SECRET,
  ONLY_IN_COMMANDS,
  PLACED_IN_PROSE,
  SECOND_SECRET,
  SECRETS,
  SETTING,
  TITLE,
  TOLD_IN_PROSE,
  URL_PASSWORD,
} from './secret-places.ts';

/** How a secret is written where that says which key it is: the same digits are another key in hex than as text. */
export type SecretForm = 'hex' | 'text';

/** Gives the token that stands for a secret: equal secrets get equal tokens. */
export type SecretToken = (secret: string, form?: SecretForm) => string;

/** A row of `show crypto isakmp key`: the last column is the key. */
const SHOW_KEY_ROW =
  /^(\s*(?:\S+\s+(?:\([^)]*\)\s+)?)?(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/[\d.]+)?|[0-9a-f]*:[0-9a-f:/]+|[\w-]+(?:\.[\w-]+)+)\s+(?:\[[\d.\s]+\]\s+)?)(?!\d{1,3}(?:\.\d{1,3}){3}\s*$)(\S+)\s*$/i;

/** The line as it may be shown, without the colours of a terminal, which would part words. */
export function maskSecrets(written: string, token: SecretToken): string {
  if (!MAY_HOLD_SECRET.test(written)) return written;
  const line = plain(written);
  const bare = maskValues(line, token);
  const { start, isMarked } = markedStart(bare);
  const command = bare.slice(start);
  const isCommand = !isMarked && standsAsCommand(bare, start);
  if (isMarked && (HEADING.test(command) || TITLE.test(command))) return maskTold(bare, token);
  for (const pattern of SECRETS) {
    if (!isCommand && ONLY_IN_COMMANDS.has(pattern)) continue;
    const found = pattern.exec(command);
    if (found !== null) {
      const ahead = bare.slice(0, start);
      return ahead + replaced(command, found, token, ahead);
    }
  }
  return maskTold(bare, token);
}

const COLOURS = /\u001b\[[\d;?]{0,20}[A-Za-z]/g;

/** What a page or a word processor makes of the hyphens of a command. */
const DASHED = /\bpre[\u2010-\u2015\u2212]shared[\u2010-\u2015\u2212]key\b/gi;

function plain(written: string): string {
  const bare = written.includes('\u001b') ? written.replace(COLOURS, '') : written;
  return bare.replace(DASHED, (command) => command.replace(/[^A-Za-z]/g, '-'));
}

/** For a line that is no command: what it quotes of one, what a person writes of a key, and what says itself that it is one. */
export function maskProse(line: string, token: SecretToken): string {
  return quotedCommand(line) >= 0
    ? maskSecrets(line, token)
    : maskTold(maskValues(line, token), token);
}

function maskTold(line: string, token: SecretToken): string {
  const found = TOLD_IN_PROSE.exec(line) ?? PLACED_IN_PROSE.exec(line) ?? KEY_IN_PROSE.exec(line);
  return found === null ? line : replaced(line, found, token);
}

/** What is a secret wherever it stands: by its name, or by its place in a URL. */
function maskValues(line: string, token: SecretToken): string {
  const replace = (_: string, before: string, secret: string): string => before + token(secret);
  const settings = line.replace(SETTING, replace).replace(DERIVED, replace);
  const named = settings.includes('</') ? settings.replace(ELEMENT, replace) : settings;
  return named.includes('://') ? named.replace(URL_PASSWORD, replace) : named;
}

/** The secrets that stand in a line, in their order. */
export function secretsIn(line: string): readonly string[] {
  const found: string[] = [];
  maskSecrets(line, (secret) => {
    found.push(secret);
    return secret;
  });
  return found;
}

/** A secret and where it stands in its line. */
export type SecretPlace = { readonly from: number; readonly to: number; readonly secret: string };

/** What stands for the secret of a number while places are worked out; no text holds such characters. */
const MARK = /\u0001(\d+)\u0002/g;

/** The secrets of a line with their places, in the order of these. */
export function secretPlaces(line: string): readonly SecretPlace[] {
  const found: string[] = [];
  const original = (text: string): string =>
    text.replace(MARK, (_, index: string) => found[Number(index)] ?? '');
  const marked = maskSecrets(line, (secret) => `\u0001${found.push(original(secret)) - 1}\u0002`);
  const places: SecretPlace[] = [];
  let added = 0;
  for (const { 0: mark, 1: index, index: at } of marked.matchAll(MARK)) {
    const secret = found[Number(index)] ?? '';
    places.push({ from: at + added, to: at + added + secret.length, secret });
    added += secret.length - mark.length;
  }
  return places;
}

const mostMasked = 1 << 10;

/** As `maskSecrets`, for lines by the million: what may hold a secret comes again and again. */
export function createLineMask(token: SecretToken): (line: string) => string {
  const masked = new Map<string, string>();
  return (line) => {
    if (!MAY_HOLD_SECRET.test(line)) return line;
    const known = masked.get(line);
    if (known !== undefined) return known;
    const made = maskSecrets(line, token);
    if (masked.size >= mostMasked) masked.clear();
    masked.set(line, made);
    return made;
  };
}

/** The same for a row of the table that `show crypto isakmp key` prints. */
export function maskKeyRow(line: string, token: SecretToken): string {
  const start = commandStart(line);
  const row = line.slice(start);
  // A command may have the same form, but no columns.
  const mayBeCommand =
    start > frameEnd(line) || (beginsCommand(row.trimStart()) && !/^\s*default\s/i.test(row));
  const isRow = !mayBeCommand || /\S\s{2,}\S/.test(row);
  const found = isRow ? SHOW_KEY_ROW.exec(row) : null;
  return found === null
    ? maskSecrets(line, token)
    : line.slice(0, start) + replaced(row, found, token);
}

const IN_HEX = /\bhex\s+$/i;

/** `ahead` is what stands before a command in its line. */
function replaced(line: string, found: RegExpExecArray, token: SecretToken, ahead = ''): string {
  const before = found[1]!;
  const [whole, end] = unquoted(found[2]!, ahead + before);
  if (whole === '') return line;
  const secret = withoutComment(whole);
  const rest = end + line.slice(before.length + found[2]!.length);
  const second = SECOND_SECRET.exec(rest);
  const form = IN_HEX.test(before) ? 'hex' : 'text';
  return `${before}${token(secret, form)}${second === null ? rest : replaced(rest, second, token)}`;
}

/** As the configuration is read: single blanks, and without what a document appends to a command. */
function withoutComment(secret: string): string {
  if (/^["']/.test(secret)) return secret;
  const plain = secret.replace(/\s+/g, ' ');
  const at = plain.indexOf(' !');
  return at < 0 ? plain : plain.slice(0, at);
}

/** What ends a text that quotes a command: the quote, what closes behind it, and what a row, an object or a sentence goes on with. */
const QUOTE_END = /^([^'"\\].*?)(\\?(['"])(?:[)\]}]*[,;.]?|[)\]}]*,\s?\\?['"].*|\s+command\b.*))$/;

/** A value in quotes, and what a statement ends with. */
const QUOTED_VALUE = /^((['"]).+\2)([,;)\]}]+)$/;

/** Accounting shows so that a command was ended. */
const ENTERED = '<cr>';

/** A message may quote a whole command: the quote that ends it is not of the secret, nor what stands behind that. */
function unquoted(secret: string, before: string): readonly [secret: string, rest: string] {
  const typed = isRequest(secret) ? secret.slice(0, -1).trimEnd() : secret;
  if (typed !== secret) return [typed, secret.slice(typed.length)];
  if (secret.endsWith(ENTERED)) {
    const typed = secret.slice(0, -ENTERED.length).trimEnd();
    if (typed !== '') return [typed, secret.slice(typed.length)];
  }
  const whole = QUOTED_VALUE.exec(secret);
  if (whole !== null) return [whole[1]!, whole[3]!];
  const [, value, rest, quote] = QUOTE_END.exec(secret) ?? [];
  if (value === undefined || rest === undefined || quote === undefined) return [secret, ''];
  // Where quotes come in pairs before the secret, none is open that could end here.
  const opened = before.split(quote).length - 1;
  // A key that takes the rest of its line may hold quotes itself.
  const isOpen = opened % 2 === 1 || (opened === 0 && !/\s/.test(rest));
  return isOpen ? [value, rest] : [secret, ''];
}

/** Tokens in order of first use: `<key#1>`, `<key#2>`, … */
export function createSecretTokens(known: readonly string[] = []): SecretToken {
  const tokens = new Map<string, string>();
  const token = (secret: string): string => {
    // A token in the input stands for itself, so that redacted evidence stays readable; other masks tell no keys apart.
    if (/^<key#\d+>$/.test(secret)) return secret;
    if (isMaskedKey(secret)) return MASKED_KEY;
    const held = tokens.get(secret);
    if (held !== undefined) return held;
    const made = `<key#${String(tokens.size + 1)}>`;
    tokens.set(secret, made);
    return made;
  };
  known.forEach(token);
  return token;
}

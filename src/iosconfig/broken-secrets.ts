import { lineEnd } from '../bytes/line-end.ts';
import { frameEnd } from '../bytes/line-frame.ts';
import { PROMPT_SOURCE, commandStart } from './command-start.ts';
import { beginsCommand, isOneWordCommand } from './first-words.ts';
import { findHelp, isRequest } from './help.ts';
import { secretPlaces, type SecretPlace, type SecretToken } from './mask.ts';
import { COMMAND_WORD, MAY_HOLD_SECRET } from './secret-places.ts';

/**
 * Secrets of commands that a terminal, a mail or a page broke into several lines: none of the lines alone says that it
 * holds one, or holds all of it.
 */

/** The part of a line that belongs to such a secret. */
export type SecretPart = {
  /** Counts from 0. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly secret: string;
  /** The first part of its secret. */
  readonly isFirst: boolean;
};

/** How the commands begin that hold secrets; at a prompt or in quotes every command is looked at. */
const FIRST_WORDS = String.raw`(?:no\s+)?(?:c(?:r\w*)?|isa\w*|ikev[12]|pre?(?:-\S*)?|key\S*|group|user\w*|ena\w*|pass\w*|secret|sn\S*|ta\S*|rad\S*|server\S*|client|address|host|aaa-server|ip|ipv6|ospfv3|area|ppp|neighbor|standby|vrrp|glbp|set|au\w*|psk|ppk|wpa-psk|encryption|ntp|ldap|failover|kerberos|cellular|event|tunnel|message-digest-key|vpdn|l2tp)(?=\s|$)`;
const BEGINS = new RegExp(`^${FIRST_WORDS}`, 'i');

/** Most lines of a debug cannot be the first of a command, which one look tells. */
const MAY_BEGIN = new RegExp(
  String.raw`^[\s>|\d:.)[\]*+!#;/\u2022-]{0,40}(?:${FIRST_WORDS}|${PROMPT_SOURCE})|logged\s+command|\bcmd\s*[=:]|executed|\bCLI|\(cli_lib\)|@\S{1,80}\s{0,80}\|`,
  'i',
);

/** Of these the words before the secret may take several lines. */
const MAY_GO_ON = /^(?:no\s+)?(?:cry\w*|isa\w*|ikev[12]|pre\S*|ppk|snmp\S*|user\w*)(?=\s|$)/i;

/** What a secret follows. */
const OPENS =
  /(?:^|[\s-])(?:key|pre-s\S*|password|passwd|passphrase|secret|community|key-string|psk|psksecret|local|remote|cipher|authenticator|md5|sha\d*|text|config-key|password-encrypt(?:ion)?)(?:\s+(?:\d|hex|ascii|enc))?$/i;

/** What commands go on with behind their secrets. */
const TAILS: readonly (readonly [command: RegExp, tail: RegExp])[] = [
  [/\bisa\w*\s+key\s/i, /^(?:ad\w*|ho\w*|ipv6)(?=\s|$)/i],
  [/\bsnmp\S*\s+comm/i, /^(?:(?:ro|rw|view|ipv6)(?=\s|$)|\d{1,4}$)/i],
  [/\bsnmp\S*\s+user\s/i, /^priv(?=\s|$)/i],
  [/\b(?:user\w*|enable|pass\w*)\s/i, /^(?:privilege|level|encrypted)(?=\s|$)/i],
  [/\bsession-key\s/i, /^authenticator(?=\s|$)/i],
  [/\bppk\s/i, /^required$/i],
  [/\baaa-server\s/i, /^timeout(?=\s|$)/i],
];

/** What is no rest of a command: what help says may follow, a message, a comment, what the router answers, a mark below an error, a fence. */
const STANDS_APART =
  /^(?:[^A-Za-z0-9]*$|(?:LINE|WORD)\s*(?:<cr>)?$|[!%^`#]|[*.]?[A-Z][a-z]{2} +\d{1,2} |.*(?:^|[:\s])(?:ISAKMP|IPSEC|IKEv2|Crypto mapdb|%[A-Z]\w*-\d-\w+)\b|\[IKEv2)/;

/** Of the words that commands begin with, those that lead to a secret in the midst of one as well. */
const LEADS_ON =
  /^(?:auth\w*|comm\w*|enc\w*|hostname|ipv6|isa\w*|key|pass\w*|peer|privilege|server)(?=\s)/i;

/** It is taken back by its name, whatever its value is. */
const TAKEN_BACK = /^no\s/i;

/** A key may end in such signs; the address behind it tells. */
const SURE_REST = /^[!%^`#]\S+\s+(?:ad\w*|ho\w*)\s+\S/i;

/** A word as commands are made of, which only the width of its lines can tell from the rest of a secret. */
const PLAIN_WORD = /^[a-z]+(?:-[a-z]+)*$/;

/** What mail and pages put in front of a line. */
const MARKS = /^[\s>|]*/;

/** What a list puts in front of a command, or a comparison. */
const LIST_MARK = /^(?:[-*+\u2022] {1,3}(?=\S)|[-+](?=[a-z]))/;

/** A command may be set apart as a comment, and its rest stands in the next line without the mark. */
const COMMENT = /^(?:[!#;]+|\/\/) {0,3}(?=[a-z])/;

/** More blanks than stand behind a mark. */
const INDENTED = /^(?:[>|\s]*[>|] )?\s/;

/** No terminal is narrower. */
const narrowest = 40;
const mostLines = 3;
/** A command that is longer was not broken by a terminal. */
const longest = 400;

/** One line of those that make a command: where it begins among them, and in its own line. */
type Piece = { readonly line: number; readonly at: number; readonly start: number };

type Open = {
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly width: number;
  /** A number or a time stands in front of its lines. */
  readonly isNumbered: boolean;
  /** The secrets that it shows alone. */
  readonly places: () => readonly SecretPlace[];
  /** An item of a list, whose next lines are indented. */
  readonly isItem: boolean;
};

/** Follows a text line by line. */
export type BrokenSecrets = {
  readonly isOpen: boolean;
  /** What the next line, by its number, shows to be parts of a secret: in it, and in the lines before. */
  next(line: string, number: number): readonly SecretPart[];
  /** Nothing that follows belongs to what came so far. */
  close(): void;
};

/** `widest` is that of the text: what goes on in the next line came to it. Without it every line may be that wide. */
export function createBrokenSecrets(widest = 0): BrokenSecrets {
  let open: readonly Open[] = [];
  const nextOf = (line: string, number: number): readonly SecretPart[] => {
    const frame = frameEnd(line);
    const item = frame + (LIST_MARK.exec(line.slice(frame))?.[0].length ?? 0);
    const start = item === frame ? commandStart(line) : item + commandStart(line.slice(item));
    const begun = { ...lineFrom(line, start, number, frame), isItem: item > frame };
    if (start > item) {
      open = begun.text === '' || isRequest(begun.text) ? [] : [begun];
      return [];
    }
    if (STANDS_APART.test(begun.text) && !SURE_REST.test(begun.text)) {
      const mark = COMMENT.exec(begun.text)?.[0].length ?? 0;
      const command = lineFrom(line, start + mark, number, frame);
      open = mark > 0 && BEGINS.test(command.text) ? [command] : [];
      return [];
    }
    const marks = MARKS.exec(line)![0].length;
    const further: Open[] = [];
    for (const before of open) {
      // A key of digits looks like the number of a line.
      const rest =
        before.isNumbered || marks === start ? begun : lineFrom(line, marks, number, frame);
      const isAnother = beginsAnother(rest);
      if (isAnother && !mayEndInSecret(before)) continue;
      const [tight, spaced] = [join(before, rest, ''), join(before, rest, ' ')];
      // Nothing stands in front of the rest of a word.
      const joins = INDENTED.test(line) && !before.isItem ? [spaced] : [tight, spaced];
      if (OPENS.test(before.text)) joins.reverse();
      const readings = joins.flatMap((joined) => {
        const found = secretAcross(before, rest, joined, widest);
        return found === null ? [] : [{ joined, ...found }];
      });
      const [best] = readings.toSorted((one, other) => one.rank - other.rank);
      if (best !== undefined) {
        open = [best.joined];
        return best.places.flatMap((place) => partsOf(place, best.joined));
      }
      if (!isAnother && before.pieces.length < mostLines && MAY_GO_ON.test(before.text))
        further.push(spaced, tight);
    }
    const begins = BEGINS.test(begun.text) && !isRequest(begun.text);
    open = [...(begins ? [begun] : []), ...further].filter(({ text }) => text.length <= longest);
    return [];
  };
  return {
    get isOpen() {
      return open.length > 0;
    },
    next: nextOf,
    close: () => {
      open = [];
    },
  };
}

function lineFrom(line: string, start: number, number: number, frame: number): Open {
  const text = line.slice(start).trimEnd();
  return {
    text,
    places: once(() => secretPlaces(text)),
    pieces: [{ line: number, at: 0, start }],
    width: line.length,
    isNumbered: /\d/.test(line.slice(0, frame)),
    isItem: false,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function join(before: Open, rest: Open, glue: string): Open {
  const { line, start } = rest.pieces[0]!;
  const at = before.text.length + glue.length;
  const text = before.text + glue + rest.text;
  return {
    ...rest,
    text,
    places: once(() => (MAY_HOLD_SECRET.test(text) ? secretPlaces(text) : [])),
    pieces: [...before.pieces, { line, at, start }],
  };
}

/** The line came to the end of its row, so that the rest stands in the next. */
const isFull = ({ width }: Open, widest: number): boolean => width >= Math.max(widest, narrowest);

/** `before` stops where its secret would come, or in the midst of it. */
const mayEndInSecret = (before: Open): boolean =>
  OPENS.test(before.text) || before.places().at(-1)?.to === before.text.length;

/** `rest` is a command, of which no word leads to a secret of another. */
const beginsAnother = ({ text }: Open): boolean => beginsCommand(text) && !LEADS_ON.test(text);

/** Readings of two lines, the surest first: where both together make the words before the secret, nothing is left to chance. */
type Rank = 0 | 1 | 2 | 3;

type Across = { readonly places: readonly SecretPlace[]; readonly rank: Rank };

/** The secrets of `joined` that `rest`, its second line, has a part in; null where it may as well be a command of its own. */
function secretAcross(before: Open, rest: Open, joined: Open, widest: number): Across | null {
  if (rest.places().length > 0) return null;
  const at = joined.text.length - rest.text.length;
  const places = joined.places();
  const found = places.findIndex(({ to }) => to > at);
  const place = places[found];
  if (place === undefined || place.secret.startsWith('<key')) return null;
  // A word of the command stands where no secret followed yet.
  const alone = before
    .places()
    .filter(({ secret }) => !COMMAND_WORD.test(secret) && !/^\d$/.test(secret));
  // What was found before must be there still, but for a word that goes on: else one command is read in two ways.
  const mayGrow = before.text.length === at || place.from === alone.at(-1)?.from;
  const known = mayGrow ? alone.filter(({ to }) => to < before.text.length) : alone;
  if (known.length > found || known.some(({ from }, index) => places[index]!.from !== from))
    return null;
  const rank = rankOf(before, rest.text, place, at, widest);
  return rank === null ? null : { places: places.slice(found), rank };
}

function rankOf(
  before: Open,
  rest: string,
  { from, to, secret }: SecretPlace,
  at: number,
  widest: number,
): Rank | null {
  const word = rest.slice(Math.max(0, from - at), to - at);
  const behind = rest.slice(to - at).trimStart();
  if (COMMAND_WORD.test(word) || isOneWordCommand(rest)) return null;
  // The words that lead to it stand in the second line.
  if (from > at) return 0;
  const isTailed = TAILS.some(
    ([command, tail]) => command.test(`${before.text} `) && tail.test(behind),
  );
  const isLone = !/\s/.test(rest);
  if (!isTailed && beginsCommand(rest) && !isFull(before, widest)) return null;
  // Several words behind an open command are a sentence, as long as nothing shows where the secret ends.
  const isSentence = behind === '' && /^[^"']*\s/.test(secret);
  if (from === at && !isSentence && OPENS.test(before.text)) {
    // `no enable secret` is whole; what follows is a secret only if it can be nothing else.
    if (TAKEN_BACK.test(before.text) && !MAY_GO_ON.test(before.text))
      return isLone && !PLAIN_WORD.test(rest) ? 1 : null;
    if (behind === '' || !BEGINS.test(rest)) return 1;
  }
  if (isTailed) return /\s/.test(secret) ? 3 : 2;
  const mayGoOn = before.width >= widest || !PLAIN_WORD.test(word);
  return behind === '' && !/\s/.test(secret) && mayGoOn ? 2 : null;
}

function partsOf({ from, to, secret }: SecretPlace, { text, pieces }: Open): readonly SecretPart[] {
  return pieces.flatMap(({ line, at, start }, index) => {
    const end = pieces[index + 1]?.at ?? text.length;
    const [first, last] = [Math.max(from, at), Math.min(to, end)];
    if (first >= last) return [];
    return [{ line, from: start + first - at, to: start + last - at, secret, isFirst: from >= at }];
  });
}

/** The parts of all secrets in a text that its lines tore, by line. */
export function brokenSecrets(
  lines: readonly string[],
): ReadonlyMap<number, readonly SecretPart[]> {
  const widest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  const secrets = createBrokenSecrets(widest);
  const byLine = new Map<number, readonly SecretPart[]>();
  const blank = lines.filter((line) => line.trim() === '').length;
  // Where line ends were doubled, a blank line parts nothing.
  const isDoubled = lines.length > 2 && 2 * blank + 1 >= lines.length;
  const { answers } = findHelp(lines);
  lines.forEach((line, index) => {
    if (isDoubled && line.trim() === '') return;
    if (answers.has(index)) {
      secrets.close();
      return;
    }
    if (line.length > longest) secrets.close();
    if (line.length > longest || (!secrets.isOpen && !MAY_BEGIN.test(line))) return;
    const found = secrets.next(line, index);
    // A later line knows better what the secret is.
    for (const each of new Set(found.map((part) => part.line)))
      byLine.set(
        each,
        found.filter((part) => part.line === each),
      );
  });
  return byLine;
}

/** The line without its parts of secrets; what stands for a secret stands at the first of them. */
export function maskParts(line: string, parts: readonly SecretPart[], token: SecretToken): string {
  return parts.toReversed().reduce((masked, { from, to, secret, isFirst }) => {
    return masked.slice(0, from) + (isFirst ? token(secret) : '') + masked.slice(to);
  }, line);
}

/** Lines of such commands with what may be shown of them: as they stand, and without what is in front of the command. */
export function maskedBroken(text: string, token: SecretToken): ReadonlyMap<string, string> {
  const lines = text.split(lineEnd(text));
  const masked = new Map<string, string>();
  for (const [index, parts] of brokenSecrets(lines)) {
    const line = lines[index]!;
    const shown = maskParts(line, parts, token);
    masked.set(line.trim(), shown.trim());
    const start = commandStart(line);
    if (parts.every(({ from }) => from >= start))
      masked.set(line.slice(start).trim(), shown.slice(start).trim());
  }
  return masked;
}

/** Line by line, for who keeps no line: of a torn secret the parts that come later are hidden. */
export function createBrokenMask(): {
  readonly isOpen: boolean;
  next(line: string): string;
  close(): void;
} {
  const secrets = createBrokenSecrets();
  let number = 0;
  return {
    get isOpen() {
      return secrets.isOpen;
    },
    next: (line) => {
      number += 1;
      if (line.length > longest) secrets.close();
      if (line.length > longest || (!secrets.isOpen && !MAY_BEGIN.test(line))) return line;
      const own = secrets.next(line, number).filter((part) => part.line === number);
      return maskParts(
        line,
        own.map((part) => ({ ...part, isFirst: true })),
        () => '<key>',
      );
    },
    close: () => secrets.close(),
  };
}

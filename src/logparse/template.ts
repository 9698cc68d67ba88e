import { detach } from './detach.ts';

/**
 * Message templates. A template is the text as the router prints it, with `{field:type}` for what varies,
 * `[…]` for a part that some releases omit, `<a|b>` for alternatives and `~` for a blank that may be missing.
 * A backslash takes the next character literally.
 *
 * Every field has a bounded length and no repetition is nested, so matching is linear in the text.
 */

export type FieldType =
  | 'n'
  | 'int'
  | 'id'
  | 'spi'
  | 'hex'
  | 'ip'
  | 'name'
  | 'state'
  | 'role'
  | 'bytes'
  | 'proxy'
  | 'list'
  | 'text';

export type FieldSpec = {
  readonly name: string;
  readonly type: FieldType;
  /** White space stands in front of it. */
  readonly apart: boolean;
};

type Shape = {
  /** In text as it was printed. */
  readonly spaced: string;
  /** In text whose white space was removed. */
  readonly squeezed: string;
  /** May hold white space. */
  readonly wide: boolean;
  /** The letters that it may begin with; null if that could be any, or none. */
  readonly first: string | null;
};

const digits = '0123456789';
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letters = `${capitals}${capitals.toLowerCase()}`;
const hexDigits = `${digits}ABCDEFabcdef`;

/** IPv4, IPv6, and what people write who hide theirs: `192.0.x.y`, `X.X.X.X`, `yyy.yyy.yyy.yyy`, `a.b.c.d`, `<IP>`. */
const addressShape = [
  '\\d{1,3}(?:\\.(?:\\d{1,3}|[a-zA-Z*]{1,3}(?![a-zA-Z]))){3}',
  '[x-zX-Z*]{1,3}(?:\\.[x-zX-Z*\\d]{1,3}){3}',
  '[a-zA-Z](?:\\.[a-zA-Z]){3}',
  '<[\\w .-]{1,20}>',
  '[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?<=:)\\d{1,3}(?:\\.\\d{1,3}){3})?',
].join('|');

const shapes: Readonly<Record<FieldType, Shape>> = {
  n: { spaced: '\\d{1,20}', squeezed: '\\d{1,20}', wide: false, first: digits },
  int: { spaced: '-?\\d{1,20}', squeezed: '-?\\d{1,20}', wide: false, first: `-${digits}` },
  id: {
    spaced: '-?(?:0x)?[0-9A-Fa-f]{1,20}',
    squeezed: '-?(?:0x)?[0-9A-Fa-f]{1,20}',
    wide: false,
    first: `-${hexDigits}`,
  },
  spi: {
    spaced: '(?:0x[0-9A-Fa-f]{1,16}|-?\\d{1,20})',
    squeezed: '(?:0x[0-9A-Fa-f]{1,16}|-?\\d{1,20})',
    wide: false,
    first: `-${digits}`,
  },
  hex: {
    spaced: '(?:0x)?[0-9A-Fa-f]{1,20}',
    squeezed: '(?:0x)?[0-9A-Fa-f]{1,20}',
    wide: false,
    first: hexDigits,
  },
  ip: {
    spaced: addressShape,
    squeezed: addressShape,
    wide: false,
    first: `*<:${digits}${letters}`,
  },
  name: {
    spaced: '[^\\s&\\u0000-\\u001f]{1,96}?',
    squeezed: '.{1,96}?',
    wide: false,
    first: null,
  },
  state: {
    spaced: '[A-Z][A-Z0-9_]{0,40}',
    // A number behind it must not be taken for its end, now that no blank stands between.
    squeezed: '[A-Z][A-Z_]{0,40}(?:\\d{1,3}[A-Z_]{1,20}){0,3}\\d{0,3}?',
    wide: false,
    first: capitals,
  },
  role: { spaced: '[IRN]', squeezed: '[IRN]', wide: false, first: 'IRN' },
  bytes: {
    spaced: '(?:0x[0-9A-Fa-f]{1,2}\\s*){1,16}',
    squeezed: '(?:0x[0-9A-Fa-f]{1,2}){1,16}',
    wide: true,
    first: '0',
  },
  proxy: {
    spaced: '[\\w.:]{1,64}/[\\w.:/]{1,64}',
    squeezed: '[\\w.:]{1,64}/[\\w.:/]{1,64}',
    wide: false,
    first: `_.:${digits}${letters}`,
  },
  list: { spaced: '[^\\]}]{0,200}?', squeezed: '[^\\]}]{0,200}?', wide: true, first: null },
  text: { spaced: '.{0,400}?', squeezed: '.{0,400}?', wide: true, first: null },
};

export type Template = {
  readonly source: string;
  readonly fields: readonly FieldSpec[];
  /** Anchored at both ends; one group per field, in order. */
  readonly whole: RegExp;
  /** As `whole`; group indices are reported. */
  readonly placed: RegExp;
  /** As `whole`, with any number in place of those that it names itself; null if it names none. */
  readonly renumbered: RegExp | null;
  /** Anchored at the start only: for text with something glued behind it. */
  readonly head: RegExp;
  /** As `whole`, over text without white space. Group indices are reported. */
  readonly squeezed: RegExp;
  /** The literal beginning as printed behind what leads many messages, up to the first thing that varies. */
  readonly literal: string;
  /** The literal end as printed, behind the last thing that varies. */
  readonly literalEnd: string;
  /** Beginning and end without white space. */
  readonly squeezedLiteral: string;
  readonly squeezedLiteralEnd: string;
  /** The letters that it may begin with, behind what leads many messages; null if that could be any. */
  readonly first: ReadonlySet<string> | null;
  /** How many characters of the template are literal: the longer, the surer a match. */
  readonly weight: number;
  /** Ends with a field or an optional part, which a broken line may have cut. */
  readonly openEnd: boolean;
  /** The letters of an optional part at the end; null if there is none, or if it is more than letters. */
  readonly optionalEnd: string | null;
  /** Has a field that takes any text. */
  readonly wide: boolean;
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** A field, an escaped character, one mark of the language, or a run of plain text. */
const tokenShape = /\{[^}]*\}|\\[^]|[[\]<>|~ ]|[^[\]<>|~ {\\]+/g;

/** The pattern of a template, over text as printed or over text without white space. */
function patternOf(tokens: readonly string[], over: 'spaced' | 'squeezed'): string {
  let pattern = '';
  let alternatives = false;
  for (const token of tokens) {
    if (token.startsWith('{')) {
      const type = token.slice(token.indexOf(':') + 1, -1) as FieldType;
      pattern += `(${shapes[type][over]})`;
    } else if (token === '[' || token === '<') {
      pattern += '(?:';
      alternatives ||= token === '<';
    } else if (token === ']') {
      pattern += ')?';
    } else if (token === '>' && alternatives) {
      pattern += ')';
      alternatives = false;
    } else if (token === '|') {
      pattern += '|';
    } else if (token === '~' || token === ' ') {
      if (over === 'spaced') pattern += token === ' ' ? '\\s+' : '\\s*';
    } else {
      pattern += escape(token.startsWith('\\') ? token.slice(1) : token);
    }
  }
  return pattern;
}

/** Behind a message that something was glued to: no letter, and no mark within an address or a name. */
const wordEnd = '(?![A-Za-z0-9_]|[.:/@-][A-Za-z0-9_])';

/** Most logs hold few of the messages that are known, so what belongs to one is made when it is first asked for. */
export function onDemand<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const tokensOf = (source: string): readonly string[] => source.match(tokenShape) ?? [];

function fieldsOf(tokens: readonly string[]): readonly FieldSpec[] {
  return tokens.flatMap((token, i) => {
    if (!token.startsWith('{')) return [];
    const [name, type] = token.slice(1, -1).split(':') as [string, FieldType];
    return [{ name, type, apart: (tokens[i - 1] ?? '').endsWith(' ') }];
  });
}

/** Stands for any letter. */
const anyLetter = '';

function lettersOf(token: string): Iterable<string> {
  if (!token.startsWith('{')) return token.startsWith('\\') ? token[1]! : token[0]!;
  const type = token.slice(token.indexOf(':') + 1, -1) as FieldType;
  return shapes[type].first ?? [anyLetter];
}

/** The letters that what `tokens` stand for may begin with; null if that could be any. */
function firstLetters(tokens: readonly string[]): ReadonlySet<string> | null {
  const letters = new Set<string>();
  let at = 0;
  /** Reads a part up to what closes it. True if all of it may be missing, and what stands before it, if `isOpen`. */
  const sequence = (isOpen: boolean, closing: string): boolean => {
    let open = isOpen;
    while (at < tokens.length) {
      const token = tokens[at]!;
      if (closing !== '' && (token === closing || token === '|')) return open;
      at++;
      if (token === '[' || token === '<') {
        let passed = token === '[';
        do passed = sequence(open, token === '[' ? ']' : '>') || passed;
        while (tokens[at++] === '|');
        open &&= passed;
      } else if (token !== ' ' && token !== '~' && open) {
        for (const letter of lettersOf(token)) letters.add(letter);
        open = false;
      }
    }
    return open;
  };
  return sequence(true, '') || letters.has(anyLetter) ? null : letters;
}

export function compileTemplate(source: string, lead = ''): Template {
  const own = tokensOf(source);
  const tokens = [...tokensOf(lead), ...own];
  const fields = fieldsOf(tokens);
  let literal = '';
  let literalEnd = '';
  let fixed = true;
  let weight = 0;
  let alternatives = false;
  for (const token of own) {
    if (token.startsWith('{')) {
      fixed = false;
      literalEnd = '';
    } else if (token === '[' || token === '<' || token === '~') {
      fixed = false;
      literalEnd = '';
      alternatives ||= token === '<';
    } else if (token === '>' && alternatives) {
      alternatives = false;
      literalEnd = '';
    } else if (token === ' ') {
      if (fixed) literal += ' ';
      literalEnd += ' ';
    } else if (token === ']' || token === '|') {
      literalEnd = '';
    } else {
      const plain = token.startsWith('\\') ? token.slice(1) : token;
      weight += plain.length;
      if (fixed) literal += plain;
      literalEnd += plain;
    }
  }
  const whole = onDemand(() => new RegExp(`^${patternOf(tokens, 'spaced')}$`));
  const placed = onDemand(() => new RegExp(whole(), 'd'));
  const renumbered = onDemand(() => {
    const loose = `${lead}${source}`.replace(/\{[^}]*\}|\d+/g, (part) =>
      part.startsWith('{') ? part : '{number:n}',
    );
    return loose === `${lead}${source}`
      ? null
      : new RegExp(`^${patternOf(tokensOf(loose), 'spaced')}$`);
  });
  const head = onDemand(() => new RegExp(`^${patternOf(tokens, 'spaced')}${wordEnd}`));
  const squeezed = onDemand(() => new RegExp(`^${patternOf(tokens, 'squeezed')}$`, 'd'));
  const first = onDemand(() => firstLetters(own));
  return {
    source,
    fields,
    get whole() {
      return whole();
    },
    get placed() {
      return placed();
    },
    get renumbered() {
      return renumbered();
    },
    get head() {
      return head();
    },
    get squeezed() {
      return squeezed();
    },
    literal,
    literalEnd,
    squeezedLiteral: literal.replaceAll(' ', ''),
    squeezedLiteralEnd: literalEnd.replaceAll(' ', ''),
    get first() {
      return first();
    },
    weight,
    wide: fields.some(({ type }) => shapes[type].wide),
    optionalEnd: /\[([^[\]{}|~\\]+)\]$/.exec(source)?.[1] ?? null,
    openEnd: source.endsWith('}') || source.endsWith(']'),
  };
}

/** A field may hold white space of its own; in any other, a blank proves that the reading is wrong. */
export function holdsBlanks(type: FieldType): boolean {
  return shapes[type].wide;
}

/** Every state name that IOS prints; a name cut at the end of a line is completed when only one fits. */
const states: readonly string[] = [
  'MM_NO_STATE',
  'MM_SA_SETUP',
  'MM_KEY_EXCH',
  'MM_KEY_AUTH',
  'AG_NO_STATE',
  'AG_INIT_EXCH',
  'AG_AUTH',
  'QM_IDLE',
  'CONF_XAUTH',
  'CONF_ADDR',
  'IKE_READY',
  'IKE_P1_COMPLETE',
  'IKE_DEST_SA',
  'IKE_QM_READY',
  'IKE_QM_PHASE2_COMPLETE',
  'IKE_QM_IPSEC_INSTALL_AWAIT',
  'IKE_QM_SPI_STARVE',
];

const mostStates = 256;
const completed = new Map<string, string>();

/** There are few names and many lines with one, so each name is one string. */
function completeState(written: string): string {
  const known = completed.get(written);
  if (known !== undefined) return known;
  const longer = states.filter((state) => state.startsWith(written));
  const state = written.length >= 6 && longer.length === 1 ? longer[0]! : detach(written);
  if (completed.size < mostStates) completed.set(detach(written), state);
  return state;
}

/** A number as IOS prints it: signed, unsigned or hexadecimal. Message ids and SPIs are 32 bits without sign. */
export function unsigned32(text: string): number | string {
  const big = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  if (big >= 0n && big <= 0xffffffffn) return Number(big);
  return big < 0n && big >= -0x80000000n ? Number(big + 0x100000000n) : text;
}

/** What a field says. A text is owned by itself: keeping it keeps no larger one alive. */
export function fieldValue(type: FieldType, text: string): string | number {
  if (type === 'state') return completeState(text);
  const value = valueOf(type, text);
  return typeof value === 'string' ? detach(value) : value;
}

function valueOf(type: Exclude<FieldType, 'state'>, text: string): string | number {
  switch (type) {
    case 'n':
    case 'int': {
      const value = Number(text);
      return Number.isSafeInteger(value) ? value : text;
    }
    case 'spi':
      return unsigned32(text);
    case 'id':
      return /^-?\d+$/.test(text) ? unsigned32(text) : text;
    case 'bytes':
      return text.replaceAll('0x', ' 0x').replace(/\s+/g, ' ').trim();
    case 'text':
    case 'list':
      return text.trim().replace(/\s+/g, ' ');
    case 'name':
      // The marks of a ping, or the end of a sentence.
      return text.endsWith('.') ? text.replace(/(?<=[^.])\.+$/, '') : text;
    case 'hex':
    case 'ip':
    case 'role':
    case 'proxy':
      return text;
  }
}

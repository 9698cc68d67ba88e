import { detach } from './detach.ts';
import type { MessageFamily, MessageSpec } from './message-spec.ts';
import { messageTable } from './messages/table.ts';
import { fieldValue, holdsBlanks, onDemand } from './template.ts';

export type Fields = Readonly<Record<string, string | number>>;

export type Match = {
  readonly spec: MessageSpec;
  readonly fields: Fields;
  /** Owned by itself: keeping it keeps no larger text alive. */
  readonly text: string;
};

/** A longer text is no message of a router; only its beginning is looked at. */
export const longestMessage = 1200;
const memoLimit = 1 << 13;
const keyLength = 4;

type Lane = 'isakmp' | 'ikev2' | 'asa' | 'rest';

function laneOf(family: MessageFamily): Lane {
  switch (family) {
    case 'isakmp':
      return 'isakmp';
    case 'ikev2':
      return 'ikev2';
    case 'asa':
      return 'asa';
    case 'ipsec':
    case 'syslog':
    case 'bare':
      return 'rest';
  }
}

/** Records by how their text begins, narrow ones before general ones. */
type Index = {
  /** By the first letters of those that begin with something fixed; what may begin like them is among them. */
  readonly byKey: ReadonlyMap<string, readonly MessageSpec[]>;
  /** The rest, by its first letter. */
  readonly byLetter: ReadonlyMap<string, readonly MessageSpec[]>;
  /** What may begin with anything. */
  readonly others: readonly MessageSpec[];
};

/** `specs` has the narrow ones first. */
function indexBy(specs: readonly MessageSpec[], literal: (spec: MessageSpec) => string): Index {
  const near = new Map<string, MessageSpec[]>();
  const open: MessageSpec[] = [];
  for (const spec of specs) {
    const key = literal(spec).slice(0, keyLength);
    if (key.length < keyLength) open.push(spec);
    else put(near, key, spec);
  }
  const letters = new Set(open.flatMap(({ template }) => [...(template.first ?? [])]));
  const byLetter = new Map<string, MessageSpec[]>();
  for (const spec of open)
    for (const letter of spec.template.first ?? letters) put(byLetter, letter, spec);
  const others = open.filter(({ template }) => template.first === null);
  const byKey = new Map<string, readonly MessageSpec[]>();
  for (const [key, bucket] of near) {
    const all = [...bucket, ...(byLetter.get(key[0]!) ?? others)];
    byKey.set(key, [...all.filter((spec) => !spec.general), ...all.filter((spec) => spec.general)]);
  }
  return { byKey, byLetter, others };
}

function put(buckets: Map<string, MessageSpec[]>, key: string, spec: MessageSpec): void {
  const bucket = buckets.get(key);
  if (bucket) bucket.push(spec);
  else buckets.set(key, [spec]);
}

/** Every record that a text may be whose own words begin at `start`. */
function candidates(index: Index, text: string, start: number): readonly MessageSpec[] {
  return (
    index.byKey.get(text.slice(start, start + keyLength)) ??
    index.byLetter.get(text.charAt(start)) ??
    index.others
  );
}

/** `IP = 192.0.2.7, `, in a text as printed or without its blanks. */
const asaLead = /(?<=^|, ?)IP ?= ?[^,]{1,64}, ?/;

/** Where that begins which tells the messages of a lane apart: an ASA names group, user and peer first. */
function ownStart(lane: Lane, text: string): number {
  if (lane !== 'asa') return 0;
  const lead = asaLead.exec(text);
  return lead === null ? 0 : lead.index + lead[0].length;
}

const byLane = (lane: Lane): readonly MessageSpec[] => {
  const specs = messageTable.filter((spec) => laneOf(spec.family) === lane);
  return [...specs.filter((spec) => !spec.general), ...specs.filter((spec) => spec.general)];
};

/** A log of one kind needs the indexes of that kind alone. */
function perLane(make: (lane: Lane) => Index): (lane: Lane) => Index {
  const made: Partial<Record<Lane, Index>> = {};
  return (lane) => (made[lane] ??= make(lane));
}

const printed = perLane((lane) => indexBy(byLane(lane), ({ template }) => template.literal));
const squeezedIndex = perLane((lane) =>
  indexBy(
    // What never has a tag is not looked for behind one, and tables cannot be read without their blanks.
    byLane(lane).filter(({ family, bare }) => family !== 'bare' || bare !== true),
    ({ template }) => template.squeezedLiteral,
  ),
);
/** How the messages begin that stand behind a stamp without a tag. */
const stampedStarts = onDemand(
  (): ReadonlySet<string> =>
    new Set(
      messageTable
        .filter(({ stamped }) => stamped)
        .map(({ template }) => template.squeezedLiteral.slice(0, keyLength)),
    ),
);
const noFields: Fields = {};

function fieldsOf(spec: MessageSpec, groups: RegExpExecArray): Fields {
  const { fields } = spec.template;
  if (fields.length === 0) return noFields;
  const values: Record<string, string | number> = {};
  for (let i = 0; i < fields.length; i++) {
    const text = groups[i + 1];
    const field = fields[i]!;
    if (text === undefined || (text === '' && field.type !== 'text')) continue;
    values[field.name] = fieldValue(field.type, text);
  }
  return values;
}

/** White space other than single blanks. */
const uneven = /\s\s|[^\S ]/;

/** One record against a text as printed. */
export function matchSpec(spec: MessageSpec, text: string): Match | null {
  const groups = spec.template.whole.exec(text);
  return groups ? { spec, fields: fieldsOf(spec, groups), text: detach(text) } : null;
}

function search(lane: Lane, text: string): Match | null {
  if (text.length > longestMessage) return null;
  const start = ownStart(lane, text);
  // Single blanks stand as the template has them: no expression need be made to see that its beginning differs.
  const even = !uneven.test(text);
  for (const spec of candidates(printed(lane), text, start)) {
    const { literal, literalEnd } = spec.template;
    if (even && !(text.startsWith(literal, start) && text.endsWith(literalEnd))) continue;
    const match = matchSpec(spec, text);
    if (match) return match;
  }
  return null;
}

/** Whether another record than `spec` might take a text that differs from this one in its digits. */
export function hangsOnDigits(family: MessageFamily, text: string, spec: MessageSpec): boolean {
  const lane = laneOf(family);
  return candidates(printed(lane), text, ownStart(lane, text)).some(
    (other) => other !== spec && other.template.renumbered?.test(text) === true,
  );
}

/** What the texts of this log were found to mean: routers repeat themselves. */
const memos: Readonly<Record<Lane, Map<string, Match>>> = {
  isakmp: new Map(),
  ikev2: new Map(),
  asa: new Map(),
  rest: new Map(),
};

/** A text as printed that is not expected again. */
export function matchOnce(family: MessageFamily, text: string): Match | null {
  return search(laneOf(family), text);
}

/** A text as printed, in one step. */
export function matchText(family: MessageFamily, text: string): Match | null {
  const lane = laneOf(family);
  const memo = memos[lane];
  const known = memo.get(text);
  if (known !== undefined) return known;
  const match = search(lane, text);
  if (match) {
    if (memo.size >= memoLimit) memo.clear();
    memo.set(match.text, match);
  }
  return match;
}

/** A text in pieces, without its white space. */
export type Squeezed = {
  readonly text: string;
  readonly pieces: readonly string[];
};

const withoutBlanks = (text: string): string => text.replace(/\s+/g, '');

export function squeeze(pieces: readonly string[]): Squeezed {
  return { text: pieces.map(withoutBlanks).join(''), pieces };
}

/** The same text with one piece more. */
export function squeezeOn({ text, pieces }: Squeezed, piece: string): Squeezed {
  return { text: text + withoutBlanks(piece), pieces: [...pieces, piece] };
}

type Gap = 'nothing' | 'blank' | 'line end';

const blank = /\s/;

/** Per squeezed character, what stood before it. */
function gapsOf(pieces: readonly string[]): readonly Gap[] {
  const gaps: Gap[] = [];
  for (const piece of pieces) {
    let gap: Gap = 'line end';
    for (let at = 0; at < piece.length; at++) {
      if (blank.test(piece[at]!)) {
        if (gap === 'nothing') gap = 'blank';
        continue;
      }
      gaps.push(gap);
      gap = 'nothing';
    }
  }
  return gaps;
}

/**
 * A text whose white space cannot be trusted. A reading is refused if it puts a blank into a field that has none.
 */
export function matchSqueezed(
  family: MessageFamily,
  { text, pieces }: Squeezed,
): { spec: MessageSpec; fields: Fields } | null {
  if (text.length > longestMessage) return null;
  let best: { spec: MessageSpec; fields: Fields } | null = null;
  const lane = laneOf(family);
  const start = ownStart(lane, text);
  for (const spec of candidates(squeezedIndex(lane), text, start)) {
    if (best && (spec.general || spec.template.weight <= best.spec.template.weight)) continue;
    const { squeezedLiteral, squeezedLiteralEnd } = spec.template;
    if (!(text.startsWith(squeezedLiteral, start) && text.endsWith(squeezedLiteralEnd))) continue;
    const groups = spec.template.squeezed.exec(text);
    if (!groups || misplacesBlanks(spec, groups, pieces)) continue;
    best = { spec, fields: fieldsOf(spec, groups) };
  }
  return best;
}

/** A blank inside a field that has none, or none in front of a field that stands apart. */
function misplacesBlanks(
  spec: MessageSpec,
  groups: RegExpExecArray,
  pieces: readonly string[],
): boolean {
  if (spec.template.fields.length === 0) return false;
  const before = gapsOf(pieces);
  for (let i = 0; i < spec.template.fields.length; i++) {
    const field = spec.template.fields[i]!;
    const range = groups.indices?.[i + 1];
    if (!range) continue;
    if (field.apart && range[1] > range[0] && before[range[0]] === 'nothing') return true;
    if (holdsBlanks(field.type)) continue;
    for (let at = range[0] + 1; at < range[1]; at++) if (before[at] === 'blank') return true;
  }
  return false;
}

/** The longest record that the text begins with; what follows was glued to it. */
export function matchHead(
  family: MessageFamily,
  text: string,
): { match: Match; length: number } | null {
  const cut = text.slice(0, longestMessage);
  const even = !uneven.test(cut);
  let best: { match: Match; length: number } | null = null;
  const lane = laneOf(family);
  const start = ownStart(lane, cut);
  for (const spec of candidates(printed(lane), cut, start)) {
    if (spec.general || spec.template.weight < 10) continue;
    if (even && !cut.startsWith(spec.template.literal, start)) continue;
    const groups = spec.template.head.exec(cut);
    if (!groups || (best && groups[0].length <= best.length)) continue;
    best = {
      match: { spec, fields: fieldsOf(spec, groups), text: detach(groups[0]) },
      length: groups[0].length,
    };
  }
  return best;
}

/** Records that could go on where a text was cut: their literal beginning agrees as far as both reach. */
export function specsLike(family: MessageFamily, squeezedText: string): readonly MessageSpec[] {
  const lane = laneOf(family);
  const own = squeezedText.slice(ownStart(lane, squeezedText));
  return (squeezedIndex(lane).byKey.get(own.slice(0, keyLength)) ?? []).filter((spec) => {
    const { squeezedLiteral } = spec.template;
    const shared = Math.min(squeezedLiteral.length, own.length);
    return shared >= keyLength && own.startsWith(squeezedLiteral.slice(0, shared));
  });
}

/** A text behind a stamp may be a message that has no tag. Cheap: asked of every such line. */
export function mayLackTag(text: string): boolean {
  return stampedStarts().has(
    text
      .slice(0, keyLength * 2)
      .replace(/\s+/g, '')
      .slice(0, keyLength),
  );
}

/** Messages that routers print without a tag, or that lost theirs. */
export function matchBare(text: string): Match | null {
  const found = matchText('bare', text);
  if (found && !found.spec.stamped) return found;
  const isakmp = matchText('isakmp', text);
  return isakmp?.spec.bare ? isakmp : null;
}

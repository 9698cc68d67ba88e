import { decodeReassembled, mayBeFragment, plainMessage } from '../isakmp/message.ts';
import type { ExchangeMessage, Step } from '../model/exchange.ts';
import type { IkeMessage, Payload, PayloadContent } from '../model/isakmp.ts';
import type { Unit } from './unit.ts';

type Cisco = Extract<PayloadContent, { kind: 'cisco-fragment' }>;
type Skf = Extract<PayloadContent, { kind: 'encrypted-fragment' }>;
type PieceOf = { readonly number: number; readonly unit: Unit; readonly bytes: Uint8Array };
type Set_ = { readonly pieces: Map<number, PieceOf>; total: number | null };

/** A real certificate chain needs some ten pieces; 255 is what the octet of Cisco's number can count. */
const MOST_PIECES = 255;

/**
 * Puts fragment sets together (Cisco payload 132; RFC 7383 SKF), each by sender, receiver, interface and SA. The frame
 * that completes a set carries the whole; the other pieces stay messages of their own. SKF stays encrypted: its pieces
 * are ordered here and joined after decryption.
 */
export function joinFragments(messages: readonly IkeMessage[]): readonly Unit[] {
  const open = new Map<string, Set_>();
  return messages.map((message) => {
    const content = fragmentOf(message);
    if (content === null) return { message, partOf: null, kind: 'whole', inner: null };
    return content.kind === 'cisco-fragment'
      ? takeCisco(open, message, content)
      : takeSkf(open, message, content);
  });
}

/** The fragment content of a message that is a fragment. */
export function fragmentOf(message: IkeMessage): Cisco | Skf | null {
  if (!mayBeFragment(message)) return null;
  const last: Payload | undefined = message.payloads.at(-1);
  const content = last?.content;
  return content?.kind === 'cisco-fragment' || content?.kind === 'encrypted-fragment'
    ? content
    : null;
}

function takeCisco(open: Map<string, Set_>, message: IkeMessage, content: Cisco): Unit {
  const key = `${pathOf(message)} ${String(content.id)}`;
  const set = setOf(open, key);
  if (content.last) set.total = content.number;
  const unit = keep(set, content.number, message, content.data.bytes);
  const pieces = whole(set);
  if (pieces === null) return unit;
  open.delete(key);
  const frames = pieces.map((one) => one.unit.message.frame);
  const inner = decodeReassembled(concat(pieces), message, frames);
  if (inner === null) return unit;
  finish(pieces, message.frame, inner);
  return { message: inner, partOf: null, kind: 'completed', inner };
}

function takeSkf(open: Map<string, Set_>, message: IkeMessage, content: Skf): Unit {
  const { header } = message;
  const key = `${pathOf(message)} ${String(header.messageId)} ${String(header.flags)} ${String(content.total)}`;
  const set = setOf(open, key);
  set.total = content.total;
  const unit = keep(set, content.fragment, message, content.data.bytes);
  const pieces = whole(set);
  if (pieces === null) return unit;
  open.delete(key);
  const fragmentFrames = pieces.map((one) => one.unit.message.frame);
  const completed = { ...plainMessage(message), fragmentFrames };
  finish(pieces, message.frame, completed);
  return { message: completed, partOf: null, kind: 'completed', inner: completed };
}

function pathOf(message: IkeMessage): string {
  const { src, dst, header, capture, interfaceId } = message;
  return `${String(capture)}/${String(interfaceId)} ${src.address} ${String(src.port)} ${dst.address} ${String(dst.port)} ${header.initiatorCookie}${header.responderCookie}`;
}

function setOf(open: Map<string, Set_>, key: string): Set_ {
  const known = open.get(key);
  if (known !== undefined) return known;
  const made: Set_ = { pieces: new Map(), total: null };
  open.set(key, made);
  return made;
}

function keep(set: Set_, number: number, message: IkeMessage, bytes: Uint8Array): Unit {
  const unit: Unit = { message, partOf: null, kind: 'piece', inner: null };
  if (number > 0 && number <= MOST_PIECES) set.pieces.set(number, { number, unit, bytes });
  return unit;
}

/** The pieces in order once every number from 1 to the last is there. */
function whole(set: Set_): readonly PieceOf[] | null {
  const { total, pieces } = set;
  if (total === null || total === 0 || pieces.size < total) return null;
  const ordered: PieceOf[] = [];
  for (let number = 1; number <= total; number += 1) {
    const one = pieces.get(number);
    if (one === undefined) return null;
    ordered.push(one);
  }
  return ordered;
}

function finish(pieces: readonly PieceOf[], frame: number, inner: IkeMessage): void {
  for (const { unit } of pieces) {
    unit.partOf = frame;
    unit.inner = inner;
  }
}

function concat(pieces: readonly PieceOf[]): Uint8Array {
  const length = pieces.reduce((sum, one) => sum + one.bytes.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const one of pieces) {
    bytes.set(one.bytes, at);
    at += one.bytes.length;
  }
  return bytes;
}

/** Numbers that follow one another. */
export type Gap = { readonly from: number; readonly to: number };

/** The fragments of one message, as often as they were sent. */
export type FragmentSet = {
  readonly step: Step;
  readonly direction: 'i2r' | 'r2i' | null;
  readonly entries: readonly ExchangeMessage[];
  /** How many there are; null while the last one, which tells it (Cisco), was not seen. */
  readonly total: number | null;
  /** Numbers that were not seen; null where nothing is missing. */
  readonly missing: readonly Gap[] | null;
  /** All but the first fragment of each sending. */
  readonly further: readonly ExchangeMessage[];
};

type Numbered = { readonly number: number; readonly entry: ExchangeMessage };

/** Every set of fragments among the messages of an exchange, in order of the first one. */
export function fragmentSets(messages: readonly ExchangeMessage[]): readonly FragmentSet[] {
  const sets = new Map<string, { readonly pieces: Numbered[]; total: number | null }>();
  for (const entry of messages) {
    const content = fragmentOf(entry.message);
    if (content === null || entry.copyOf !== null) continue;
    const { flags, messageId } = entry.message.header;
    const isCisco = content.kind === 'cisco-fragment';
    const key = isCisco
      ? `${entry.direction ?? ''} ${String(content.id)}`
      : `${String(flags)} ${String(messageId)} ${String(content.total)}`;
    const set = sets.get(key) ?? { pieces: [], total: null };
    sets.set(key, set);
    set.pieces.push({ number: isCisco ? content.number : content.fragment, entry });
    if (!isCisco) set.total = content.total;
    else if (content.last) set.total = content.number;
  }
  const completing = new Set(messages.map(({ partOf }) => partOf));
  return [...sets.values()].map(({ pieces, total }) => {
    const entries = pieces.map(({ entry }) => entry);
    const numbers = new Set(pieces.map(({ number }) => number));
    const isWhole =
      total === 1 ||
      entries.some(({ partOf, message }) => partOf !== null || completing.has(message.frame));
    const missing = isWhole ? [] : gaps(numbers, total);
    const first = Math.min(...numbers);
    return {
      step: entries[0]!.step,
      direction: entries[0]!.direction,
      entries,
      total,
      missing: missing.length === 0 && (isWhole || total !== null) ? null : missing,
      further: pieces.filter(({ number }) => number !== first).map(({ entry }) => entry),
    };
  });
}

/** A total may be made up: what lies between the numbers that were seen is told without counting through it. */
function gaps(numbers: ReadonlySet<number>, total: number | null): readonly Gap[] {
  const seen = [...numbers].sort((a, b) => a - b);
  const found: Gap[] = [];
  let next = 1;
  for (const number of total === null ? seen : [...seen, total + 1]) {
    if (number > next) found.push({ from: next, to: number - 1 });
    next = Math.max(next, number + 1);
  }
  return found;
}

function gapText({ from, to }: Gap): string {
  if (to - from > 1) return `${String(from)} to ${String(to)}`;
  return from === to ? String(from) : `${String(from)}, ${String(to)}`;
}

/** Which fragments are not there, as a clause. */
export function missingText({ missing, total }: FragmentSet): string {
  const gaps = missing ?? [];
  const named = [...gaps.map(gapText), ...(total === null ? ['the last'] : [])];
  const isOne = named.length === 1 && gaps.every(({ from, to }) => from === to);
  const of = total === null ? '' : ` of ${total}`;
  return `fragment${isOne ? '' : 's'} ${named.join(', ')}${of} ${isOne ? 'is' : 'are'} not in the capture`;
}

import { joined, keepsWord, type Piece } from './line-break.ts';
import { matchSpec, matchText, type Match } from './matcher.ts';
import type { MessageFamily } from './message-spec.ts';
import type { Paste } from './paste-width.ts';
import type { FieldType } from './template.ts';

/** What may take the next line in although it is no part of the message. */
const takesMore: ReadonlySet<FieldType> = new Set<FieldType>(['text', 'list', 'name']);

/** As this text it would be the same message with other values. */
function readsOtherwise({ spec, fields }: Match, text: string): boolean {
  const other = matchSpec(spec, text)?.fields;
  return (
    other !== undefined && spec.template.fields.some(({ name }) => other[name] !== fields[name])
  );
}

/** The common wrapped message, broken at a blank that it needs: read in one step. Null for every other. */
export function readTwoLines(
  family: MessageFamily,
  first: Piece,
  second: Piece,
  paste: Paste,
): Match | null {
  const match = matchText(family, joined(first, second, ' '));
  if (
    !match ||
    match.spec.general ||
    match.spec.template.fields.some(({ type }) => takesMore.has(type)) ||
    readsOtherwise(match, joined(first, second, ''))
  )
    return null;
  if (keepsWord(first, second, paste)) paste.found('before a word');
  return match;
}

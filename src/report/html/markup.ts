import { visibleText } from '../safe-text.ts';

declare const markup: unique symbol;

/** Text that is HTML already. Made only by `html`, and by `trusted` for our own constants. */
export type Markup = { readonly text: string; readonly [markup]: true };

export type Slot = string | number | Markup | readonly Markup[] | null | false;

/** Everything interpolated is escaped unless it already is markup. Attribute values stand in double quotes. */
export function html(parts: TemplateStringsArray, ...slots: readonly Slot[]): Markup {
  let text = parts[0] ?? '';
  for (const [i, slot] of slots.entries()) {
    const long = typeof slot === 'string' && slot.length > RUN && !insideTag(parts, i);
    text += (long ? breakable(slot) : render(slot)) + (parts[i + 1] ?? '');
  }
  return { text } as Markup;
}

/** Whether the slot after `parts[at]` is an attribute's value. */
function insideTag(parts: TemplateStringsArray, at: number): boolean {
  for (let i = at; i >= 0; i -= 1) {
    const part = parts[i]!;
    const open = part.lastIndexOf('<');
    const close = part.lastIndexOf('>');
    if (open !== close) return open > close;
  }
  return false;
}

/** For constants of our own that hold markup. */
export function trusted(text: string): Markup {
  return { text } as Markup;
}

function render(slot: Slot): string {
  if (slot === null || slot === false) return '';
  if (typeof slot === 'number') return String(slot);
  if (typeof slot === 'string') return escape(slot);
  if ('text' in slot) return slot.text;
  let text = '';
  for (const item of slot) text += item.text;
  return text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A browser takes quadratic time for a run of characters that it may break anywhere. */
const RUN = 100;
const LONG_RUN = new RegExp(`\\S{${RUN}}(?=\\S)`, 'gu');

function breakable(text: string): string {
  // Visible text holds no NUL, which can so stand for the break.
  return escapeMarkup(visibleText(text).replace(LONG_RUN, '$&\u0000')).replaceAll(
    '\u0000',
    '<wbr>',
  );
}

/** Hidden characters are made visible too, so that a line of a log reads as it was written. */
function escape(text: string): string {
  return escapeMarkup(visibleText(text));
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

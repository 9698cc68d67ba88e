import { visibleText } from '../safe-text.ts';

declare const markup: unique symbol;

/** Text that is HTML already. Made only by `html`, and by `trusted` for our own constants. */
export type Markup = { readonly text: string; readonly [markup]: true };

export type Slot = string | number | Markup | readonly Markup[] | null | false;

/** Everything interpolated is escaped unless it already is markup. Attribute values stand in double quotes. */
export function html(parts: TemplateStringsArray, ...slots: readonly Slot[]): Markup {
  let text = parts[0] ?? '';
  for (const [i, slot] of slots.entries()) text += render(slot) + (parts[i + 1] ?? '');
  return { text } as Markup;
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

/** Hidden characters are made visible too, so that a line of a log reads as it was written. */
function escape(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

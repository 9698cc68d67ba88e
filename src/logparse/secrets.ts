/**
 * Rows of `show crypto isakmp key`, with and without the name of the keyring: nothing in a row says that it holds a key,
 * so it is replaced before anything else sees the text. Commands keep theirs up to where lines are shown, so that equal
 * keys can be told from others.
 */
const rows: readonly (readonly [RegExp, string])[] = [
  [
    /^((?!ip-address\b)\S+\s+(?:\d{1,3}\.){3}\d{1,3}\s+(?:\[[\d.\s]{1,20}\]\s+)?)(\S+)$/g,
    '$1<key>',
  ],
  [
    /^((?:\d{1,3}\.){3}\d{1,3}\s{2,40}(?:\[[\d.\s]{1,20}\]\s{1,40})?)(?!(?:\d{1,3}\.){3}\d{1,3}$)(\S+)$/g,
    '$1<key>',
  ],
  [/^([\w-]{1,64}\s{2,40}[A-Za-z][\w-]{0,62}\.[\w.-]{1,128}\s{2,60})(\S+)$/g, '$1<key>'],
];

const mostWords = 6;

/** Cheap to ask, and no row has more words than that. */
function hasFewWords(text: string): boolean {
  let words = 0;
  let isWithin = false;
  for (let at = 0; at < text.length; at++) {
    const isBlank = text.charCodeAt(at) <= 32;
    if (!isBlank && !isWithin && ++words > mostWords) return false;
    isWithin = !isBlank;
  }
  return true;
}

export function maskKeyRows(text: string): string {
  if (!hasFewWords(text)) return text;
  let masked = text;
  for (const [pattern, by] of rows) masked = masked.replace(pattern, by);
  return masked;
}

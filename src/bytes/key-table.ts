import { lineEnd } from './line-end.ts';

/**
 * The table of `show crypto isakmp key`: keyring, address or host name, key in clear. Kept apart from those that read
 * logs and configurations, for both have to hide the last column, whether or not they understand the row.
 */

const header = /\bKeyring\s{1,40}Hostname\/Address\b/i;
/** The command that prints it: filtered, it shows no header. */
const command = /[#>] ?sh\w{0,2} cr\w{0,4} isa\w{0,3} key(?:\s|$)/i;
/** The last column of pools, routes and VRFs, which have rows of the same form: an address or a mask, an interface, a state. */
const otherColumn =
  /(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|[a-z-]{2,25}\d{1,4}(?:\/\d{1,4}){1,3}(?:[.:]\d{1,10})?|(?:lo(?:opback)?|tu(?:nnel)?|vl(?:an)?|po(?:rt-channel)?|di(?:aler)?|nu(?:ll)?|v[it](?:rtual-(?:access|template))?|b[vd]i)\d{1,5}|up|down|via|ipv[46]|generic|(?:in)?active)\s*$/i;
/** The keyring that a row is of where no other is named; columns show that this is one. */
const telling = new RegExp(
  String.raw`^[\s>|]{0,80}default\s{2,40}\d{1,3}(?:\.\d{1,3}){3}\s{2,60}(?:\[[\d.\s]{1,80}\]\s{1,40})?(?!${otherColumn.source})\S{1,400}\s*$`,
  'i',
);
const prompt = /^[\w.()/:-]{1,80}[#>]/;
const message =
  /%[A-Z][\w-]{1,40}-\d-|\b(?:ISAKMP|IPSEC\(|IKEv2|CRYPTO)\b|^[*.]?[A-Z][a-z]{2} +\d{1,2} /;
/** Up to the key: perhaps the keyring and its VRF, then an address with its mask, or a host name. */
const row =
  /^[\s>|]{0,80}(?:\S{1,80}\s{1,80}(?:\([^)]{1,80}\)\s{1,80})?)?(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}|[\w-]{1,63}(?:\.[\w-]{1,63}){1,10})(?:\/[\d.]{1,15})?\s{0,80}(?:\[[\d.\s]{1,80}\])?\s{1,80}(?=\S)/i;

/** A text without these shows no table. */
const mayShow = new RegExp(
  `${header.source}|${command.source}|${telling.source.replace(/\$$/, '')}`,
  'im',
);

/** Follows a text line by line. */
export type KeyTable = {
  readonly isOpen: boolean;
  /** Where the key of a row begins, up to the end of the line; -1 where no key stands. */
  keyAt(line: string): number;
  /** What comes is no row any more. */
  close(): void;
};

export function createKeyTable(): KeyTable {
  let isOpen = false;
  // Without a header only what has the form of a row is one.
  let isHeaded = false;
  return {
    get isOpen() {
      return isOpen;
    },
    keyAt: (line) => {
      if (header.test(line) || command.test(line)) {
        isOpen = true;
        isHeaded = header.test(line);
        return -1;
      }
      if (!isOpen && telling.test(line)) [isOpen, isHeaded] = [true, false];
      if (!isOpen || line.trim() === '') return -1;
      const isOther = prompt.test(line) || message.test(line);
      const at = isOther ? -1 : isHeaded ? lastColumn(line) : loneColumn(line);
      isOpen = at >= 0;
      return at;
    },
    close: () => {
      isOpen = false;
    },
  };
}

/** The keys of all rows, by their lines without the blanks around them. */
export function keysOfTables(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  if (!mayShow.test(text)) return keys;
  const table = createKeyTable();
  for (const line of text.split(lineEnd(text))) {
    const at = table.keyAt(line);
    if (at >= 0) keys.set(line.trim(), line.slice(at).trimEnd());
  }
  return keys;
}

/** The key of a row, if nothing stands behind it. */
function loneColumn(line: string): number {
  const known = row.exec(line);
  return known !== null && /^\S+\s*$/.test(line.slice(known[0].length)) ? known[0].length : -1;
}

function lastColumn(line: string): number {
  const known = row.exec(line);
  if (known) return known[0].length;
  const text = line.trimEnd();
  // A row of another kind, or the rest of a key that a terminal broke; words in a row are prose.
  const gap = Math.max(text.lastIndexOf('  ') + 2, text.lastIndexOf('\t') + 1);
  if (gap > 1) return gap;
  const word = /^[\s>|]*\S+$/.exec(text);
  return word ? text.length - text.trimStart().length : -1;
}

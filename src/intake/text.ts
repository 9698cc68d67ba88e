import { asciiText } from '#ascii';
import { lineEnd } from '../bytes/line-end.ts';
import { concat } from '../crypto/octets.ts';

/** Text evidence as pasted: UTF-8, UTF-16 with a byte order mark (Windows editors), else Latin-1, in which no octet is invalid. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** Where CR alone ends the lines of a text, LF does in its place: whoever reads lines looks for that. */
export const withLineFeeds = (text: string): string =>
  lineEnd(text) === '\n' ? text : text.replaceAll('\r', '\n');

/** The same as `decodeText` for a text that comes in chunks, which may be cut anywhere and are not kept. */
export type TextStream = {
  push(chunk: Uint8Array): string;
  end(): string;
};

/** As `decodeText`, except that what comes before the first octet that is no UTF-8 was taken for UTF-8 already. */
export function createTextStream(): TextStream {
  let carried: Uint8Array = new Uint8Array(0);
  let inner: TextStream | null = null;
  return {
    push: (chunk) => {
      if (inner) return inner.push(chunk);
      carried = concat(carried, chunk);
      // As long as the longest mark.
      if (carried.length < 3) return '';
      inner = openStream(carried);
      return inner.push(carried);
    },
    end: () => (inner ? inner.end() : decodeText(carried)),
  };
}

function openStream([first, second]: Uint8Array): TextStream {
  if (first === 0xff && second === 0xfe) return createUtf16Stream('utf-16le');
  if (first === 0xfe && second === 0xff) return createUtf16Stream('utf-16be');
  return createOctetStream();
}

function createUtf16Stream(encoding: 'utf-16le' | 'utf-16be'): TextStream {
  const decoder = new TextDecoder(encoding);
  return { push: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
}

/** UTF-8 until it is found to be none. Whole characters are decoded at once, which is several times as fast as a stream. */
function createOctetStream(): TextStream {
  let carried: Uint8Array = new Uint8Array(0);
  let decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (octets: Uint8Array): string => {
    const plain = asciiText(octets);
    if (plain !== null) return plain;
    try {
      return decoder.decode(octets);
    } catch {
      decoder = new TextDecoder('latin1');
      return decoder.decode(octets);
    }
  };
  return {
    push: (chunk) => {
      const octets = carried.length === 0 ? chunk : concat(carried, chunk);
      const whole = wholeCharacters(octets);
      carried = new Uint8Array(octets.subarray(whole));
      const text = decode(octets.subarray(0, whole));
      // From here on the mark is a character like another.
      if (decoder.fatal && !decoder.ignoreBOM)
        decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      return text;
    },
    end: () => decode(carried),
  };
}

/** How many octets come before a character of UTF-8 whose end is not there. */
function wholeCharacters(octets: Uint8Array): number {
  const { length } = octets;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const octet = octets[length - back]!;
    if (octet < 0x80) return length;
    if (octet < 0xc0) continue;
    const wanted = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2;
    return wanted > back ? length - back : length;
  }
  return length;
}

const magics: readonly (readonly [name: string, octets: readonly number[]])[] = [
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['a ZIP archive (or an Office document)', [0x50, 0x4b, 0x03, 0x04]],
  ['an ELF program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a bzip2 archive', [0x42, 0x5a, 0x68]],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a Microsoft Network Monitor capture', [0x47, 0x4d, 0x42, 0x55]],
  ['a Sun snoop capture', [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0x00]],
];

/** What a file that is neither capture nor text seems to be; null when it may well be text. */
export function describeBinary(head: Uint8Array): string | null {
  for (const [name, octets] of magics) {
    if (octets.every((octet, at) => head[at] === octet)) return name;
  }
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (isUtf16) return null;
  if (isWide(head)) return 'UTF-16 text without a byte order mark';
  let zeros = 0;
  for (const octet of head) if (octet === 0) zeros += 1;
  // A paste holds an odd NUL at most; binary files hold many.
  return zeros > head.length / 50 ? 'binary data' : null;
}

/** Whether every other octet is zero, as where Latin letters are written with two octets each. */
function isWide(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const zeros = [0, 0];
  for (const [at, octet] of head.entries()) if (octet === 0) zeros[at & 1]! += 1;
  const [even = 0, odd = 0] = zeros;
  return Math.max(even, odd) > head.length * 0.4 && Math.min(even, odd) < head.length * 0.02;
}

/** Whether a text holds characters that nobody types into a list: it was no text. */
export function holdsControls(text: string): boolean {
  return /(?!\s)\p{Cc}/u.test(text);
}

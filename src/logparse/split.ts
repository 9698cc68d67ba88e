/** Where a message begins: a stamp with a tag behind it, or a tag alone. Bounded repetition only. */
const beginning =
  /(?:(?:\d{6}: )?[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?(?: ?[A-Z]{1,7})?: ?)(?=ISAKMP|IPSEC[(:]|IKEv2|%[A-Z]|Crypto |map_db_|\(ipsec|CRYPTO_|KMI:|insert sa)|(?<![:(\w] ?)(?:ISAKMP(?:-(?:PAK|ERROR))?:? ?\(\d{1,10}[\d:/A-Z]{0,20}\):?(?! ?ISAKMP)|%CRYPTO-\d-[A-Z_]{3,40}:|IPSEC\([a-z_ ]{3,40}\):)/g;

const longestCarrier = 120;

const stamped =
  /\s(?=[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?(?: ?[A-Z]{1,7})?: ?(?:ISAKMP|IPSEC[(:]|IKEv2|%[A-Z]))/;

/** Cheap to ask, and most lines without a beginning of their own hold none. */
const mayHoldStamped = /\d:\d\d.{0,16}: ?(?:ISAKMP|IPSEC[(:]|IKEv2|%[A-Z])/;

/** A text cut in front of the first stamped message behind something else; null if there is none. */
export function splitStamped(text: string): readonly [string, string] | null {
  const found = mayHoldStamped.test(text) ? stamped.exec(text) : null;
  if (!found || found.index === 0) return null;
  return [text.slice(0, found.index), text.slice(found.index + 1)];
}

/** Cheap to ask as well. */
const namesMessage = /ISAKMP|IPSEC[(:]|IKEv2|%[A-Z]/;

/** What chassis and trace files write between their stamp and the message: slot, processor, process and level. */
const carrier =
  /^\s*(?:SLOT \d{1,3}:|[SR]P:|\{[^{}]{1,32}\}(?:\{\d{1,4}\})?: ?(?:\[[^\]]{0,64}\]:? ?){0,3}(?:UUID: ?\w{1,32}, ?ra: ?\w{1,32}, ?TID: ?\w{1,32} ?)?(?:\([A-Za-z]{1,10}\): ?)?)\s*(?=ISAKMP|IPSEC[(:]|IKEv2|%[A-Z])/;

/** The line without what a relay or a chassis put in front of the router's own, which is read up to `at`; null if nothing. */
export function withoutCarrier(text: string, at: number): string | null {
  if (!namesMessage.test(text)) return null;
  const rest = text.slice(at);
  const carried = carrier.exec(rest);
  if (carried) return text.slice(0, at) + rest.slice(carried[0].length);
  const own = stamped.exec(` ${rest}`);
  return own && own.index < longestCarrier ? rest.slice(own.index) : null;
}

/** A tag with its id, or its function, behind a word: one may be quoted within a sentence, several are messages. */
const taggedAgain =
  /ISAKMP(?:-(?:PAK|ERROR))?:? ?\(\d{1,10}[\d:/A-Z]{0,20}\):|\bIPSEC\([a-z_ ]{3,40}\):/g;

/** Cuts a text without stamps in front of each tag, if it holds several; null if not. The first part may be prose. */
export function splitTagged(text: string): readonly string[] | null {
  if (text.indexOf('ISAKMP') === text.lastIndexOf('ISAKMP')) return null;
  const places = [...text.matchAll(taggedAgain)].map(({ index }) => index);
  if (places.length < 2) return null;
  return [0, ...places]
    .map((from, i) => text.slice(from, places[i]).trim())
    .filter((part) => part !== '');
}

/** Cuts a text where a further message begins: messages that lost their line ends, or prose glued in front of one. */
export function splitGlued(text: string): readonly string[] {
  const cuts: number[] = [];
  beginning.lastIndex = 0;
  for (let found = beginning.exec(text); found; found = beginning.exec(text)) {
    if (found.index > 0) cuts.push(found.index);
    if (found[0].length === 0) beginning.lastIndex++;
    if (cuts.length > 200_000) break;
  }
  if (cuts.length === 0) return splitTagged(text) ?? [text];
  const parts: string[] = [];
  let at = 0;
  for (const cut of cuts) {
    parts.push(text.slice(at, cut));
    at = cut;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part.trim() !== '');
}

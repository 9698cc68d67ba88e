/** Where a message begins: a stamp with a tag behind it, or a tag alone. Bounded repetition only. */
const beginning =
  /(?:(?:\d{6}: )?[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?(?: ?[A-Z]{1,7})?: ?)(?=ISAKMP|IPSEC\(|IKEv2|%[A-Z]|Crypto |map_db_|\(ipsec|CRYPTO_|KMI:|insert sa)|(?<![:(\w] ?)(?:ISAKMP(?:-(?:PAK|ERROR))?:? ?\(\d{1,10}[\d:/A-Z]{0,20}\):?(?! ?ISAKMP)|%CRYPTO-\d-[A-Z_]{3,40}:|IPSEC\([a-z_ ]{3,40}\):)/g;

/** Cuts a text where a further message begins: messages that lost their line ends, or prose glued in front of one. */
export function splitGlued(text: string): readonly string[] {
  const cuts: number[] = [];
  beginning.lastIndex = 0;
  for (let found = beginning.exec(text); found; found = beginning.exec(text)) {
    if (found.index > 0) cuts.push(found.index);
    if (found[0].length === 0) beginning.lastIndex++;
    if (cuts.length > 200_000) break;
  }
  if (cuts.length === 0) return [text];
  const parts: string[] = [];
  let at = 0;
  for (const cut of cuts) {
    parts.push(text.slice(at, cut));
    at = cut;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part.trim() !== '');
}

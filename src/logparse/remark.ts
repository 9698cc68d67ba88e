import { matchOnce } from './matcher.ts';
import type { MessageFamily } from './message-spec.ts';

/** Signs that set a remark apart, and what no router prints. */
const sign = /<[=-]|!-|#|\/\/|[^\x00-\x7f]/;
const beginning = /\s*(?=[^\x00-\x7f])|\s+(?=<[=-]|!-|\(#\d|#|\/\/)|\s{2,}(?=\S)/g;
const mostPlaces = 8;

/**
 * A message and the remark that somebody wrote behind it, if the message is whole without it. Where lines follow, a
 * wide gap alone is no proof: the message may go on there.
 */
export function splitRemark(
  family: MessageFamily,
  text: string,
  followed: boolean,
): readonly [string, string] | null {
  if (!sign.test(text) && (followed || matchOnce(family, text))) return null;
  let places = 0;
  for (const { index } of text.matchAll(beginning)) {
    if (index === 0) continue;
    if (++places > mostPlaces) break;
    const head = text.slice(0, index);
    const match = matchOnce(family, head);
    if (match && !match.spec.general) return [head, text.slice(index).trim()];
  }
  return null;
}

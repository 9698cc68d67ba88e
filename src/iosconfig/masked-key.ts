/** Stands for every key that was masked before the text was given: equal masks tell nothing of the keys behind them. */
export const MASKED_KEY = '<key>';

/** One sign again and again: `******`, `xxxxxxxx`, `...`. */
const RUN = /^([*x.\-_#•?])\1{2,}$/i;

/** The same in groups: `xxxx-xxxx`, `**.**.**`. */
const GROUPS = /^([*x#•?])\1+(?:[-_.:]\1{2,})+$/i;

/** What stands in pointed brackets, unless it is a token, which equal keys share. */
const POINTED = /^<+(?!key#\d+>)[^<>]*>+$/i;

/** What stands in other brackets and is no more than words. */
const BRACKETED = /^(?:\[+[a-z _-]+\]+|\(+[a-z _-]+\)+|\{+[a-z _-]+\}+)$/i;

const NOUN = '(?:pre-?shared-?key|key|psk|secret|password)';
const DONE =
  '(?:removed|redacted|hidden|masked|omitted|obfuscated|sanitized|sanitised|scrubbed|censored)';
/** What was done to a key, with or without the key before it or after it. */
const WORD = new RegExp(`^[*#_-]*(?:${NOUN}[-_ ])?${DONE}(?:[-_ ]${NOUN})?[*#_-]*$`, 'i');

/** A mask may be quoted, as a word is. */
const QUOTED = /^(["'])(.+)\1$/;

/** Whether a word stands where a key was, and is none. */
export function isMaskedKey(word: string): boolean {
  const bare = QUOTED.exec(word)?.[2] ?? word;
  return [RUN, GROUPS, POINTED, BRACKETED, WORD].some((mask) => mask.test(bare));
}

/** Stands for every key that was masked before the text was given: equal masks tell nothing of the keys behind them. */
export const MASKED_KEY = '<key>';

/** One sign again and again: `******`, `xxxxxxxx`, `...`. */
const RUN = /^([*x.\-_#•?])\1{2,}$/i;

/** What stands in pointed brackets, unless it is a token, which equal keys share. */
const POINTED = /^<(?!key#\d+>)[^<>]*>$/i;

/** What stands in other brackets and is no more than words. */
const BRACKETED = /^(?:\[[a-z _-]+\]|\([a-z _-]+\)|\{[a-z _-]+\})$/i;

const WORD =
  /^[*#_-]*(?:(?:pre-?shared-?key|key|psk|secret|password)[-_ ])?(?:removed|redacted|hidden|masked|omitted|obfuscated|sanitized|sanitised|scrubbed|censored)[*#_-]*$/i;

/** Whether a word stands where a key was, and is none. */
export function isMaskedKey(word: string): boolean {
  return [RUN, POINTED, BRACKETED, WORD].some((mask) => mask.test(word));
}

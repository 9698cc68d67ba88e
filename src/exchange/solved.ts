import type { Exchange } from '../model/exchange.ts';
import type { SessionKeys } from '../model/session-keys.ts';

/** An exchange after decryption, and the keys that opened it. */
export type Solved = {
  readonly exchange: Exchange;
  /** Null when nothing was opened. */
  readonly keys: SessionKeys | null;
};

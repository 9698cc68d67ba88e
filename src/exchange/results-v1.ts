import type { GarbageReading, Side } from '../model/exchange.ts';
import type { KeysV1 } from './open-v1.ts';
import type { SearchV1, SideKeys } from './search-v1.ts';
import type { SideDecision, SideProofs } from './verdicts-v1.ts';

/** One side as far as the material goes. */
export type SideResult = {
  readonly keys: SideKeys | null;
  readonly decision: SideDecision;
  readonly proofs: SideProofs;
};

/** What decryption found out about an IKEv1 exchange before its messages are written. */
export type ResultV1 = {
  readonly search: SearchV1;
  readonly sides: Readonly<Record<Side, SideResult>>;
  /** Keys that the material names for this exchange, whether they open something or not. */
  readonly tried: readonly KeysV1[];
  readonly garbage: readonly GarbageReading[];
};

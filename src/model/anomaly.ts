import type { CaptureAnomalyCode } from './anomalies/capture.ts';
import type { ExchangeAnomalyCode } from './anomalies/exchange.ts';
import type { IsakmpAnomalyCode } from './anomalies/isakmp.ts';
import type { KeyAnomalyCode } from './anomalies/keys.ts';
import type { NetAnomalyCode } from './anomalies/net.ts';
import type { TextAnomalyCode } from './anomalies/text.ts';

/** Everything that can be wrong with an input. Each code has one sentence, in a table beside its union. */
export type AnomalyCode =
  | CaptureAnomalyCode
  | NetAnomalyCode
  | IsakmpAnomalyCode
  | ExchangeAnomalyCode
  | KeyAnomalyCode
  | TextAnomalyCode;

/** Something wrong at a place in a frame or file. `offset` counts octets from the start of the frame (or file). */
export type Anomaly = {
  readonly code: AnomalyCode;
  readonly offset: number;
  readonly length: number;
};

/** A decoder's result: what could be read, and what was wrong with it. Decoders never throw on input. */
export type Decoded<T> = {
  readonly value: T;
  readonly anomalies: readonly Anomaly[];
};

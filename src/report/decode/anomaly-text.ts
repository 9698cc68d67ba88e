import type { AnomalyCode } from '../../model/anomaly.ts';
import { captureAnomalies } from '../../model/anomalies/capture.ts';
import { exchangeAnomalies } from '../../model/anomalies/exchange.ts';
import { isakmpAnomalies } from '../../model/anomalies/isakmp.ts';
import { keyAnomalies } from '../../model/anomalies/keys.ts';
import { netAnomalies } from '../../model/anomalies/net.ts';
import { textAnomalies } from '../../model/anomalies/text.ts';

const sentences: Readonly<Record<AnomalyCode, string>> = {
  ...captureAnomalies,
  ...netAnomalies,
  ...isakmpAnomalies,
  ...exchangeAnomalies,
  ...keyAnomalies,
  ...textAnomalies,
};

/** The sentence of an anomaly, without its place. */
export function anomalyText(code: AnomalyCode): string {
  return sentences[code];
}

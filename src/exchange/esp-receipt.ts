import type { EspFlow } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { authEnd } from './ike-auth.ts';

/**
 * An initiator that sends ESP under an SPI of the responder has read it in the answer to IKE_AUTH, however often it asked. SPIs that
 * were in use before the answer are of another tunnel.
 */
export function completedByEsp(exchange: Exchange, flows: readonly EspFlow[]): Exchange {
  if (exchange.version !== 2 || exchange.completed) return exchange;
  const end = authEnd(exchange.messages);
  if (end.kind !== 'not-received') return exchange;
  const { src, dst, timeNs } = end.answer.message;
  const own = flows.filter((flow) => flow.src === dst.address && flow.dst === src.address);
  const isNew = own.length > 0 && own.every(({ firstTimeNs }) => firstTimeNs > timeNs);
  return isNew ? { ...exchange, completed: true } : exchange;
}

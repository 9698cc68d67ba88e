import { readableIdentity } from '../isakmp/identity.ts';
import { idTypes } from '../isakmp/registry/identities.ts';
import { nameOrNumber } from '../isakmp/registry/table.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { Negotiation } from '../model/report.ts';

type Seen = NonNullable<Negotiation['keys']>['identities'][number];

function seenIn(entry: ExchangeMessage, version: 1 | 2): Seen | null {
  const id = entry.payloads.find((payload) => payload.content.kind === 'identification');
  if (id === undefined || id.content.kind !== 'identification') return null;
  const { idType, data } = id.content;
  const opened = entry.decryption?.kind === 'decrypted' ? entry.decryption : null;
  return {
    step: entry.step,
    frame: entry.message.frame,
    type: nameOrNumber(idTypes(version), idType),
    value: readableIdentity(idType, data),
    hash: opened?.check ?? null,
    hashVerifies: opened === null || opened.check === null ? null : opened.verified,
  };
}

const CARRIES_IDENTITY: ReadonlySet<string> = new Set(['MM5', 'MM6', 'AM1', 'AM2', 'AUTH']);

/** The identities that the exchange shows, each once. */
export function identitiesOf(exchange: Exchange): readonly Seen[] {
  return exchange.messages.flatMap((entry) => {
    if (
      !CARRIES_IDENTITY.has(entry.step) ||
      entry.retransmissionOf !== null ||
      entry.copyOf !== null
    )
      return [];
    const seen = seenIn(entry, exchange.version);
    return seen === null ? [] : [seen];
  });
}

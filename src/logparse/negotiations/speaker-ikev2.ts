import type { Side } from '../../model/exchange.ts';
import type { Context } from './context.ts';
import { sideOf, text, wentBack, type TrackedLine } from './tracked-line.ts';

type Ends = { readonly local: string | undefined; readonly peer: string | undefined };

/** The two addresses that a line names, from where it was written. */
function endsOf({ id, fields }: TrackedLine): Ends {
  switch (id) {
    // `[From a/To b]` and `[To a/From b]`: the first is always the peer.
    case 'v2-received':
    case 'v2-sent':
      return { local: text(fields.to), peer: text(fields.from) };
    case 'asa-v2-packet':
      return fields.how === 'RECV'
        ? { local: text(fields.to), peer: text(fields.from) }
        : { local: text(fields.from), peer: text(fields.to) };
    default:
      return { local: text(fields.local), peer: text(fields.peer) };
  }
}

/** Which side writes that such a packet went out or came in. */
function sideOfPacket({ id, fields }: TrackedLine): Side | null {
  const { exchange, direction } = fields;
  if (exchange !== 'IKE_SA_INIT' && exchange !== 'IKE_AUTH') return null;
  if ((id !== 'v2-received' && id !== 'v2-sent') || direction === undefined) return null;
  return (id === 'v2-received') === (direction === 'REQUEST') ? 'responder' : 'initiator';
}

/**
 * The line was written by another router than what is known of the attempt: its peer, most often, in one paste with it.
 * Addresses tell that surely; prompt and clock do where a line names none.
 */
export function isOfAnother(context: Context, line: TrackedLine): boolean {
  const { local, peer } = endsOf(line);
  const side = sideOfPacket(line) ?? sideOf(line.fields.role);
  if (side !== null && context.role !== null && side !== context.role) return true;
  if (local !== undefined && local !== peer) {
    const own = context.localRank > 2 ? context.local : null;
    if (local === own) return false;
    if (local === context.peer || (peer !== undefined && peer === own)) return true;
    if (own !== null && peer !== undefined && context.peer !== null && peer !== context.peer)
      return true;
  }
  if (line.label !== null && context.label !== null && line.label !== context.label)
    return line.sender === '';
  return wentBack(context, line);
}

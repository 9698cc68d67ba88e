import { hex } from '../bytes/hex.ts';
import { isOriginal } from '../exchange/entries.ts';
import { notifyTypes } from '../isakmp/registry/notify-types.ts';
import { nameOrNumber } from '../isakmp/registry/table.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, CaptureEvidence, Incident } from '../model/incident.ts';
import type { PayloadContent } from '../model/isakmp.ts';
import { sides } from './facts.ts';
import type { Weighed } from './rule.ts';

/** One end says that it does not know an SA that the other one uses. */
export type LostSa = {
  readonly version: 1 | 2;
  /** Of the attempt that set up an IKE SA with these cookies; null where the capture does not hold it. */
  readonly attempt: Attempt | null;
  /** Who says so: it has not, or no longer, what its peer uses. */
  readonly loser: string;
  readonly user: string;
  /** Null where it is an address alone. */
  readonly loserRouter: string | null;
  readonly userRouter: string | null;
  /** What is not known. */
  readonly what: 'ipsec' | 'ike' | 'renewed';
  /** In hexadecimal; null where none is given. */
  readonly spi: string | null;
  readonly name: string;
  readonly isProtected: boolean;
  readonly evidence: readonly Weighed[];
};

/** INVALID-COOKIE, INVALID_IKE_SPI (RFC 2408 section 3.14.1, RFC 7296 section 3.10.1). */
const INVALID_IKE_SPI = 4;
const INVALID_SPI = 11;
const CHILD_SA_NOT_FOUND = 44;

type Notification = Extract<PayloadContent, { kind: 'notification' }>;

function whatOf({ notifyType }: Notification, version: 1 | 2): LostSa['what'] | null {
  if (notifyType === INVALID_SPI) return 'ipsec';
  if (notifyType === INVALID_IKE_SPI) return 'ike';
  return version === 2 && notifyType === CHILD_SA_NOT_FOUND ? 'renewed' : null;
}

/** Under IKEv1 it stands in its field, under IKEv2 in the data (RFC 7296 section 3.10.1). */
function spiOf({ spi, data }: Notification): Uint8Array {
  return spi.bytes.length > 0 ? spi.bytes : data.bytes.subarray(0, 4);
}

function lostIn(
  incident: Incident,
  exchange: Exchange,
  attempt: Attempt | null,
): readonly LostSa[] {
  const { captures } = incident.evidence;
  return exchange.messages.filter(isOriginal).flatMap((entry) =>
    entry.payloads.flatMap(({ content }) => {
      if (content.kind !== 'notification') return [];
      const what = whatOf(content, exchange.version);
      const octets = spiOf(content);
      // An SPI of zero is none (RFC 4303 section 2.1): it is about a packet that belongs to no SA.
      const isNone = octets.length > 0 && octets.every((octet) => octet === 0);
      if (what === null || (what === 'ipsec' && isNone)) return [];
      const input = captures.find(({ capture }) => capture === entry.message.capture);
      // What no input holds cannot be shown.
      return input === undefined
        ? []
        : [lost(incident, input, exchange, attempt, entry, content, what, octets)];
    }),
  );
}

function lost(
  incident: Incident,
  input: CaptureEvidence,
  { version }: Exchange,
  attempt: Attempt | null,
  entry: ExchangeMessage,
  { notifyType }: Notification,
  what: LostSa['what'],
  octets: Uint8Array,
): LostSa {
  const { message, encrypted } = entry;
  const named = (address: string): readonly [label: string, router: string | null] => {
    const known = (attempt === null ? incident.attempts : [attempt])
      .flatMap(sides)
      .find((side) => side.address === address);
    return [known?.label ?? address, known?.router ?? null];
  };
  const [loser, loserRouter] = named(message.src.address);
  const [user, userRouter] = named(message.dst.address);
  const name = nameOrNumber(notifyTypes(version), notifyType);
  const spi = what === 'ike' || octets.length === 0 ? null : hex(octets);
  return {
    version,
    attempt,
    loser,
    user,
    loserRouter,
    userRouter,
    what,
    spi,
    name,
    isProtected: encrypted,
    evidence: [
      {
        input: input.input,
        frame: message.frame,
        text: `${loser} says ${name}${spi === null ? '' : ` of SPI ${spi}`}${encrypted ? '' : ', in clear'}`,
        // What is not protected may be anybody's.
        basis: encrypted ? 'proven' : 'inferred',
        decisive: true,
      },
    ],
  };
}

/** Every such notification in the captures, also of SAs that were set up before. */
export function lostSas(incident: Incident): readonly LostSa[] {
  const owners = new Map(
    incident.attempts.flatMap((attempt) =>
      attempt.exchange === null ? [] : [[attempt.exchange, attempt] as const],
    ),
  );
  const told = new Set(incident.attempts.flatMap(({ otherExchanges }) => otherExchanges));
  return incident.evidence.exchanges
    .filter((exchange) => !told.has(exchange))
    .flatMap((exchange) => lostIn(incident, exchange, owners.get(exchange) ?? null));
}

/** What a UDP payload on an IKE port is. */
export type PayloadKind =
  | 'ike'
  /** Behind the four zero octets of RFC 3948 §2.2. */
  | 'ike-marked'
  /** On a NAT-T port, where the marker should stand before it. */
  | 'ike-unmarked'
  /** RFC 3948 §2.1: the SPI comes first. */
  | 'esp'
  /** draft-ietf-ipsec-udp-encaps-00: eight zero octets on port 500, then ESP. */
  | 'esp-draft'
  | 'keepalive'
  | 'unknown';

const ikePort = 500;
const natTraversalPort = 4500;

/** RFC 2408 §3.1 and RFC 7296 §3.1. */
const ikeHeaderOctets = 28;

/**
 * Whether an ISAKMP header at `at` agrees with the datagram: a version that exists, an exchange type and the very length of the
 * datagram. An ESP packet passes by chance once in 2^40.
 */
function isExactIke(bytes: Uint8Array, at: number, end: number, octets: number): boolean {
  if (octets < ikeHeaderOctets || end - at < ikeHeaderOctets) return false;
  const version = bytes[at + 17]! >> 4;
  if (version !== 1 && version !== 2) return false;
  const length =
    ((bytes[at + 24]! << 24) |
      (bytes[at + 25]! << 16) |
      (bytes[at + 26]! << 8) |
      bytes[at + 27]!) >>>
    0;
  return length === octets;
}

function isZero(bytes: Uint8Array, at: number, end: number, octets: number): boolean {
  if (end - at < octets) return false;
  for (let place = at; place < at + octets; place += 1) {
    if (bytes[place] !== 0) return false;
  }
  return true;
}

/**
 * Tells apart what shares the IKE ports. `bytes[at..end)` is the captured part of a payload of `octets`. Runs for every packet on
 * these ports, ESP included, so it does not allocate.
 */
export function classifyPayload(
  bytes: Uint8Array,
  at: number,
  end: number,
  octets: number,
  sourcePort: number,
  destinationPort: number,
): PayloadKind {
  if (octets === 1 && bytes[at] === 0xff) return 'keepalive';
  const isNatTraversal = sourcePort === natTraversalPort || destinationPort === natTraversalPort;
  if (isNatTraversal || (sourcePort !== ikePort && destinationPort !== ikePort)) {
    if (isZero(bytes, at, end, 4)) return 'ike-marked';
    if (isExactIke(bytes, at, end, octets)) return isNatTraversal ? 'ike-unmarked' : 'ike';
    // RFC 4303: SPI, sequence number, and at least the padding and next-header octets.
    return octets >= 10 && end - at >= 4 ? 'esp' : 'unknown';
  }
  if (isZero(bytes, at, end, 4)) {
    if (isExactIke(bytes, at + 4, end, octets - 4)) return 'ike-marked';
    if (isZero(bytes, at, end, 8) && octets >= 18 && !isExactIke(bytes, at, end, octets)) {
      return 'esp-draft';
    }
  }
  return 'ike';
}

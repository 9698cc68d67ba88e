import { u16 } from '../bytes/span.ts';
import { classifyPayload } from '../net/udp-payload.ts';
import { updateUdpChecksum, wordSum } from './checksum.ts';
import { UDP_HEADER } from './ends.ts';
import { redactIke, type End, type OctetRules } from './ike.ts';

/** Octets that no decoder takes for IKE or ESP. */
const NOTHING = 0xff;

/** The IKE message of a datagram whose UDP header is at `at`, and what the change means for the checksum. */
export function redactDatagram(
  bytes: Uint8Array,
  at: number,
  captured: number,
  src: End,
  dst: End,
  rules: OctetRules,
): void {
  const from = at + UDP_HEADER;
  const end = Math.min(captured, at + Math.max(UDP_HEADER, u16(bytes, at + 4)));
  const octets = u16(bytes, at + 4) - UDP_HEADER;
  const kind = classifyPayload(bytes, from, end, octets, src.port, dst.port);
  if (kind === 'esp' || kind === 'esp-draft' || kind === 'keepalive') return;
  const before = wordSum(bytes, from, end);
  if (kind === 'unknown') bytes.fill(NOTHING, from, end);
  else redactIke(bytes, from + (kind === 'ike-marked' ? 4 : 0), end, src, dst, rules);
  updateUdpChecksum(bytes, at + 6, before, wordSum(bytes, from, end));
  bytes.fill(0, end, captured);
}

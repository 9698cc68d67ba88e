import { portTable } from './candidate.ts';
import type { PortOptions } from './candidate.ts';
import { createCursor } from './cursor.ts';
import { classifyPayload } from './udp-payload.ts';
import { walkFrame } from './walk.ts';

/**
 * Whether a packet is ESP of one of these SPIs, bare or in UDP: for a second reading of a capture, when the first has told which
 * SPIs are wanted. ESP in TCP and in IP fragments is not found.
 */
export function createEspTest(
  options: PortOptions & { readonly spis: ReadonlySet<number> },
): (bytes: Uint8Array, start: number, end: number, linkType: number) => boolean {
  const table = portTable(options.ports);
  const cursor = createCursor();

  const isWanted = (bytes: Uint8Array, at: number, end: number): boolean =>
    end - at >= 4 &&
    options.spis.has(
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0,
    );

  return (bytes, start, end, linkType) => {
    walkFrame(cursor, bytes, start, end, linkType, end - start);
    const { at, outcome } = cursor;
    if (outcome === 'esp') return isWanted(bytes, at, cursor.end);
    if (outcome !== 'udp' || cursor.end - at < 12) return false;
    const source = (bytes[at]! << 8) | bytes[at + 1]!;
    const destination = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (((table[source]! | table[destination]!) & 1) === 0) return false;
    const octets = ((bytes[at + 4]! << 8) | bytes[at + 5]!) - 8;
    const kind = classifyPayload(bytes, at + 8, cursor.end, octets, source, destination);
    if (kind === 'esp') return isWanted(bytes, at + 8, cursor.end);
    return kind === 'esp-draft' && isWanted(bytes, at + 16, cursor.end);
  };
}

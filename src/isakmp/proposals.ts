import { slice, u16 } from '../bytes/span.ts';
import type { Span } from '../model/span.ts';
import { note } from './body.ts';
import type { Faults } from './body.ts';

/** RFC 2408 §3.5 and §3.6, RFC 7296 §3.3.1 and §3.3.2: both versions nest transforms in proposals alike. */
const PROPOSAL = 8;
const TRANSFORM = 8;
const LAST = 0;

export type RawTransform = {
  /** From the transform's own header on, in the frame. */
  readonly offset: number;
  readonly length: number;
  /** Octet 4: number (IKEv1) or type (IKEv2). */
  readonly first: number;
  /** Octets 4 to 7 and then the attributes. */
  readonly body: Span;
};

export type RawProposal = {
  readonly number: number;
  readonly protocol: number;
  readonly spi: Span;
  readonly transforms: readonly RawTransform[];
  readonly offset: number;
  readonly length: number;
};

/** Reads proposals while octets remain; a length that leads nowhere ends the list. */
export function splitProposals(list: Span, faults: Faults): readonly RawProposal[] {
  const proposals: RawProposal[] = [];
  const { bytes } = list;
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < PROPOSAL) {
      note(faults, 'proposal-truncated', list.offset + at, bytes.length - at);
      return proposals;
    }
    const length = u16(bytes, at + 2);
    if (length < PROPOSAL) {
      note(faults, 'proposal-length-wrong', list.offset + at + 2, 2);
      return proposals;
    }
    if (length > bytes.length - at) note(faults, 'proposal-length-wrong', list.offset + at + 2, 2);
    const stop = Math.min(at + length, bytes.length);
    if ((bytes[at] === LAST) !== (stop === bytes.length)) {
      note(faults, 'proposal-count-wrong', list.offset + at, 1);
    }
    proposals.push(splitProposal(slice(list, at, stop), length, faults));
    at = stop;
  }
  return proposals;
}

function splitProposal(proposal: Span, length: number, faults: Faults): RawProposal {
  const { bytes, offset } = proposal;
  const announced = bytes[7]!;
  let at = PROPOSAL + bytes[6]!;
  if (at > bytes.length) {
    note(faults, 'spi-overruns', offset + 6, 1);
    at = bytes.length;
  }
  const spi = slice(proposal, PROPOSAL, at);
  const transforms: RawTransform[] = [];
  while (at < bytes.length) {
    if (bytes.length - at < TRANSFORM) {
      note(faults, 'transform-truncated', offset + at, bytes.length - at);
      break;
    }
    const size = u16(bytes, at + 2);
    if (size < TRANSFORM) {
      note(faults, 'transform-length-wrong', offset + at + 2, 2);
      break;
    }
    if (size > bytes.length - at) note(faults, 'transform-length-wrong', offset + at + 2, 2);
    const stop = Math.min(at + size, bytes.length);
    transforms.push({
      offset: offset + at,
      length: size,
      first: bytes[at + 4]!,
      body: slice(proposal, at + 4, stop),
    });
    at = stop;
  }
  if (transforms.length !== announced) note(faults, 'transform-count-wrong', offset + 7, 1);
  return { number: bytes[4]!, protocol: bytes[5]!, spi, transforms, offset, length };
}

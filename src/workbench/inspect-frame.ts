import type { DigestedInput } from '../analyze.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { AnalysisReport } from '../model/report.ts';
import { clockText, placeWriter } from '../report/labels.ts';
import type { FrameView, OctetView } from './protocol.ts';

/** Frames beyond this are shown in part. */
const mostOctets = 1 << 16;

/** A frame with the tree of its payloads and the octets that the tree was read from; null when no report shows it. */
export function inspectFrame(
  report: AnalysisReport,
  inputs: readonly DigestedInput[],
  exchanges: readonly Exchange[],
  at: { readonly input: string; readonly frame: number },
): FrameView | null {
  const excerpt = report.excerpts.frames.find(
    ({ input, frame }) => input === at.input && frame === at.frame,
  );
  const input = inputs.find(({ input: { id } }) => id === at.input)?.input;
  if (excerpt === undefined || input?.capture == null) return null;
  const item = exchanges
    .flatMap(({ messages }) => messages)
    .find(({ message }) => message.capture === input.captureIndex && message.frame === at.frame);
  const opened = item?.decryption?.kind === 'decrypted' ? item.decryption : null;
  return {
    title: `${placeWriter(report, 'short')(at)} · ${excerpt.step}`,
    facts: [
      clockText(excerpt.time),
      `${excerpt.src} → ${excerpt.dst}`,
      `${excerpt.length} octets`,
      ...(excerpt.retransmissionOf === null ? [] : [`repeats frame ${excerpt.retransmissionOf}`]),
      ...(excerpt.copyOf === null ? [] : [`frame ${excerpt.copyOf} as another tap saw it`]),
    ],
    secrecy: !excerpt.encrypted
      ? { tone: 'plain', text: 'in clear' }
      : excerpt.decryptedBy === null
        ? { tone: 'warning', text: `opaque: ${excerpt.opaqueWhy ?? 'no key'}` }
        : { tone: 'good', text: `decrypted with ${excerpt.decryptedBy}` },
    tree: excerpt.tree,
    octets: [
      ...(opened === null
        ? []
        : [{ title: 'Plaintext', base: 0, octets: opened.plaintext.slice(0, mostOctets) }]),
      ...(item === undefined ? [] : [wireOctets(item, input.capture.packets)]),
    ],
    anomalies: excerpt.anomalies,
  };
}

/** The whole frame where the message came in one piece, else the message as it was put together. */
function wireOctets(
  { message }: ExchangeMessage,
  packets: readonly { readonly frame: number; readonly bytes: Uint8Array }[],
): OctetView {
  const { pdu, frame, fragmentFrames } = message;
  const packet = packets.find((one) => one.frame === frame);
  const isWhole =
    fragmentFrames.length === 0 &&
    packet !== undefined &&
    pdu.bytes.every((octet, index) => packet.bytes[pdu.offset + index] === octet);
  if (isWhole)
    return { title: 'Octets of the frame', base: 0, octets: packet.bytes.slice(0, mostOctets) };
  return {
    title:
      fragmentFrames.length === 0
        ? 'Octets of the message'
        : `Octets of the message, put together from frames ${fragmentFrames.join(', ')}`,
    base: pdu.offset,
    octets: pdu.bytes.slice(0, mostOctets),
  };
}

import { createFaultLog } from '../bytes/fault-log.ts';
import type { FaultLog } from '../bytes/fault-log.ts';
import type { CaptureFormat, CaptureSummary, Packet } from '../model/capture.ts';
import { createFeeder } from './feeder.ts';
import type { Feeder } from './feeder.ts';
import { createGunzip } from './gunzip.ts';
import { createPcapScanner, recognisePcap } from './pcap.ts';
import { createPcapngScanner, recognisePcapng } from './pcapng.ts';
import type { CandidateTest, ScanResult, ScanTarget, Scanner } from './scanner.ts';

/**
 * A capture file, given in pieces of any size. The pieces may share one buffer: whatever is kept of them is copied.
 * Memory does not grow with the file.
 */
export type CaptureReader = {
  push(chunk: Uint8Array): void;
  end(): CaptureSummary;
};

/** What the first four octets of a file announce; null when it is no capture (a hex dump is text and announces nothing). */
export function recogniseCapture(head: Uint8Array): CaptureFormat | 'gzip' | null {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (recognisePcapng(head)) return 'pcapng';
  return recognisePcap(head) === null ? null : 'pcap';
}

/** Length of the longest magic number. */
const magicOctets = 4;

/** Hands everything on to what `open` makes of the first octets; null from it swallows the stream. */
function createSniffer(open: (head: Uint8Array) => Feeder | null): Feeder {
  let head = new Uint8Array(0);
  let inner: Feeder | null = null;
  let isForeign = false;
  return {
    push: (chunk) => {
      if (inner !== null) inner.push(chunk);
      else if (!isForeign) {
        const start = new Uint8Array(head.length + chunk.length);
        start.set(head);
        start.set(chunk, head.length);
        head = start;
        if (head.length < magicOctets) return;
        inner = open(head);
        isForeign = inner === null;
        inner?.push(head);
        head = new Uint8Array(0);
      }
    },
    end: () => inner?.end(),
  };
}

/**
 * Reads pcap and pcapng of every variant, also inside gzip. `isCandidate` sees every packet in place; `onPacket` gets copies of
 * those it chose. What cannot be read is an anomaly of the summary.
 */
export function createCaptureReader(
  isCandidate: CandidateTest,
  onPacket: (packet: Packet) => void,
): CaptureReader {
  const faults = createFaultLog();
  const target: ScanTarget = { isCandidate, onPacket, faults };
  let format: CaptureFormat = 'pcap';
  let scanner: Scanner | null = null;
  let octets = 0;

  const openPlain = (head: Uint8Array): Feeder | null => {
    const variant = recognisePcap(head);
    if (variant === null && !recognisePcapng(head)) return null;
    format = variant === null ? 'pcapng' : 'pcap';
    scanner = variant === null ? createPcapngScanner(target) : createPcapScanner(variant, target);
    return createFeeder(scanner);
  };
  const outer = createSniffer((head) =>
    recogniseCapture(head) === 'gzip'
      ? createGunzip(createSniffer(openPlain), faults)
      : openPlain(head),
  );

  return {
    push: (chunk) => {
      octets += chunk.length;
      outer.push(chunk);
    },
    end: () => {
      outer.end();
      if (scanner === null) faults.note(octets === 0 ? 'file-empty' : 'format-unknown', null, 0, 0);
      return summarise(format, scanner?.result() ?? null, faults);
    },
  };
}

function summarise(
  format: CaptureFormat,
  result: ScanResult | null,
  faults: FaultLog,
): CaptureSummary {
  const interfaces = result?.interfaces ?? [];
  return {
    format,
    linkTypes: [...new Set(interfaces.map((one) => one.linkType))],
    interfaces,
    packets: result?.packets ?? 0,
    firstTimeNs: result?.firstTimeNs ?? null,
    lastTimeNs: result?.lastTimeNs ?? null,
    comments: result?.comments ?? [],
    anomalies: faults.anomalies(),
    omitted: faults.omitted(),
  };
}

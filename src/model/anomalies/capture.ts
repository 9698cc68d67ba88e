export type CaptureAnomalyCode =
  | 'file-truncated';

/** Faults of file-level faults of pcap, pcapng, gzip and hex dumps. The sentence completes "At octet N: …". */
export const captureAnomalies: Readonly<Record<CaptureAnomalyCode, string>> = {
  'file-truncated': 'the file ends inside a record',
};

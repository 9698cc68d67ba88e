export type CaptureAnomalyCode =
  | 'file-truncated'
  | 'file-empty'
  | 'format-unknown'
  | 'pcap-version-unknown'
  | 'link-type-unsupported'
  | 'record-length-corrupt'
  | 'record-length-swallows'
  | 'record-header-implausible'
  | 'record-exceeds-snaplen'
  | 'record-longer-than-original'
  | 'time-fraction-out-of-range'
  | 'time-out-of-range'
  | 'resynchronised'
  | 'resynchronisation-failed'
  | 'packet-without-time'
  | 'section-header-corrupt'
  | 'block-length-corrupt'
  | 'block-trailer-differs'
  | 'block-too-short'
  | 'block-type-unknown'
  | 'interface-unknown'
  | 'option-overruns'
  | 'gzip-damaged'
  | 'gzip-ratio'
  | 'hexdump-offset-gap'
  | 'hexdump-too-long'
  | 'hexdump-date-missing'
  | 'hexdump-link-unknown';

/** Faults of pcap and pcapng files, gzip and hex dumps. The sentence completes "At octet N: …". */
export const captureAnomalies: Readonly<Record<CaptureAnomalyCode, string>> = {
  'file-truncated': 'the file ends inside a record',
  'file-empty': 'the file holds no octets',
  'format-unknown': 'neither pcap nor pcapng nor a hex dump of packets',
  'pcap-version-unknown': 'the pcap version is not 2.x; read as if it were 2.4',
  'link-type-unsupported': 'packets of this link type were counted but not searched for IKE',
  'record-length-corrupt': 'the captured length is larger than any packet can be',
  'record-length-swallows':
    'the captured length reaches over further records; the packet was taken to end where they begin',
  'record-header-implausible': 'the octets of a record header are all zero, or its time is none',
  'record-exceeds-snaplen': 'the captured length is larger than the snap length of the file',
  'record-longer-than-original': 'the captured length is larger than the length on the wire',
  'time-fraction-out-of-range': 'the fraction of the time stamp is a second or more',
  'time-out-of-range':
    'the time stamp is none that a calendar has (before the year 0 or after 9999); the packet is shown without a time',
  resynchronised:
    'reading went on at the next plausible record; the octets from here to there were skipped',
  'resynchronisation-failed':
    'no further plausible record was found; the rest of the file was skipped',
  'packet-without-time': 'the packet carries no time; it is shown as 1970-01-01',
  'section-header-corrupt': 'the byte-order magic of the section header is neither order',
  'block-length-corrupt': 'the block length is below 12 or larger than any block can be',
  'block-trailer-differs':
    'the block length at the end of the block differs from the one at its start',
  'block-too-short': 'the block is too short for its fixed fields or its packet',
  'block-type-unknown': 'blocks of an unknown type were skipped',
  'interface-unknown': 'the packet names an interface that was not described',
  'option-overruns': 'an option runs past the end of its block',
  'gzip-damaged': 'the compressed data is damaged or cut short; what came before it was read',
  'gzip-ratio': 'the compressed data expands more than evidence would; reading stopped here',
  'hexdump-offset-gap': 'the offset of a hex dump line does not continue the line before it',
  'hexdump-too-long': 'the hex dump is longer than is read; the rest was skipped',
  'hexdump-date-missing': 'the times of the hex dump name no date; they are shown on 1970-01-01',
  'hexdump-link-unknown':
    'the octets of the hex dump start with neither an Ethernet nor an IP header',
};

export type NetAnomalyCode =
  | 'ip-header-truncated';

/** Faults of link, IP, UDP and reassembly. The sentence completes "At octet N: …". */
export const netAnomalies: Readonly<Record<NetAnomalyCode, string>> = {
  'ip-header-truncated': 'the IP header is cut short',
};

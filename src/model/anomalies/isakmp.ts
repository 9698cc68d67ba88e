export type IsakmpAnomalyCode =
  | 'header-truncated'
  | 'payload-header-truncated'
  | 'payload-length-below-header'
  | 'payload-length-overruns'
  | 'trailing-octets';

/** Faults of ISAKMP and IKEv2 messages. The sentence completes "At octet N: …". */
export const isakmpAnomalies: Readonly<Record<IsakmpAnomalyCode, string>> = {
  'header-truncated': 'shorter than the 28 octets of an ISAKMP header',
  'payload-header-truncated': 'fewer than the 4 octets of a generic payload header remain',
  'payload-length-below-header': 'the payload length is below 4, so the next payload cannot be found',
  'payload-length-overruns': 'the payload length runs past the end of the message',
  'trailing-octets': 'octets follow the last payload',
};

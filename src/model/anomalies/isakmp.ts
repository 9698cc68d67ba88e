export type IsakmpAnomalyCode =
  | 'header-truncated'
  | 'header-cut'
  | 'version-not-ike'
  | 'initiator-cookie-zero'
  | 'header-implausible'
  | 'message-length-overruns'
  | 'message-length-below-header'
  | 'octets-after-message'
  | 'exchange-type-unassigned'
  | 'payload-header-truncated'
  | 'payload-length-below-header'
  | 'payload-length-overruns'
  | 'payload-reserved-not-zero'
  | 'payload-body-truncated'
  | 'trailing-octets'
  | 'too-many-payloads'
  | 'situation-unassigned'
  | 'proposal-truncated'
  | 'proposal-length-wrong'
  | 'proposal-count-wrong'
  | 'transform-truncated'
  | 'transform-length-wrong'
  | 'transform-count-wrong'
  | 'attribute-truncated'
  | 'spi-overruns'
  | 'delete-count-wrong'
  | 'selector-truncated'
  | 'selector-count-wrong'
  | 'identity-length-wrong'
  | 'fragment-number-wrong'
  | 'certificate-unreadable';

/** Faults of ISAKMP and IKEv2 messages. The sentence completes "At octet N: …". */
export const isakmpAnomalies: Readonly<Record<IsakmpAnomalyCode, string>> = {
  'header-truncated': 'shorter than the 28 octets of an ISAKMP header',
  'header-cut': 'the snap length of the capture cut the ISAKMP header itself',
  'version-not-ike': 'the major version is neither 1 nor 2, so this is no IKE message',
  'initiator-cookie-zero': 'the initiator cookie is zero, so this is no IKE message',
  'header-implausible':
    'the header contradicts the datagram and the first payload is impossible, so this is no IKE message',
  'message-length-overruns': 'the length in the header is greater than the datagram',
  'message-length-below-header':
    'the length in the header is below the 28 octets of the header itself',
  'octets-after-message': 'the datagram goes on after the length that the header names',
  'exchange-type-unassigned': 'no registry assigns this exchange type',
  'payload-header-truncated': 'fewer than the 4 octets of a generic payload header remain',
  'payload-length-below-header':
    'the payload length is below 4, so the next payload cannot be found',
  'payload-length-overruns': 'the payload length runs past the end of the message',
  'payload-reserved-not-zero': 'the RESERVED octet of the payload header is not zero',
  'payload-body-truncated': 'the payload is too short for its fixed fields',
  'trailing-octets': 'octets follow the last payload',
  'too-many-payloads': 'more payloads than any real message has; the rest was not read',
  'situation-unassigned':
    'the situation of the SA payload is not SIT_IDENTITY_ONLY, which all peers need',
  'proposal-truncated': 'the proposal is too short for its fixed fields',
  'proposal-length-wrong': 'the proposal length does not fit into the SA payload',
  'proposal-count-wrong': 'the last-proposal mark and the octets that follow disagree',
  'transform-truncated': 'the transform is too short for its fixed fields',
  'transform-length-wrong': 'the transform length does not fit into its proposal',
  'transform-count-wrong': 'the proposal does not hold as many transforms as it announces',
  'attribute-truncated': 'the attribute runs past the end of its container',
  'spi-overruns': 'the SPI size runs past the end of the payload',
  'delete-count-wrong': 'the payload does not hold as many SPIs as it announces',
  'selector-truncated': 'the traffic selector runs past the end of its payload',
  'selector-count-wrong': 'the payload does not hold as many traffic selectors as it announces',
  'identity-length-wrong': 'the length of the identity does not fit its type',
  'fragment-number-wrong': 'the fragment number is zero or greater than the number of fragments',
  'certificate-unreadable': 'the certificate is no readable X.509 structure',
};

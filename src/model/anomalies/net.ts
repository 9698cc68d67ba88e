export type NetAnomalyCode =
  | 'link-header-truncated'
  | 'ip-header-truncated'
  | 'ip-version-wrong'
  | 'ip-header-length-invalid'
  | 'ip-length-below-header'
  | 'ip-length-overruns'
  | 'ipv6-extension-truncated'
  | 'encapsulation-too-deep'
  | 'udp-header-truncated'
  | 'udp-length-below-header'
  | 'udp-length-overruns'
  | 'udp-octets-left'
  | 'udp-payload-unknown'
  | 'payload-cut'
  | 'fragment-overlap'
  | 'fragment-length-odd'
  | 'fragment-past-end'
  | 'fragment-cut'
  | 'fragments-incomplete'
  | 'fragment-orphan'
  | 'fragments-evicted'
  | 'non-esp-marker-missing'
  | 'non-esp-marker-unexpected'
  | 'tcp-header-truncated'
  | 'tcp-gap'
  | 'tcp-start-missing'
  | 'tcp-frame-length-invalid'
  | 'tcp-message-incomplete'
  | 'tcp-stream-evicted'
  | 'not-ike';

/** Faults of link, IP, UDP, TCP and reassembly. The sentence completes "At octet N: …". */
export const netAnomalies: Readonly<Record<NetAnomalyCode, string>> = {
  'link-header-truncated': 'the link-layer header is cut short',
  'ip-header-truncated': 'the IP header is cut short',
  'ip-version-wrong': 'the IP version is neither 4 nor 6',
  'ip-header-length-invalid': 'the IPv4 header length is below 20 octets',
  'ip-length-below-header': 'the IP length is smaller than the IP header',
  'ip-length-overruns': 'the IP length runs past the end of the frame',
  'ipv6-extension-truncated': 'an IPv6 extension header is cut short',
  'encapsulation-too-deep': 'more layers of encapsulation than are followed',
  'udp-header-truncated': 'the UDP header is cut short',
  'udp-length-below-header': 'the UDP length is below 8',
  'udp-length-overruns': 'the UDP length runs past the end of the IP packet',
  'udp-octets-left': 'octets follow the UDP datagram inside the IP packet',
  'udp-payload-unknown': 'neither IKE nor a NAT keepalive nor ESP',
  'payload-cut': 'the snap length of the capture cut the rest of this datagram off',
  'fragment-overlap': 'two IP fragments overlap; the octets that came first were kept',
  'fragment-length-odd':
    'an IP fragment that is not the last has a length that is no multiple of 8',
  'fragment-past-end':
    'an IP fragment lies behind the end that the last fragment set, or past 65535',
  'fragment-cut': 'the snap length of the capture cut an IP fragment, so the datagram has a hole',
  'fragments-incomplete': 'not all IP fragments of this datagram are in the capture',
  'fragment-orphan':
    'an IP fragment whose first fragment is not in the capture, so nothing tells what it belongs to',
  'fragments-evicted': 'too many IP fragments were waiting; the oldest were given up',
  'non-esp-marker-missing': 'an IKE message on a NAT-T port without the four zero octets before it',
  'non-esp-marker-unexpected':
    'four zero octets stand before an IKE message on a port that needs none',
  'tcp-header-truncated': 'the TCP header is cut short',
  'tcp-gap': 'octets of the TCP stream are missing; reading went on at the next IKE message',
  'tcp-start-missing': 'the TCP stream was joined after its start',
  'tcp-frame-length-invalid': 'the length of a message in the TCP stream is below 2',
  'tcp-message-incomplete': 'the TCP stream ends inside a message',
  'tcp-stream-evicted': 'too many TCP streams or octets were waiting; the oldest were given up',
  'not-ike': 'a datagram on an IKE port that holds no IKE message',
};

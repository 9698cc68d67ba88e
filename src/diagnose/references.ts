/** Documents that rules cite, named once. */
export const REFERENCES = {
  keyrings:
    'Cisco TAC note 117259, IOS IKEv1 and IKEv2 Packet Exchange: selection rules for keyrings and profiles',
  certificates: 'Cisco TAC note 117633, ISAKMP profiles with several certificates',
  skeyid: 'RFC 2409 section 5: SKEYID = prf(pre-shared-key, Ni_b | Nr_b)',
  mainMode: 'RFC 2409 section 5.4: main mode with pre-shared keys finds the key by address only',
  aggressive: 'RFC 2409 section 5: aggressive mode',
  isakmp: 'RFC 2408',
  notify: 'RFC 2408 section 3.14.1: notify message types',
  ike: 'RFC 2409',
  quickMode: 'RFC 2409 section 5.5: quick mode',
  policy: 'RFC 2409 section 5 and Appendix A: negotiated attributes',
  natT: 'RFC 3947: negotiation of NAT traversal in the IKE',
  dpd: 'RFC 3706: a traffic-based method of detecting dead IKE peers',
  fragments: 'RFC 7383 section 1: why IP fragmentation breaks IKE',
  ikev2: 'RFC 7296',
  ikev2Auth: 'RFC 7296 section 2.15: authentication of the IKE SA',
  ikev2Keys: 'RFC 7296 section 2.14: SKEYSEED needs no pre-shared key',
  ikev2Selectors: 'RFC 7296 section 2.9: traffic selector negotiation',
  ikev2Ke: 'RFC 7296 section 1.3 and 3.10.1: INVALID_KE_PAYLOAD',
  xauth: 'draft-beaulieu-ike-xauth-02',
  modeConfig: 'draft-ietf-ipsec-isakmp-mode-cfg-05',
} as const;

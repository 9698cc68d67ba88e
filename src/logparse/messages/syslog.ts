import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** Syslog mnemonics. The narrow ones come first; the last one takes any. */
export const syslogMessages: readonly MessageSpec[] = defineMessages('syslog', [
  {
    id: 'syslog-bad-message',
    pattern:
      '%<CRYPTO|CRPTO>-4-IKMP_BAD_MESSAGE: IKE message from {peer:ip} failed its sanity check or is malformed',
    means: 'the message decrypted to garbage: the keys differ, or it was damaged',
    samples: [
      '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.7     failed its sanity check or is malformed',
      '%CRPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.7 failed its sanity check or is malformed',
    ],
  },
  {
    id: 'syslog-mode-failure',
    pattern:
      '%CRYPTO-6-IKMP_MODE_FAILURE: Processing of {mode:name} <mode|Mode> failed with peer at {peer:ip}',
    means: 'that mode failed',
    samples: [
      '%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed with peer at 192.0.2.7',
      '%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main Mode failed with peer at 192.0.2.7',
    ],
  },
  {
    id: 'syslog-no-sa',
    pattern:
      '%CRYPTO-4-IKMP_NO_SA: IKE message from {peer:ip} has no SA and is not an initialization offer',
    means: 'the peer uses an SA that we dropped',
    samples: [
      '%CRYPTO-4-IKMP_NO_SA: IKE message from 192.0.2.7 has no SA and is not an initialization offer',
    ],
  },
  {
    id: 'syslog-not-encrypted',
    pattern:
      "%CRYPTO-6-IKMP_NOT_ENCRYPTED: IKE packet from {peer:ip} was not encrypted and it should've been.",
    means: 'a late message in clear',
    samples: [
      "%CRYPTO-6-IKMP_NOT_ENCRYPTED: IKE packet from 192.0.2.7 was not encrypted and it should've been.",
    ],
    unconfirmed: true,
  },
  {
    id: 'syslog-not-authenticated',
    pattern:
      '%CRYPTO-6-IKMP_SA_NOT_AUTH: Cannot accept Quick Mode exchange from {peer:ip} if SA is not authenticated!',
    means: 'quick mode came before phase 1 was done',
    samples: [
      '%CRYPTO-6-IKMP_SA_NOT_AUTH: Cannot accept Quick Mode exchange from 192.0.2.7 if SA is not authenticated!',
    ],
  },
  {
    id: 'syslog-not-offered',
    pattern:
      '%CRYPTO-6-IKMP_SA_NOT_OFFERED: Remote peer {peer:ip} responded with attribute {attribute:text} not offered or changed',
    means: 'the peer changed our offer',
    samples: [
      '%CRYPTO-6-IKMP_SA_NOT_OFFERED: Remote peer 192.0.2.7 responded with attribute hash not offered or changed',
    ],
  },
  {
    id: 'syslog-aggressive-disabled',
    pattern:
      '%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled',
    means: 'aggressive mode is disabled on this router',
    samples: [
      '%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled',
    ],
  },
  {
    id: 'syslog-certificate-bad',
    pattern: '%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from {peer:ip} is bad: {reason:text}',
    means: 'the certificate of the peer is refused',
    samples: [
      '%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from 192.0.2.7 is bad: certificate expired',
    ],
    unconfirmed: true,
  },
  {
    id: 'syslog-identity-not-in-certificate',
    pattern: '%CRYPTO-6-IKMP_NO_ID_CERT_{what:state}: {detail:text}',
    means: 'a warning only: the identity is not in the certificate',
    samples: [
      '%CRYPTO-6-IKMP_NO_ID_CERT_FQDN_MATCH: (NOT ERROR BUT WARNING ONLY) ID of branch7.example.net (type 2) and certificate fqdn with empty',
    ],
    unconfirmed: true,
  },
  {
    id: 'syslog-decrypt-failed',
    pattern:
      '%CRYPTO-6-IKMP_CRYPT_FAILURE: IKE (connection id {connection:n}) unable to decrypt packet',
    means: 'wrong key, or the SA is lost',
    samples: ['%CRYPTO-6-IKMP_CRYPT_FAILURE: IKE (connection id 1004) unable to decrypt packet'],
    unconfirmed: true,
  },
  {
    id: 'syslog-invalid-spi',
    pattern:
      "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps[:] rec'd IPSEC packet has invalid spi for destaddr={local:ip}, prot={protocol:n}, spi={spi:hex}({decimal:n}), srcaddr={peer:ip}[, input interface={interface:name}]",
    means: 'one side lost its IPsec SA',
    samples: [
      "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, spi=0x1C2D3E4F(472727119), srcaddr=192.0.2.7, input interface=Ethernet0/0",
      "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, spi=0x1c2d3e4f(472727119), srcaddr=192.0.2.7",
    ],
  },
  {
    id: 'syslog-not-ipsec',
    pattern: "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. {detail:text}",
    means: 'the peer sends in clear what should be encrypted',
    samples: [
      "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /192.0.2.1, src_addr= 192.0.2.7, prot= 1",
    ],
  },
  {
    id: 'syslog-data-plane',
    pattern:
      '%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed[ connection id={connection:n}][, sequence number={sequence:n}]',
    forms: [
      '%CRYPTO-4-RECVD_PKT_MAC_ERR: decrypt: mac verify failed for connection id={connection:n}[ local=[{local:ip}]][ remote=[{remote:ip}]][ spi={spi:hex}][ seqno={sequence:hex}]',
      '%IPSEC-3-<REPLAY_ERROR|HMAC_ERROR>: {detail:text}',
    ],
    means: 'trouble with encrypted traffic, not with keys of IKE',
    samples: [
      '%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed connection id=133',
      '%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed connection id=29, sequence number=11',
      '%IPSEC-3-REPLAY_ERROR: IPSec SA receives anti-replay error',
      '%CRYPTO-4-RECVD_PKT_MAC_ERR: decrypt: mac verify failed for connection id=2989 local=192.0.2.1 remote=192.0.2.7 spi=1C2D3E4F seqno=00071328',
    ],
  },
  {
    id: 'syslog-gdoi-replay',
    pattern:
      '%GDOI-4-TIMEBASED_REPLAY_FAILED: An anti replay check has failed in group {group:name} from source~[ip-address|IP-address|IP address] {source:ip}[.] my_pseudotime is {own:name} secs, peer_pseudotime is {theirs:name} secs, replay_window is {window:n} (second[s])',
    forms: [
      '%GDOI-4-TIMEBASED_REPLAY_FAILED: An anti replay check has failed in group {group:name}: my_pseudotime = {own:name} secs, peer_pseudotime = {theirs:name} secs, replay_window = {window:n} (sec), src_ip = {source:ip}, dst_ip = {destination:ip}',
    ],
    means:
      'a packet of the group is older than the window: the clocks of two members have drifted apart',
    samples: [
      '%GDOI-4-TIMEBASED_REPLAY_FAILED: An anti replay check has failed in group GET-A from sourceip-address 192.0.2.9. my_pseudotime is 600006.78 secs, peer_pseudotime is 500033.34 secs, replay_window is 100 (second)',
      '%GDOI-4-TIMEBASED_REPLAY_FAILED: An anti replay check has failed in group GET-A: my_pseudotime = 600006.78 secs, peer_pseudotime = 500033.34 secs, replay_window = 5 (sec), src_ip = 192.0.2.9, dst_ip = 192.0.2.10',
    ],
  },
  {
    id: 'syslog-request-fingerprint',
    pattern: '%PKI-6-CSR_FINGERPRINT:',
    means: 'a certificate is asked for; the authority can compare',
    samples: ['%PKI-6-CSR_FINGERPRINT:'],
    block: 'fingerprints',
  },
  {
    id: 'syslog-certificate-invalid',
    pattern: '%PKI-3-CERTIFICATE_{fault:state}~: {detail:text}',
    means: 'a certificate is expired, not valid yet, or revoked',
    samples: [
      '%PKI-3-CERTIFICATE_INVALID_EXPIRED: Certificate chain validation has failed. The certificate (SN: 1A2B) has expired. Validity period ended on 12:00:00 UTC Jan 1 2024',
      '%PKI-3-CERTIFICATE_INVALID: Certificate chain validation has failed.',
    ],
    unconfirmed: true,
  },
  {
    id: 'syslog-certificate-installed',
    pattern: '%PKI-6-CERT_INSTALL: {what:text} has been installed under',
    means: 'a certificate was installed',
    samples: ['%PKI-6-CERT_INSTALL: An ID certificate has been installed under'],
  },
  {
    id: 'syslog-session',
    pattern:
      '%CRYPTO-5-SESSION_STATUS: Crypto tunnel is {status:state}~.~Peer {peer:ip}[:{port:n}][ {detail:text}]',
    means: 'the tunnel came up or went down',
    samples: [
      '%CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP  .  Peer 192.0.2.7:500       Id: 192.0.2.7',
      '%CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN.  Peer 192.0.2.7:500       Id: branch7.example.net',
    ],
  },
  {
    id: 'syslog-session-ikev2',
    pattern:
      '%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is {status:state}~.~Peer {peer:ip}[:{port:n}][ {detail:text}]',
    means: 'the IKEv2 tunnel came up or went down',
    samples: [
      '%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 192.0.2.7:500       Id: 192.0.2.7',
      '%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is DOWN.  Peer 192.0.2.7:500       Id: branch7.example.net',
    ],
    unconfirmed: true,
  },
  {
    id: 'syslog-ipsec-setup-failed',
    pattern:
      '%CRYPTO-5-IPSEC_SETUP_FAILURE: IPSEC SETUP FAILED for local:{local:ip} local_id:{localId:text} remote:{peer:ip} remote_id:{identity:text} IKE profile:{profile:text} fvrf:{vrf:name} fail_reason:{reason:text}[ fail_class_cnt:{count:n}]',
    means: 'phase 2 failed, for the reason that is named',
    samples: [
      '%CRYPTO-5-IPSEC_SETUP_FAILURE: IPSEC SETUP FAILED for local:192.0.2.1 local_id:192.0.2.1 remote:192.0.2.7 remote_id:branch7.example.net IKE profile:TO-DC fvrf:None fail_reason:IPSec Proposal failure fail_class_cnt:14',
    ],
  },
  {
    id: 'syslog-setup-failed',
    pattern:
      '%CRYPTO-5-IKMP_SETUP_FAILURE: IKE SETUP FAILED for local:{local:ip} local_id:{localId:text} remote:{peer:ip} remote_id:{identity:text} IKE profile:{profile:text} fvrf:{vrf:name} fail_reason:{reason:text}[ fail_class_cnt:{count:n}]',
    means: 'phase 1 failed, for the reason that is named',
    samples: [
      '%CRYPTO-5-IKMP_SETUP_FAILURE: IKE SETUP FAILED for local:192.0.2.1 local_id:192.0.2.1 remote:192.0.2.7 remote_id:192.0.2.7 IKE profile:None fvrf:None fail_reason:Peer lost fail_class_cnt:3',
    ],
    unconfirmed: true,
  },
  {
    id: 'syslog-default-policy',
    pattern:
      '%CRYPTO-4-IKE_DEFAULT_POLICY_ACCEPTED: IKE default policy was matched and is being used.',
    means: 'no policy is configured, or none fits: a built-in one is used',
    samples: [
      '%CRYPTO-4-IKE_DEFAULT_POLICY_ACCEPTED: IKE default policy was matched and is being used.',
    ],
    unconfirmed: true,
  },
  {
    id: 'syslog-isakmp',
    pattern: '%CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is {status:state}',
    means: 'ISAKMP was switched on or off',
    samples: ['%CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is ON'],
  },
  {
    id: 'syslog-ikev2-abort',
    pattern: '%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: {reason:text}',
    means: 'the IKEv2 negotiation failed',
    samples: ['%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Auth exchange failed'],
  },
  {
    id: 'syslog-ikev2',
    general: true,
    pattern: '%IKEV2-{level:n}-{mnemonic:state}: {detail:text}',
    means: 'IKEv2 state',
    samples: ['%IKEV2-5-SA_UP: SA UP'],
  },
  {
    id: 'syslog-line',
    pattern:
      '%LINEPROTO-{level:n}-UPDOWN: Line protocol on Interface {interface:name}, changed state to {state:text}',
    means: 'an interface changed state',
    samples: ['%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel1, changed state to up'],
  },
  {
    id: 'syslog-config',
    pattern: '%SYS-5-CONFIG_I: Configured from {source:text}',
    means: 'the configuration was changed',
    samples: ['%SYS-5-CONFIG_I: Configured from console by console'],
  },
  {
    id: 'syslog-asa',
    pattern:
      '%<ASA|FTD|PIX>-[<vpn|auth|session|config|ha|sys>-]{level:n}-{number:n}[:] {detail:text}',
    means: 'a message of an ASA firewall, or of one of its kin',
    samples: [
      '%ASA-7-715077: Pitcher: received a key acquire message, spi 0x0',
      '%FTD-vpn-5-752004: Tunnel Manager dispatching a KEY_ACQUIRE message to IKEv1. Map Tag = MAP-A. Map Sequence Number = 2.',
    ],
  },
  {
    id: 'syslog-crypto',
    general: true,
    pattern: '%CRYPTO-{level:n}-{mnemonic:state}: {detail:text}',
    means: 'another crypto message',
    samples: ['%CRYPTO-3-IKMP_PEER_INIT_FAILURE: could not initialise peer'],
  },
  {
    id: 'syslog-other',
    general: true,
    pattern: '%{facility:state}-{level:n}-{mnemonic:state}: {detail:text}',
    means: 'another syslog message',
    samples: [
      '%DUAL-5-NBRCHANGE: EIGRP-IPv4 100: Neighbor 10.0.0.2 (Tunnel1) is up: new adjacency',
    ],
  },
]);

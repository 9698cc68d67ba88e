import type { Release } from '../topology.ts';

/**
 * How a message starts. Which form a message has differs by message and release:
 * colon `ISAKMP:(1011):`, paren `ISAKMP (1011): `, bare `ISAKMP: `, tight `ISAKMP:`, spaced `ISAKMP : `,
 * double `ISAKMP:(0)::`, packet and error have tags of their own in IOS-XE, plain has none.
 */
export type Tag =
  | 'colon'
  | 'paren'
  | 'bare'
  | 'tight'
  | 'spaced'
  | 'double'
  | 'packet-in'
  | 'packet-out'
  | 'error'
  | 'error-paren'
  | 'error-bare'
  | 'plain';

export const tagText: Readonly<Record<Release, (tag: Tag, id: number) => string>> = {
  'ios-15': (tag, id) => {
    switch (tag) {
      case 'colon':
      case 'packet-out':
      case 'error':
        return `ISAKMP:(${id}):`;
      case 'paren':
      case 'packet-in':
      case 'error-paren':
        return `ISAKMP (${id}): `;
      case 'bare':
      case 'error-bare':
        return 'ISAKMP: ';
      case 'tight':
        return 'ISAKMP:';
      case 'spaced':
        return 'ISAKMP : ';
      case 'double':
        return `ISAKMP:(${id})::`;
      case 'plain':
        return '';
    }
  },
  'ios-12.4t': (tag, id) => {
    switch (tag) {
      case 'paren':
      case 'packet-in':
      case 'error-paren':
        return `ISAKMP (0:${id}): `;
      default:
        return tagText['ios-15'](tag, id);
    }
  },
  'ios-xe-17': (tag, id) => {
    switch (tag) {
      case 'packet-in':
      case 'packet-out':
        return `ISAKMP-PAK: (${id}):`;
      case 'error':
      case 'error-paren':
      case 'error-bare':
        return `ISAKMP-ERROR: (${id}):`;
      case 'plain':
        return '';
      case 'colon':
      case 'paren':
      case 'bare':
      case 'tight':
      case 'spaced':
      case 'double':
        return `ISAKMP: (${id}):`;
    }
  },
};

/**
 * Tag, text and whether the message ends in a line break of its own. `{name}` is a field; a line break
 * stands in the message itself.
 */
export type Template = readonly [tag: Tag, text: string, end?: 'blank-after'];

/** Message texts of `debug crypto isakmp`, `debug crypto isakmp detail` and `debug crypto ipsec`. */
const table = {
  saRequest: [
    'plain',
    `IPSEC(sa_request): ,\n  (key eng. msg.) OUTBOUND local= {local}:500, remote= {remote}:500,\n    local_proxy= {localProxy}/255.255.255.255/47/0,\n    remote_proxy= {remoteProxy}/255.255.255.255/47/0,\n    protocol= ESP, transform= {transforms}  (Tunnel), \n    lifedur= 3600s and 4608000kb, \n    spi= 0x0(0), conn_id= 0, keysize= {keysize}, flags= 0x0`,
  ],
  requestTimer: [
    'plain',
    `IPSEC(key_engine): request timer fired: count = {count},\n  (identity) local= {local}:0, remote= {remote}:0,\n    local_proxy= {localProxy}/255.255.255.255/47/0,\n    remote_proxy= {remoteProxy}/255.255.255.255/47/0`,
  ],
  keMessage: ['bare', 'received ke message (1/1)'],
  requestProfile: ['colon', ' SA request profile is {profile}'],
  foundPeer: ['bare', 'Found a peer struct for {peer}, peer port 500'],
  createdPeer: ['bare', 'Created a peer struct for {peer}, peer port 500'],
  newPeer: ['bare', 'New peer created peer = 0x{pointer} peer_handle = 0x{handle}'],
  lockingPeer: ['bare', 'Locking peer struct 0x{pointer}, refcount 1 for {why}'],
  ports: ['bare', 'local port 500, remote port 500'],
  setNode: ['bare', 'set new node {node} to QM_IDLE      '],
  insertSa: ['colon', 'insert sa successfully sa = {sa}'],
  insertSaUntagged: ['plain', 'insert sa successfully sa = {sa}'],
  mainMode: ['colon', 'Can not start Aggressive mode, trying Main mode.'],
  stillBudding: [
    'colon',
    'SA is still budding. Attached new ipsec request to it. (local {local} remote {remote})',
  ],
  saRequestError: ['error-bare', 'Error while processing SA request: Failed to initialize SA'],
  kmiError: ['error-bare', 'Error while processing KMI message 0, error 2.'],
  foundAddressKey: ['colon', 'Found ADDRESS key in keyring {keyring}'],
  notInDefault: ['colon', 'key for {peer} not available in default'],
  foundIn: ['colon', 'key for {peer} found in {keyring}'],
  selectingKey: ['colon', 'ISAKMP: Selecting {address},{mask} as key'],
  selectingFinal: ['colon', 'ISAKMP: Selecting {address},{mask} as final key'],
  lookingForKey: ['bare', 'Looking for a matching key for {peer} in {keyring} : success'],
  foundPeerKey: ['colon', 'found peer pre-shared key matching {peer}'],
  localKeyFound: ['colon', ' local preshared key found'],
  natOffer: ['colon', ' constructed NAT-T vendor-{name} ID'],
  input: ['colon', 'Input = {class}, {event}'],
  state: ['colon', 'Old State = {from}  New State = {to} ', 'blank-after'],
  nodeInput: ['colon', 'Node {node}, Input = {class}, {event}'],
  nodeState: ['colon', 'Old State = {from}  New State = {to}'],
  beginMain: ['colon', ' beginning Main Mode exchange'],
  sending: ['packet-out', ' sending packet to {peer} my_port 500 peer_port 500 ({role}) {state}'],
  sendingIke: ['colon', 'Sending an IKE IPv4 Packet.'],
  received: [
    'packet-in',
    'received packet from {peer} dport 500 sport 500 Global ({role}) {state}',
  ],
  processing: ['colon', ' processing {what} payload. message ID = {node}'],
  processingVendor: ['colon', ' processing vendor id payload'],
  vendorMajor: ['colon', ' vendor ID seems Unity/DPD but major {major} mismatch'],
  vendorParen: ['paren', 'vendor ID is {name}'],
  vendorColon: ['colon', ' vendor ID is {name}'],
  vendorIos: ['colon', ' speaking to another IOS box!'],
  xauthProfile: ['spaced', 'Looking for xauth in profile {profile}'],
  xauthScan: ['spaced', 'Scanning profiles for xauth ...{profiles}'],
  checking: ['colon', 'Checking ISAKMP transform 1 against priority {priority} policy'],
  attribute: ['bare', '     {text}'],
  lifeDuration: ['bare', '     life duration (VPI) of  0x0 0x1 0x51 0x80 '],
  acceptable: ['colon', 'atts are acceptable. Next payload is 0'],
  actualLife: ['colon', 'Acceptable atts:actual life: 0'],
  life: ['colon', 'Acceptable atts:life: 0'],
  fillVpi: ['colon', 'Fill atts in sa vpi_length:4'],
  fillLife: ['colon', 'Fill atts in sa life_in_seconds:86400'],
  returningLife: ['colon', 'Returning Actual lifetime: 86400'],
  startedTimer: ['double', 'Started lifetime timer: 86400.', 'blank-after'],
  payloadType: ['tight', 'received payload type {type}'],
  hisHash: ['paren', 'His hash no match - this node outside NAT'],
  noNat: ['paren', 'No NAT Found for self or peer'],
  initialContact: ['colon', 'Send initial contact'],
  identityKind: ['colon', 'SA is doing {auth} authentication using id type {idType}'],
  saIsDoing: ['colon', 'SA is doing '],
  identityKindAlone: ['colon', '{auth} authentication using id type {idType}'],
  identityPayload: [
    'paren',
    'ID payload \n\tnext-payload : {next}\n\ttype         : {type} \n\t{label} : {value} \n\tprotocol     : 17 \n\tport         : 500 \n\tlength       : {length}',
  ],
  identityHead: [
    'paren',
    'ID payload \n        next-payload : {next}\n        type         : {type}',
  ],
  identityValue: ['colon', '   {label} : {value}'],
  identityRest: [
    'colon',
    '   protocol     : 17 \n        port         : 500 \n        length       : {length}',
  ],
  totalLength: ['colon', 'Total payload length: {length}'],
  peerMatches: ['double', ' peer matches {profile} profile'],
  peerMatchesNone: ['double', ' peer matches *none* of the profiles'],
  initialContactIn: [
    'colon',
    ' processing NOTIFY INITIAL_CONTACT protocol 1\n\tspi 0, message ID = 0, sa = 0x{sa}',
  ],
  authStatus: ['colon', 'SA authentication status:\n\tauthenticated'],
  authenticated: ['colon', 'SA has been authenticated with {peer}'],
  bringDown: [
    'colon',
    "Process initial contact,\nbring down existing phase 1 and 2 SA's with local {local} remote {remote} remote port 500",
  ],
  insertPeer: [
    'bare',
    'Trying to insert a peer {local}/{remote}/500/,  and inserted successfully {pointer}.',
  ],
  insertPeerHead: ['bare', 'Trying to insert a peer {local}/{remote}/500/, '],
  insertPeerTail: ['bare', ' and inserted successfully {pointer}.'],
  accounting: ['plain', 'ISAKMP AAA: Accounting is not enabled'],
  keyNotInProfile: ['colon', 'Key not found in keyrings of profile , aborting exchange'],
  fsmError: ['error-paren', 'FSM action returned error: 2'],
  reservedNotZero: ['bare', 'reserved not zero on ID payload!'],
  badMessage: [
    'plain',
    '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {padded} failed its sanity check or is malformed',
  ],
  errorCounter: ['error-paren', 'incrementing error counter on sa, attempt {n} of 5: {why}'],
  duplicate: ['colon', ' phase 1 packet is a duplicate of a previous packet.'],
  duplicateResend: ['colon', ' retransmitting due to retransmit phase 1'],
  skipped: ['colon', ' retransmission skipped for phase 1 (time since last transmission {ms})'],
  retransmitting: ['colon', ' retransmitting phase 1 {state}...'],
  retransmittingNow: ['colon', ' retransmitting phase 1 {state}'],
  noKeepalives: ['colon', 'peer does not do paranoid keepalives.'],
  deletingSa: ['colon', 'deleting SA reason "{reason}" state ({role}) {state} (peer {peer})'],
  deletingSaAgain: ['colon', 'deleting SA reason "{reason}" state ({role}) {state} (peer {peer}) '],
  unlockPeer: ['bare', 'Unlocking peer struct 0x{pointer} for isadb_mark_sa_deleted(), count 0'],
  reapPeer: ['bare', 'Deleting peer node by peer_reap for {peer}: {pointer}'],
  deletingNode: ['colon', 'deleting node {node} error {error} reason "{reason}"'],
  deletingNodeError: ['error', 'deleting node {node} error {error} reason "{reason}"'],
  purgingNode: ['colon', 'purging node {node}'],
  purgingSa: ['colon', 'purging SA., sa={sa}, delme={sa}'],
  beginQuick: ['colon', 'beginning Quick Mode exchange, M-ID of {node}'],
  gotSpi: ['colon', 'QM {role} gets spi'],
  outstanding: [
    'colon',
    'SA has outstanding requests  (local {local} port 500, remote {remote} port 500)',
  ],
  sittingIdle: ['colon', 'sitting IDLE. Starting QM immediately (QM_IDLE      )'],
  checkingIpsec: ['colon', 'Checking IPSec proposal 1'],
  ipsecTransform: ['bare', 'transform 1, ESP_AES'],
  ipsecAttributes: ['bare', '  attributes in transform:'],
  ipsecAcceptable: ['colon', 'atts are acceptable.'],
  proposalPart: ['plain', 'IPSEC(validate_proposal_request): proposal part #1'],
  proposalPartBlock: [
    'plain',
    `IPSEC(validate_proposal_request): proposal part #1,\n  (key eng. msg.) INBOUND local= {local}:0, remote= {remote}:0,\n    local_proxy= {localProxy}/255.255.255.255/47/0,\n    remote_proxy= {remoteProxy}/255.255.255.255/47/0,\n    protocol= ESP, transform= NONE  (Tunnel), \n    lifedur= 0s and 0kb, \n    spi= 0x0(0), conn_id= 0, keysize= {keysize}, flags= 0x0`,
  ],
  proxyMatch: [
    'plain',
    'Crypto mapdb : proxy_match\n\tsrc addr     : {local}\n\tdst addr     : {remote}\n\tprotocol     : 47\n\tsrc port     : 0\n\tdst port     : 0',
  ],
  profileDidNotMatch: ['plain', 'map_db_check_isakmp_profile profile did not match'],
  noMap: ['plain', 'map_db_find_best did not find matching map'],
  proxiesUnsupported: ['plain', 'IPSEC(ipsec_process_proposal): proxy identities not supported'],
  policyError: ['error', ' IPSec policy invalidated proposal with error {error}'],
  phase2Unacceptable: [
    'error',
    ' phase 2 SA policy not acceptable! (local {local} remote {remote})',
  ],
  sendingNotify: [
    'colon',
    'Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3\n\tspi {spi}, message ID = {node}',
  ],
  notifyIn: [
    'colon',
    ' processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3\n\tspi {spi}, message ID = {node}, sa = 0x{sa}',
  ],
  deletingSpi: ['colon', ' deleting spi {spi} message ID = {node}'],
  mapAccepted: ['plain', '(ipsec_process_proposal)Map Accepted: {map}'],
  queueEvent: ['plain', 'IPSEC(key_engine): got a queue event with 1 KMI message(s)'],
  mapFound: ['plain', 'IPSEC(crypto_ipsec_create_ipsec_sas): Map found {map}'],
  saCreated: [
    'plain',
    'IPSEC(create_sa): sa created,\n  (sa) sa_dest= {destination}, sa_proto= 50, \n    sa_spi= {spi}, \n    sa_trans= {transforms} , sa_conn_id= {conn}\n    sa_lifetime(k/sec)= (4608000/3600)',
  ],
  installCallback: ['colon', 'Received IPSec Install callback... proceeding with the negotiation'],
  installed: ['colon', 'Successfully installed IPSEC SA (SPI:{spi}) on Tunnel1'],
  creatingSas: [
    'colon',
    ' Creating IPSec SAs\n        inbound SA from {remote} to {local} (f/i)  0/ 0\n        (proxy {remote} to {local})\n        has spi {inbound} and conn_id 0 and flags 2\n        lifetime of 3600 seconds\n        lifetime of 4608000 kilobytes\n        has client flags 0x0\n        outbound SA from {local} to {remote} (f/i)  0/ 0\n        (proxy {local} to {remote})\n        has spi {outbound} and conn_id 0 and flags A\n        lifetime of 3600 seconds\n        lifetime of 4608000 kilobytes\n        has client flags 0x0',
  ],
  /** Messages of version 2, which bring their own tag. */
  line: ['plain', '{text}'],
  deleteNotify: ['plain', "IPSEC(key_engine_delete_sas): rec'd delete notify from ISAKMP"],
  enableOutbound: ['plain', "IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP"],
  sendingDpd: [
    'colon',
    'Sending NOTIFY DPD/R_U_THERE protocol 1\n\tspi {spi}, message ID = {node}',
  ],
  dpdIn: [
    'colon',
    ' processing NOTIFY DPD/R_U_THERE protocol 1\n\tspi 0, message ID = {node}, sa = 0x{sa}',
  ],
  dpdReceived: ['colon', 'DPD/R_U_THERE received from peer {peer}, sequence 0x{sequence}'],
  sendingDpdAck: [
    'colon',
    'Sending NOTIFY DPD/R_U_THERE_ACK protocol 1\n\tspi {spi}, message ID = {node}',
  ],
  dpdAckIn: [
    'colon',
    ' processing NOTIFY DPD/R_U_THERE_ACK protocol 1\n\tspi 0, message ID = {node}, sa = 0x{sa}',
  ],
  dpdAckReceived: ['colon', 'DPD/R_U_THERE_ACK received from peer {peer}, sequence 0x{sequence}'],
  certReqConstruct: ['paren', 'constructing CERT_REQ for issuer {issuer}'],
  certReqFor: ['colon', ' peer wants cert issued by {issuer}'],
  certReqType: ['colon', ' peer wants a CT_X509_SIGNATURE cert'],
  choosingTrustPoint: ['colon', ' Choosing trustpoint {trustPoint} as issuer'],
  certCached: ['colon', ' processing a CT_X509_SIGNATURE cert'],
  certNotCached: ['colon', " peer's pubkey isn't cached"],
  certConstruct: ['paren', 'constructing CERT payload for {subject}'],
  certKeyPair: ['colon', " using the {trustPoint} trustpoint's keypair to sign"],
  invalidCert: [
    'plain',
    '%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from {peer} is bad: unknown error returned in certificate validation',
  ],
  noDn: ['colon', ' Unable to get DN from certificate!'],
} as const;

export type TemplateName = keyof typeof table;

export const templates: Readonly<Record<TemplateName, Template>> = table;

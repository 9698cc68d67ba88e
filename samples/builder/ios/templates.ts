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

export type Template = {
  readonly tag: Tag;
  /** `{name}` is a field. A line break stands in the message itself. */
  readonly text: string;
  /** The message ends in a line break of its own. */
  readonly blankAfter?: true;
};

const t = (tag: Tag, text: string): Template => ({ tag, text });

const proxies =
  '    local_proxy= {localProxy}/255.255.255.255/47/0,\n    remote_proxy= {remoteProxy}/255.255.255.255/47/0,\n';

/** Message texts of `debug crypto isakmp`, `debug crypto isakmp detail` and `debug crypto ipsec`. */
export const templates = {
  saRequest: t(
    'plain',
    `IPSEC(sa_request): ,\n  (key eng. msg.) OUTBOUND local= {local}:500, remote= {remote}:500,\n${proxies}    protocol= ESP, transform= {transforms}  (Tunnel), \n    lifedur= 3600s and 4608000kb, \n    spi= 0x0(0), conn_id= 0, keysize= {keysize}, flags= 0x0`,
  ),
  requestTimer: t(
    'plain',
    `IPSEC(key_engine): request timer fired: count = {count},\n  (identity) local= {local}:0, remote= {remote}:0,\n    local_proxy= {localProxy}/255.255.255.255/47/0,\n    remote_proxy= {remoteProxy}/255.255.255.255/47/0`,
  ),
  keMessage: t('bare', 'received ke message (1/1)'),
  requestProfile: t('colon', ' SA request profile is {profile}'),
  foundPeer: t('bare', 'Found a peer struct for {peer}, peer port 500'),
  createdPeer: t('bare', 'Created a peer struct for {peer}, peer port 500'),
  newPeer: t('bare', 'New peer created peer = 0x{pointer} peer_handle = 0x{handle}'),
  lockingPeer: t('bare', 'Locking peer struct 0x{pointer}, refcount 1 for {why}'),
  ports: t('bare', 'local port 500, remote port 500'),
  setNode: t('bare', 'set new node {node} to QM_IDLE      '),
  insertSa: t('colon', 'insert sa successfully sa = {sa}'),
  insertSaUntagged: t('plain', 'insert sa successfully sa = {sa}'),
  mainMode: t('colon', 'Can not start Aggressive mode, trying Main mode.'),
  stillBudding: t(
    'colon',
    'SA is still budding. Attached new ipsec request to it. (local {local}, remote {remote})',
  ),
  saRequestError: t('error-bare', 'Error while processing SA request: Failed to initialize SA'),
  kmiError: t('error-bare', 'Error while processing KMI message 0, error 2.'),
  foundAddressKey: t('colon', 'Found ADDRESS key in keyring {keyring}'),
  notInDefault: t('colon', 'key for {peer} not available in default'),
  foundIn: t('colon', 'key for {peer} found in {keyring}'),
  selectingKey: t('colon', 'ISAKMP: Selecting {address},{mask} as key'),
  selectingFinal: t('colon', 'ISAKMP: Selecting {address},{mask} as final key'),
  lookingForKey: t('bare', 'Looking for a matching key for {peer} in {keyring} : success'),
  foundPeerKey: t('colon', 'found peer pre-shared key matching {peer}'),
  localKeyFound: t('colon', ' local preshared key found'),
  natOffer: t('colon', ' constructed NAT-T vendor-{name} ID'),
  input: t('colon', 'Input = {class}, {event}'),
  state: { tag: 'colon', text: 'Old State = {from}  New State = {to} ', blankAfter: true },
  nodeInput: t('colon', 'Node {node}, Input = {class}, {event}'),
  nodeState: t('colon', 'Old State = {from}  New State = {to}'),
  beginMain: t('colon', ' beginning Main Mode exchange'),
  sending: t('packet-out', ' sending packet to {peer} my_port 500 peer_port 500 ({role}) {state}'),
  sendingIke: t('colon', 'Sending an IKE IPv4 Packet.'),
  received: t(
    'packet-in',
    'received packet from {peer} dport 500 sport 500 Global ({role}) {state}',
  ),
  processing: t('colon', ' processing {what} payload. message ID = {node}'),
  processingVendor: t('colon', ' processing vendor id payload'),
  vendorMajor: t('colon', ' vendor ID seems Unity/DPD but major {major} mismatch'),
  vendorParen: t('paren', 'vendor ID is {name}'),
  vendorColon: t('colon', ' vendor ID is {name}'),
  vendorIos: t('colon', ' speaking to another IOS box!'),
  xauthProfile: t('spaced', 'Looking for xauth in profile {profile}'),
  xauthScan: t('spaced', 'Scanning profiles for xauth ...{profiles}'),
  checking: t('colon', 'Checking ISAKMP transform 1 against priority {priority} policy'),
  attribute: t('bare', '     {text}'),
  lifeDuration: t('bare', '     life duration (VPI) of  0x0 0x1 0x51 0x80 '),
  acceptable: t('colon', 'atts are acceptable. Next payload is 0'),
  actualLife: t('colon', 'Acceptable atts:actual life: 0'),
  life: t('colon', 'Acceptable atts:life: 0'),
  fillVpi: t('colon', 'Fill atts in sa vpi_length:4'),
  fillLife: t('colon', 'Fill atts in sa life_in_seconds:86400'),
  returningLife: t('colon', 'Returning Actual lifetime: 86400'),
  startedTimer: { tag: 'double', text: 'Started lifetime timer: 86400.', blankAfter: true },
  payloadType: t('tight', 'received payload type {type}'),
  hisHash: t('paren', 'His hash no match - this node outside NAT'),
  noNat: t('paren', 'No NAT Found for self or peer'),
  initialContact: t('colon', 'Send initial contact'),
  identityKind: t('colon', 'SA is doing {auth} authentication using id type {idType}'),
  saIsDoing: t('colon', 'SA is doing '),
  identityKindAlone: t('colon', '{auth} authentication using id type {idType}'),
  identityPayload: t(
    'paren',
    'ID payload \n\tnext-payload : {next}\n\ttype         : {type} \n\t{label} : {value} \n\tprotocol     : 17 \n\tport         : 500 \n\tlength       : {length}',
  ),
  identityHead: t(
    'paren',
    'ID payload \n        next-payload : {next}\n        type         : {type}',
  ),
  identityValue: t('colon', '   {label} : {value}'),
  identityRest: t(
    'colon',
    '   protocol     : 17 \n        port         : 500 \n        length       : {length}',
  ),
  totalLength: t('colon', 'Total payload length: {length}'),
  peerMatches: t('double', ' peer matches {profile} profile'),
  peerMatchesNone: t('double', ' peer matches *none* of the profiles'),
  initialContactIn: t(
    'colon',
    ' processing NOTIFY INITIAL_CONTACT protocol 1\n\tspi 0, message ID = 0, sa = 0x{sa}',
  ),
  authStatus: t('colon', 'SA authentication status:\n\tauthenticated'),
  authenticated: t('colon', 'SA has been authenticated with {peer}'),
  bringDown: t(
    'colon',
    "Process initial contact,\nbring down existing phase 1 and 2 SA's with local {local} remote {remote} remote port 500",
  ),
  insertPeer: t(
    'bare',
    'Trying to insert a peer {local}/{remote}/500/,  and inserted successfully {pointer}.',
  ),
  insertPeerHead: t('bare', 'Trying to insert a peer {local}/{remote}/500/, '),
  insertPeerTail: t('bare', ' and inserted successfully {pointer}.'),
  accounting: t('plain', 'ISAKMP AAA: Accounting is not enabled'),
  keyNotInProfile: t('colon', 'Key not found in keyrings of profile , aborting exchange'),
  fsmError: t('error-paren', 'FSM action returned error: 2'),
  reservedNotZero: t('bare', 'reserved not zero on ID payload!'),
  badMessage: t(
    'plain',
    '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {padded} failed its sanity check or is malformed',
  ),
  errorCounter: t('error-paren', 'incrementing error counter on sa, attempt {n} of 5: {why}'),
  duplicate: t('colon', ' phase 1 packet is a duplicate of a previous packet.'),
  duplicateResend: t('colon', ' retransmitting due to retransmit phase 1'),
  skipped: t('colon', ' retransmission skipped for phase 1 (time since last transmission {ms})'),
  retransmitting: t('colon', ' retransmitting phase 1 {state}...'),
  retransmittingNow: t('colon', ' retransmitting phase 1 {state}'),
  noKeepalives: t('colon', 'peer does not do paranoid keepalives.'),
  deletingSa: t('colon', 'deleting SA reason "{reason}" state ({role}) {state} (peer {peer})'),
  deletingSaAgain: t(
    'colon',
    'deleting SA reason "{reason}" state ({role}) {state} (peer {peer}) ',
  ),
  unlockPeer: t('bare', 'Unlocking peer struct 0x{pointer} for isadb_mark_sa_deleted(), count 0'),
  reapPeer: t('bare', 'Deleting peer node by peer_reap for {peer}: {pointer}'),
  deletingNode: t('colon', 'deleting node {node} error {error} reason "{reason}"'),
  deletingNodeError: t('error', 'deleting node {node} error {error} reason "{reason}"'),
  purgingNode: t('colon', 'purging node {node}'),
  purgingSa: t('colon', 'purging SA., sa={sa}, delme={sa}'),
  beginQuick: t('colon', 'beginning Quick Mode exchange, M-ID of {node}'),
  gotSpi: t('colon', 'QM {role} gets spi'),
  outstanding: t(
    'colon',
    'SA has outstanding requests  (local {local} port 500, remote {remote} port 500)',
  ),
  sittingIdle: t('colon', 'sitting IDLE. Starting QM immediately (QM_IDLE      )'),
  checkingIpsec: t('colon', 'Checking IPSec proposal 1'),
  ipsecTransform: t('bare', 'transform 1, ESP_AES'),
  ipsecAttributes: t('bare', '  attributes in transform:'),
  ipsecAcceptable: t('colon', 'atts are acceptable.'),
  proposalPart: t('plain', 'IPSEC(validate_proposal_request): proposal part #1'),
  proposalPartBlock: t(
    'plain',
    `IPSEC(validate_proposal_request): proposal part #1,\n  (key eng. msg.) INBOUND local= {local}:0, remote= {remote}:0,\n${proxies}    protocol= ESP, transform= NONE  (Tunnel), \n    lifedur= 0s and 0kb, \n    spi= 0x0(0), conn_id= 0, keysize= {keysize}, flags= 0x0`,
  ),
  proxyMatch: t(
    'plain',
    'Crypto mapdb : proxy_match\n\tsrc addr     : {local}\n\tdst addr     : {remote}\n\tprotocol     : 47\n\tsrc port     : 0\n\tdst port     : 0',
  ),
  profileDidNotMatch: t('plain', 'map_db_check_isakmp_profile profile did not match'),
  noMap: t('plain', 'map_db_find_best did not find matching map'),
  proxiesUnsupported: t('plain', 'IPSEC(ipsec_process_proposal): proxy identities not supported'),
  policyError: t('error', ' IPSec policy invalidated proposal with error {error}'),
  phase2Unacceptable: t(
    'error',
    ' phase 2 SA policy not acceptable! (local {local} remote {remote})',
  ),
  sendingNotify: t(
    'colon',
    'Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3\n\tspi {spi}, message ID = {node}',
  ),
  notifyIn: t(
    'colon',
    ' processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3\n\tspi {spi}, message ID = {node}, sa = 0x{sa}',
  ),
  deletingSpi: t('colon', ' deleting spi {spi} message ID = {node}'),
  mapAccepted: t('plain', '(ipsec_process_proposal)Map Accepted: {map}'),
  queueEvent: t('plain', 'IPSEC(key_engine): got a queue event with 1 KMI message(s)'),
  mapFound: t('plain', 'IPSEC(crypto_ipsec_create_ipsec_sas): Map found {map}'),
  saCreated: t(
    'plain',
    'IPSEC(create_sa): sa created,\n  (sa) sa_dest= {destination}, sa_proto= 50, \n    sa_spi= {spi}, \n    sa_trans= {transforms} , sa_conn_id= {conn}\n    sa_lifetime(k/sec)= (4608000/3600)',
  ),
  installCallback: t('colon', 'Received IPSec Install callback... proceeding with the negotiation'),
  installed: t('colon', 'Successfully installed IPSEC SA (SPI:{spi}) on Tunnel1'),
  creatingSas: t('colon', ' Creating IPSec SAs'),
  larvalSa: t(
    'plain',
    '        {way} SA from {from} to {to} (f/i)  0/ 0\n        (proxy {from} to {to})',
  ),
  larvalSpi: t('plain', '        has spi {spi} and conn_id 0'),
  larvalSeconds: t('plain', '        lifetime of 3600 seconds'),
  larvalKilobytes: t('plain', '        lifetime of 4608000 kilobytes'),
  /** Messages of version 2, which bring their own tag. */
  line: t('plain', '{text}'),
  deleteNotify: t('plain', "IPSEC(key_engine_delete_sas): rec'd delete notify from ISAKMP"),
  enableOutbound: t('plain', "IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP"),
  sendingDpd: t(
    'colon',
    'Sending NOTIFY DPD/R_U_THERE protocol 1\n\tspi {spi}, message ID = {node}',
  ),
  dpdIn: t(
    'colon',
    ' processing NOTIFY DPD/R_U_THERE protocol 1\n\tspi 0, message ID = {node}, sa = 0x{sa}',
  ),
  dpdReceived: t('colon', 'DPD/R_U_THERE received from peer {peer}, sequence 0x{sequence}'),
  sendingDpdAck: t(
    'colon',
    'Sending NOTIFY DPD/R_U_THERE_ACK protocol 1\n\tspi {spi}, message ID = {node}',
  ),
  dpdAckIn: t(
    'colon',
    ' processing NOTIFY DPD/R_U_THERE_ACK protocol 1\n\tspi 0, message ID = {node}, sa = 0x{sa}',
  ),
  dpdAckReceived: t('colon', 'DPD/R_U_THERE_ACK received from peer {peer}, sequence 0x{sequence}'),
  certReqConstruct: t('paren', 'constructing CERT_REQ for issuer {issuer}'),
  certReqFor: t('colon', ' peer wants cert issued by {issuer}'),
  certReqType: t('colon', ' peer wants a CT_X509_SIGNATURE cert'),
  choosingTrustPoint: t('colon', ' Choosing trustpoint {trustPoint} as issuer'),
  certCached: t('colon', ' processing a CT_X509_SIGNATURE cert'),
  certNotCached: t('colon', " peer's pubkey isn't cached"),
  certConstruct: t('paren', 'constructing CERT payload for {subject}'),
  certKeyPair: t('colon', " using the {trustPoint} trustpoint's keypair to sign"),
  invalidCert: t(
    'plain',
    '%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from {peer} is bad: unknown error returned in certificate validation',
  ),
  noDn: t('colon', ' Unable to get DN from certificate!'),
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof templates;

import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** Steps of IKEv2 that decide nothing by themselves. */
export const ikev2StepMessages: readonly MessageSpec[] = defineMessages('ikev2', [
  {
    id: 'v2-trace',
    pattern:
      'SM Trace-> SA: I_SPI={initiatorSpi:hex} R_SPI={responderSpi:hex} ({role:role}) MsgID = {messageId:id} CurState: {state:state}[ Event: {event:state}]',
    means: 'inner state of the IKEv2 machine',
    samples: [
      'SM Trace-> SA: I_SPI=3295BE4837B4AF2A R_SPI=C3F109F4582955F2 (R) MsgID = 1 CurState: R_WAIT_AUTH Event: EV_RECV_AUTH',
    ],
  },
  {
    id: 'v2-proposal-list',
    pattern: 'IKE Proposal: {proposal:n}, SPI size: {size:n}[ (initial negotiation)],',
    means: 'an offer',
    samples: ['IKE Proposal: 1, SPI size: 0 (initial negotiation),'],
    block: 'ikev2-packet',
  },
  {
    id: 'v2-timer',
    pattern: '<Starting|Stopping> timer[ ({seconds:n} sec)] to {what:text}',
    means: 'a timer',
    samples: [
      'Starting timer (30 sec) to wait for auth message',
      'Stopping timer to wait for auth message',
    ],
  },
  {
    id: 'v2-crypto-engine',
    pattern: '\\[<IKEv2 -\\> Crypto Engine|Crypto Engine -\\> IKEv2>\\] {what:text}',
    means: 'work given to or done by the crypto engine',
    samples: [
      '[IKEv2 -> Crypto Engine] Computing DH public key, DH Group 19',
      '[Crypto Engine -> IKEv2] DH key Computation PASSED',
    ],
  },
  {
    id: 'v2-helper',
    general: true,
    pattern:
      '\\[<IKEv2 -\\> PKI|PKI -\\> IKEv2|IKEv2 -\\> IPsec|IPsec -\\> IKEv2|IKEv2 -\\> AAA|AAA -\\> IKEv2>\\] {what:text}',
    means: 'work given to or done by certificates, the key engine or AAA',
    samples: [
      '[IKEv2 -> PKI] Retrieve configured trustpoint(s)',
      '[IKEv2 -> IPsec] Create IPsec SA into IPsec database',
    ],
  },
  {
    id: 'v2-dh-queued',
    pattern: 'Request queued for computation of DH <key|secret>',
    means: 'work given to the crypto engine',
    samples: ['Request queued for computation of DH secret'],
  },
  {
    id: 'v2-duplicate-none',
    pattern: 'No duplicate IKEv2 SA found',
    means: 'this is the only SA with the peer',
    samples: ['No duplicate IKEv2 SA found'],
  },
  {
    id: 'v2-tunnel-counted',
    pattern: 'IKEv2 MIB tunnel started, tunnel index {index:n}',
    means: 'the tunnel is up as far as monitoring is concerned',
    samples: ['IKEv2 MIB tunnel started, tunnel index 1'],
  },
  {
    id: 'v2-delete-sent',
    pattern: 'Sending DELETE INFO message for {sa:name} SA \\[{spis:text}\\]',
    means: 'the peer is told that an SA is gone',
    samples: ['Sending DELETE INFO message for IPsec SA [SPI: 0x1C2D3E4F]'],
  },
  {
    id: 'v2-delete-all',
    pattern: 'Delete all IKE SAs',
    means: 'every IKE SA with this peer goes',
    samples: ['Delete all IKE SAs'],
  },
  {
    id: 'v2-header',
    pattern:
      'Next payload: {payload:state}, version: {version:name} Exchange type: {exchange:state}, flags: {flags:text} Message id: {messageId:id}, length: {length:n}',
    means: 'header of a message, which the packet lines tell in full in later releases',
    samples: [
      'Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 344',
    ],
    release: '15.1 and 15.2, or with packet debugging',
    block: 'ikev2-packet',
  },
  {
    id: 'v2-proposal-added',
    pattern: '[({session:n}): ]Adding Proposal {proposal:name} to toolkit policy',
    means: 'a proposal that will be offered',
    samples: ['Adding Proposal PROP-A to toolkit policy'],
  },
  {
    id: 'v2-offer-esp',
    pattern: 'ESP Proposal: {proposal:n}, SPI size: {size:n}[ (IPSec negotiation)],',
    means: 'an offer for the IPsec SA',
    samples: ['ESP Proposal: 1, SPI size: 4 (IPSec negotiation),'],
    block: 'ikev2-packet',
  },
  {
    id: 'v2-config',
    general: true,
    pattern:
      '<Config data|Config-type|Attrib type|Have config|No config|IKEv2 initiator - no config>{what:text}',
    means: 'attributes that one side asks of the other',
    samples: [
      'IKEv2 initiator - no config data to send in IKE_SA_INIT exch',
      'Attrib type: banner, length: 0',
    ],
  },
  {
    id: 'v2-insert',
    pattern: 'Insert SA',
    means: 'the SA enters the database',
    samples: ['Insert SA'],
  },
  {
    id: 'v2-processing',
    general: true,
    pattern:
      '<Processing|Process|Generating|Constructing|Completed|Verify|Validating|Checking|Check|Getting|Get|Got|Generate|Computing|Initializing|Setting|Set|Load|Using|Sending|New ikev2|Incrementing|Decrementing|Optional|HASH calculation> {what:text}',
    means: 'a step of the exchange',
    samples: [
      'Processing IKE_AUTH message',
      'Completed SA init exchange',
      "Verify peer's policy",
      'Checking NAT discovery',
      'Load IPSEC key material',
      'Getting configured policies',
      'Validating create child message',
      'Sending auth message',
    ],
  },
  {
    id: 'v2-step-failed',
    general: true,
    pattern: '[:~]Failed to {what:text}',
    means: 'a step of the exchange failed',
    samples: ['Failed to verify the proposed policies', ': Failed to process invalid KE'],
  },
  {
    id: 'v2-child-failed',
    pattern: '[:~]Create child exchange failed',
    means: 'CREATE_CHILD_SA failed',
    samples: ['Create child exchange failed', ': Create child exchange failed'],
    unconfirmed: true,
  },
  {
    id: 'v2-negotiating-already',
    pattern: 'SA is already in negotiation, hence not negotiating again',
    means: 'more traffic asks for the tunnel while it is being set up',
    samples: ['SA is already in negotiation, hence not negotiating again'],
  },
  {
    id: 'v2-policy-asked',
    pattern:
      'IPSec policy validate request sent for profile {profile:name} with psh index {index:n}.',
    forms: [
      'KMI/verify policy/sending to IPSec:[ prot: {protocol:n} txfm: {transform:n} hmac {hash:n} flags {flags:n} keysize {keySize:n} IDB {interface:id}]',
    ],
    means: 'the key engine is asked whether it accepts the proposals for the IPsec SA',
    samples: [
      'IPSec policy validate request sent for profile IPSEC-A with psh index 1.',
      'KMI/verify policy/sending to IPSec:',
      'KMI/verify policy/sending to IPSec: prot: 3 txfm: 12 hmac 5 flags 8177 keysize 256 IDB 0x0',
    ],
    unconfirmed: true,
  },
  {
    id: 'v2-request-queued',
    pattern: 'Asynchronous request queued',
    means: 'work given to another process',
    samples: ['Asynchronous request queued'],
    unconfirmed: true,
  },
  {
    id: 'v2-signed',
    pattern: 'Authentication material has been <sucessfully|successfully> signed',
    means: 'the own AUTH payload is made',
    samples: ['Authentication material has been sucessfully signed'],
    unconfirmed: true,
  },
  {
    id: 'v2-aaa-answered',
    pattern: 'Received response from <aaa|AAA> for {what:text}',
    means: 'AAA has answered',
    samples: ['Received response from aaa for AnyConnect EAP'],
    unconfirmed: true,
  },
  {
    id: 'v2-nat-compared',
    pattern: '<Local|Remote> address <matched|not matched>',
    means: 'the hash of an address in the NAT discovery, compared with the address itself',
    samples: ['Local address not matched', 'Remote address matched'],
  },
  {
    id: 'v2-no-vpn-sip',
    pattern: 'not a VPN-SIP session',
    means: 'the session was not asked for by VPN-SIP; of no account',
    samples: ['not a VPN-SIP session'],
    release: 'IOS-XE',
  },
  {
    id: 'v2-platform-errors',
    pattern: '[:~]Platform errors',
    means: 'a helper of the IKEv2 process reported an error; the lines around it name it',
    samples: [': Platform errors'],
  },
  {
    id: 'v2-address-type',
    pattern: '[:~]Address type {number:n} not supported',
    means: 'an address of a kind that the release does not handle',
    samples: ['Address type 2147516380 not supported'],
  },
  {
    id: 'v2-verified',
    pattern: "Peer's policy verified",
    means: 'an IKEv2 policy fits',
    samples: ["Peer's policy verified"],
  },
  {
    id: 'v2-empty',
    pattern: '[:]',
    means: 'an error line without a text',
    samples: [':'],
  },
]);

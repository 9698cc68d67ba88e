import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** `debug crypto ikev2` of IOS and IOS-XE. */
export const ikev2Messages: readonly MessageSpec[] = defineMessages('ikev2', [
  {
    id: 'v2-received',
    pattern:
      'Received Packet \\[<From|To> {from:ip}:{fromPort:n}/<To|From> {to:ip}:{toPort:n}/VRF {vrf:name}\\]',
    means: 'an IKEv2 message came',
    samples: ['Received Packet [From 192.0.2.7:500/To 192.0.2.1:500/VRF i0:f0]'],
    block: 'ikev2-packet',
  },
  {
    id: 'v2-sent',
    pattern:
      'Sending Packet \\[<From|To> {from:ip}:{fromPort:n}/<To|From> {to:ip}:{toPort:n}/VRF {vrf:name}\\]',
    means: 'an IKEv2 message goes out',
    samples: ['Sending Packet [To 192.0.2.7:500/From 192.0.2.1:500/VRF i0:f0]'],
    block: 'ikev2-packet',
  },
  {
    id: 'v2-building',
    pattern: 'Building packet for encryption.',
    means: 'the payloads of the next message',
    samples: ['Building packet for encryption.'],
    block: 'ikev2-packet',
  },
  {
    id: 'v2-policy-search',
    pattern: 'Searching Policy with fvrf {fvrf:n}, local address {local:ip}',
    means: 'the IKEv2 policy is looked up',
    samples: ['Searching Policy with fvrf 0, local address 192.0.2.1'],
  },
  {
    id: 'v2-policy-found',
    pattern: "Found Policy '{policy:name}'",
    means: 'the IKEv2 policy in use',
    samples: ["Found Policy 'POL-A'"],
  },
  {
    id: 'v2-policy-default',
    pattern: 'Using the Default Policy for Proposal',
    means: 'no IKEv2 policy is configured for this address',
    samples: ['Using the Default Policy for Proposal'],
  },
  {
    id: 'v2-proposal-refused',
    pattern: 'Received Policies:{detail:text}',
    means: 'no proposal fits',
    samples: [
      'Received Policies: : Failed to find a matching policyProposal 1:  AES-CBC-128 SHA1 SHA96 DH_GROUP_1536_MODP/Group 5',
    ],
    role: 'responder',
  },
  {
    id: 'v2-proposal-expected',
    pattern: 'Expected Policies:{detail:text}',
    means: 'what the router would have accepted',
    samples: [
      'Expected Policies: : Failed to find a matching policyProposal 1:  AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
    ],
    role: 'responder',
  },
  {
    id: 'v2-proposal-none',
    pattern: '<Received no proposal chosen notify|Failed to find a matching policy>{rest:text}',
    means: 'no proposal fits',
    samples: ['Received no proposal chosen notify', 'Failed to find a matching policy'],
  },
  {
    id: 'v2-identity',
    pattern: "Searching policy based on peer's identity '{identity:text}' of type '{idType:text}'",
    means: 'the identity that selects the IKEv2 profile',
    samples: ["Searching policy based on peer's identity 'branch7.example.net' of type 'FQDN'"],
  },
  {
    id: 'v2-profile-found',
    pattern: "found matching IKEv2 profile '{profile:name}'",
    means: 'the IKEv2 profile in use',
    samples: ["found matching IKEv2 profile 'V2-PROF'"],
  },
  {
    id: 'v2-profile-none',
    pattern: '%~IKEv2 profile not found',
    means: 'no IKEv2 profile fits the identity of the peer',
    samples: ['% IKEv2 profile not found'],
  },
  {
    id: 'v2-profile-none-by-certificate',
    pattern: '%~Profile could not be found by peer certificate.',
    means: 'no IKEv2 profile fits the certificate of the peer',
    samples: ['%Profile could not be found by peer certificate.'],
  },
  {
    id: 'v2-item-none',
    pattern: '[:~]Failed to locate an item in the database',
    means: 'what was looked for does not exist',
    samples: [
      ': Failed to locate an item in the database',
      'Failed to locate an item in the database',
    ],
  },
  {
    id: 'v2-keyring',
    pattern: '%~Getting preshared key from profile keyring {keyring:name}',
    means: 'the keyring of the profile',
    samples: ['% Getting preshared key from profile keyring V2-KR'],
  },
  {
    id: 'v2-peer-block',
    pattern: "%~Matched peer block[ ]<'{peerBlock:name}'|{peerBlockBare:name}>",
    means: 'the entry of the keyring',
    samples: ["% Matched peer block 'BR7'"],
  },
  {
    id: 'v2-key-of',
    pattern: "Get peer's preshared key for {identity:name}",
    means: 'the key of the peer is fetched',
    samples: ["Get peer's preshared key for branch7.example.net"],
  },
  {
    id: 'v2-key-used',
    pattern: 'Use preshared key for id {identity:name}, key len {keyLength:n}',
    means: 'the length of the key; both sides can be compared',
    samples: ['Use preshared key for id branch7.example.net, key len 11'],
  },
  {
    id: 'v2-auth-method',
    pattern: "<Peer's|My> <authentication|authenticaton> method is '{method:name}'",
    means: 'how that side authenticates',
    samples: ["Peer's authentication method is 'PSK'", "My authentication method is 'RSA'"],
  },
  {
    id: 'v2-auth-failed',
    pattern: "Verification of peer's <authentication|authenctication> data FAILED",
    means: 'the AUTH payload of the peer does not fit: the keys differ',
    samples: ["Verification of peer's authentication data FAILED"],
  },
  {
    id: 'v2-auth-passed',
    pattern: "Verification of peer's <authentication|authenctication> data PASSED",
    means: 'the peer is authenticated',
    samples: ["Verification of peer's authenctication data PASSED"],
  },
  {
    id: 'v2-auth-failed-sa',
    pattern: '[:~]Failed to authenticate the IKE SA',
    means: 'authentication failed',
    samples: [': Failed to authenticate the IKE SA'],
    unconfirmed: true,
  },
  {
    id: 'v2-auth-failure-sent',
    pattern: 'Sending authentication failure notify',
    means: 'the peer is told that authentication failed',
    samples: ['Sending authentication failure notify'],
  },
  {
    id: 'v2-auth-exchange-failed',
    pattern: '[:~]Auth exchange failed',
    means: 'IKE_AUTH failed',
    samples: ['Auth exchange failed', ': Auth exchange failed'],
  },
  {
    id: 'v2-sa-created',
    pattern:
      'IKEV2 SA created; inserting SA into database. SA lifetime timer ({seconds:n} sec) started',
    means: 'the IKE SA is up',
    samples: [
      'IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started',
    ],
  },
  {
    id: 'v2-session-up',
    pattern: 'Session with IKE ID PAIR ({remote:text}, {local:text}) is UP',
    means: 'the session is up',
    samples: ['Session with IKE ID PAIR (192.0.2.7, 192.0.2.1) is UP'],
  },
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
    id: 'v2-delete-queued',
    pattern: 'Queuing IKE SA delete request reason: {reason:text}',
    means: 'the IKE SA will be deleted',
    samples: ['Queuing IKE SA delete request reason: unknown'],
  },
  {
    id: 'v2-deleting',
    pattern: 'Deleting SA',
    means: 'the IKE SA is deleted',
    samples: ['Deleting SA'],
  },
  {
    id: 'v2-abort',
    pattern: 'Abort exchange',
    means: 'the exchange is given up',
    samples: ['Abort exchange'],
  },
  {
    id: 'v2-retransmit',
    pattern: 'Retransmitting packet',
    means: 'the last message was not answered',
    samples: ['Retransmitting packet'],
  },
  {
    id: 'v2-retransmit-limit',
    pattern:
      '<Maximum number of retransmissions reached|: Maximum number of retransmissions reached>',
    means: 'the peer never answered',
    samples: ['Maximum number of retransmissions reached'],
    unconfirmed: true,
  },
  {
    id: 'v2-nat-none',
    pattern: 'NAT not found',
    means: 'no address translation',
    samples: ['NAT not found'],
  },
  {
    id: 'v2-nat-found',
    pattern: 'NAT <INSIDE found|OUTSIDE found|found>[ {detail:text}]',
    means: 'address translation on the way',
    samples: ['NAT OUTSIDE found'],
  },
  {
    id: 'v2-init-started',
    pattern: 'Generating IKE_SA_INIT message',
    means: 'we initiate',
    samples: ['Generating IKE_SA_INIT message'],
    role: 'initiator',
  },
  {
    id: 'v2-init-received',
    pattern: 'Verify SA init message',
    means: 'the first message of the peer is checked',
    samples: ['Verify SA init message'],
    role: 'responder',
  },
  {
    id: 'v2-proposal-list',
    pattern: 'IKE Proposal: {proposal:n}, SPI size: {size:n}[ (initial negotiation)],',
    means: 'an offer',
    samples: ['IKE Proposal: 1, SPI size: 0 (initial negotiation),'],
    block: 'ikev2-packet',
  },
  {
    id: 'v2-dh-mismatch',
    pattern:
      "<Received invalid KE notify|: The peer's KE payload contained the wrong DH group>{rest:text}",
    means: 'the Diffie-Hellman group was guessed wrong; harmless if the next try succeeds',
    samples: ['Received invalid KE notify'],
    unconfirmed: true,
  },
  {
    id: 'v2-ts-refused',
    pattern:
      '<There was no IPSEC policy found for received TS|: There was no IPSEC policy found for received TS>',
    means: 'the traffic selectors fit no policy',
    samples: ['There was no IPSEC policy found for received TS'],
    role: 'responder',
    unconfirmed: true,
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
    id: 'v2-insert',
    pattern: 'Insert SA',
    means: 'the SA enters the database',
    samples: ['Insert SA'],
  },
  {
    id: 'v2-processing',
    general: true,
    pattern:
      '<Processing|Generating|Constructing|Completed|Verify|Checking|Check|Get|Generate|Initializing|Setting|Set> {what:text}',
    means: 'a step of the exchange',
    samples: [
      'Processing IKE_AUTH message',
      'Completed SA init exchange',
      "Verify peer's policy",
      'Checking NAT discovery',
    ],
  },
  {
    id: 'v2-verified',
    pattern: "Peer's policy verified",
    means: 'an IKEv2 policy fits',
    samples: ["Peer's policy verified"],
  },
  {
    id: 'v2-empty',
    pattern: ':',
    means: 'an error line without a text',
    samples: [':'],
  },
]);

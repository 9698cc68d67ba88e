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
    pattern: 'Building packet for encryption<.|; contents are:>',
    means: 'the payloads of the next message',
    samples: ['Building packet for encryption.', 'Building packet for encryption; contents are:'],
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
    block: 'ikev2-proposals',
    role: 'responder',
  },
  {
    id: 'v2-proposal-expected',
    pattern: 'Expected Policies:{detail:text}',
    means: 'what the router would have accepted',
    samples: [
      'Expected Policies: : Failed to find a matching policyProposal 1:  AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
    ],
    block: 'ikev2-proposals',
    role: 'responder',
  },
  {
    id: 'v2-proposal-none',
    pattern: '[:~]Failed to find a matching policy{rest:text}',
    means: 'no proposal fits',
    samples: ['Failed to find a matching policy', ': Failed to find a matching policy'],
  },
  {
    id: 'v2-proposal-refused-by-peer',
    pattern: '[:~]Received no proposal chosen notify{rest:text}',
    means: 'the peer says that no proposal fits',
    samples: ['Received no proposal chosen notify', ': Received no proposal chosen notify'],
    role: 'initiator',
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
    forms: ['[:~]Computed authentication value for peer differs from what peer sent'],
    means: 'the AUTH payload of the peer does not fit: the keys differ',
    samples: [
      "Verification of peer's authentication data FAILED",
      'Computed authentication value for peer differs from what peer sent',
    ],
  },
  {
    id: 'v2-auth-passed',
    pattern: "Verification of peer's <authentication|authenctication> data PASSED",
    means: 'the peer is authenticated',
    samples: ["Verification of peer's authenctication data PASSED"],
  },
  {
    id: 'v2-auth-method-refused',
    pattern:
      '[:~]Peer authentication method configured is mismatching with the method proposed by peer',
    means: 'the peer authenticates in another way (key or certificate) than is configured for it',
    samples: [
      'Peer authentication method configured is mismatching with the method proposed by peer',
    ],
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
    forms: ['<IKEV2 SA|SA> created; inserting SA into database[.]'],
    means: 'the IKE SA is up',
    samples: [
      'IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started',
      'IKEV2 SA created; inserting SA into database.',
      'SA created; inserting SA into database',
    ],
  },
  {
    id: 'v2-session-up',
    pattern: 'Session with IKE ID PAIR~({remote:text}~, {local:text}) is UP',
    means: 'the session is up',
    samples: [
      'Session with IKE ID PAIR (192.0.2.7, 192.0.2.1) is UP',
      'Session with IKE ID PAIR(192.0.2.7 , 192.0.2.1) is UP',
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
      '[:~]<Maximum number of retransmissions reached|Exceeded maximum number of retransmissions>',
    means: 'the peer never answered',
    samples: ['Maximum number of retransmissions reached'],
    unconfirmed: true,
  },
  {
    id: 'v2-own-identity',
    pattern: "Constructing <IDi|IDr> payload: '{identity:text}' of type '{idType:text}'",
    means: 'what the router calls itself',
    samples: ["Constructing IDi payload: '192.0.2.1' of type 'IPv4 address'"],
  },
  {
    id: 'v2-certificate-refused',
    pattern: '[:~]Verify cert failed',
    forms: ['\\[PKI -\\> IKEv2\\] Validation of certificate chain FAILED'],
    means: 'the certificate of the peer is not accepted',
    samples: ['Verify cert failed', '[PKI -> IKEv2] Validation of certificate chain FAILED'],
  },
  {
    id: 'v2-certificate-accepted',
    pattern: '\\[PKI -\\> IKEv2\\] Validation of certificate chain PASSED',
    means: 'the certificate of the peer is accepted',
    samples: ['[PKI -> IKEv2] Validation of certificate chain PASSED'],
    unconfirmed: true,
  },
  {
    id: 'v2-nat-none',
    pattern: '<NAT not found|No NAT found>',
    means: 'no address translation',
    samples: ['NAT not found', 'No NAT found'],
  },
  {
    id: 'v2-nat-found',
    pattern:
      '<NAT INSIDE found|NAT OUTSIDE found|NAT found|Host is located NAT inside|Host is located NAT outside>[ {detail:text}]',
    forms: ['NAT detected float to init port {initiatorPort:n}, resp port {responderPort:n}'],
    means: 'address translation on the way',
    samples: [
      'NAT OUTSIDE found',
      'Host is located NAT inside',
      'NAT detected float to init port 4500, resp port 4500',
    ],
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
    id: 'v2-dh-mismatch',
    pattern:
      "[:~]<Received invalid KE notify|The peer's KE payload contained the wrong DH group>{rest:text}",
    means: 'the Diffie-Hellman group was guessed wrong; harmless if the next try succeeds',
    samples: ['Received invalid KE notify', ": The peer's KE payload contained the wrong DH group"],
  },
  {
    id: 'v2-dh-asked',
    pattern:
      'Processing invalid ke notification, we sent group {sentGroup:n}, peer prefers group {wantedGroup:n}',
    means: 'the peer wants another Diffie-Hellman group; harmless if the next try succeeds',
    samples: ['Processing invalid ke notification, we sent group 19, peer prefers group 14'],
    role: 'initiator',
  },
  {
    id: 'v2-dh-refused',
    pattern:
      'Sending invalid ke notification, peer sent group {sentGroup:n}, local policy prefers group {wantedGroup:n}',
    means: 'the peer is asked for another Diffie-Hellman group; harmless if it tries again',
    samples: ['Sending invalid ke notification, peer sent group 19, local policy prefers group 14'],
    role: 'responder',
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
    id: 'v2-proposal-refusal-sent',
    pattern: 'Sending no proposal chosen notify',
    means: 'the peer is told that no proposal fits',
    samples: ['Sending no proposal chosen notify'],
    role: 'responder',
  },
  {
    id: 'v2-ts-refused-by-peer',
    pattern: '[:~]Received TS unacceptable notify',
    means: 'the peer says that the traffic selectors fit none of its policies',
    samples: ['Received TS unacceptable notify', ': Received TS unacceptable notify'],
    role: 'initiator',
    unconfirmed: true,
  },
  {
    id: 'v2-ts-refusal-sent',
    pattern: 'Sending TS unacceptable notify',
    means: 'the peer is told that its traffic selectors fit no policy',
    samples: ['Sending TS unacceptable notify'],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'v2-init-failed',
    pattern: '<Failed SA init exchange|Initial exchange failed[:~Initial exchange failed]>',
    means: 'IKE_SA_INIT failed',
    samples: ['Failed SA init exchange', 'Initial exchange failed: Initial exchange failed'],
  },
  {
    id: 'v2-auth-missing',
    pattern: '[:~]Failed to receive the AUTH msg before the timer expired',
    means: 'IKE_AUTH of the peer never came',
    samples: ['Failed to receive the AUTH msg before the timer expired'],
    role: 'responder',
  },
  {
    id: 'v2-profile-bound',
    pattern: '[({session:n}): ]Choosing IKE profile {profile:name}',
    means: 'the IKEv2 profile that the tunnel names',
    samples: ['(1): Choosing IKE profile V2-PROF', 'Choosing IKE profile V2-PROF'],
    role: 'initiator',
    release: '15.1 and 15.2',
  },
  {
    id: 'v2-key-by-address',
    pattern: '%~Getting preshared key by address {peer:ip}',
    forms: ['%~Getting preshared key by <hostname|identity> {identity:text}'],
    means: 'the keyring is searched',
    samples: [
      '% Getting preshared key by address 192.0.2.7',
      '% Getting preshared key by hostname branch7.example.net',
    ],
  },
  {
    id: 'v2-notify-read',
    pattern: 'Parse Notify Payload: {notify:state}[ NOTIFY({again:state})]',
    forms: [
      'Parse Notify Payload: {notify:state}[({session:n}):] NOTIFY({again:state})[({same:n}):] Next payload: {next:name}, reserved: {reserved:hex}, length: {length:n}',
    ],
    means: 'a notification of the peer',
    samples: [
      'Parse Notify Payload: AUTHENTICATION_FAILED NOTIFY(AUTHENTICATION_FAILED)',
      'Parse Notify Payload: AUTHENTICATION_FAILED NOTIFY(AUTHENTICATION_FAILED)  Next payload: NONE, reserved: 0x0, length: 8',
      'Parse Notify Payload: NO_PROPOSAL_CHOSEN(4):  NOTIFY(NO_PROPOSAL_CHOSEN)(4):   Next payload: NONE, reserved: 0x0, length: 8',
    ],
    block: 'ikev2-packet',
  },
]);

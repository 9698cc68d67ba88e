import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** What stands in front of nearly every IKEv1 message of an ASA. */
export const asaLead: string = '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, ';

/** What `debug crypto ikev1` and the syslog of an ASA firewall say of how an attempt went. */
export const asaMessages: readonly MessageSpec[] = defineMessages(
  'asa',
  [
    {
      id: 'asa-psk-mismatch',
      pattern:
        'Received encrypted Oakley <Main|Aggressive> Mode packet with invalid payloads, MessID = {messageId:id}',
      means: 'the message decrypted to garbage: the keys differ',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Received encrypted Oakley Main Mode packet with invalid payloads, MessID = 0',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-psk-suspected',
      pattern:
        'ERROR, had problems decrypting packet, probably due to mismatched pre-shared key. Aborting',
      means: 'the message decrypted to garbage: the keys differ',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  Aborting',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-initiates',
      pattern:
        'IKE Initiator: New Phase 1, Intf {interface:name}, IKE Peer {again:ip} local Proxy Address {localProxy:name}, remote Proxy Address {remoteProxy:name}, Crypto map ({map:name})',
      means: 'traffic asks for a tunnel to this peer',
      samples: [
        'IP = 192.0.2.7, IKE Initiator: New Phase 1, Intf inside, IKE Peer 192.0.2.7  local Proxy Address 10.1.0.0, remote Proxy Address 10.2.0.0,  Crypto map (MAP-A)',
      ],
      role: 'initiator',
    },
    {
      id: 'asa-given-up',
      pattern:
        'IKE <MM|AM> {side:name} FSM error history (struct {pointer:text}) \\<state\\>, \\<event\\>: {history:text}',
      means:
        'the negotiation is given up; the history names the message that it waited for, last first',
      samples: [
        'IP = 192.0.2.7, IKE MM Initiator FSM error history (struct &0xd8ac3c40)  <state>, <event>:  MM_DONE, EV_ERROR-->MM_WAIT_MSG2, EV_RETRY-->MM_WAIT_MSG2, EV_TIMEOUT',
        'IP = 192.0.2.7, IKE AM Initiator FSM error history (struct &0xa087750)  <state>, <event>:  AM_DONE, EV_ERROR-->AM_WAIT_MSG2, EV_RETRY-->AM_WAIT_MSG2, EV_TIMEOUT',
      ],
    },
    {
      id: 'asa-quick-given-up',
      pattern:
        'IKE QM {side:name} FSM error history (struct {pointer:text}) \\<state\\>, \\<event\\>: {history:text}',
      means: 'a quick mode is given up; the history names the step, last first',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, IKE QM Responder FSM error history (struct &0xcc19ed48)  <state>, <event>:  QM_DONE, EV_ERROR-->QM_BLD_MSG2, EV_NEGO_SA-->QM_BLD_MSG2, EV_IS_REKEY',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-proxy-refused',
      pattern:
        'Rejecting IPSec tunnel: no matching crypto map entry for remote proxy {remoteProxy:proxy} local proxy {localProxy:proxy} on interface {interface:name}',
      means: 'no crypto map entry fits the protected networks',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Rejecting IPSec tunnel: no matching crypto map entry for remote proxy 10.2.0.0/255.255.0.0/0/0 local proxy 10.1.0.0/255.255.0.0/0/0 on interface outside',
      ],
      role: 'responder',
    },
    {
      id: 'asa-map-none',
      pattern: 'Tunnel rejected: Crypto Map Policy not found for {proxies:text}',
      means: 'no crypto map entry fits the protected networks',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Tunnel rejected: Crypto Map Policy not found for Src:10.2.0.0, Dst:10.1.0.0!',
      ],
      role: 'responder',
      unconfirmed: true,
    },
    {
      id: 'asa-transform-refused',
      pattern: 'All IPSec SA proposals found unacceptable!',
      means: 'the transform set differs',
      samples: ['Group = 192.0.2.7, IP = 192.0.2.7, All IPSec SA proposals found unacceptable!'],
      role: 'responder',
      unconfirmed: true,
    },
    {
      id: 'asa-policy-refused',
      pattern: 'All SA proposals found unacceptable',
      means: 'no transform fits any policy',
      samples: ['IP = 192.0.2.7, All SA proposals found unacceptable'],
      role: 'responder',
    },
    {
      id: 'asa-phase1',
      pattern: 'PHASE 1 COMPLETED',
      means: 'phase 1 is up',
      samples: ['Group = 192.0.2.7, IP = 192.0.2.7, PHASE 1 COMPLETED'],
    },
    {
      id: 'asa-phase2',
      pattern: 'PHASE 2 COMPLETED (msgid={messageId:hex})',
      means: 'phase 2 is up',
      samples: ['Group = 192.0.2.7, IP = 192.0.2.7, PHASE 2 COMPLETED (msgid=8c5c1d6a)'],
    },
    {
      id: 'asa-negotiated',
      pattern:
        'Security negotiation complete for <LAN-to-LAN Group|User> ({of:text}) {side:name}, Inbound SPI = {inbound:spi}, Outbound SPI = {outbound:spi}',
      means: 'both phases are up, with the two IPsec SAs',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Security negotiation complete for LAN-to-LAN Group (192.0.2.7)  Initiator, Inbound SPI = 0x1c2d3e4f, Outbound SPI = 0x5a6b7c8d',
        'Group = STAFF, Username = user7, IP = 192.0.2.7, Security negotiation complete for User (user7)  Responder, Inbound SPI = 0x1c2d3e4f, Outbound SPI = 0x5a6b7c8d',
      ],
    },
    {
      id: 'asa-quick-failed',
      pattern: 'QM FSM error (P2 struct {pointer:text}, mess id {messageId:hex})[!]',
      means: 'that quick mode failed',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, QM FSM error (P2 struct &0xcc19ed48, mess id 0x8c5c1d6a)!',
      ],
    },
    {
      id: 'asa-torn-down',
      pattern: 'Session is being torn down. Reason: {reason:text}',
      means: 'the session ends, and why',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Session is being torn down. Reason: crypto map policy not found',
      ],
    },
    {
      id: 'asa-disconnected',
      pattern:
        'Session disconnected. Session Type: {sessionType:text}, Duration: {duration:text}, Bytes xmt: {sent:n}, Bytes rcv: {received:n}, Reason: {reason:text}',
      means: 'the session is over, and why',
      samples: [
        'Group = 192.0.2.7, Username = 192.0.2.7, IP = 192.0.2.7, Session disconnected. Session Type: LAN-to-LAN, Duration: 0h:00m:00s, Bytes xmt: 0, Bytes rcv: 0, Reason: crypto map policy not found',
      ],
    },
    {
      id: 'asa-terminated',
      pattern:
        'Connection terminated for peer {name:name}. Reason: {reason:text}[ Remote Proxy {remoteProxy:name}, Local Proxy {localProxy:name}]',
      means: 'the session is over, and why',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Connection terminated for peer 192.0.2.7.  Reason: Peer Terminate  Remote Proxy N/A, Local Proxy N/A',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-no-tunnel-group',
      pattern: "Can't find a valid tunnel group, aborting...!",
      means: 'no tunnel-group is for this peer, and with it no key',
      samples: ["Group = 192.0.2.7, IP = 192.0.2.7, Can't find a valid tunnel group, aborting...!"],
    },
    {
      id: 'asa-no-map-bound',
      pattern: 'No crypto map bound to interface... dropping pkt',
      means: 'the interface that the packet came in on has no crypto map',
      samples: ['IP = 192.0.2.7, No crypto map bound to interface... dropping pkt'],
    },
    {
      id: 'asa-user-refused',
      pattern: 'Remote peer has failed user authentication{hint:text}',
      means: 'extended authentication failed: user name or password',
      samples: [
        'Group = STAFF, IP = 192.0.2.7, Remote peer has failed user authentication -  check configured username and password',
      ],
      role: 'responder',
    },
    {
      id: 'asa-notify-in-clear',
      pattern: 'Received an un-encrypted {notify:state} notify message, dropping',
      means: 'an unauthenticated notification: the peer knows nothing of this exchange, or refuses',
      samples: ['IP = 192.0.2.7, Received an un-encrypted INVALID_COOKIE notify message, dropping'],
    },
    {
      id: 'asa-notify',
      pattern: 'Received non-routine Notify message: {notify:text} ({number:n})',
      means: 'a notification of the peer',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Received non-routine Notify message: Invalid hash info (23)',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-header-invalid',
      pattern: 'Header invalid, missing SA payload! (next payload = {payload:n})',
      means: 'the peer goes on with an exchange that is not known here',
      samples: ['IP = 192.0.2.7, Header invalid, missing SA payload! (next payload = 4)'],
    },
    {
      id: 'asa-peer-not-listed',
      pattern: 'Removing peer from {table:name} table failed, no match!',
      means: 'cleaning up after an attempt that failed',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Removing peer from peer table failed, no match!',
        'Group = 192.0.2.7, IP = 192.0.2.7, Removing peer from correlator table failed, no match!',
      ],
    },
    {
      id: 'asa-peer-entry-none',
      pattern: 'Error: Unable to remove PeerTblEntry',
      means: 'cleaning up after an attempt that failed',
      samples: ['IP = 192.0.2.7, Error: Unable to remove PeerTblEntry'],
    },
    {
      id: 'asa-delete-without-spi',
      pattern: 'construct_ipsec_delete(): No SPI to identify Phase 2 SA!',
      means: 'cleaning up after a quick mode that failed',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, construct_ipsec_delete(): No SPI to identify Phase 2 SA!',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-other',
      general: true,
      pattern: '{detail:text}',
      means: 'a line of an ASA firewall',
      samples: [
        'IP = 192.0.2.7, processing VID payload',
        'Group = 192.0.2.7, IP = 192.0.2.7, processing ID payload',
      ],
    },
  ],
  asaLead,
);

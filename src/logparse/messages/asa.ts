import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** `debug crypto ikev1` of an ASA firewall, as far as it tells the same facts. */
export const asaMessages: readonly MessageSpec[] = defineMessages('asa', [
  {
    id: 'asa-psk-mismatch',
    pattern:
      '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, Received encrypted Oakley <Main|Aggressive> Mode packet with invalid payloads, MessID = {messageId:id}',
    means: 'the message decrypted to garbage: the keys differ',
    samples: [
      'Group = 192.0.2.7, IP = 192.0.2.7, Received encrypted Oakley Main Mode packet with invalid payloads, MessID = 0',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-psk-suspected',
    pattern:
      '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, ERROR, had problems decrypting packet, probably due to mismatched pre-shared key. Aborting',
    means: 'the message decrypted to garbage: the keys differ',
    samples: [
      'Group = 192.0.2.7, IP = 192.0.2.7, ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  Aborting',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-initiates',
    pattern:
      '[Group = {group:name}, ]IP = {peer:ip}, IKE Initiator: New Phase 1, Intf {interface:name}, IKE Peer {again:ip} {proxies:text}',
    means: 'traffic asks for a tunnel to this peer',
    samples: [
      'IP = 192.0.2.7, IKE Initiator: New Phase 1, Intf inside, IKE Peer 192.0.2.7  local Proxy Address 10.1.0.0, remote Proxy Address 10.2.0.0,  Crypto map (MAP-A)',
    ],
    role: 'initiator',
    unconfirmed: true,
  },
  {
    id: 'asa-given-up',
    pattern:
      '[Group = {group:name}, ]IP = {peer:ip}, IKE <MM|AM> {side:name} FSM error history (struct {pointer:text}) \\<state\\>, \\<event\\>: {history:text}',
    means:
      'the negotiation is given up; the history names the message that it waited for, last first',
    samples: [
      'IP = 192.0.2.7, IKE MM Initiator FSM error history (struct &0xd8ac3c40)  <state>, <event>:  MM_DONE, EV_ERROR-->MM_WAIT_MSG2, EV_RETRY-->MM_WAIT_MSG2, EV_TIMEOUT',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-proxy-refused',
    pattern:
      '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, <Rejecting IPSec tunnel: no matching crypto map entry for|Tunnel rejected: Crypto Map Policy not found for> {proxies:text}',
    means: 'no crypto map entry fits the protected networks',
    samples: [
      'Group = 192.0.2.7, IP = 192.0.2.7, Rejecting IPSec tunnel: no matching crypto map entry for remote proxy 10.2.0.0/255.255.0.0/0/0 local proxy 10.1.0.0/255.255.0.0/0/0 on interface outside',
    ],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'asa-transform-refused',
    pattern:
      '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, All IPSec SA proposals found unacceptable!',
    means: 'the transform set differs',
    samples: ['Group = 192.0.2.7, IP = 192.0.2.7, All IPSec SA proposals found unacceptable!'],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'asa-policy-refused',
    pattern: '[Group = {group:name}, ]IP = {peer:ip}, All SA proposals found unacceptable',
    means: 'no transform fits any policy',
    samples: ['IP = 192.0.2.7, All SA proposals found unacceptable'],
    unconfirmed: true,
  },
  {
    id: 'asa-phase1',
    pattern: '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, PHASE 1 COMPLETED',
    means: 'phase 1 is up',
    samples: ['Group = 192.0.2.7, IP = 192.0.2.7, PHASE 1 COMPLETED'],
    unconfirmed: true,
  },
  {
    id: 'asa-phase2',
    pattern:
      '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, PHASE 2 COMPLETED (msgid={messageId:hex})',
    means: 'phase 2 is up',
    samples: ['Group = 192.0.2.7, IP = 192.0.2.7, PHASE 2 COMPLETED (msgid=8c5c1d6a)'],
    unconfirmed: true,
  },
  {
    id: 'asa-other',
    general: true,
    pattern: '[Group = {group:name}, ][Username = {user:name}, ]IP = {peer:ip}, {detail:text}',
    means: 'a line of an ASA firewall',
    samples: [
      'IP = 192.0.2.7, processing SA payload',
      'Group = 192.0.2.7, IP = 192.0.2.7, processing ID payload',
    ],
    unconfirmed: true,
  },
]);

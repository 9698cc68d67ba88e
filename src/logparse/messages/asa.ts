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

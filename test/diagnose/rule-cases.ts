import {
  INITIATOR,
  RESPONDER,
  logOf,
  mainModeUp,
  opening,
  packetLine,
  payloads,
  psk,
  sent,
  transform,
  unanswered,
  wire,
} from '../support/incident.ts';
import type { Severity } from '../../src/model/finding.ts';
import type { Given } from '../support/incident.ts';
import { documentOf, logTime, loggedView, START_MS } from '../support/incident.ts';

/** For each rule: evidence on which it speaks, evidence on which it is silent, and evidence that is nearly the first. */
export type RuleCase = {
  readonly fires: Given;
  readonly silent: Given;
  readonly nearMiss: Given;
  /** Where what fires weighs more than the rule does. */
  readonly severity?: Severity;
};

const up: Given = { exchanges: [wire(mainModeUp, { completed: true })] };
const v2 = { version: 2 as const };
const init = [sent('SA_INIT', '>', 0), sent('SA_INIT', '<', 20)];
const UNITY = Uint8Array.from([
  0x12, 0xf5, 0xf2, 0x8c, 0x45, 0x71, 0x68, 0xa9, 0x70, 0x2d, 0x9f, 0xe2, 0x74, 0xcc, 1, 0,
]);

/** A log whose own reading ends in the verdict. */
const read = (verdict: string, more: Parameters<typeof logOf>[1] = {}): Given => ({
  logs: [logOf(['the line that decides'], { verdict, evidenceLines: [1], ...more })],
});
const says = (line: string, more: Parameters<typeof logOf>[1] = {}): Given => ({
  logs: [logOf([line], more)],
});
const complete = {
  phase1: 'complete',
  phase2: 'complete',
  outcome: 'established',
  verdict: 'tunnel-up',
} as const;
const phase2Failed = { phase1: 'complete', phase2: 'failed', outcome: 'failed' } as const;

const quick = (answer: Parameters<typeof sent>[3], length = 180): Given => ({
  exchanges: [
    wire(
      [
        ...opening,
        sent('MM5', '>', 80),
        sent('MM6', '<', 100),
        sent('QM1', '>', 120, { messageId: 7, length }),
        sent('INFO', '<', 140, { messageId: 9, length: 76, ...answer }),
      ],
      { completed: true },
    ),
  ],
});

const CONFIG = (keyrings: string, rest: string): string => `hostname R1
${keyrings}
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
${rest}
interface GigabitEthernet0/0
 ip address ${RESPONDER} 255.255.255.0
`;
const TUNNEL = (profile: string): string => `crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
 set isakmp-profile ${profile}
interface Tunnel1
 ip address 10.0.0.1 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination ${INITIATOR}
 tunnel protection ipsec profile IP`;
const PROFILE = (name: string, keyring: string, match = `${INITIATOR} 255.255.255.255`): string =>
  `crypto isakmp profile ${name}\n keyring ${keyring}\n match identity address ${match}`;
const RING = (name: string, key: string, address: string = INITIATOR): string =>
  `crypto keyring ${name}\n pre-shared-key address ${address} key ${key}`;
/** The other end, as plain as can be. */
const PEER = (key: string): string => `hostname R2
crypto keyring kr
 pre-shared-key address ${RESPONDER} key ${key}
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto isakmp profile p
 keyring kr
 match identity address ${RESPONDER} 255.255.255.255
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
 set isakmp-profile p
interface Tunnel1
 ip address 10.0.0.2 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination ${RESPONDER}
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address ${INITIATOR} 255.255.255.0
`;
/** A responder refuses quick mode: as its log names it, and as the packet does; null for one that stays closed. */
const refusedAs = (logged: string, notify: number | null, id = 9): Given => ({
  ...quick(notify === null ? {} : { notify, opened: {} }),
  logs: [
    [
      `received packet from ${INITIATOR} dport 500 sport 500 Global (N) NEW SA`,
      `sending packet to ${INITIATOR} my_port 500 peer_port 500 (R) MM_SA_SETUP`,
      `received packet from ${INITIATOR} dport 500 sport 500 Global (R) MM_SA_SETUP`,
      `sending packet to ${INITIATOR} my_port 500 peer_port 500 (R) MM_KEY_EXCH`,
      `received packet from ${INITIATOR} dport 500 sport 500 Global (R) MM_KEY_EXCH`,
      'SA has been authenticated with 192.0.2.1',
      'Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE',
      'processing SA payload. message ID = 7',
      `Sending NOTIFY ${logged} protocol 3\n\tspi 0, message ID = ${id}`,
    ]
      .map((line, at) => `*Jun 19 10:00:00.${at}00: ISAKMP:(7):${line}`)
      .join('\n'),
  ],
});
const stuck = (copies = 4): Given => ({ exchanges: [wire([...opening, ...unanswered(copies)])] });
const checkedIn = (keyring: string): Parameters<typeof logOf>[1] => ({
  keyringSelections: [{ step: 'mm5', keyring, line: 1 }],
});
const twoRings = CONFIG(
  `${RING('kr1', 'same')}\n${RING('kr2', 'same')}`,
  `${PROFILE('p2', 'kr2')}\n${TUNNEL('p2')}`,
);
const oneRing = CONFIG(RING('kr2', 'same'), `${PROFILE('p2', 'kr2')}\n${TUNNEL('p2')}`);

const passing = (
  role: 'initiator' | 'responder',
  packets: Parameters<typeof packetLine>[],
  more: Parameters<typeof logOf>[1] = {},
  input = `log-${role}`,
): ReturnType<typeof logOf> =>
  logOf(
    ['a', 'b', 'c', 'd', 'e', 'f'],
    { role, packets: packets.map((each) => packetLine(...each)), ...more },
    input,
  );
const initiatorPackets: Parameters<typeof packetLine>[] = [
  [1, 'sent', 'MM_NO_STATE'],
  [2, 'received', 'MM_NO_STATE'],
  [3, 'sent', 'MM_SA_SETUP'],
  [4, 'received', 'MM_SA_SETUP'],
  [5, 'sent', 'MM_KEY_EXCH'],
];
const responderPackets: Parameters<typeof packetLine>[] = [
  [1, 'received', 'NEW SA'],
  [2, 'sent', 'MM_SA_SETUP'],
  [3, 'received', 'MM_SA_SETUP'],
  [4, 'sent', 'MM_KEY_EXCH'],
];

const probe = (contents: readonly ReturnType<typeof payloads.vendor>[]): Given => ({
  exchanges: [
    wire(
      [
        sent('AM1', '>', 0, { contents }),
        sent('AM2', '<', 10),
        sent('AM2', '<', 4000, { again: true }),
      ],
      { mode: 'aggressive' },
    ),
  ],
});

const clock = (offset: number): Given => {
  const exchange = wire([...opening, ...unanswered(3)]);
  const log = loggedView(exchange, 'initiator', 'n1', 'log0', (ms) => logTime(ms + offset));
  return { exchanges: [exchange], logs: [documentOf('log0', [log], 'R2')] };
};

const at = (startMs: number, turned: boolean, id: string): ReturnType<typeof wire> =>
  wire(mainModeUp, {
    id,
    cookie: id.padStart(16, '0'),
    startMs,
    completed: true,
    ...(turned ? { initiator: RESPONDER, responder: INITIATOR } : {}),
  });

export const ruleCases: Readonly<Record<string, RuleCase>> = {
  'tunnel-up': {
    fires: up,
    silent: stuck(),
    nearMiss: quick({}),
  },
  'keyring-mismatch-after-mm5': {
    fires: says('Key not found in keyrings of profile , aborting exchange', {
      packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
    }),
    silent: { ...stuck(), configs: [oneRing, PEER('same')] },
    // Another value fails a step earlier.
    nearMiss: { ...stuck(), configs: [twoRings, PEER('other')] },
  },
  'psk-mismatch': {
    fires: says('reserved not zero on ID payload!', {
      packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
    }),
    silent: stuck(),
    // One answer that the initiator understands: it stops at once.
    nearMiss: {
      exchanges: [wire([...opening, ...unanswered(1), sent('INFO', '<', 90, { length: 92 })])],
    },
  },
  'no-psk-for-peer': {
    fires: read('no-psk-for-peer'),
    silent: says('No pre-shared key with 192.0.2.1!', { verdict: 'mm5-unanswered' }),
    nearMiss: says('no pre-shared key based on hostname peer.example!', complete),
  },
  'keyring-mismatch-after-mm6': {
    fires: says('Key not found in keyrings of profile P, aborting exchange', { role: 'initiator' }),
    silent: up,
    nearMiss: says('Key not found in keyrings of profile P, aborting exchange', {
      role: 'responder',
    }),
  },
  'certificate-trustpoint-mismatch': {
    fires: read('certificate-trustpoint-mismatch', { auth: 'rsa-sig' }),
    silent: up,
    nearMiss: read('certificate-invalid', { auth: 'rsa-sig' }),
  },
  'certificate-invalid': {
    fires: says('%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from 192.0.2.1 is bad: expired', {
      auth: 'rsa-sig',
    }),
    silent: up,
    nearMiss: says('%CRYPTO-6-IKMP_NO_ID_CERT_ADDR_MATCH: (NOT ERROR BUT WARNING ONLY)', complete),
  },
  'identity-mismatch': {
    fires: {
      exchanges: [wire([...opening, ...unanswered(1), sent('INFO', '<', 90, { length: 92 })])],
    },
    silent: up,
    nearMiss: {
      exchanges: [
        wire([
          ...opening,
          ...unanswered(1),
          sent('INFO', '<', 90),
          sent('MM5', '>', 4000, { again: true }),
        ]),
      ],
    },
  },
  'profile-mismatch-phase2': {
    fires: says('map_db_check_isakmp_profile profile did not match', phase2Failed),
    silent: up,
    nearMiss: says('map_db_check_isakmp_profile profile did not match', complete),
  },
  'profile-not-matched': {
    fires: read('profile-not-matched'),
    silent: up,
    nearMiss: says('peer matches *none* of the profiles', complete),
  },
  'aggressive-mode-rejected': {
    fires: says(
      '%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled',
      { exchange: 'aggressive' },
    ),
    silent: up,
    nearMiss: says('Can not start Aggressive mode, trying Main mode.', complete),
  },
  'ike-version-mismatch': {
    fires: {
      exchanges: [wire([sent('SA_INIT', '>', 0), sent('SA_INIT', '<', 9, { notify: 5 })], v2)],
    },
    silent: up,
    nearMiss: {
      exchanges: [wire([sent('SA_INIT', '>', 0), sent('SA_INIT', '<', 9, { notify: 17 })], v2)],
    },
  },
  'exchange-mode-mismatch': {
    fires: {
      exchanges: [wire([sent('MM1', '>', 0), sent('INFO', '<', 9, { clear: true, notify: 29 })])],
    },
    silent: up,
    nearMiss: {
      exchanges: [wire([sent('MM1', '>', 0), sent('INFO', '<', 9, { clear: true, notify: 14 })])],
    },
  },
  'ike-policy-mismatch': {
    fires: {
      exchanges: [wire([sent('MM1', '>', 0), sent('INFO', '<', 9, { clear: true, notify: 14 })])],
    },
    silent: up,
    // The same notification, protected and after quick mode, is about phase 2.
    nearMiss: quick({ notify: 14, opened: {} }),
  },
  'ikev2-no-proposal-chosen': {
    fires: {
      exchanges: [
        wire(
          [
            ...init,
            sent('AUTH', '>', 40, { length: 300 }),
            sent('AUTH', '<', 60, {
              length: 200,
              notify: 14,
              opened: {},
              contents: [payloads.auth(2)],
            }),
          ],
          v2,
        ),
      ],
    },
    silent: up,
    nearMiss: quick({ notify: 14, opened: {} }),
  },
  'ikev2-invalid-ke': {
    fires: {
      exchanges: [wire([sent('SA_INIT', '>', 0), sent('SA_INIT', '<', 9, { notify: 17 })], v2)],
    },
    silent: up,
    nearMiss: {
      exchanges: [
        wire(
          [
            sent('SA_INIT', '>', 0),
            sent('SA_INIT', '<', 9, { notify: 17 }),
            sent('SA_INIT', '>', 20),
            sent('SA_INIT', '<', 29),
            sent('AUTH', '>', 40),
            sent('AUTH', '<', 60, { length: 240 }),
          ],
          v2,
        ),
      ],
    },
  },
  'ikev2-auth-failed': {
    fires: {
      exchanges: [
        wire(
          [...init, sent('AUTH', '>', 40, { length: 280 }), sent('AUTH', '<', 60, { length: 76 })],
          v2,
        ),
      ],
    },
    silent: {
      exchanges: [
        wire([...init, sent('AUTH', '>', 40), sent('AUTH', '<', 60, { length: 240 })], v2),
      ],
    },
    // It fails for an answer that never came as well.
    nearMiss: says('Auth exchange failed', { ikeVersion: 2, exchange: 'ikev2' }),
  },
  'ikev2-profile-not-found': {
    fires: says('% IKEv2 profile not found', { ikeVersion: 2, exchange: 'ikev2' }),
    silent: up,
    nearMiss: says("found matching IKEv2 profile 'P'", { ikeVersion: 2, exchange: 'ikev2' }),
  },
  'ikev2-ts-unacceptable': {
    fires: says('NOTIFY(TS_UNACCEPTABLE)', { ikeVersion: 2, exchange: 'ikev2', ...phase2Failed }),
    silent: up,
    nearMiss: says('NOTIFY(TS_UNACCEPTABLE)', { ikeVersion: 2, exchange: 'ikev2', ...complete }),
  },
  'pfs-mismatch': {
    fires: says('IPSec policy invalidated proposal with error 2048', phase2Failed),
    silent: up,
    // A key exchange in what is refused does not say that it is refused for it.
    nearMiss: quick({}, 500),
  },
  'proxy-identity-mismatch': {
    fires: quick({ notify: 18, opened: {} }),
    silent: up,
    nearMiss: quick({ notify: 14, opened: {} }),
  },
  'transform-set-mismatch': {
    fires: quick({ notify: 14, opened: {} }),
    silent: up,
    nearMiss: quick({ notify: 18, opened: {} }),
  },
  'xauth-failed': {
    fires: {
      exchanges: [
        wire(
          [
            ...opening,
            sent('MM5', '>', 80),
            sent('MM6', '<', 100),
            sent('CFG', '<', 120, { opened: {}, contents: [payloads.configuration(3, 16527, 0)] }),
          ],
          { completed: true },
        ),
      ],
    },
    silent: up,
    nearMiss: {
      exchanges: [
        wire(
          [
            ...opening,
            sent('MM5', '>', 80),
            sent('MM6', '<', 100),
            sent('CFG', '<', 120, { opened: {}, contents: [payloads.configuration(3, 16527, 1)] }),
          ],
          { completed: true },
        ),
      ],
    },
  },
  'mode-config-failed': {
    fires: says('Failed to allocate IP address from pool VPN'),
    silent: up,
    nearMiss: says('Failed to allocate IP address from pool VPN', complete),
  },
  'mm6-lost': {
    fires: {
      exchanges: [
        wire([
          ...opening,
          sent('MM5', '>', 80),
          sent('MM6', '<', 100),
          sent('MM5', '>', 10_080, { again: true }),
        ]),
      ],
    },
    silent: up,
    nearMiss: stuck(),
  },
  'mm5-lost': {
    fires: {
      logs: [passing('initiator', initiatorPackets), passing('responder', responderPackets)],
    },
    silent: up,
    nearMiss: {
      logs: [
        passing('initiator', initiatorPackets),
        passing('responder', [...responderPackets, [5, 'received', 'MM_KEY_EXCH']]),
      ],
    },
  },
  'nat-t-blocked': {
    fires: {
      exchanges: [
        wire([
          ...opening,
          ...unanswered(3, { port: 4500 }),
          sent('MM4', '<', 21_000, { again: true }),
        ]),
      ],
    },
    silent: up,
    nearMiss: {
      exchanges: [wire([...opening, ...unanswered(3), sent('MM4', '<', 21_000, { again: true })])],
    },
  },
  'fragments-lost': {
    fires: {
      exchanges: [
        wire([...opening, ...unanswered(3, { length: 1900, fragments: [9, 10] })], {
          transform: { ...transform, authentication: 3 },
        }),
      ],
    },
    silent: up,
    nearMiss: {
      exchanges: [
        wire([...opening, ...unanswered(3, { length: 900 })], {
          transform: { ...transform, authentication: 3 },
        }),
      ],
    },
  },
  'mm3-lost': {
    fires: {
      exchanges: [wire([...opening.slice(0, 3), sent('MM3', '>', 10_040, { again: true })])],
    },
    silent: up,
    nearMiss: {
      exchanges: [
        wire([...opening.slice(0, 3), sent('INFO', '<', 60, { clear: true, notify: 17 })]),
      ],
    },
  },
  'mm5-unanswered': {
    fires: stuck(),
    silent: up,
    nearMiss: {
      exchanges: [
        wire([...opening, sent('MM5', '>', 80), sent('MM6', '<', 100)], { completed: true }),
      ],
    },
  },
  'peer-unreachable': {
    fires: { exchanges: [wire([sent('MM1', '>', 0), sent('MM1', '>', 10_000, { again: true })])] },
    silent: up,
    // One message may be the end of the capture.
    nearMiss: { exchanges: [wire([sent('MM1', '>', 0)])] },
  },
  'dpd-peer-dead': {
    fires: says(
      'deleting SA reason "Dead Peer Detection" state (I) QM_IDLE (peer 192.0.2.1)',
      complete,
    ),
    silent: up,
    nearMiss: says('peer does not do paranoid keepalives.', complete),
  },
  'default-keyring-shadows': {
    severity: 'failure',
    fires: {
      ...stuck(),
      configs: [
        CONFIG(
          `crypto isakmp key wrong address 0.0.0.0 0.0.0.0\n${RING('kr', 'right')}`,
          `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`,
        ),
        PEER('right'),
      ],
    },
    silent: { ...stuck(), configs: [oneRing, PEER('same')] },
    nearMiss: {
      ...stuck(),
      configs: [
        CONFIG(
          `crypto isakmp key far address 203.0.113.9\n${RING('kr', 'right')}`,
          `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`,
        ),
        PEER('right'),
      ],
    },
  },
  'keyring-ambiguous': {
    fires: { configs: [twoRings] },
    silent: { configs: [oneRing] },
    nearMiss: {
      configs: [
        CONFIG(
          `${RING('kr1', 'a', '203.0.113.7')}\n${RING('kr2', 'b')}`,
          `${PROFILE('p2', 'kr2')}\n${TUNNEL('p2')}`,
        ),
      ],
    },
  },
  'profile-overlap': {
    fires: {
      configs: [
        CONFIG(
          RING('kr', 'a'),
          `${PROFILE('p1', 'kr', '192.0.2.0 255.255.255.0')}\n${PROFILE('p2', 'kr')}\n${TUNNEL('p2')}`,
        ),
      ],
    },
    silent: { configs: [oneRing] },
    nearMiss: {
      configs: [
        CONFIG(
          RING('kr', 'a'),
          `${PROFILE('p1', 'kr', '203.0.113.0 255.255.255.0')}\n${PROFILE('p2', 'kr')}\n${TUNNEL('p2')}`,
        ),
      ],
    },
  },
  'configuration-contradicts-log': {
    fires: { ...read('inconclusive', { router: 'R1', ...checkedIn('gone') }), configs: [oneRing] },
    silent: { ...read('inconclusive', { router: 'R1', ...checkedIn('kr2') }), configs: [oneRing] },
    // The configuration of the other router does not define it either.
    nearMiss: {
      ...read('inconclusive', { router: 'R1', ...checkedIn('gone') }),
      configs: [PEER('same')],
    },
  },
  'keyring-missing-from-profile': {
    fires: {
      configs: [
        CONFIG(
          RING('kr', 'a'),
          `crypto isakmp profile p\n match identity address ${INITIATOR} 255.255.255.255\n${TUNNEL('p')}`,
        ),
      ],
    },
    silent: { configs: [oneRing] },
    nearMiss: { configs: [CONFIG(RING('kr', 'a'), `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`)] },
  },
  'keyring-vrf-mismatch': {
    fires: {
      configs: [CONFIG(RING('kr vrf BLUE', 'a'), `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`)],
    },
    silent: { configs: [oneRing] },
    nearMiss: { configs: [CONFIG(RING('kr', 'a'), `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`)] },
  },
  'one-direction-only': {
    fires: { configs: [twoRings, PEER('same')] },
    silent: { configs: [oneRing, PEER('same')] },
    nearMiss: { configs: [twoRings] },
  },
  'undefined-name': {
    fires: { configs: [CONFIG(RING('kr', 'a'), `${PROFILE('p', 'nowhere')}\n${TUNNEL('p')}`)] },
    silent: { configs: [oneRing] },
    nearMiss: { configs: [CONFIG(RING('kr', 'a'), `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`)] },
  },
  'configuration-not-modelled': {
    fires: {
      configs: [
        'hostname fw\ncrypto ikev1 policy 10\n group 14\ntunnel-group 203.0.113.2 type ipsec-l2l\n',
      ],
    },
    silent: { configs: [oneRing] },
    nearMiss: { configs: [`${oneRing}access-list VPN extended permit ip any any\n`] },
  },
  'unused-name': {
    fires: {
      configs: [
        CONFIG(
          `${RING('kr', 'a')}\n${RING('spare', 'b', '203.0.113.4')}`,
          `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`,
        ),
      ],
    },
    silent: { configs: [oneRing] },
    nearMiss: { configs: [CONFIG(RING('kr', 'a'), `${PROFILE('p', 'kr')}\n${TUNNEL('p')}`)] },
  },
  'weak-algorithm': {
    fires: {
      configs: [oneRing.replace('encr aes 256', 'encr 3des').replace('group 14', 'group 2')],
    },
    silent: {
      configs: [
        oneRing
          .replaceAll('esp-sha-hmac', 'esp-sha256-hmac')
          .replace(' authentication pre-share', ' hash sha256\n authentication pre-share'),
      ],
    },
    nearMiss: {
      configs: [
        oneRing.replace(' authentication pre-share', ' hash sha256\n authentication pre-share'),
      ],
    },
  },
  'duplicate-initial-contact': {
    fires: {
      logs: [
        logOf(
          [
            "bring down existing phase 1 and 2 SA's with local 198.51.100.2 remote 192.0.2.1 remote port 500",
          ],
          { ...complete, router: 'R1' },
          'log0',
        ),
        logOf(
          [
            "bring down existing phase 1 and 2 SA's with local 198.51.100.2 remote 192.0.2.1 remote port 500",
          ],
          { ...complete, router: 'R1' },
          'log1',
        ),
      ],
    },
    silent: up,
    nearMiss: says(
      "bring down existing phase 1 and 2 SA's with local 198.51.100.2 remote 192.0.2.1 remote port 500",
      complete,
    ),
  },
  'invalid-spi': {
    fires: says(
      "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi",
      complete,
    ),
    silent: up,
    nearMiss: says(
      'ignoring request to send delete notify (no ISAKMP sa) src 1.1.1.1 dst 2.2.2.2 for SPI 0x1',
      complete,
    ),
  },
  'capture-truncated': {
    fires: {
      exchanges: [
        wire(
          mainModeUp.map((each) => ({ ...each, cut: true })),
          { completed: true },
        ),
      ],
    },
    silent: up,
    nearMiss: up,
  },
  'aggressive-probe': {
    fires: probe([]),
    silent: up,
    nearMiss: probe([payloads.vendor(UNITY)]),
  },
  'half-open': {
    fires: {
      exchanges: [
        wire([...init, sent('AUTH', '>', 40), sent('AUTH', '>', 4040, { again: true })], v2),
      ],
    },
    silent: up,
    // One message may be the end of the capture.
    nearMiss: { exchanges: [wire([...init, sent('AUTH', '>', 40)], v2)] },
  },
  'deleted-by-peer': {
    fires: says(
      'deleting SA reason "P1 delete notify (in)" state (I) QM_IDLE (peer 192.0.2.1)',
      complete,
    ),
    silent: up,
    nearMiss: says('deleting SA reason "No reason" state (I) QM_IDLE (peer 192.0.2.1)', complete),
  },
  'rekey-collision': {
    fires: { exchanges: [at(START_MS, false, 'a1'), at(START_MS + 50, true, 'b2')] },
    silent: up,
    nearMiss: { exchanges: [at(START_MS, false, 'a1'), at(START_MS + 900, true, 'b2')] },
  },
  'capture-one-sided': {
    fires: { exchanges: [wire([sent('MM1', '>', 0), sent('MM3', '>', 40), sent('MM5', '>', 80)])] },
    silent: up,
    nearMiss: {
      exchanges: [wire([sent('MM1', '>', 0), sent('MM1', '>', 10_000, { again: true })])],
    },
  },
  'debug-too-shallow': {
    fires: {
      logs: [
        logOf(['found peer pre-shared key matching 192.0.2.1'], {
          keyringSelections: [{ step: 'mm3', keyring: null, line: 1 }],
        }),
      ],
    },
    silent: up,
    nearMiss: {
      logs: [
        logOf(['Found ADDRESS key in keyring kr'], {
          keyringSelections: [{ step: 'mm3', keyring: 'kr', line: 1 }],
        }),
      ],
    },
  },
  'log-contradicts-capture': {
    fires: refusedAs('PROPOSAL_NOT_CHOSEN', 18),
    silent: refusedAs('PROPOSAL_NOT_CHOSEN', 14),
    // Another message of the same attempt, and one that stays closed.
    nearMiss: refusedAs('PROPOSAL_NOT_CHOSEN', null),
  },
  'log-outside-capture': {
    fires: {
      exchanges: [wire(opening, { initiator: '203.0.113.9' })],
      logs: [passing('responder', responderPackets)],
    },
    silent: { logs: [passing('responder', responderPackets)] },
    // One attempt of several is in the capture.
    nearMiss: clock(0),
    severity: 'warning',
  },
  'clocks-disagree': {
    fires: clock(90_000),
    silent: clock(0),
    nearMiss: clock(900),
  },
  inconclusive: {
    fires: { exchanges: [wire(opening)] },
    silent: up,
    nearMiss: stuck(),
  },
};

/** Keys given as options are proof only through a hash. */
export const provenDifferent: Given = {
  exchanges: [
    wire([...opening, ...unanswered(1)], {
      keys: {
        status: 'decrypted',
        initiatorPsk: 'A',
        responderPsk: 'B',
        candidates: [
          {
            candidate: 'A',
            side: 'initiator',
            verdict: 'verified',
            by: 'HASH_I',
            frame: 5,
            why: '',
          },
          {
            candidate: 'B',
            side: 'responder',
            verdict: 'verified',
            by: 'HASH(1)',
            frame: 5,
            why: '',
          },
        ],
      },
    }),
  ],
  candidates: [psk('alpha', 'A'), psk('bravo', 'B')],
};

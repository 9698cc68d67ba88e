/** Debugs of one attempt between 192.0.2.1 and 192.0.2.2, the ends of `map-router.ts`, around what is offered. */

export type PolicyLine = {
  readonly priority?: number;
  readonly hash?: string;
  readonly group?: number;
  readonly auth?: string;
  /** How it ends; without a text the offer is accepted. */
  readonly refused?: string;
};

export type QuickModeLines = {
  readonly hash?: string;
  readonly mode?: string;
  readonly group?: number;
  /** Behind the initiator and behind the responder. */
  readonly networks?: readonly [string, string];
  /** Error of the refusal; null for a quick mode that is granted. */
  readonly error?: number | null;
};

const NETWORKS = ['172.16.1.0/255.255.255.0/0/0', '172.16.2.0/255.255.255.0/0/0'] as const;

const stamped = (lines: readonly string[]): string =>
  lines
    .map((line, at) => {
      const ms = String(100 + at).padStart(3, '0');
      return /^ /.test(line) ? line : `Jun 19 10:00:00.${ms}: ${line}`;
    })
    .join('\n');

function checkLines({
  priority = 10,
  hash = 'SHA256',
  group = 14,
  auth = 'pre-share',
  refused,
}: PolicyLine): readonly string[] {
  return [
    `ISAKMP:(0):Checking ISAKMP transform 1 against priority ${String(priority)} policy`,
    'ISAKMP:      encryption AES-CBC',
    'ISAKMP:      keylength of 256',
    `ISAKMP:      hash ${hash}`,
    `ISAKMP:      default group ${String(group)}`,
    `ISAKMP:      auth ${auth}`,
    ...(refused === undefined
      ? ['ISAKMP:(0):atts are acceptable. Next payload is 0']
      : [
          `ISAKMP:(0):${refused} offered does not match policy!`,
          'ISAKMP:(0):atts are not acceptable. Next payload is 0',
        ]),
  ];
}

function proposalLines(
  { hash = 'SHA256', mode = '1 (Tunnel)', group, networks = NETWORKS }: QuickModeLines,
  isResponder: boolean,
): readonly string[] {
  const [near, far] = isResponder ? [networks[1], networks[0]] : networks;
  const [own, peer] = isResponder ? ['192.0.2.2', '192.0.2.1'] : ['192.0.2.1', '192.0.2.2'];
  return [
    'ISAKMP:(1001):Checking IPSec proposal 1',
    'ISAKMP: transform 1, ESP_AES',
    'ISAKMP:   attributes in transform:',
    `ISAKMP:      encaps is ${mode}`,
    `ISAKMP:      authenticator is HMAC-${hash}`,
    'ISAKMP:      key length is 256',
    ...(group === undefined ? [] : [`ISAKMP:      group is ${String(group)}`]),
    'ISAKMP:(1001):atts are acceptable.',
    `IPSEC(validate_proposal_request): proposal part #1,`,
    `  (key eng. msg.) INBOUND local= ${own}:0, remote= ${peer}:0,`,
    `    local_proxy= ${near},`,
    `    remote_proxy= ${far},`,
    '    protocol= ESP, transform= NONE  (Tunnel),',
    '    lifedur= 0s and 0kb,',
    '    spi= 0x0(0), conn_id= 0, keysize= 256, flags= 0x0',
  ];
}

const AUTHENTICATED = (peer: string): readonly string[] => [
  'ISAKMP:(1001):SA authentication status: authenticated',
  `ISAKMP:(1001):SA has been authenticated with ${peer}`,
];

const GRANTED = ['ISAKMP:(1001): Creating IPSec SAs'];

/** The debug of B, which A calls. */
export function responderLog(
  checks: readonly PolicyLine[],
  quick: QuickModeLines | null = null,
): string {
  const opened = [
    'ISAKMP (0): received packet from 192.0.2.1 dport 500 sport 500 Global (N) NEW SA',
    'ISAKMP:(0):Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH',
    'ISAKMP:(0):Old State = IKE_READY  New State = IKE_R_MM1',
    'ISAKMP:(0):processing SA payload. message ID = 0',
    'ISAKMP:(0):found peer pre-shared key matching 192.0.2.1',
    ...checks.flatMap(checkLines),
  ];
  if (quick === null) {
    return stamped([
      ...opened,
      'ISAKMP:(0):no offers accepted!',
      'ISAKMP:(0):phase 1 SA policy not acceptable! (local 192.0.2.2 remote 192.0.2.1)',
      'ISAKMP:(0):deleting SA reason "Phase1 SA policy proposal not accepted" state (R) MM_NO_STATE (peer 192.0.2.1)',
    ]);
  }
  const { error = null } = quick;
  return stamped([
    ...opened,
    ...AUTHENTICATED('192.0.2.1'),
    'ISAKMP:(1001):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE',
    'ISAKMP:(1001):processing HASH payload. message ID = 77',
    'ISAKMP:(1001):processing SA payload. message ID = 77',
    ...proposalLines(quick, true),
    ...(error === null
      ? [
          'ISAKMP:(1001):Old State = IKE_QM_READY  New State = IKE_QM_SPI_STARVE',
          ...GRANTED,
          'ISAKMP:(1001):Old State = IKE_QM_R_QM2  New State = IKE_QM_PHASE2_COMPLETE',
        ]
      : [
          `ISAKMP:(1001):IPSec policy invalidated proposal with error ${String(error)}`,
          'ISAKMP:(1001):phase 2 SA policy not acceptable! (local 192.0.2.2 remote 192.0.2.1)',
          'ISAKMP:(1001):deleting node 77 error TRUE reason "QM rejected"',
          'ISAKMP:(1001):Old State = IKE_QM_READY  New State = IKE_QM_READY',
        ]),
  ]);
}

/** The debug of A, which brings the tunnel up. */
export function initiatorLog(check: PolicyLine, quick: QuickModeLines): string {
  return stamped([
    'ISAKMP:(0): SA request profile is (NULL)',
    'ISAKMP: Locking peer struct 0x6, refcount 1 for isakmp_initiator',
    'ISAKMP:(0):found peer pre-shared key matching 192.0.2.2',
    'ISAKMP:(0):Old State = IKE_READY  New State = IKE_I_MM1',
    'ISAKMP:(0): beginning Main Mode exchange',
    'ISAKMP:(0): sending packet to 192.0.2.2 my_port 500 peer_port 500 (I) MM_NO_STATE',
    'ISAKMP (0): received packet from 192.0.2.2 dport 500 sport 500 Global (I) MM_NO_STATE',
    ...checkLines(check),
    ...AUTHENTICATED('192.0.2.2'),
    'ISAKMP: Trying to insert a peer 192.0.2.1/192.0.2.2/500/,  and inserted successfully 6.',
    'ISAKMP:(1001):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
    'ISAKMP:(1001):beginning Quick Mode exchange, M-ID of 77',
    'ISAKMP:(1001):Old State = IKE_QM_READY  New State = IKE_QM_I_QM1',
    'ISAKMP:(1001):processing SA payload. message ID = 77',
    ...proposalLines(quick, false),
    ...GRANTED,
    'ISAKMP:(1001):Old State = IKE_QM_I_QM1  New State = IKE_QM_PHASE2_COMPLETE',
  ]);
}

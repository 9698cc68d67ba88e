import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { diagnosisOf } from '../support/incident.ts';

/** Whole debug lines of phase 1, so that what the log reader makes of them is held to the rules as well. */
const PEER = '203.0.113.40';
const stamped = (lines: readonly string[]): string =>
  lines.map((line, at) => `*Mar  3 10:00:${String(at).padStart(2, '0')}.000: ${line}`).join('\n');
const told = (...lines: readonly string[]): readonly Finding[] =>
  diagnosisOf({ logs: [stamped(lines)] }).findings.filter(({ id }) => id !== 'debug-too-shallow');
const ids = (findings: readonly Finding[]): readonly string[] => findings.map(({ id }) => id);
const step = (...lines: readonly string[]): string | null =>
  diagnosisOf({ logs: [stamped(lines)] }).negotiations[0]!.failingStep;
const words = ({ title, explanation, remedies, settle }: Finding): string =>
  [title, explanation, ...remedies.map(({ text }) => text), ...settle].join(' ');

const sends = (state: string, id = 0, port = 500): string =>
  `ISAKMP:(${id}): sending packet to ${PEER} my_port ${port} peer_port ${port} (I) ${state}`;
const gets = (state: string, id = 0): string =>
  `ISAKMP (${id}): received packet from ${PEER} dport 500 sport 500 Global (I) ${state}`;
const called = `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (N) NEW SA`;
const moved = (from: string, to: string, id = 0): string =>
  `ISAKMP:(${id}):Old State = ${from}  New State = ${to}`;
const offers = (auth: string): readonly string[] => [
  'ISAKMP:(0):Checking ISAKMP transform 1 against priority 10 policy',
  'ISAKMP:      encryption AES-CBC',
  'ISAKMP:      hash SHA',
  'ISAKMP:      default group 14',
  `ISAKMP:      auth ${auth}`,
];
const accepted = (auth: string): readonly string[] => [
  ...offers(auth),
  'ISAKMP:(0):atts are acceptable. Next payload is 0',
];
const mainMode = (auth = 'pre-share'): readonly string[] => [
  'ISAKMP:(0): beginning Main Mode exchange',
  sends('MM_NO_STATE'),
  gets('MM_NO_STATE'),
  ...accepted(auth),
  sends('MM_SA_SETUP'),
  gets('MM_SA_SETUP'),
];
const refusal = (id: number, state: string): readonly string[] => [
  `ISAKMP:(${id}):Notify has no hash. Rejected.`,
  `ISAKMP (${id}): Unknown Input IKE_MESG_FROM_PEER, IKE_INFO_NOTIFY:  state = ${state}`,
];
const givesUp = (id: number, role = 'I'): readonly string[] => [
  `ISAKMP:(${id}): retransmitting phase 1 MM_KEY_EXCH...`,
  `ISAKMP:(${id}):deleting SA reason "Death by retransmission P1" state (${role}) MM_KEY_EXCH (peer ${PEER})`,
];

describe('a certificate that is refused', () => {
  const refused = `%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from ${PEER} is bad: unknown error returned in certificate validation`;
  const expired =
    '%PKI-3-CERTIFICATE_INVALID_EXPIRED: Certificate chain validation has failed.  The certificate (SN: 1A) has expired.    Validity period ended on 08:15:00 UTC May 4 2020';
  const asInitiator = [
    ...mainMode('RSA sig'),
    sends('MM_KEY_EXCH', 7),
    gets('MM_KEY_EXCH', 7),
    'ISAKMP:(0):: peer matches *none* of the profiles',
    'ISAKMP:(7): processing a CT_X509_SIGNATURE cert',
  ];
  const asResponder = [
    called,
    ...accepted('RSA sig'),
    `ISAKMP:(7): sending packet to ${PEER} my_port 500 peer_port 500 (R) MM_KEY_EXCH`,
    `ISAKMP (7): received packet from ${PEER} dport 500 sport 500 Global (R) MM_KEY_EXCH`,
    moved('IKE_R_MM4', 'IKE_R_MM5', 7),
  ];
  const matched = 'ISAKMP:(0):: peer matches BRANCH profile';

  it('is told with the reason that the router names, at the message that brought it', () => {
    const lines = [...asInitiator, expired, refused, 'ISAKMP (7): FSM action returned error: 2'];
    const findings = told(...lines);
    expect(ids(findings)).toEqual(['certificate-invalid']);
    expect(words(findings[0]!)).toMatch(/has expired.*Renew the certificate/s);
    expect(words(findings[0]!)).not.toMatch(/trust-point/);
    expect(step(...lines)).toBe('mm6-cert-validate');
  });

  it('is one of another trustpoint only where a profile is known and nothing else is named', () => {
    const mismatch = 'certificate-trustpoint-mismatch';
    expect(ids(told(...asResponder, matched, refused))).toEqual([mismatch]);
    expect(ids(told(...asResponder, refused))).toEqual(['certificate-invalid']);
    expect(ids(told(...asResponder, matched, expired, refused))).toEqual(['certificate-invalid']);
    expect(ids(told(...asResponder, 'CRYPTO_PKI: (A01) No suitable trustpoints found'))).toEqual([
      mismatch,
    ]);
  });

  it('is none of a profile that allows every trustpoint', () => {
    const profile = (trust: string): string =>
      `hostname R9\ncrypto isakmp profile BRANCH\n${trust} match identity host hub.example\ninterface GigabitEthernet0/0\n ip address 203.0.113.9 255.255.255.0\n`;
    const lines = stamped([...asResponder, matched, refused]);
    const first = (config: string): string | undefined =>
      diagnosisOf({ logs: [lines], configs: [config] }).findings[0]?.id;
    expect(first(profile(' ca trust-point TP-EAST\n'))).toBe('certificate-trustpoint-mismatch');
    expect(first(profile(''))).toBe('certificate-invalid');
  });

  it('is not told by a name that is not in the certificate, while the exchange goes on', () => {
    const unnamed = 'ISAKMP:(7): Unable to get DN from certificate!';
    const identity = [
      'ISAKMP:(7): processing ID payload. message ID = 0',
      'ISAKMP (7): ID payload\n\tnext-payload : 6\n\ttype         : 2\n\tFQDN name    : hub.example',
    ];
    const open = [...asInitiator, ...identity, unnamed];
    expect(ids(told(...open, 'ISAKMP:(7): processing SIG payload. message ID = 0'))).toEqual([
      'inconclusive',
    ]);
    expect(ids(told(...open, 'ISAKMP (7): FSM action returned error: 2'))).toEqual([
      'certificate-invalid',
    ]);
  });
});

describe('a notification in clear', () => {
  it('that answers MM1 refuses the policy', () => {
    const lines = [
      'ISAKMP:(0): beginning Main Mode exchange',
      sends('MM_NO_STATE'),
      gets('MM_NO_STATE'),
      ...refusal(0, 'IKE_I_MM1'),
    ];
    expect(ids(told(...lines))).toEqual(['ike-policy-mismatch']);
  });

  it('that answers MM5 refuses MM5, wherever the paste begins', () => {
    const cut = [gets('MM_KEY_EXCH', 7), ...refusal(7, 'IKE_I_MM5'), sends('MM_KEY_EXCH', 7)];
    const whole = [...mainMode(), sends('MM_KEY_EXCH', 7), ...cut, ...givesUp(7)];
    for (const lines of [cut, whole]) {
      const findings = told(...lines);
      expect(ids(findings)).toEqual(['mm5-unanswered']);
      expect(words(findings[0]!)).toMatch(/rejects MM5.*different key is the first thing/s);
      expect(words(findings[0]!)).not.toMatch(/lost|policy/);
      expect(step(...lines)).toBe('mm6-wait');
    }
  });

  it.each([
    [
      'of which only the failure is told',
      [`%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Informational mode failed with peer at ${PEER}`],
      /with a notification instead of MM6.*different key is the first thing/s,
    ],
    [
      'that is authenticated',
      [
        'ISAKMP:(7): processing HASH payload. message ID = 1150441233',
        'ISAKMP:(7): processing NOTIFY INVALID_ID_INFORMATION protocol 1\n\tspi 0, message ID = 1150441233, sa = 0x65A3A4C8',
      ],
      /with an authenticated notification.*keys of both ends are the same/s,
    ],
    ['of which nothing is told', [], /something that is not MM6 and cannot be read\. MM5 arrives/],
  ])('or one %s, behind MM5, shows that MM5 arrived', (_, answer, expected) => {
    const [finding] = told(
      ...mainMode(),
      sends('MM_KEY_EXCH', 7),
      gets('MM_KEY_EXCH', 7),
      ...answer,
      sends('MM_KEY_EXCH', 7),
      ...givesUp(7),
    );
    expect(finding?.id).toBe('mm5-unanswered');
    expect(finding?.explanation).toMatch(expected);
    expect(finding?.explanation).not.toMatch(/loss/);
  });

  it.each(['INITIAL_CONTACT', 'RESPONDER_LIFETIME'])('of the status %s refuses nothing', (type) => {
    const [finding] = told(
      ...mainMode(),
      sends('MM_KEY_EXCH', 7),
      gets('MM_KEY_EXCH', 7),
      'ISAKMP:(7): processing HASH payload. message ID = 1150441233',
      `ISAKMP:(7): processing NOTIFY ${type} protocol 1\n\tspi 0, message ID = 1150441233, sa = 0x65A3A4C8`,
      sends('MM_KEY_EXCH', 7),
      ...givesUp(7),
    );
    expect(finding?.title).toMatch(/^MM5 of .* is not answered by/);
    expect(finding?.explanation).toMatch(/reports a status and refuses nothing.*keys of both/s);
    expect(`${finding?.explanation} ${finding?.settle.join(' ')}`).not.toMatch(
      /rejects|cannot be read|another key/,
    );
  });

  it('whose keys agree leaves no other key to look for', () => {
    const [finding] = told(
      ...mainMode(),
      sends('MM_KEY_EXCH', 7),
      gets('MM_KEY_EXCH', 7),
      'ISAKMP:(7): processing HASH payload. message ID = 1150441233',
      'ISAKMP:(7): processing NOTIFY AUTHENTICATION_FAILED protocol 1\n\tspi 0, message ID = 1150441233, sa = 0x65A3A4C8',
      sends('MM_KEY_EXCH', 7),
      ...givesUp(7),
    );
    expect(finding?.title).toMatch(/rejects MM5/);
    expect(finding?.settle.join(' ')).toMatch(/Key not found in keyrings of profile/);
    expect(finding?.settle.join(' ')).not.toMatch(/another key/);
  });

  it('that answers AM1 does not say why', () => {
    const lines = [
      'ISAKMP:(0): beginning Aggressive Mode exchange',
      sends('AG_INIT_EXCH'),
      gets('AG_INIT_EXCH'),
      ...refusal(0, 'IKE_I_AM1'),
    ];
    const [finding] = told(...lines);
    expect(finding?.id).toBe('aggressive-mode-rejected');
    expect(finding?.explanation).toMatch(/may be disabled there, no policy may fit/);
    const own = told(
      ...lines.slice(0, 2),
      '%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled',
    );
    expect(own[0]?.explanation).toMatch(/has it disabled/);
  });
});

describe('MM5 without an answer', () => {
  const unanswered = (auth: string, port: number): Finding =>
    told(...mainMode(auth), sends('MM_KEY_EXCH', 7, port), ...givesUp(7))[0]!;

  it('is told with the port to which a translation moves it', () => {
    expect(unanswered('pre-share', 4500).explanation).toMatch(/UDP 4500/);
    expect(unanswered('pre-share', 500).explanation).not.toMatch(/UDP 4500/);
  });

  it('is told without keys where signatures authenticate', () => {
    expect(words(unanswered('RSA sig', 500))).not.toMatch(/keyring|ID payload|SKEYID/);
  });
});

describe('a search that finds no key', () => {
  const none = `ISAKMP:(0):No pre-shared key with ${PEER}!`;
  const aborted = 'ISAKMP:(0):Profile has no keyring, aborting key search';

  it('ends the attempt of an initiator that sends nothing', () => {
    const begins = 'ISAKMP:(0): SA request profile is (NULL)';
    expect(ids(told(begins, none))).toEqual(['no-psk-for-peer']);
    expect(ids(told(begins, none, 'ISAKMP:(0): No Cert or pre-shared address key.'))).toEqual([
      'no-psk-for-peer',
    ]);
  });

  it('is no fault of a router that authenticates with signatures', () => {
    const goesOn = [...mainMode('RSA sig'), sends('MM_KEY_EXCH', 7), ...givesUp(7)];
    for (const line of [none, aborted])
      expect(ids(told(line, ...goesOn)), line).toEqual(['mm5-unanswered']);
  });

  it('is no fault of a responder to which certificates are offered', () => {
    const hash = 'ISAKMP:(0):Hash algorithm offered does not match policy!';
    const refused = ['ISAKMP:(0):no offers accepted!'];
    expect(ids(told(called, none, ...offers('RSA sig'), hash, ...refused))).toEqual([
      'ike-policy-mismatch',
    ]);
    expect(ids(told(called, none, ...offers('pre-share'), ...refused))).toEqual([
      'no-psk-for-peer',
    ]);
  });
});

describe('a policy that does not fit', () => {
  const refused = [
    ...offers('pre-share'),
    'ISAKMP:(0): Diffie-Hellman group offered does not match policy!',
    'ISAKMP:(0):atts are not acceptable. Next payload is 0',
    'ISAKMP:(0):no offers accepted!',
  ];

  it('is that of the responder where it refuses MM1', () => {
    const [first] = told(called, ...refused);
    expect(first!.title).toMatch(/accepts no IKE proposal/);
  });

  it('is told of the initiator where that refuses MM2', () => {
    const [first] = told(sends('MM_NO_STATE'), gets('MM_NO_STATE'), ...refused);
    expect(first!.id).toBe('ike-policy-mismatch');
    expect(first!.title).toMatch(/^The initiator refuses what 203\.0\.113\.40 answers$/);
    expect(words(first!)).toMatch(/Diffie-Hellman group.*was not offered/s);
  });

  it('is not certain where MM1 is answered by a notification in clear', () => {
    const [first] = told(sends('MM_NO_STATE'), gets('MM_NO_STATE'), ...refusal(0, 'IKE_I_MM1'));
    expect(first).toMatchObject({ id: 'ike-policy-mismatch', confidence: 'inferred' });
    expect(words(first!)).toMatch(/without a pre-shared key/);
  });
});

describe('a key that is missing', () => {
  it('is told without a word of packets where MM1 went out', () => {
    const none = `ISAKMP: No cert, and no keys (public or pre-shared) with remote peer ${PEER}`;
    const [first] = told(sends('MM_NO_STATE'), gets('MM_NO_STATE'), none);
    expect(first!.id).toBe('no-psk-for-peer');
    expect(words(first!)).not.toMatch(/no packet/);
  });

  it('is told with the profile that names no keyring', () => {
    const [first] = told(
      'ISAKMP:(0): SA request profile is BRANCH',
      `ISAKMP: Created a peer struct for ${PEER}, peer port 500`,
      'ISAKMP:(0):Profile has no keyring, aborting key search',
      'ISAKMP:(0):No Cert or pre-shared address key.',
    );
    expect(first!.id).toBe('no-psk-for-peer');
    expect(words(first!)).toMatch(/ISAKMP profile BRANCH names no keyring/);
    expect(words(first!)).not.toMatch(/searched its keyrings/);
  });
});

describe('an attempt that another one replaced', () => {
  const dropped = [
    ...mainMode(),
    sends('MM_KEY_EXCH', 7),
    'ISAKMP:(7): retransmitting phase 1 MM_KEY_EXCH...',
    `ISAKMP:(7):deleting SA reason "Receive initial contact" state (I) MM_KEY_EXCH (peer ${PEER})`,
  ];

  it('is no failure', () => {
    const findings = told(...dropped, called, ...accepted('pre-share'));
    expect(ids(findings)).toContain('inconclusive');
    expect(ids(findings)).not.toContain('mm5-unanswered');
    expect(findings.some(({ title }) => /took the place of this attempt/.test(title))).toBe(true);
  });

  it.each([
    ['no other SA', []],
    ['none but with another peer', [called.replace(PEER, '203.0.113.77')]],
  ])('may be none: the log shows %s', (_, more) => {
    const [first] = told(...dropped, ...more);
    expect(first!.id).toBe('mm5-unanswered');
    expect(words(first!)).toMatch(/if the two have another SA since/);
  });
});

describe('a notification in clear that a firewall names', () => {
  const at = (text: string): string => `Jul 15 10:00:01 [IKEv1]: IP = ${PEER}, ${text}`;
  const packet = (how: string, payloads: string): string =>
    at(
      `IKE_DECODE ${how} Message (msgid=0) with payloads : HDR + ${payloads} + NONE (0) total length : 148`,
    );
  const offer = 'SA (1) + VENDOR (13)';
  const keys = 'KE (4) + NONCE (10) + VENDOR (13)';
  const mm1 = [packet('SENDING', offer)];
  const mm3 = [...mm1, packet('RECEIVED', offer), packet('SENDING', keys)];
  const answer = (type: string): readonly string[] => [
    packet('RECEIVED', 'NOTIFY (11)'),
    at(`Received an un-encrypted ${type} notify message, dropping`),
  ];
  const first = (...lines: readonly string[]): Finding =>
    diagnosisOf({ logs: [lines.join('\n')] }).findings[0]!;

  it('as the answer to MM1 is the refusal of the offers, with its name', () => {
    const finding = first(...mm1, ...answer('NO_PROPOSAL_CHOSEN'));
    expect(finding).toMatchObject({ id: 'ike-policy-mismatch', confidence: 'inferred' });
    expect(words(finding)).toMatch(/answers MM1 with NO_PROPOSAL_CHOSEN in clear/);
    expect(words(finding)).not.toMatch(/does not show the type|A capture/);
  });

  it.each([
    ['MM1', mm1, 'INVALID_COOKIE'],
    ['MM1', mm1, 'INVALID_EXCHANGE_TYPE'],
    ['MM3', mm3, 'INVALID_COOKIE'],
    ['MM3', mm3, 'NO_PROPOSAL_CHOSEN'],
    ['MM3', mm3, 'AUTHENTICATION_FAILED'],
  ])('answers %s: %# %s', (message, lines, type) => {
    const finding = first(...lines, ...answer(type));
    expect(finding).toMatchObject({ id: 'inconclusive', confidence: 'inferred' });
    expect(finding.title).toMatch(new RegExp(`answers ${message} of .* with ${type}$`));
    expect(words(finding)).not.toMatch(/when it was repeated/);
    expect(finding.evidence.some(({ text }) => text.includes(`un-encrypted ${type}`))).toBe(true);
  });

  it('tells of a forgotten exchange only where that was answered once and then repeated', () => {
    const finding = first(...mm3, packet('RESENDING', keys), ...answer('INVALID_COOKIE'));
    expect(words(finding)).toMatch(/it has given the exchange up.*when it was repeated/s);
  });
});

import { describe, expect, it } from 'vitest';
import { meaningOfError } from '../../src/diagnose/ikev2-errors.ts';
import { diagnosisOf } from '../support/incident.ts';
import type { Finding } from '../../src/model/finding.ts';

/** Whole debug lines of IKEv2, so that what the log reader makes of them is held to the rules as well. */
const HERE = '198.51.100.2';
const PEER = '192.0.2.7';
const tag = 'IKEv2:(SESSION ID = 31,SA ID = 1):';
const error = 'IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):';
const told = (lines: readonly string[]): readonly Finding[] =>
  diagnosisOf({ logs: [lines.join('\n')] }).findings.filter(
    ({ severity }) => severity !== 'warning',
  );
const only = (lines: readonly string[]): Finding => {
  const findings = told(lines);
  expect(findings.map(({ id }) => id)).toHaveLength(1);
  return findings[0]!;
};
const packet = (
  way: 'Sending Packet [To' | 'Received Packet [From',
  exchange: string,
  payloads: string,
  port = 500,
): readonly string[] => [
  `${tag}${way} ${PEER}:${port}/${way.startsWith('S') ? 'From' : 'To'} ${HERE}:${port}/VRF i0:f0]`,
  'Initiator SPI : 352F8CB45CC6EE7E - Responder SPI : 97B2C8AA5268271A Message id: 1',
  `IKEv2 ${exchange}`,
  'Payload contents:',
  ` ${payloads}`,
];
const authSent = packet('Sending Packet [To', 'IKE_AUTH Exchange REQUEST', 'ENCR', 4500);
const authReceived = packet(
  'Received Packet [From',
  'IKE_AUTH Exchange REQUEST',
  'IDi CERT AUTH SA TSi TSr',
);
const installed = `${tag}[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED`;
const noticeSent = `${tag}Sending authentication failure notify`;
const authFailed = `${tag}Auth exchange failed`;
const limit = `${error}: Maximum number of retransmissions reached`;
const created = `${tag}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started`;
const passed = `${tag}Verification of peer's authenctication data PASSED`;
const unverified = `${tag}Verification of peer's authentication data FAILED`;
const noneSent = `${tag}Sending no proposal chosen notify`;

describe('IKE_AUTH that nobody answers', () => {
  const unanswered = [...authSent, `${tag}Retransmitting packet`, ...authSent, limit, authFailed];

  it('is no wrong key', () => {
    const finding = only(unanswered);
    expect(finding).toMatchObject({ id: 'half-open', severity: 'failure' });
    expect(finding.title).toBe(`IKE_AUTH of ${HERE} is not answered`);
  });

  it('is UDP 4500 where a translation was found, by inference', () => {
    expect(only([`${tag}NAT OUTSIDE found`, ...unanswered])).toMatchObject({
      id: 'nat-t-blocked',
      confidence: 'inferred',
    });
  });

  it('may as well be its size where certificates are in it', () => {
    const signs = `${tag}My authentication method is 'RSA'`;
    expect(only([`${tag}NAT OUTSIDE found`, signs, ...unanswered]).id).toBe('half-open');
  });

  it('is told by the end that waits for it', () => {
    const missing = `${error}: Failed to receive the AUTH msg before the timer expired`;
    const finding = only([
      ...packet('Received Packet [From', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N'),
      missing,
      authFailed,
    ]);
    expect(finding.title).toBe(`IKE_AUTH of ${PEER} does not arrive at ${HERE}`);
  });

  it.each([
    ['SKF', [], `IKE_AUTH of ${PEER} does not arrive whole at ${HERE}`],
    [
      'IDi CERTREQ SA TSi TSr',
      [`${tag}Building packet for encryption.`, 'Payload contents:', ' VID IDr CERT AUTH EAP'],
      `${PEER} does not answer EAP of ${HERE}`,
    ],
    ['IDi AUTH SA TSi TSr', [], `IKE_AUTH of ${PEER} goes on no further at ${HERE}`],
  ])('may be the rest of it: %s', (payloads, answer, title) => {
    const finding = only([
      ...packet('Received Packet [From', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N'),
      ...packet('Received Packet [From', 'IKE_AUTH Exchange REQUEST', payloads),
      ...answer,
      `${error}: Failed to receive the AUTH msg before the timer expired`,
      authFailed,
    ]);
    expect(finding).toMatchObject({ id: 'half-open', severity: 'failure', title });
  });

  it('is not told of an exchange that fails without a reason', () => {
    const finding = only([authFailed]);
    expect(finding.id).toBe('ikev2-auth-failed');
    expect(finding.explanation).toContain('not why');
    expect(finding.explanation).not.toContain('differs');
  });
});

describe('IKE_AUTH that is refused', () => {
  it('by the peer, whose log alone says why', () => {
    const finding = only([
      ...packet(
        'Received Packet [From',
        'IKE_AUTH Exchange RESPONSE',
        'NOTIFY(AUTHENTICATION_FAILED)',
      ),
      authFailed,
    ]);
    expect(finding).toMatchObject({
      id: 'ikev2-auth-failed',
      title: `${PEER} refuses ${HERE} in IKE_AUTH`,
    });
    expect(finding.settle.join()).toContain(`"debug crypto ikev2" of ${PEER}`);
  });

  it.each(['INVALID_SYNTAX', 'TEMPORARY_FAILURE'])('by the peer, with %s', (name) => {
    const finding = only([
      ...packet('Received Packet [From', 'IKE_AUTH Exchange RESPONSE', `NOTIFY(${name})`),
      authFailed,
    ]);
    expect(finding.title).toBe(`${PEER} answers IKE_AUTH of ${HERE} with ${name}`);
    expect(finding.explanation).toContain(`with ${name}: ${meaningOfError(name)!}.`);
  });

  it.each([
    ['PSK', /Make the local key/],
    ['RSA', /public key of the certificate/],
  ])('because %s does not verify', (method, advice) => {
    const finding = only([`${tag}Peer's authentication method is '${method}'`, unverified]);
    expect(finding.remedies[0]!.text).toMatch(advice);
  });

  it('because no peer block fits', () => {
    const finding = only([
      `${tag}Searching policy based on peer's identity '${PEER}' of type 'IPv4 address'`,
      "IKEv2:found matching IKEv2 profile 'P7'",
      'IKEv2:% Getting preshared key from profile keyring KR7',
      `${error}: Failed to locate an item in the database`,
      unverified,
      authFailed,
    ]);
    expect(finding.id).toBe('no-psk-for-peer');
    expect(finding.title).toContain('no peer block of keyring KR7 matches');
  });

  it('because a certificate has expired', () => {
    const finding = only([
      `${tag}Peer's authentication method is 'RSA'`,
      '%PKI-3-CERTIFICATE_INVALID_EXPIRED: Certificate chain validation has failed.  The certificate (SN: 07) has expired.',
      unverified,
    ]);
    expect(finding.id).toBe('certificate-invalid');
    expect(finding.title).toMatch(/has expired$/);
  });

  it('because the user is refused', () => {
    const finding = only([
      ...packet('Received Packet [From', 'IKE_AUTH Exchange REQUEST', 'EAP'),
      `${tag}Sending authentication failure notify`,
      authFailed,
    ]);
    expect(finding.title).toBe(`${HERE} refuses the user of ${PEER}`);
  });

  it('behind an AUTH payload that fits', () => {
    const finding = only([
      passed,
      'IKEv2-ERROR:AAA authorization request failed: Invalid AAA method list',
      `${tag}Sending authentication failure notify`,
      authFailed,
    ]);
    expect(finding).toMatchObject({ id: 'ikev2-auth-failed', severity: 'failure' });
    expect(finding.explanation).toContain('Invalid AAA method list');
  });
});

describe('a gateway that sends its peer to another one', () => {
  it('is no failure', () => {
    const finding = only([
      ...packet('Sending Packet [To', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N'),
      ...packet('Received Packet [From', 'IKE_SA_INIT Exchange RESPONSE', 'NOTIFY(REDIRECT)'),
      `${tag}Deleting SA`,
    ]);
    expect(finding).toMatchObject({ id: 'inconclusive', severity: 'note' });
    expect(finding.title).toBe(`${PEER} sends ${HERE} to another gateway`);
  });
});

describe('a Diffie-Hellman group that the initiator has not', () => {
  const opened = packet('Sending Packet [To', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N');
  const asked = [
    ...packet(
      'Received Packet [From',
      'IKE_SA_INIT Exchange RESPONSE',
      'NOTIFY(INVALID_KE_PAYLOAD)',
    ),
    `${tag}Processing invalid ke notification, we sent group 14, peer prefers group 21`,
  ];
  const none = `${error}: Failed to find a matching policy`;
  const over = [`${tag}Failed SA init exchange`, `${tag}Deleting SA`];

  it('is what the exchange fails for', () => {
    const finding = only([...opened, ...asked, none, ...over]);
    expect(finding.id).toBe('ikev2-invalid-ke');
    expect(finding.explanation).toContain(`${HERE} sent group 14, and ${PEER} wants group 21.`);
    expect(finding.explanation).toContain('has no proposal with that group');
  });

  it('is not where it was tried again, and then refused', () => {
    const refused = packet(
      'Received Packet [From',
      'IKE_SA_INIT Exchange RESPONSE',
      'NOTIFY(NO_PROPOSAL_CHOSEN)',
    );
    const finding = only([...opened, ...asked, ...opened, ...refused, none, ...over]);
    expect(finding.id).toBe('ike-policy-mismatch');
  });
});

describe('an end that has no certificate of its own', () => {
  const none = '[PKI -> IKEv2] Getting of cert chain for the trustpoint FAILED';
  it('gives up before anybody is refused', () => {
    const finding = only([
      'IKEv2:% Getting preshared key from profile keyring KR-WAN',
      ...packet('Sending Packet [To', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N'),
      `${tag}My authentication method is 'RSA'`,
      `IKEv2:${none}`,
      authFailed,
    ]);
    expect(finding.id).toBe('ikev2-auth-failed');
    expect(finding.title).toBe(`${HERE} has no certificate to authenticate itself with`);
    expect(finding.evidence.map(({ text }) => text).join()).toContain(none);
  });
});

describe('proposals that are refused', () => {
  const policies = (kind: string, received: string, expected: string): readonly string[] => [
    `${error}Received Policies: `,
    `${kind}Proposal 1:  ${received}`,
    `${error}Expected Policies: `,
    `${kind}Proposal 1:  ${expected}`,
    `${error}: Failed to find a matching policy`,
    noneSent,
  ];

  it.each([
    [
      'AES-CBC-128 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
      'AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
      'the AES key length (AES-CBC-128 offered, AES-CBC-256 accepted)',
    ],
    [
      'AES-CBC-256 SHA1 SHA96 DH_GROUP_1536_MODP/Group 5',
      'AES-CBC-256 SHA512 SHA512 DH_GROUP_2048_MODP/Group 14',
      'the PRF (SHA1 offered, SHA512 accepted), the integrity hash (SHA96 offered, SHA512 accepted) and the Diffie-Hellman group (group 5 offered, group 14 accepted)',
    ],
    [
      'AES-CBC-256 SHA256 SHA96 DH_GROUP_2048_MODP/Group 14',
      'AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
      'the integrity hash (SHA96 offered, SHA256 accepted)',
    ],
    [
      'ENCRYPTION: AES-CBC-256 PRF: SHA256 INTEGRITY: SHA96 DH GROUP: DH_GROUP_2048_MODP/Group 14',
      'ENCRYPTION: AES-CBC-256 PRF: SHA256 INTEGRITY: SHA256 DH GROUP: DH_GROUP_2048_MODP/Group 14',
      'the integrity hash (SHA96 offered, SHA256 accepted)',
    ],
    [
      'AES-CBC-256 SHA512 SHA256 DH_GROUP_2048_MODP/Group 14',
      'AES-CBC-256 SHA256 SHA512 DH_GROUP_2048_MODP/Group 14',
      'the PRF (SHA512 offered, SHA256 accepted) and the integrity hash (SHA256 offered, SHA512 accepted)',
    ],
    [
      'AES-CBC-256 SHA512 SHA384 SHA512 SHA384 DH_GROUP_2048_MODP/Group 14',
      'AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
      'the PRF (SHA512 and SHA384 offered, SHA256 accepted) and the integrity hash (SHA512 and SHA384 offered, SHA256 accepted)',
    ],
    [
      'AES-GCM-256 SHA512 None DH_GROUP_256_ECP/Group 19',
      'AES-CBC-256 SHA512 SHA512 DH_GROUP_256_ECP/Group 19',
      'the cipher (AES-GCM-256 offered, AES-CBC-256 accepted) and the integrity hash (None offered, SHA512 accepted)',
    ],
    [
      'AES-CBC-128 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14\nProposal 2:  AES-CBC-256 SHA256 SHA256 DH_GROUP_1536_MODP/Group 5',
      'AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
      'the AES key length (AES-CBC-128 offered, AES-CBC-256 accepted) with offered proposal 1, and over the Diffie-Hellman group (group 5 offered, group 14 accepted) with offered proposal 2',
    ],
    [
      'AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14',
      'AES-CBC-128 SHA1 SHA96 DH_GROUP_2048_MODP/Group 14\nProposal 2:  AES-CBC-256 SHA256 SHA256 DH_GROUP_256_ECP/Group 19',
      'the Diffie-Hellman group (group 14 offered, group 19 accepted)',
    ],
    [
      '3DES SHA1 SHA96 DH_GROUP_2048_MODP/Group 14',
      'AES-CBC-256 SHA1 SHA96 DH_GROUP_2048_MODP/Group 14',
      'the cipher (3DES offered, AES-CBC-256 accepted)',
    ],
  ])('for the IKE SA: %s', (received, expected, over) => {
    const finding = only(policies('', received, expected));
    expect(finding.id).toBe('ike-policy-mismatch');
    expect(finding.explanation).toContain(`It fails over ${over}.`);
    expect(finding.settle).toEqual([]);
  });

  it('are read from the line itself as well', () => {
    const inline = (kind: string, transforms: string): string =>
      `${error}${kind} Policies: : Failed to find a matching policyProposal 1:  ${transforms}`;
    const finding = only([
      inline('Received', 'AES-CBC-128 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14'),
      inline('Expected', 'AES-CBC-256 SHA256 SHA256 DH_GROUP_2048_MODP/Group 14'),
    ]);
    expect(finding.explanation).toContain('AES-CBC-128 offered');
  });

  it('for the child SA, while the IKE SA stands', () => {
    const finding = only([
      passed,
      ...policies('ESP: ', "AES-CBC-256 SHA96 Don't use ESN", "AES-GCM-256 Don't use ESN"),
      created,
    ]);
    expect(finding.id).toBe('transform-set-mismatch');
    expect(finding.explanation).toContain('the cipher (AES-CBC-256 offered, AES-GCM-256 accepted)');
  });

  it('when it is renewed, by the end that was asked', () => {
    const finding = only([
      ...packet(
        'Received Packet [From',
        'CREATE_CHILD_SA Exchange REQUEST',
        'SA N KE TSi TSr NOTIFY(REKEY_SA)',
      ),
      ...policies(
        'ESP: ',
        "AES-CBC-256 SHA256 DH_GROUP_2048_MODP/Group 14 Don't use ESN",
        "AES-CBC-256 SHA256 DH_GROUP_384_ECP/Group 20 Don't use ESN",
      ),
    ]);
    expect(finding.title).toBe(`${HERE} accepts no IPsec transform of ${PEER}`);
    expect(finding.explanation).toContain('(group 14 offered, group 20 accepted)');
  });

  it('for the child SA, by the end that says so in its answer', () => {
    const finding = only([
      ...packet('Sending Packet [To', 'IKE_AUTH Exchange REQUEST', 'ENCR'),
      ...packet(
        'Received Packet [From',
        'IKE_AUTH Exchange RESPONSE',
        'VID IDr AUTH NOTIFY(NO_PROPOSAL_CHOSEN)',
      ),
      passed,
      created,
    ]);
    expect(finding.title).toBe(`${PEER} accepts no IPsec transform of ${HERE}`);
  });

  it('for their group alone', () => {
    const finding = only([
      ...packet('Sending Packet [To', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N'),
      ...packet(
        'Received Packet [From',
        'IKE_SA_INIT Exchange RESPONSE',
        'NOTIFY(INVALID_KE_PAYLOAD)',
      ),
      `${tag}Processing invalid ke notification, we sent group 19, peer prefers group 24`,
      `${tag}Failed SA init exchange`,
    ]);
    expect(finding.id).toBe('ikev2-invalid-ke');
    expect(finding.explanation).toContain(`${HERE} sent group 19, and ${PEER} wants group 24.`);
  });

  it('ask for the debug of IKEv2 where they are not printed', () => {
    const finding = only([`${error}: Received no proposal chosen notify`]);
    expect(finding.settle.join()).not.toContain('isakmp');
  });
});

describe('an SA that stood', () => {
  it('ends with a dead peer', () => {
    expect(only([created, `${tag}Sending DPD/liveness query`, limit]).id).toBe('dpd-peer-dead');
  });

  it('ends with the word of the peer, which is all that a late log holds', () => {
    const finding = only([`${tag}Process delete request from peer`, `${tag}Deleting SA`]);
    expect(finding).toMatchObject({ id: 'deleted-by-peer', severity: 'note' });
  });

  it('came up all the same where its log holds that', () => {
    const ids = told([created, `${tag}Process delete request from peer`, `${tag}Deleting SA`]);
    expect(ids.map(({ id }) => id)).toEqual(['tunnel-up', 'deleted-by-peer']);
  });

  it('protects nothing where the key engine fails', () => {
    const finding = only([
      created,
      'IKEv2:(SA ID = 1):[IPsec -> IKEv2] Creation of IPsec SA into IPsec database FAILED',
    ]);
    expect(finding.id).toBe('inconclusive');
    expect(finding.settle.join()).toContain('"debug crypto ipsec"');
  });

  it.each([
    ['v2 ', 'IKEV2_', 'DOWN', 'came up and has ended'],
    ['', '', 'DOWN', 'came up and has ended'],
    ['v2 ', 'IKEV2_', 'UP', 'is up'],
  ])(
    'is told by the session as a whole: tunnel %sof %sSESSION_STATUS %s',
    (v2, kind, state, now) => {
      const says = (status: string): string =>
        `%CRYPTO-5-${kind}SESSION_STATUS: Crypto tunnel ${v2}is ${status}.  Peer ${PEER}:500       Id: spoke.example.net`;
      const finding = only([...authReceived, passed, created, installed, says('UP'), says(state)]);
      expect(finding.id).toBe('tunnel-up');
      expect(finding.title).toContain(now);
      const isDown = state === 'DOWN';
      expect(finding.explanation.includes(`${PEER} (identity spoke.example.net) is down`)).toBe(
        isDown,
      );
      expect(finding.evidence.some(({ text }) => text.includes('is DOWN'))).toBe(isDown);
    },
  );
});

describe('a signature that does not verify', () => {
  const method = `${tag}Peer's authentication method is 'RSA'`;
  const accepted = `${tag}[PKI -> IKEv2] Validation of certificate chain PASSED`;

  it.each([
    ['after its chain was accepted', [accepted], true],
    ['where nothing is said of its chain', [], false],
  ])('is no fault of the certificate: %s', (_, before, isAccepted) => {
    const finding = only([...authReceived, ...before, method, unverified, noticeSent]);
    expect(finding.id).toBe('ikev2-auth-failed');
    expect(finding.title).toBe(`${HERE} cannot verify the signature of ${PEER}`);
    expect(finding.explanation).toContain('private key');
    expect(finding.explanation.includes('accepted the certificate chain')).toBe(isAccepted);
    expect(finding.settle.join().includes('pki validation')).toBe(!isAccepted);
  });
});

describe('the certificate of the peer', () => {
  const refused = [
    `${tag}Peer's authentication method is 'RSA'`,
    'CRYPTO_PKI: (A16A8) Check for identical certs',
  ];
  const verify = [`${tag}Verify cert failed`, unverified];
  const none = [
    'CRYPTO_PKI: No trust point for cert issuer, looking up cert chain',
    'CRYPTO_PKI: (A16A8) No suitable trustpoints found',
  ];

  it('fits no trustpoint, where the router says so', () => {
    const finding = only([...refused, ...none, ...verify]);
    expect(finding.id).toBe('certificate-trustpoint-mismatch');
    expect(finding.explanation).toContain('the authority that issued them is under no trustpoint');
  });

  it('is not accepted for a reason that the debug of certificates at hand does not name', () => {
    const finding = only([...refused, ...verify]);
    expect(finding).toMatchObject({ id: 'certificate-invalid', settle: [] });
    expect(only(verify).settle).toEqual([expect.stringContaining('debug crypto pki')]);
  });
});

describe('a log that holds nothing but the failure of IKE_AUTH', () => {
  const explained = (lines: readonly string[]): string =>
    told(lines).find(({ id }) => id === 'ikev2-auth-failed')!.explanation;
  const received = packet('Received Packet [From', 'IKE_AUTH Exchange RESPONSE', 'ENCR', 4500);
  it('does not tell that IKE_SA_INIT came before', () => {
    expect(explained([authFailed])).toMatch(/^The log of/);
    expect(explained([...authSent, ...received, authFailed])).toMatch(/^IKE_SA_INIT completes\. /);
  });
});

it('what fails behind IKE_SA_INIT is not told of the proposals that were agreed on since', () => {
  const lines = [
    `${tag}Failed to find a matching policy`,
    `${tag}Verification of peer's authentication data FAILED`,
  ];
  expect(only(lines).id).toBe('ikev2-auth-failed');
});

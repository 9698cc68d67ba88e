import type { Link } from '../pairs.ts';
import { CERTIFICATE_NOTE, KEYRING_NOTE } from './make.ts';

type Text = {
  /** Completes "R2 cannot bring the tunnel up towards R1: …". */
  readonly fault: string;
  readonly means: string;
  readonly references: readonly string[];
};

export const IKEV1: Readonly<Record<string, Text>> = {
  'keyring-mismatch-after-mm5': {
    fault: 'the responder uses a keyring that the matched profile does not allow',
    means:
      'The responder must choose a key at MM3, when it knows the address of the peer only. After MM5 the identity selects a profile, and the keyring used must be one of that profile. The keyring is compared, not the key, so that changing keys does not help.',
    references: [KEYRING_NOTE, 'RFC 2409 section 5: SKEYID = prf(pre-shared-key, Ni_b | Nr_b)'],
  },
  'keyring-mismatch-after-mm6': {
    fault: 'the initiator used a keyring that the profile matched after MM6 does not allow',
    means:
      'No profile is bound to the tunnel, so that the initiator matches one by the identity in MM6 and then verifies the keyring it has used.',
    references: [KEYRING_NOTE],
  },
  'default-keyring-shadows': {
    fault: 'the responder uses a global key where a keyring was meant',
    means:
      'The global keys are searched before every named keyring, whatever their masks. The key of the keyring that the profile names is never reached.',
    references: [KEYRING_NOTE],
  },
  'psk-mismatch': {
    fault: 'the two routers use different keys',
    means:
      'The key that the responder selects is not the one that the initiator uses. MM5 does not decrypt, which IOS reports as a malformed message.',
    references: [KEYRING_NOTE, 'RFC 2409 section 5: SKEYID = prf(pre-shared-key, Ni_b | Nr_b)'],
  },
  'no-psk-for-peer': {
    fault: 'a router has no key for the other',
    means:
      'Without a key the initiator sends nothing, and a responder rejects every pre-share transform.',
    references: [KEYRING_NOTE],
  },
  'ike-policy-mismatch': {
    fault: 'no proposal fits a policy',
    means:
      'Encryption, key length, hash, group and authentication must all be equal in one pair of policies.',
    references: ['RFC 2409 section 5 and appendix A'],
  },
  'profile-mismatch-phase2': {
    fault: 'the responder matches another profile than its tunnel requires',
    means:
      'Phase 1 completes. In phase 2 the responder accepts the tunnel or map entry only if the IKE SA has the profile named there; otherwise it answers PROPOSAL_NOT_CHOSEN with error 32, as for wrong access lists.',
    references: [KEYRING_NOTE],
  },
  'profile-not-matched': {
    fault: 'no profile of the responder matches the identity, and its tunnel requires one',
    means:
      'Phase 1 completes without a profile. A tunnel or map entry that names one refuses the IKE SA in phase 2.',
    references: [KEYRING_NOTE],
  },
  'proxy-identity-mismatch': {
    fault: 'the proxy identities do not fit',
    means:
      'What the initiator proposes to protect must be covered by a tunnel or access list of the responder, with source and destination exchanged.',
    references: ['RFC 2409 section 5.5'],
  },
  'transform-set-mismatch': {
    fault: 'the transforms or PFS of phase 2 differ',
    means:
      'One transform set must be equal on both sides, and a responder with PFS insists on its group.',
    references: ['RFC 2409 section 5.5'],
  },
  'certificate-trustpoint-mismatch': {
    fault: 'a certificate is refused by the trust-points of the profile',
    means:
      'The responder asks for certificates of all its trust-points, because it knows no profile yet. What comes back must fit the trust-points of the profile that MM5 selects.',
    references: [CERTIFICATE_NOTE],
  },
  'aggressive-mode-rejected': {
    fault: 'aggressive mode is configured on one side and refused on the other',
    means: 'A router with aggressive mode disabled neither starts nor answers it.',
    references: ['RFC 2409 section 5'],
  },
  'ike-version-mismatch': {
    fault: 'the ends speak different versions of IKE',
    means:
      'An IKEv2 profile on the tunnel of one side needs one on the other; without it the tunnel speaks IKEv1.',
    references: ['RFC 7296', 'RFC 2409'],
  },
  'peer-unreachable': {
    fault: 'a router takes no part in IKE',
    means:
      'A router sends and answers IKE where ISAKMP is enabled, a crypto map or protected tunnel is in use, and its interface is up.',
    references: [],
  },
};

/** What IKEv2 does otherwise, and what it alone knows. */
const IKEV2: Readonly<Record<string, Text>> = {
  'no-psk-for-peer': {
    fault: 'a router has no key for the other',
    means:
      'IKEv2 needs the key in IKE_AUTH only. An end that authenticates by key proves itself with its local key, and the other end checks that with its remote key; where either is missing, authentication fails.',
    references: ['RFC 7296 section 2.15'],
  },
  'ike-policy-mismatch': {
    fault: 'no proposals fit each other',
    means:
      'One proposal of each end must share encryption with its key length, integrity, PRF and group. Otherwise the responder answers IKE_SA_INIT with NO_PROPOSAL_CHOSEN. Without "prf" the hash of "integrity" is the PRF too.',
    references: ['RFC 7296 section 2.7'],
  },
  'profile-mismatch-phase2': {
    fault: 'the responder matches another profile than its tunnel requires',
    means:
      'The responder accepts a child SA for a tunnel or map entry only if the IKE SA has the profile named there. Otherwise IKE_AUTH brings up no child SA.',
    references: ['RFC 7296 section 1.2'],
  },
  'proxy-identity-mismatch': {
    fault: 'the traffic selectors do not fit',
    means:
      'What the initiator proposes to protect must be covered by a tunnel or access list of the responder, with source and destination exchanged. Otherwise the responder answers TS_UNACCEPTABLE.',
    references: ['RFC 7296 section 2.9'],
  },
  'transform-set-mismatch': {
    fault: 'the transforms of the child SA differ',
    means:
      'One transform set must be equal on both sides. Otherwise the responder answers NO_PROPOSAL_CHOSEN, and the IKE SA has no child SA.',
    references: ['RFC 7296 section 2.7'],
  },
  'certificate-trustpoint-mismatch': {
    fault: 'a certificate is missing, or is refused by the trust-points of the profile',
    means:
      'An end that signs must present in IKE_AUTH a certificate of an authority that the profile of the other end accepts.',
    references: ['RFC 7296 section 2.15'],
  },
  'ikev2-profile-not-found': {
    fault: 'no IKEv2 profile matches the identity of the peer',
    means:
      'The identity of the peer, or its certificate, selects the IKEv2 profile; without one the exchange ends.',
    references: ['RFC 7296 section 2.15'],
  },
  'ikev2-auth-failed': {
    fault: 'the keys or methods of authentication differ',
    means:
      'IKEv2 reads the identity before it needs a key, so that the right profile and keyring are found; the key itself or the method is wrong.',
    references: ['RFC 7296 section 2.15'],
  },
};

/** What aggressive mode does otherwise. */
const AGGRESSIVE: Readonly<Record<string, Text>> = {
  'psk-mismatch': {
    ...IKEV1['psk-mismatch']!,
    means:
      'The key that the responder selects is not the one that the initiator uses. Nothing is encrypted yet: the hash in AM2 does not fit, and the initiator ends the exchange.',
  },
};

/** `step` is the one at which the replay ends. */
export function textFor(id: string, version: 1 | 2, step: string | null = null): Text | undefined {
  if (version === 2) return IKEV2[id] ?? IKEV1[id];
  return (step?.startsWith('am') === true ? AGGRESSIVE[id] : undefined) ?? IKEV1[id];
}

export function versionOf({ tunnel }: Link): 1 | 2 {
  return tunnel.ikev2Profile === null ? 1 : 2;
}

export function settleBy(version: 1 | 2): string {
  const debug = version === 1 ? 'debug crypto isakmp' : 'debug crypto ikev2';
  return `"${debug}" of the responder while the other side initiates confirms or refutes it.`;
}

/**
 * "IPSec policy invalidated proposal with error N" and "phase 2 SA policy not acceptable": Cisco documents none of the
 * numbers. What is known of them comes from the words that "debug crypto ipsec" prints beside them, and from cases in which
 * the fault was found.
 */
type ProposalError = {
  /** What a log with this number, and nothing better, ends in; null where the number does not tell. */
  readonly verdict: 'proxy-identity-mismatch' | 'transform-set-mismatch' | null;
  /** The words beside it. */
  readonly words: string | null;
  /** Said of the end that refuses; an address may follow. */
  readonly means: string;
};

export const PROPOSAL_ERRORS: Readonly<Record<number, ProposalError>> = {
  8: {
    verdict: 'proxy-identity-mismatch',
    words: 'invalid local address',
    means: 'no crypto map serves its local address',
  },
  32: {
    verdict: 'proxy-identity-mismatch',
    words: 'proxy identities not supported',
    means: 'no entry of its crypto map covers the networks, or the entry demands another profile',
  },
  64: {
    verdict: 'proxy-identity-mismatch',
    words: 'peer address not found',
    means: 'no entry of its crypto map names the peer',
  },
  256: {
    verdict: 'transform-set-mismatch',
    words: 'transform proposal not supported for identity',
    means: 'none of its transform sets fits',
  },
  1024: {
    verdict: null,
    words: null,
    means: 'its crypto map is not applied or not complete, or the VRF differs',
  },
  2048: {
    verdict: 'transform-set-mismatch',
    words: null,
    means: 'its group for perfect forward secrecy is another one',
  },
};

/** The numbers of one verdict. */
export const errorsOf = (verdict: ProposalError['verdict']): readonly number[] =>
  Object.entries(PROPOSAL_ERRORS).flatMap(([number, known]) =>
    known.verdict === verdict ? [Number(number)] : [],
  );

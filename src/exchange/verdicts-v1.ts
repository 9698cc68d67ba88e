import { equalOctets } from '../bytes/span.ts';
import { hashLengths, type HashName } from '../crypto/names.ts';
import { hmacSlot } from '../crypto/short-hmac.ts';
import { deriveSkeyidKeys, deriveSkeyidPsk } from '../crypto/v1/key-schedule.ts';
import type { CandidateVerdict, Side } from '../model/exchange.ts';
import { noncesOf } from './facts-v1.ts';
import { survives } from './screening.ts';
import type { SideKeys, SearchV1 } from './search-v1.ts';
import { phase2Fit, type Phase1Proof, type Phase2Proof } from './verify-v1.ts';

/** What one side left behind that can decide a candidate. */
export type SideProofs = {
  readonly phase1: readonly Phase1Proof[];
  readonly phase2: readonly Phase2Proof[];
  /** First encrypted message of this side, and its step for the text. */
  readonly sealedFrame: number | null;
  readonly sealedStep: string | null;
};

export type SideDecision = {
  readonly verdicts: readonly CandidateVerdict[];
  /** Index of the verified group. */
  readonly verified: number | null;
  /** Indices of all groups that fit: HMAC takes a key with zeros behind it for the same key. */
  readonly fitting: readonly number[];
  readonly skeyid: Uint8Array | null;
};

type Outcome = Pick<CandidateVerdict, 'verdict' | 'by' | 'frame' | 'why'>;

/** Decides every candidate for one side, by the strongest thing that the side left behind. */
export function decideSide(
  search: SearchV1,
  side: Side,
  found: SideKeys | null,
  proofs: SideProofs,
): SideDecision {
  const test = testOf(search, side, found, proofs);
  const verdicts: CandidateVerdict[] = [];
  const fitting: number[] = [];
  let skeyid: Uint8Array | null = null;
  for (const [number, group] of search.groups.entries()) {
    const psk = survives(search.survivors, number) ? group.secret : null;
    const { outcome, skeyid: own } = test(number, psk);
    if (outcome.verdict === 'verified') {
      if (fitting.length === 0) skeyid = own;
      fitting.push(number);
    }
    const { verdict, by, frame, why } = outcome;
    for (const candidate of group.labels)
      verdicts.push({ candidate, side, verdict, by, frame, why });
  }
  return { verdicts, verified: fitting[0] ?? null, fitting, skeyid };
}

/** Null for a key that is known not to fit. */
type Test = (
  number: number,
  psk: Uint8Array | null,
) => { readonly outcome: Outcome; readonly skeyid: Uint8Array | null };

function constant(why: string): Test {
  const outcome: Outcome = { verdict: 'not-testable', by: null, frame: null, why };
  return () => ({ outcome, skeyid: null });
}

function testOf(search: SearchV1, side: Side, found: SideKeys | null, proofs: SideProofs): Test {
  const { facts } = search;
  if (facts.auth === 'signature') {
    return constant('the peers authenticate with signatures, so no pre-shared key takes part');
  }
  if (facts.auth === 'public-key-encryption') {
    return constant(
      'the peers authenticate with public key encryption, so no pre-shared key takes part',
    );
  }
  const nonces = noncesOf(facts);
  if (nonces === null) {
    return constant(
      'the capture lacks a nonce (MM3 and MM4, or AM1 and AM2), without which SKEYID cannot be computed',
    );
  }
  const hash = found?.keys.suite.hash ?? facts.hash;
  if (hash === null) {
    return constant(
      facts.suiteAssumed
        ? 'the capture lacks MM1 and MM2, so the hash algorithm is not known'
        : 'the hash algorithm that the peers agreed on is not available in this runtime',
    );
  }
  const byPhase1 = proofs.phase1[0];
  if (byPhase1 !== undefined) return phase1Test(hash, nonces, proofs.phase1, byPhase1);
  return phase2Test(search, side, found, proofs, hash, nonces);
}

function phase1Test(
  hash: HashName,
  nonces: Uint8Array,
  proofs: readonly Phase1Proof[],
  first: Phase1Proof,
): Test {
  const refuted: Outcome = {
    verdict: 'refuted',
    by: first.check,
    frame: first.frame,
    why: `${first.check} of frame ${first.frame} was not made with it`,
  };
  // One piece of memory for all candidates: this runs once for each of them.
  const { rekey, sign } = hmacSlot(hash);
  const skeyid = new Uint8Array(hashLengths[hash]);
  const made = new Uint8Array(hashLengths[hash]);
  return (_number, psk) => {
    if (psk === null) return { outcome: refuted, skeyid: null };
    rekey(psk);
    sign(nonces, skeyid);
    rekey(skeyid);
    const proof = proofs.find(({ input, hash: wanted }) => {
      sign(input, made);
      return equalOctets(made, wanted);
    });
    if (proof === undefined) return { outcome: refuted, skeyid: null };
    const why = `${proof.check} of frame ${proof.frame} equals the value computed with it`;
    return {
      outcome: { verdict: 'verified', by: proof.check, frame: proof.frame, why },
      skeyid: skeyid.slice(),
    };
  };
}

function phase2Test(
  search: SearchV1,
  side: Side,
  found: SideKeys | null,
  proofs: SideProofs,
  hash: HashName,
  nonces: Uint8Array,
): Test {
  const { facts, shared } = search;
  const first = proofs.phase2[0];
  const secret = shared[0];
  const given = found?.keys ?? null;
  if (first !== undefined && given?.skeyid != null && given.skeyidA !== null) {
    const fit = phase2Fit(hash, given.skeyidA, first);
    if (fit !== null)
      return skeyidTest(hash, nonces, given.skeyid, `${fit} of ${labelOf(proofs)}`, first.frame);
  }
  if (first !== undefined && secret !== undefined) {
    const { cookies } = facts;
    const by = `HASH of ${labelOf(proofs)}`;
    const why = `no HASH of this side, frame ${first.frame} among them, was made with it`;
    const refuted: Outcome = { verdict: 'refuted', by, frame: first.frame, why };
    return (_number, psk) => {
      if (psk === null) return { outcome: refuted, skeyid: null };
      const skeyid = deriveSkeyidPsk(hash, psk, nonces);
      for (const one of shared) {
        const { skeyidA } = deriveSkeyidKeys(hash, skeyid, one.value, cookies);
        const fit = phase2Fit(hash, skeyidA, first);
        if (fit === null) continue;
        const name = `${fit} of ${labelOf(proofs)}`;
        const text = `${name} (frame ${first.frame}) equals the value computed with it`;
        return {
          outcome: { verdict: 'verified', by: name, frame: first.frame, why: text },
          skeyid,
        };
      }
      return { outcome: refuted, skeyid };
    };
  }
  if (found !== null) return openedTest(side, found, proofs);
  return unopenedTest(search, side, proofs);
}

function labelOf(proofs: SideProofs): string {
  return proofs.sealedStep ?? 'INFO';
}

/** The material gives SKEYID itself, and a HASH proves that the side used it. */
function skeyidTest(
  hash: HashName,
  nonces: Uint8Array,
  skeyid: Uint8Array,
  by: string,
  frame: number,
): Test {
  return (_number, psk) => {
    const own = psk === null ? null : deriveSkeyidPsk(hash, psk, nonces);
    const fits = own !== null && equalOctets(own, skeyid);
    const why = fits
      ? `it gives the SKEYID under which ${by} (frame ${frame}) fits`
      : `it gives another SKEYID than the one under which ${by} (frame ${frame}) fits`;
    return {
      outcome: { verdict: fits ? 'verified' : 'refuted', by, frame, why },
      skeyid: own,
    };
  };
}

/** Messages open, but nothing in them can be checked against a PSK. */
function openedTest(side: Side, found: SideKeys, proofs: SideProofs): Test {
  const what = labelOf(proofs);
  const plausible: Outcome = {
    verdict: 'not-testable',
    by: null,
    frame: proofs.sealedFrame,
    why: `${what} of the ${side} reads plausibly under its key, but the capture lacks what its HASH covers, so it is not verified`,
  };
  const missing: Outcome = {
    ...plausible,
    why: `${what} of the ${side} is decrypted, but what its HASH covers is not all in the capture and g^xy is not given`,
  };
  return (number) => ({
    outcome: found.keys.candidate === number ? plausible : missing,
    skeyid: null,
  });
}

function unopenedTest(search: SearchV1, side: Side, proofs: SideProofs): Test {
  const { shared, facts } = search;
  if (proofs.sealedFrame === null) {
    return constant(`the capture holds no message in which the ${side} proves its key`);
  }
  if (!shared.some(({ bound }) => bound)) {
    return constant(
      `${side === 'initiator' ? 'HASH_I' : 'HASH_R'} is encrypted under a key that also needs g^xy, which no capture holds: give g^xy, a Diffie-Hellman private value, SKEYID_e or the final key (a Wireshark table, a charon log at ike = 4)`,
    );
  }
  if (facts.publicI === null || facts.publicR === null) {
    return constant('the capture lacks the KE payloads, so the first IV is not known');
  }
  if (search.unsupported) {
    return constant(
      `${labelOf(proofs)} of the ${side} is encrypted with a cipher that is not available in this runtime`,
    );
  }
  const why = `frame ${proofs.sealedFrame} (${labelOf(proofs)}) opens to garbage under the key that it gives with g^xy`;
  const outcome: Outcome = {
    verdict: 'refuted',
    by: side === 'initiator' ? 'HASH_I' : 'HASH_R',
    frame: proofs.sealedFrame,
    why,
  };
  return () => ({ outcome, skeyid: null });
}

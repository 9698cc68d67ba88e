import { concat } from '../crypto/octets.ts';
import { deriveSkeyseed, deriveSkKeys } from '../crypto/v2/key-schedule.ts';
import {
  encryptionKeyLength,
  encryptionV2,
  integritiesV2,
  type EncryptionV2,
  type IntegrityV2,
  type SuiteV2,
} from '../crypto/v2/suite.ts';
import type { IkeV2Keys } from '../model/key-material.ts';
import { suiteOfNames, type FactsV2 } from './facts-v2.ts';
import type { BoundMaterial, SharedSecret } from './keys-v1.ts';
import type { KeysV2 } from './open-v2.ts';

/** SK_* from g^ir, the nonces and the SPIs; null while one is missing or the prf is unknown. */
export function derivedKeysV2(facts: FactsV2, shared: SharedSecret): KeysV2 | null {
  const { suite, nonceI, nonceR, spiI, spiR } = facts;
  if (suite?.prf == null || nonceI === null || nonceR === null) return null;
  const skeyseed = deriveSkeyseed(suite.prf, nonceI, nonceR, shared.value);
  const nonces = concat(nonceI, nonceR);
  const keys = deriveSkKeys({ ...suite, prf: suite.prf }, skeyseed, nonces, concat(spiI, spiR));
  return { by: shared.by.replace('g^xy', 'g^ir'), suite, ...keys };
}

/** SK_* as the material gives them, once for each suite that they can belong to. */
export function givenKeysV2(
  facts: FactsV2,
  { material }: BoundMaterial<IkeV2Keys>,
): readonly KeysV2[] {
  const { skD, skAi, skAr, skEi, skEr, skPi, skPr } = material;
  if (facts.unsupported || (skEi === null && skEr === null)) return [];
  const named = suiteOfNames(material);
  const suites =
    facts.suite !== null ? [facts.suite] : named !== null ? [named] : guesses(material);
  return suites.map((suite) => ({
    by: material.source,
    suite: { ...suite, prf: facts.suite?.prf ?? suite.prf },
    skD,
    skAi,
    skAr,
    skEi,
    skEr,
    skPi,
    skPr,
  }));
}

const ENCRYPTIONS: readonly (readonly [id: number, octets: number | null])[] = [
  [12, 16],
  [12, 32],
  [12, 24],
  [20, 16],
  [20, 32],
  [20, 24],
  [18, 16],
  [18, 32],
  [19, 16],
  [19, 32],
  [3, null],
  [28, null],
  [16, 16],
  [16, 32],
  [14, 16],
  [14, 32],
  [13, 16],
  [13, 32],
  [23, 16],
  [23, 32],
];

/** Where neither capture nor material names the algorithms, the key lengths leave a few, and the ICV decides. */
function guesses(material: IkeV2Keys): readonly SuiteV2[] {
  const length = (material.skEi ?? material.skEr)?.length ?? 0;
  const integrityLength = (material.skAi ?? material.skAr)?.length ?? 0;
  const encryptions = ENCRYPTIONS.map(([id, octets]) => encryptionV2(id, octets)).filter(
    (one): one is EncryptionV2 => one !== null && encryptionKeyLength(one) === length,
  );
  const integrities: readonly (IntegrityV2 | null)[] =
    integrityLength === 0
      ? [null]
      : Object.values(integritiesV2).filter(({ keyLength }) => keyLength === integrityLength);
  return encryptions.flatMap((encryption) =>
    integrities
      .filter((integrity) => (encryption.kind === 'aead') === (integrity === null))
      .map((integrity) => ({ encryption, integrity, prf: null })),
  );
}

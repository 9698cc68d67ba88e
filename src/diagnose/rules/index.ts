import type { Rule } from '../rule.ts';
import { keyringAmbiguous } from './keyring-ambiguous.ts';
import { keyringMismatchAfterMm5 } from './keyring-mismatch-after-mm5.ts';
import { mm5Unanswered } from './mm5-unanswered.ts';
import { peerUnreachable } from './peer-unreachable.ts';
import { pskMismatch } from './psk-mismatch.ts';
import { tunnelUp } from './tunnel-up.ts';

/** Every rule, the earliest cause first: of several failures in one attempt the first in this list is named. */
export const rules: readonly Rule[] = [
  keyringMismatchAfterMm5,
  pskMismatch,
  mm5Unanswered,
  peerUnreachable,
  keyringAmbiguous,
  tunnelUp,
];

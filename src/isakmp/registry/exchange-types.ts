import { table } from './table.ts';
import type { NameTable } from './table.ts';

/**
 * IANA "Magic Numbers for ISAKMP Protocol", Exchange Types; 6: draft-ietf-ipsec-isakmp-mode-cfg-05;
 * 32 and 33: RFC 2409 §5. From 34 on: IANA "IKEv2 Parameters", IKEv2 Exchange Types.
 */
export const exchangeTypes: NameTable = table({
  0: 'NONE',
  1: 'Base',
  2: 'Identity Protection',
  3: 'Authentication Only',
  4: 'Aggressive',
  5: 'Informational',
  6: 'Transaction',
  32: 'Quick Mode',
  33: 'New Group Mode',
  34: 'IKE_SA_INIT',
  35: 'IKE_AUTH',
  36: 'CREATE_CHILD_SA',
  37: 'INFORMATIONAL',
  38: 'IKE_SESSION_RESUME',
  39: 'GSA_AUTH',
  40: 'GSA_REGISTRATION',
  41: 'GSA_REKEY',
  42: 'GSA_INBAND_REKEY',
  43: 'IKE_INTERMEDIATE',
  44: 'IKE_FOLLOWUP_KE',
});

/** ISAKMP exchange types by number, so that code reads as the RFCs do. */
export const Xchg = {
  base: 1,
  main: 2,
  authOnly: 3,
  aggressive: 4,
  informational: 5,
  transaction: 6,
  quick: 32,
  newGroup: 33,
  saInit: 34,
  auth: 35,
  createChildSa: 36,
  informationalV2: 37,
  sessionResume: 38,
  intermediate: 43,
  followupKe: 44,
} as const;

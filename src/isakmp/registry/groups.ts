import { table } from './table.ts';
import type { NameTable } from './table.ts';

/**
 * Diffie-Hellman groups and key exchange methods. IANA "IKE Attributes", Group Description, and IANA "IKEv2
 * Parameters", Transform Type 4, agree wherever both assign a number (1, 2, 5, 14 to 30); 31 and up are IKEv2's,
 * which some vendors also offer in IKEv1.
 */
export const groups: NameTable = table({
  0: 'NONE',
  1: '768-bit MODP Group',
  2: '1024-bit MODP Group',
  3: 'EC2N group on GP[2^155]',
  4: 'EC2N group on GP[2^185]',
  5: '1536-bit MODP Group',
  14: '2048-bit MODP Group',
  15: '3072-bit MODP Group',
  16: '4096-bit MODP Group',
  17: '6144-bit MODP Group',
  18: '8192-bit MODP Group',
  19: '256-bit random ECP group',
  20: '384-bit random ECP group',
  21: '521-bit random ECP group',
  22: '1024-bit MODP Group with 160-bit Prime Order Subgroup',
  23: '2048-bit MODP Group with 224-bit Prime Order Subgroup',
  24: '2048-bit MODP Group with 256-bit Prime Order Subgroup',
  25: '192-bit Random ECP Group',
  26: '224-bit Random ECP Group',
  27: 'brainpoolP224r1',
  28: 'brainpoolP256r1',
  29: 'brainpoolP384r1',
  30: 'brainpoolP512r1',
  31: 'Curve25519',
  32: 'Curve448',
  33: 'GOST3410_2012_256',
  34: 'GOST3410_2012_512',
  35: 'ml-kem-512',
  36: 'ml-kem-768',
  37: 'ml-kem-1024',
});

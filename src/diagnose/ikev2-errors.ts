import { notifyTypesV2 } from '../isakmp/registry/notify-types.ts';

/**
 * What an error notification says of its sender where it is about no single setting (RFC 7296 §3.10.1, RFC 4555 §3.5
 * for 40 and 41). A log names the error, a capture numbers it: the names are the registry's.
 */
const MEANINGS: Readonly<Record<number, string>> = {
  1: 'it does not know a payload that is marked critical',
  4: 'it has no such IKE SA',
  5: 'it does not speak that version of IKE',
  7: 'it could not read the message or found a value out of range',
  9: 'the number of the message is not one that it expects',
  11: 'it knows no SA with that SPI',
  17: 'it wants another Diffie-Hellman group',
  34: 'it takes traffic selectors of a single pair of addresses only',
  35: 'it takes no further child SA',
  36: 'it has no internal address to give',
  37: 'it wants to be asked for an internal address in a CP payload, and was not',
  39: 'a packet did not fit the traffic selectors of its SA',
  40: 'it does not accept the addresses',
  41: 'it found a translation where there should be none',
  43: 'it is busy or in another state, and asks to try again later',
};

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(MEANINGS).flatMap(([number, means]) => {
    const name = notifyTypesV2.get(Number(number));
    return name === undefined ? [] : [[name, means] as const];
  }),
);

/** By the name of the IKEv2 registry; null for an error that a rule is about, and for what is no error. */
export const meaningOfError = (name: string): string | null => BY_NAME.get(name) ?? null;

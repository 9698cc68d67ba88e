/**
 * SHA-256 runs at about the speed at which a capture is scanned several times over, so beyond this size the digest
 * would be most of the run. It is then taken only when asked for, and the report says that it was not. Octets.
 */
export const digestedUnasked: number = 256 << 20;

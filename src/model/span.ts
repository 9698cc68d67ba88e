/** Octets together with where they stand in the frame (or reassembled datagram) they were read from. */
export type Span = {
  readonly bytes: Uint8Array;
  /** Octets before `bytes[0]` in the frame. */
  readonly offset: number;
};

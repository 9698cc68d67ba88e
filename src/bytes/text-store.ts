/** Texts that are wanted later, kept as octets: the garbage collector would copy strings again and again. */
export type TextStore = {
  /** Puts a text at an index; each index is put once at most. */
  put(index: number, text: string): void;
  /** The texts in the order of their indices. */
  all(): Generator<string>;
};

const chunkOctets = 1 << 20;

/** A UTF-16 unit takes at most three octets of UTF-8. */
const octetsPerUnit = 3;

/** Room for the texts with the indices 0 to `count` - 1. */
export function createTextStore(count: number): TextStore {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const chunks: Uint8Array[] = [];
  let chunk = new Uint8Array(0);
  let used = 0;
  const chunkOf = new Uint32Array(count);
  const start = new Uint32Array(count);
  const end = new Uint32Array(count);

  return {
    put: (index, text) => {
      const room = text.length * octetsPerUnit;
      if (room > chunk.length - used) {
        chunk = new Uint8Array(Math.max(chunkOctets, room));
        chunks.push(chunk);
        used = 0;
      }
      chunkOf[index] = chunks.length - 1;
      start[index] = used;
      used += encoder.encodeInto(text, chunk.subarray(used)).written;
      end[index] = used;
    },
    *all() {
      for (let index = 0; index < count; index += 1) {
        const octets = chunks[chunkOf[index]!];
        if (octets === undefined) continue;
        yield decoder.decode(octets.subarray(start[index], end[index]));
      }
    },
  };
}

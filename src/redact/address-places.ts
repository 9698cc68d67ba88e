import { parseAddress } from './address-map.ts';

/** Four numbers, and behind a dot no fifth but a port, as tcpdump writes one: nothing below 256 is a port of IKE's. */
const V4 =
  /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?=\.\d{3,5}(?![\d.]))|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)/g;
/** Whatever may hold an IPv6 address; a clock or a hardware address is told apart by reading it. */
const V6 = /[\w:.]{0,64}:[\w:.]{0,64}/g;

/** The text with each address in it replaced, wherever punctuation, a label or a port touches it. */
export function replaceAddresses(text: string, replace: (address: string) => string): string {
  const withV6 = text.includes(':')
    ? text.replace(V6, (run) => {
        const place = placeOfV6(run);
        if (place === null) return run;
        const [start, end] = place;
        return run.slice(0, start) + replace(run.slice(start, end)) + run.slice(end);
      })
    : text;
  return withV6.replace(V4, replace);
}

/** Where the address stands: behind `dst:`, before a full stop, before `.500`. */
function placeOfV6(run: string): readonly [start: number, end: number] | null {
  const start = /^(?:[0-9a-f]*[g-z_]\w*:)*/i.exec(run)![0].length;
  const bare = run.slice(start).replace(/[:.]+$/, (tail) => (tail === '::' ? tail : ''));
  const ends = [bare.length, bare.lastIndexOf('.'), bare.lastIndexOf(':')];
  const length = ends.find((end) => isV6(bare.slice(0, Math.max(0, end))));
  return length === undefined ? null : [start, start + length];
}

/** Eight groups, or a gap: what a clock never has. */
function isV6(text: string): boolean {
  return (text.includes('::') || text.split(':').length >= 7) && parseAddress(text) !== null;
}

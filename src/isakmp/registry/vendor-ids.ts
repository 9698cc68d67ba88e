import { hex, hexRange } from '../../bytes/hex.ts';
import { u16, u32 } from '../../bytes/span.ts';
import { vendorIdTable } from './vendor-id-table.ts';
import type { VendorIdRow } from './vendor-id-table.ts';

/** Octets by which candidates are found; shorter prefixes are tried one by one. */
const KEY = 4;

const byKey = new Map<string, VendorIdRow[]>();
const short: VendorIdRow[] = [];
for (const row of [...vendorIdTable].sort((a, b) => b[0].length - a[0].length)) {
  const key = row[0].slice(0, 2 * KEY);
  if (key.length < 2 * KEY) short.push(row);
  else byKey.set(key, [...(byKey.get(key) ?? []), row]);
}

/** Who or what a vendor id names, with its version where one is known to stand in it; null when nobody knows. */
export function vendorName(data: Uint8Array): string | null {
  const text = hex(data.subarray(0, 64));
  const candidates = data.length < KEY ? short : (byKey.get(hexRange(data, 0, KEY)) ?? short);
  const row =
    candidates.find(([prefix]) => text.startsWith(prefix)) ??
    short.find(([prefix]) => text.startsWith(prefix));
  if (row === undefined) return null;
  const [prefix, name] = row;
  const version = versions.get(prefix)?.(data.subarray(prefix.length / 2)) ?? null;
  return version === null ? name : `${name} ${version}`;
}

type VersionReader = (rest: Uint8Array) => string | null;

const majorMinor: VersionReader = (rest) =>
  rest.length < 2 ? null : `${String(rest[0])}.${String(rest[1])}`;

/** Cisco VPN 3000: 0306 is 3.0.6. */
const altiga: VersionReader = (rest) =>
  rest.length < 2 ? null : `${String(rest[0])}.${String(rest[1]! >> 4)}.${String(rest[1]! & 0x0f)}`;

/** [MS-IKEE], vendor id payloads: the word after the hash counts Windows releases. */
const windowsReleases: ReadonlyMap<number, string> = new Map([
  [2, '2000'],
  [3, 'XP'],
  [4, 'Server 2003'],
  [5, 'Vista'],
  [6, 'Server 2008'],
  [7, '7'],
  [8, 'Server 2008 R2 or 8'],
  [9, '8, 10, Server 2012 or later'],
]);

const windows: VersionReader = (rest) =>
  rest.length < 4 ? null : (windowsReleases.get(u32(rest, 0)) ?? `release ${String(u32(rest, 0))}`);

/** Product and version words of Check Point's 40-octet value. */
const checkPointProducts: ReadonlyMap<number, string> = new Map([
  [1, 'Firewall-1'],
  [2, 'SecuRemote/SecureClient'],
]);
const checkPointVersions: ReadonlyMap<number, string> = new Map([
  [2, '4.1'],
  [3, '4.1 SP1'],
  [4002, '4.1 SP2 to SP6'],
  [5000, 'NG'],
  [5001, 'NG FP1'],
  [5002, 'NG FP2'],
  [5003, 'NG FP3'],
  [5004, 'NG AI R54'],
  [5005, 'NG AI R55 or NGX'],
]);

const checkPoint: VersionReader = (rest) => {
  if (rest.length < 8) return null;
  const product = checkPointProducts.get(u32(rest, 0));
  const version = checkPointVersions.get(u32(rest, 4));
  if (product === undefined) return null;
  return version === undefined ? product : `${product} ${version}`;
};

/** Printable text after the prefix. */
const ascii: VersionReader = (rest) => {
  const text = String.fromCharCode(...rest.subarray(0, 48)).trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : null;
};

/** Nortel Contivity: four octets, a small number. */
const word: VersionReader = (rest) =>
  rest.length < 4 ? null : `${String(u16(rest, 0))}.${String(u16(rest, 2))}`;

const versions: ReadonlyMap<string, VersionReader> = new Map([
  ['afcad71368a1f1c96b8696fc7757', majorMinor],
  ['12f5f28c457168a9702d9fe274cc', majorMinor],
  ['1f07f70eaa6514d3b0fa96542a50', altiga],
  ['1e2b516905991c7d7c96fcbfb587e461', windows],
  ['f4ed19e0c114eb516faaac0ee37daf2807b4381f', checkPoint],
  ['4f452d4c696272657377616e2d', ascii],
  ['54494d4553544550', ascii],
  ['424e4553', word],
]);

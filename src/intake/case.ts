import type { InputOptions } from './input.ts';

/** What a case file holds, and how it is known; `case-file.ts` reads and writes it. */

/** The first entry of the archive: it lists the inputs. */
export const manifestName = 'ike-autopsy-case.json';

export type CaseSettings = {
  readonly peer: string | null;
  readonly since: number | null;
  readonly until: number | null;
  readonly tz: string | null;
  readonly year: number | null;
  readonly ports: readonly number[];
};

/** How `tz` is written: an offset from UTC. */
export const zoneOffset: RegExp = /^[+-](?:0\d|1[0-4]):[0-5]\d$/;

export const noSettings: CaseSettings = {
  peer: null,
  since: null,
  until: null,
  tz: null,
  year: null,
  ports: [],
};

export type CaseInput = {
  readonly path: string;
  readonly router: string | null;
  readonly as: InputOptions['as'];
  readonly content: Uint8Array;
};

export type CaseFile = {
  readonly kind: 'case';
  readonly settings: CaseSettings;
  readonly inputs: readonly CaseInput[];
};

/** Octets at the start of a file that `looksLikeCase` needs. */
export const caseHeadOctets: number = 30 + manifestName.length;

/** Whether a file that begins so is a case: a ZIP archive (APPNOTE 4.3.7) with the manifest first. */
export function looksLikeCase(head: Uint8Array): boolean {
  const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
  return isZip && String.fromCharCode(...head.subarray(30, caseHeadOctets)) === manifestName;
}

import { readFileSync, readdirSync } from 'node:fs';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { EvidenceFile } from '../../src/index.ts';
import type { ConfigModel } from '../../src/model/config.ts';

const root = new URL('../../samples/', import.meta.url);

/** What is evidence in a sample folder, in the order a user would name it. */
const evidence = /^(?:capture\.pcap(?:ng)?|r\d-debug\.txt|r\d-config\.txt|keys\.json)$/;

export const sampleNames: readonly string[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && /^\d\d-/.test(entry.name))
  .map((entry) => entry.name)
  .sort();

/** The evidence of one sample; `psk.txt` is apart, since a list of candidates is an option and not evidence. */
export function readSample(name: string): readonly EvidenceFile[] {
  const folder = new URL(`${name}/`, root);
  return readdirSync(folder)
    .filter((file) => evidence.test(file))
    .sort()
    .map((file) => ({ path: file, content: new Uint8Array(readFileSync(new URL(file, folder))) }));
}

/** The configurations of both routers of one sample. */
export function sampleConfigs(name: string): ConfigModel[] {
  return ['r1', 'r2'].flatMap((router, at) => {
    const path = new URL(`${name}/${router}-config.txt`, root);
    return [...parseConfigs(readFileSync(path, 'utf8'), `i${String(at + 1)}`)];
  });
}

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { SampleFiles } from '../../samples/builder/folder.ts';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
const folders = readdirSync(samples).filter((name) => existsSync(join(samples, name, 'make.ts')));

/** Written by hand, or by the analyzer. */
const notBuilt = (path: string): boolean => /^(make\.ts|README\.md|expected\..*)$/.test(path);

const filesBelow = (folder: string, prefix = ''): readonly string[] =>
  readdirSync(join(folder, prefix)).flatMap((name) => {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path];
  });

const build = async (name: string): Promise<SampleFiles> => {
  const module = (await import(`../../samples/${name}/make.ts`)) as { build: () => SampleFiles };
  return module.build();
};

describe('samples', () => {
  test('there are some', () => expect(folders.length).toBeGreaterThan(0));

  test.each(folders)('%s is rebuilt octet for octet', async (name) => {
    const built = await build(name);
    const committed = filesBelow(join(samples, name)).filter((path) => !notBuilt(path));
    expect([...built.keys()].toSorted()).toEqual(committed.toSorted());
    for (const [path, octets] of built) {
      const onDisk = new Uint8Array(readFileSync(join(samples, name, path)));
      expect(Buffer.compare(octets, onDisk), `${name}/${path}`).toBe(0);
    }
  });
});

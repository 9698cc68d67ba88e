// Rebuilds the built files of every sample, or of those named: node scripts/samples.mjs [FOLDER…]
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './setup.mjs';

const samples = join(root, 'samples');
const named = process.argv.slice(2);
const folders = readdirSync(samples)
  .filter((name) => existsSync(join(samples, name, 'make.ts')))
  .filter((name) => named.length === 0 || named.includes(name));

for (const name of folders) {
  run(process.execPath, ['--import', 'tsx', join('samples', name, 'make.ts')]);
  console.log(`samples/${name}`);
}

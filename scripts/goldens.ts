// Renews every golden file. Read the difference before it is committed: it is what users will see.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { goldensOf, readmeWith } from '../test/support/goldens.ts';
import { sampleNames } from '../test/support/samples.ts';

for (const sample of sampleNames) {
  for (const [path, content] of goldensOf(sample)) {
    const file = new URL(`../${path}`, import.meta.url);
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, content);
  }
}

const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, readmeWith(readFileSync(readme, 'utf8')));

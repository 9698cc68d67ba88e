// Everything that CI runs, one step after the other; all steps run even when one fails. Ends with the tests' own count.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, root } from './setup.mjs';

install();
build();

const bin = (path) => join(root, 'node_modules', path);
const results = mkdtempSync(join(tmpdir(), 'ike-autopsy-'));
const suite = (name) => [
  'vitest/vitest.mjs',
  'run',
  '--project',
  name,
  '--passWithNoTests',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(results, `${name}.json`)}`,
];

const steps = [
  ['types', 'typescript/bin/tsc', '-p', '.'],
  ['types of the page', 'typescript/bin/tsc', '-p', 'src/workbench/page'],
  ['lint', 'eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  [
    'layers',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    'src',
    '--config',
    '.dependency-cruiser.cjs',
  ],
  ['dead code', 'knip/bin/knip.js'],
  ['package', 'publint/src/cli.js', '--strict'],
  ['unit tests', ...suite('unit')],
  ['shared evidence', ...suite('shared')],
  ['oracle tests', ...suite('oracle')],
  ['browser tests', ...suite('e2e')],
];

const only = process.argv.slice(2);
const failed = [];
for (const [name, script, ...args] of steps) {
  if (only.length > 0 && !only.includes(name)) continue;
  const started = Date.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(process.execPath, [bin(script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(
    `── ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) failed.push(name);
}

let [passed, broken, skipped] = [0, 0, 0];
for (const name of ['unit', 'shared', 'oracle', 'e2e']) {
  const file = join(results, `${name}.json`);
  if (!existsSync(file)) continue;
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  passed += counts.numPassedTests;
  broken += counts.numFailedTests;
  skipped += counts.numPendingTests + counts.numTodoTests;
}
rmSync(results, { recursive: true, force: true });
console.log(failed.length === 0 ? '\nEvery check passed.' : `\nFailed: ${failed.join(', ')}.`);
console.log(`tests: ${passed} passed, ${broken} failed, ${skipped} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;

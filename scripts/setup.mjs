// Installs what is missing and builds what is stale, so that `npm start` and `npm test` need nothing before them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const major = process.versions.node.split('.').map(Number);
if (major[0] < 20 || (major[0] === 20 && major[1] < 19)) {
  console.error(`ike-autopsy needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(2);
}

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

const newest = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** Runs a command in the project's folder; its failure is ours. */
export const run = (command, args, options = {}) => {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
};

// On stderr, so that the standard output of what follows stays clean.
const quiet = { stdio: ['ignore', 2, 2] };
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

export const install = () => {
  if (
    modified(join(root, 'node_modules/.package-lock.json')) >=
    modified(join(root, 'package-lock.json'))
  )
    return;
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], quiet);
};

export const build = () => {
  const built = modified(join(root, 'dist/bin.js'));
  const sources = [newest(join(root, 'src')), newest(join(root, 'samples'))];
  const programs = ['build', 'workbench'].map((name) =>
    modified(join(root, `scripts/${name}.mjs`)),
  );
  if ([...sources, ...programs].every((time) => built > time)) return;
  run(process.execPath, ['scripts/build.mjs'], quiet);
};

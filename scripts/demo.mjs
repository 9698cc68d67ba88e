// What `npm start` shows: the bundled incident, diagnosed on the terminal and as a page.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { root } from './setup.mjs';

const folder = 'samples/02-r2-initiates';
// The wireshark folder, the README and the builder are not evidence.
const evidence = readdirSync(join(root, folder))
  .filter((name) => /^(capture\.pcap(ng)?|r\d-(debug|config)\.txt|keys\.json)$/.test(name))
  .map((name) => `${folder}/${name}`);

const analyze = (...args) =>
  spawnSync(process.execPath, ['dist/bin.js', 'analyze', ...evidence, ...args], {
    cwd: root,
    stdio: 'inherit',
  }).status ?? 2;

console.log(`$ ike-autopsy ${evidence.join(' ')}\n`);
const status = analyze();
if (status === 2) process.exit(2);
if (analyze('--format', 'html', '-o', 'report.html') === 2) process.exit(2);
console.log('\nThe same as a page: report.html. Yours: npm start -- FILES…');

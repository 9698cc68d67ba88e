import { build, install, root, run } from './setup.mjs';

install();
build();
const args = process.argv.slice(2);
if (args.length > 0) {
  const { spawnSync } = await import('node:child_process');
  // The caller's folder, not ours: `npm start -- capture.pcap` names files from where it was typed.
  const result = spawnSync(process.execPath, [`${root}/dist/bin.js`, ...args], {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
  });
  process.exitCode = result.status ?? 1;
} else {
  run(process.execPath, ['scripts/demo.mjs']);
}

// Bundles the command and the library into dist/, and writes the library's type declarations.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { root } from './setup.mjs';
import { buildWorkbench } from './workbench.mjs';

rmSync(`${root}/dist`, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: {
    bin: 'src/bin.ts',
    index: 'src/index.ts',
    // Started as a thread of its own.
    'screening-worker': 'src/cli/screening-worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  // Every command is a chunk of its own: none pays at start for another.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Half a megabyte is read and compiled at each start: shorter names make that a tenth faster.
  minifyIdentifiers: true,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  alias: { 'string-width': './scripts/help-width.mjs' },
  // Packages that are still CommonJS ask for require.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

await buildWorkbench(`${root}/dist/workbench.html`);

const types = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = types.status ?? 1;

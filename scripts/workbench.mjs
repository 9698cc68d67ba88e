// Builds the workbench into one file: the page's program and the worker's, the style, and the samples as case files.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from './setup.mjs';

const page = 'src/workbench/page';

const forBrowser = async (entry) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${page}/${entry}`],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    conditions: ['browser'],
    // The package's own build for pages; the usual one expects Node's Buffer.
    alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
    target: 'es2023',
    minify: true,
    // The element that holds the program is closed by none of its strings.
    legalComments: 'none',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfigRaw: '{}',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0].text;
};

/** A module of ours, run here. */
const runHere = async (entry) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'warning',
  });
  return import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  );
};

const evidence = /^(capture\.pcap(ng)?|r\d-(debug|config)\.txt|keys\.json|psk\.txt)$/;

/** Every sample as a case, with the sentence that its README opens with. */
const samples = (writeCase, noSettings) =>
  readdirSync(join(root, 'samples'))
    .filter((name) => /^\d\d-/.test(name))
    .sort()
    .map((name) => {
      const folder = join(root, 'samples', name);
      const files = readdirSync(folder)
        .filter((file) => evidence.test(file))
        .sort();
      // A list of candidates is read last, as an option of the command line is.
      files.sort((a, b) => Number(a === 'psk.txt') - Number(b === 'psk.txt'));
      const inputs = files.map((path) => ({
        path,
        router: null,
        as: path === 'psk.txt' ? 'psk-list' : 'evidence',
        content: new Uint8Array(readFileSync(join(folder, path))),
      }));
      const [, about = ''] =
        /^# .*\n\n(.*)/.exec(readFileSync(join(folder, 'README.md'), 'utf8')) ?? [];
      return { name, about, base64: Buffer.from(writeCase(inputs, noSettings)).toString('base64') };
    });

/** Writes the page and gives its size in octets. */
export const buildWorkbench = async (out) => {
  const [script, worker, shell, { writeCase }, { noSettings }] = await Promise.all([
    forBrowser('main.tsx'),
    forBrowser('worker.ts'),
    runHere(`${page}/shell.ts`),
    runHere('src/intake/case-file.ts'),
    runHere('src/intake/case.ts'),
  ]);
  const scriptHash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const text = shell.renderPage({
    script,
    scriptHash,
    worker: gzipSync(worker, { level: 9 }).toString('base64'),
    samples: JSON.stringify(samples(writeCase, noSettings)).replaceAll('<', '\\u003c'),
  });
  writeFileSync(out, text);
  return Buffer.byteLength(text);
};

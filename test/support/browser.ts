import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A chromium of this machine; null when there is none. `CHROMIUM` names another. */
export const chromiumPath: string | null =
  CANDIDATES.find((path) => path !== undefined && existsSync(path)) ?? null;

if (chromiumPath === null) {
  console.log('No chromium was found: tests in a browser are skipped. Set CHROMIUM to its path.');
}

/** How long a browser on a busy machine may take for one thing; it only ends what hangs. Milliseconds. */
export const slow = 120_000;

export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('no chromium');
  return chromium.launch({
    executablePath: chromiumPath,
    timeout: slow,
    args: ['--no-sandbox', '--headless', '--disable-gpu'],
  });
}

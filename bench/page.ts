import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { renderHtml } from '../src/report/html/report.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { writeLargeCapture } from '../test/support/large-capture.ts';
import { largeReport } from '../test/support/report.ts';
import { openWorkbench, workbenchPath } from '../test/support/workbench.ts';
import { machine, median } from './measure.ts';

/**
 * The pages in a chromium without a display: `npx tsx bench/page.ts`; `npm run build` first. What the browser itself
 * costs is measured in turns with it, on a page that says one word. BENCH_ROUNDS sets how often, BENCH_MIB the size of
 * the capture.
 */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 9);
const mib = Number(process.env['BENCH_MIB'] ?? 200);
const viewport = { width: 1400, height: 1000 };

const FIRST_PAINT = `new Promise((resolve) => {
  const look = () => {
    const [entry] = performance.getEntriesByName('first-contentful-paint');
    if (entry) resolve(entry.startTime); else setTimeout(look, 5);
  };
  look();
})`;
const LOADED = `performance.getEntriesByType('navigation')[0].loadEventEnd`;

/** The longest time in which the page did nothing else. */
const WATCH = `(() => {
  window.longestPause = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    window.longestPause = Math.max(window.longestPause, now - last - 20);
    last = now;
  }, 20);
})()`;

/** Resident memory of all renderers of the browser, in MiB; 0 where the system does not tell. */
async function residentMib(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  let pages = 0;
  for (const { id, type } of processInfo) {
    if (type !== 'renderer') continue;
    try {
      pages += Number(readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1] ?? 0);
    } catch {
      // It has ended, or this is no Linux.
    }
  }
  return pages / 256;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function open(browser: Browser, path: string): Promise<Page> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href, { waitUntil: 'load' });
  return page;
}

/** Milliseconds that `expression` gives on each page, in turns. */
async function inTurns(
  browser: Browser,
  expression: string,
  paths: readonly string[],
): Promise<readonly number[][]> {
  const times = paths.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, path] of paths.entries()) {
      const page = await open(browser, path);
      times[index]!.push(await page.evaluate<number>(expression));
      await page.context().close();
    }
  }
  return times;
}

function print(what: string, bar: string, [empty, ours]: readonly number[][]): void {
  const ms = (times: readonly number[]): string =>
    `${Math.min(...times).toFixed(0)} best, ${median(times).toFixed(0)} median`;
  const ratio = (median(ours!) / median(empty!)).toFixed(2);
  console.log(`| ${what} | ${ms(ours!)} | ${ms(empty!)} | ${ratio} | ${bar} |`);
}

async function largeCapture(browser: Browser, folder: string): Promise<void> {
  const path = join(folder, 'large.pcap');
  const seed = new URL('../samples/01-r1-initiates/capture.pcap', import.meta.url).pathname;
  const packets = writeLargeCapture(path, mib << 20, seed);
  const { page } = await openWorkbench(browser, { viewport });
  const before = await residentMib(browser);
  await page.evaluate(WATCH);
  const started = performance.now();
  await page.locator('input[type=file]').setInputFiles(path);
  let peak = before;
  while ((await page.locator('#verdict').count()) === 0) {
    peak = Math.max(peak, await residentMib(browser));
    await sleep(50);
  }
  const seconds = (performance.now() - started) / 1000;
  const pause = await page.evaluate<number>('window.longestPause');
  await page.context().close();
  console.log(
    `${mib} MiB, ${packets} packets: ${seconds.toFixed(1)} s, longest pause of the page ${pause.toFixed(0)} ms (bar 500), memory grew by at most ${(peak - before).toFixed(0)} MiB (bar 200)`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
const browser = await launchBrowser();
try {
  const empty = join(folder, 'empty.html');
  writeFileSync(empty, '<!doctype html><title>empty</title><p>empty');
  const report = join(folder, 'report.html');
  writeFileSync(report, renderHtml(largeReport(30, 20_000)));
  console.log(`${machine()}, chromium ${browser.version()}, ${rounds} rounds\n`);
  console.log(`weight of the workbench: ${statSync(workbenchPath).size} octets (bar 1500000)\n`);
  console.log('| what | ms | empty page, ms | ratio | bar |\n| --- | --- | --- | --- | --- |');
  print(
    'first contentful paint of the workbench',
    '500 ms',
    await inTurns(browser, FIRST_PAINT, [empty, workbenchPath]),
  );
  print(
    'a report of 30 negotiations and 20,000 events, loaded',
    '2000 ms',
    await inTurns(browser, LOADED, [empty, report]),
  );
  console.log('');
  await largeCapture(browser, folder);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

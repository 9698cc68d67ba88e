import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AnalysisReport } from '../../src/model/report.ts';
import { renderHtml } from '../../src/report/html/report.ts';
import { chromiumPath, launchBrowser, slow } from '../support/browser.ts';
import { HOSTILE } from '../support/hostile.ts';
import { largeReport, mapTexts, referenceReport } from '../support/report.ts';

type Opened = {
  readonly page: Page;
  readonly said: readonly string[];
  readonly asked: readonly string[];
};

const MODES: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  narrow: { viewport: { width: 390, height: 844 } },
};

describe.skipIf(chromiumPath === null)('the report in chromium', () => {
  let browser: Browser;
  let folder: string;
  let number = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page from disk; what it says on the console and asks of the network is kept. */
  async function open(
    report: AnalysisReport,
    options: BrowserContextOptions = {},
  ): Promise<Opened> {
    number += 1;
    const file = join(folder, `${number}.html`);
    writeFileSync(file, renderHtml(report));
    const context = await browser.newContext(options);
    context.setDefaultTimeout(slow);
    const page = await context.newPage();
    const said: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('dialog', (dialog) => {
      said.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.isNavigationRequest()) asked.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return { page, said, asked };
  }

  describe.each(Object.entries(MODES))('%s', (_, options) => {
    it('renders without a word on the console, a request, or a page wider than the screen', async () => {
      const { page, said, asked } = await open(referenceReport(), options);
      expect(await page.locator('h1').innerText()).toContain('R1 verified MM5');
      expect(said).toEqual([]);
      expect(asked).toEqual([]);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(options.viewport!.width);
      await page.close();
    });

    it('has text that stands out from its ground', async () => {
      const { page } = await open(referenceReport(), options);
      expect(await page.evaluate<string[]>(CONTRAST)).toEqual([]);
      await page.close();
    });
  });

  it('draws the ladder on a wide screen and lists its steps on a narrow one', async () => {
    const wide = await open(referenceReport(), MODES['light']);
    expect(await wide.page.locator('svg.ladder').isVisible()).toBe(true);
    expect(await wide.page.locator('ol.steps').isVisible()).toBe(false);
    const narrow = await open(referenceReport(), MODES['narrow']);
    expect(await narrow.page.locator('svg.ladder').isVisible()).toBe(false);
    expect(await narrow.page.locator('ol.steps').isVisible()).toBe(true);
    await Promise.all([wide.page.close(), narrow.page.close()]);
  });

  it('reaches the target of every link, also in closed parts', async () => {
    const { page } = await open(referenceReport(), MODES['light']);
    const links = await page.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')))]`,
    );
    expect(links.length).toBeGreaterThan(30);
    for (const link of links) {
      await page.evaluate(`location.hash = ${JSON.stringify(link)}`);
      const reached = (): Promise<boolean> => page.evaluate<boolean>(IN_VIEW);
      await expect.poll(reached, { message: link }).toBe(true);
    }
    await page.close();
  });

  it('filters by severity and by negotiation, without script and by keyboard', async () => {
    const { page } = await open(largeReport(30, 600), {
      ...MODES['light'],
      javaScriptEnabled: true,
    });
    const failures = page.locator('[data-severity=failure]');
    expect(await failures.first().isVisible()).toBe(true);
    await page.locator('#show-failure').focus();
    await page.keyboard.press('Space');
    expect(await failures.first().isVisible()).toBe(false);
    expect(await page.locator('[data-severity=warning]').first().isVisible()).toBe(true);
    await page.locator('#show-all').focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#attempt-1').isVisible()).toBe(true);
    expect(await page.locator('#attempt-2').isVisible()).toBe(false);
    await page.close();
  });

  it('has landmarks, one main heading, and headings that skip no level', async () => {
    const { page } = await open(referenceReport(), MODES['light']);
    for (const landmark of ['header', 'main', 'nav', 'footer']) {
      expect(await page.locator(landmark).count(), landmark).toBeGreaterThan(0);
    }
    expect(await page.locator('h1').count()).toBe(1);
    const levels = await page.evaluate<number[]>(
      `[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))`,
    );
    levels.forEach((level, i) => expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1));
    const tree = await page.locator('svg.ladder').ariaSnapshot();
    expect(tree).toContain('Ladder of R2 (initiator) and R1 (responder)');
    await page.close();
  });

  it('prints the evidence that is cited and none of the controls', async () => {
    const { page } = await open(referenceReport(), MODES['light']);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.side').isVisible()).toBe(false);
    expect(await page.locator('#l-1-15').isVisible()).toBe(true);
    expect(await page.locator('#l-1-1').isVisible()).toBe(false);
    expect(await page.locator('svg.ladder').isVisible()).toBe(true);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await page.close();
  });

  it('needs no script to be read', async () => {
    const { page } = await open(referenceReport(), { ...MODES['light'], javaScriptEnabled: false });
    expect(await page.locator('svg.ladder').isVisible()).toBe(true);
    expect(await page.locator('#finding-1').isVisible()).toBe(true);
    await page.close();
  });

  it.each(Object.entries(HOSTILE))('runs, fetches and breaks nothing: %s', async (_, text) => {
    const { page, said, asked } = await open(
      mapTexts(referenceReport(), () => text),
      MODES['light'],
    );
    expect(said).toEqual([]);
    expect(asked).toEqual([]);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('main footer').count()).toBe(1);
    expect(await page.locator('script, img, iframe, form, base').count()).toBe(0);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(1440);
    await page.close();
  });

  it('opens 30 negotiations with 20,000 events', async () => {
    const { page, said } = await open(largeReport(30, 20_000), MODES['light']);
    expect(await page.locator('section[id^="attempt-"]').count()).toBe(30);
    expect(await page.locator('.tl li').count()).toBeGreaterThanOrEqual(20_000);
    expect(await page.locator('main footer').count()).toBe(1);
    expect(said).toEqual([]);
    await page.close();
  });
});

const IN_VIEW = `(() => {
  const { top, bottom, height } = document.querySelector(':target').getBoundingClientRect();
  return height > 0 && bottom > 0 && top < innerHeight;
})()`;

/** WCAG 1.4.3 for every visible text: 4.5 to 1, or 3 to 1 when large. Gives what falls short. */
const CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (css) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
  const ground = (el) => { for (let at = el; at; at = at.parentElement) { const c = rgba(getComputedStyle(at).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255, 255]; };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !el.checkVisibility()) continue;
    const style = getComputedStyle(el);
    const ink = rgba(el instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(el))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) bad.push(ratio.toFixed(2) + ' ' + el.className + ' ' + walker.currentNode.data.trim().slice(0, 30));
  }
  return [...new Set(bad)];
})()`;

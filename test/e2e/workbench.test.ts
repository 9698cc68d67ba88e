import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { HOSTILE } from '../support/hostile.ts';
import { writeLargeCapture } from '../support/large-capture.ts';
import { sampleNames } from '../support/samples.ts';
import { commandPath, openSample, openWorkbench, workbenchPath } from '../support/workbench.ts';

const MODES: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1400, height: 1000 }, colorScheme: 'light' },
  dark: { viewport: { width: 1400, height: 1000 }, colorScheme: 'dark' },
  narrow: { viewport: { width: 390, height: 844 } },
};

/** 200 MB unless a number of MiB is given, for machines that are short of room. */
const LARGE_MIB = Number(process.env['IKE_AUTOPSY_LARGE_MIB'] ?? 200);

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const inSample = (name: string, file: string): string => join(samples, name, file);
const text = (name: string, file: string): string => readFileSync(inSample(name, file), 'utf8');

const captureOf = (name: string): string =>
  inSample(
    name,
    readdirSync(join(samples, name)).find((file) => file.startsWith('capture.'))!,
  );

/** The sentence of the verdict; every sample of the four has its own. */
const FAILING: Readonly<Record<string, string>> = {
  '02-r2-initiates': 'keyring-mismatch-after-mm5',
  '03-different-keys': 'psk-mismatch',
  '11-wrong-profile-right-keyring': 'profile-mismatch-phase2',
};

describe.skipIf(chromiumPath === null)('the workbench in chromium', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workbench-'));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function save(page: Page, press: () => Promise<void>): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    return keep(download);
  }

  async function keep(download: Download): Promise<string> {
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }

  function command(args: readonly string[], cwd = folder): { status: number | null; out: Buffer } {
    const { status, stdout } = spawnSync(process.execPath, [commandPath, ...args], { cwd });
    return { status, out: stdout };
  }

  it.each(Object.entries(FAILING))(
    'diagnoses, shows, repairs and saves what is pasted and dropped: %s',
    async (name, finding) => {
      const { page, said, asked } = await openWorkbench(browser, MODES['light']);

      // What an engineer does: two debugs pasted, the capture and the rest dropped or chosen.
      for (const [index, router] of ['r1', 'r2'].entries()) {
        await page
          .locator('.paste textarea')
          .nth(index)
          .fill(text(name, `${router}-debug.txt`));
      }
      await page.locator('#verdict').waitFor();
      await page
        .locator('input[type=file]')
        .setInputFiles([
          captureOf(name),
          ...['r1-config.txt', 'r2-config.txt', 'keys.json'].map((file) => inSample(name, file)),
        ]);
      await page.locator('.files .recognised .tag').nth(3).waitFor();
      await expect.poll(() => page.locator('.verdict').innerText()).toContain(finding);

      // The ladder leads to a line and to a frame, the frame to its octets.
      await page.locator('svg.ladder a[href^="#l-"]').first().click();
      await page.locator('.inspector .box p.cited').waitFor();
      expect(await page.locator('.inspector dd').first().innerText()).not.toBe('');
      await page.locator('svg.ladder a[href^="#f-"]').first().click();
      await page.locator('.inspector .octet-row').first().waitFor();
      await page.locator('.inspector .node').first().click();
      expect(await page.locator('.octets mark').count()).toBeGreaterThan(0);
      await page.keyboard.press('Escape');
      await page.locator('.inspector').waitFor({ state: 'detached' });

      // A decision leads to the configuration that decided it.
      await page.locator('tr.agrees td, tr.diverges td').first().click();
      await page.locator('.inspector .box p.cited').waitFor();
      await page.getByRole('button', { name: 'Close' }).click();

      await page.getByRole('button', { name: 'Apply and replay' }).first().click();
      const says = page.locator('.says');
      await expect.poll(() => says.innerText()).toContain('After the edit');
      expect(await says.innerText()).not.toContain('fails');

      await page.getByRole('tab', { name: 'Save' }).click();
      for (const [button, start] of [
        ['HTML', '<!doctype html>'],
        ['Markdown', '#'],
        ['Text', ''],
        ['JSON', '{'],
        ['NDJSON', '{'],
        ['CSV', 'PK'],
      ] as const) {
        const path = await save(page, () =>
          page.getByRole('button', { name: button, exact: true }).click(),
        );
        expect(readFileSync(path, 'latin1').startsWith(start), button).toBe(true);
        expect(statSync(path).size, button).toBeGreaterThan(500);
      }
      const path = await save(page, () =>
        page.getByRole('button', { name: 'Save as case file' }).last().click(),
      );
      const { status, out } = command(['analyze', path, '--format', 'json']);
      expect(status).toBe(1);
      expect(out.toString()).toContain(finding);

      // The case opens again in a fresh page.
      const again = await openWorkbench(browser, MODES['light']);
      await again.page.locator('input[type=file]').setInputFiles(path);
      await again.page.locator('#verdict').waitFor();
      expect(await again.page.locator('.verdict').innerText()).toContain(finding);
      await again.page.close();

      expect(said).toEqual([]);
      expect(asked).toEqual([]);
      await page.close();
    },
  );

  it('says of the tunnel that is up which direction fails, and takes files that are dropped', async () => {
    const name = '01-r1-initiates';
    const { page, said, asked } = await openWorkbench(browser, MODES['light']);
    const files = ['r1-debug.txt', 'r2-debug.txt', 'r1-config.txt', 'r2-config.txt'].map(
      (file) => ({ file, content: text(name, file) }),
    );
    await page.evaluate(
      `(() => {
        const data = new DataTransfer();
        for (const { file, content } of ${JSON.stringify(files)}) data.items.add(new File([content], file));
        dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
      })()`,
    );
    await page.locator('#verdict').waitFor();
    expect(await page.locator('.verdict').innerText()).not.toContain('failure\n');
    await page.getByRole('tab', { name: 'What if' }).click();
    await expect.poll(() => page.locator('.says').innerText()).toContain('R2 to R1 fails');
    expect([...said, ...asked]).toEqual([]);
    await page.close();
  });

  it('replays a configuration that is edited in place', async () => {
    const { page, said } = await openWorkbench(browser, MODES['light']);
    await openSample(page, '02-r2-initiates');
    await page.getByRole('tab', { name: 'What if' }).click();
    const box = page
      .getByLabel('Configuration of R1', { exact: true })
      .and(page.locator('textarea'));
    await box.waitFor();
    const config = await box.inputValue();
    const edited = config.replace(/keyring keyring2\n(\s+match)/, 'keyring keyring2 keyring1\n$1');
    expect(edited).not.toBe(config);
    await box.fill(edited);
    await expect.poll(() => page.locator('.says').innerText()).toContain('R2 to R1 comes up');
    expect(await box.inputValue()).toBe(edited);
    await page.getByRole('button', { name: 'Back to what was read' }).click();
    await expect.poll(() => page.locator('.says').innerText()).toContain('R2 to R1 fails');
    expect(await box.inputValue()).toBe(config);
    expect(said).toEqual([]);
    await page.close();
  });

  it('forgets what was typed with the evidence that it was typed for', async () => {
    const { page, said } = await openWorkbench(browser, MODES['light']);
    await openSample(page, '02-r2-initiates');
    await page.getByText('Filter and clock').click();
    await page.getByLabel('Year of stamps').fill('no year');
    await page.keyboard.press('Tab');
    await page.getByRole('tab', { name: 'What if' }).click();
    const box = page.locator('textarea.config').first();
    const config = await box.inputValue();
    await box.fill('hostname R9\n');
    await expect.poll(() => page.locator('.says').innerText()).toContain('No two of the routers');
    await page
      .locator('.paste textarea')
      .first()
      .fill(text('04-initiator-without-profile', 'r1-debug.txt'));
    await expect.poll(() => page.locator('textarea.config').first().inputValue()).toBe(config);
    await page.getByRole('button', { name: 'Clear everything' }).click();
    await page.getByText('Filter and clock').click();
    expect(await page.getByLabel('Year of stamps').inputValue()).toBe('');
    expect(said).toEqual([]);
    await page.close();
  });

  it('opens a case together with the files that were dropped with it, but no two cases', async () => {
    const { page } = await openWorkbench(browser, MODES['light']);
    const files = page.locator('.files .path');
    await openSample(page, '02-r2-initiates');
    const path = await save(page, () =>
      page.getByRole('button', { name: 'Save as case file' }).first().click(),
    );
    await page.getByRole('button', { name: 'Clear everything' }).click();
    const other = inSample('03-different-keys', 'psk.txt');
    await page.locator('input[type=file]').setInputFiles([path, other]);
    await expect.poll(() => files.allInnerTexts()).toContain('psk.txt');
    const held = await files.count();
    expect(held).toBeGreaterThan(5);
    await page.locator('input[type=file]').setInputFiles([path, path]);
    await page.getByText('Only one case is open at a time.').waitFor();
    expect(await files.count()).toBe(held);
    await page.close();
  });

  it.each(sampleNames)(
    'gives the analysis of the command line, byte for byte: %s',
    async (name) => {
      const { page, said } = await openWorkbench(browser);
      await openSample(page, name);
      await page.getByRole('tab', { name: 'Save' }).click();
      const path = await save(page, () =>
        page.getByRole('button', { name: 'JSON', exact: true }).click(),
      );
      const files = readdirSync(join(samples, name)).sort();
      const evidence = files.filter((file) =>
        /^(?:capture\.pcap(?:ng)?|r\d-(?:debug|config)\.txt|keys\.json)$/.test(file),
      );
      const keys = files.includes('psk.txt') ? ['--psk-file', 'psk.txt'] : [];
      const { out } = command(
        ['analyze', ...evidence, ...keys, '--format', 'json'],
        join(samples, name),
      );
      expect(out.length).toBeGreaterThan(1000);
      expect(readFileSync(path).equals(out)).toBe(true);
      expect(said).toEqual([]);
      await page.close();
    },
  );

  it('writes redacted reports', async () => {
    const { page } = await openWorkbench(browser);
    await openSample(page, '02-r2-initiates');
    await page.getByRole('tab', { name: 'Save' }).click();
    await page.getByLabel('Replace addresses').check();
    const path = await save(page, () =>
      page.getByRole('button', { name: 'JSON', exact: true }).click(),
    );
    const report = readFileSync(path, 'utf8');
    expect(report).not.toContain('192.168.0.2');
    expect(report).toContain('keyring-mismatch-after-mm5');
    await page.close();
  });

  it('filters findings by severity and analyses for one peer', async () => {
    const { page } = await openWorkbench(browser, MODES['light']);
    await openSample(page, '02-r2-initiates');
    await page.getByRole('tab', { name: 'Findings' }).click();
    const failure = page.locator('.main [data-severity=failure]').first();
    expect(await failure.isVisible()).toBe(true);
    await page.locator('#show-failure').uncheck();
    expect(await failure.isVisible()).toBe(false);
    await page.getByText('Filter and clock').click();
    await page.getByLabel('Only with this peer').fill('203.0.113.77');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator('.verdict').innerText()).toContain('No negotiation');
    await page.close();
  });

  it('shows the candidate matrix, and never a key', async () => {
    const { page } = await openWorkbench(browser, MODES['light']);
    await page
      .locator('input[type=file]')
      .setInputFiles([captureOf('03-different-keys'), inSample('03-different-keys', 'keys.json')]);
    await page.locator('#verdict').waitFor();
    const keys = text('03-different-keys', 'psk.txt').trim();
    await page.getByLabel('Candidate keys, one a line').fill(`${keys}\nnot-the-key`);
    await page.getByRole('tab', { name: 'Keys' }).click();
    await expect.poll(() => page.locator('.panel').innerText()).toContain('candidate-keys.txt');
    const shown = await page.locator('.result').innerText();
    expect(shown).toContain('fits');
    expect(shown).toContain('does not fit');
    for (const key of [...keys.split('\n'), 'not-the-key']) expect(shown).not.toContain(key);
    const mask = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('#candidate-keys')).webkitTextSecurity`,
    );
    expect(mask).toBe('disc');
    await page.close();
  });

  it(`streams a capture of ${LARGE_MIB} MiB, and the page answers meanwhile`, async () => {
    const path = join(folder, 'large.pcap');
    const frames = writeLargeCapture(
      path,
      LARGE_MIB << 20,
      inSample('01-r1-initiates', 'capture.pcap'),
    );
    const { page, said } = await openWorkbench(browser, MODES['light']);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.locator('progress[value]').waitFor();
    await page.getByLabel('Candidate keys, one a line').fill('typed meanwhile');
    await page.locator('#verdict').waitFor();
    expect(await page.locator('.files').innerText()).toContain(`${frames} packets`);
    await expect.poll(() => page.locator('.inputs').innerText()).toContain('1 candidate key');
    expect(said).toEqual([]);
    await page.close();
    rmSync(path);
  });

  it('cancels what would take long, and goes on', async () => {
    const { page, said } = await openWorkbench(browser, MODES['light']);
    const path = join(folder, 'endless.pcap');
    writeFileSync(path, readFileSync(inSample('01-r1-initiates', 'capture.pcap')));
    // A hole in the file: nothing on the disk, and more to read than any machine reads before the button is pressed.
    truncateSync(path, 64 * 2 ** 30);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    expect(await page.locator('progress').count()).toBe(0);
    await page.getByRole('button', { name: 'Clear everything' }).click();
    await openSample(page, '02-r2-initiates');
    expect(await page.getByText('Cancelled.').count()).toBe(0);
    expect(said).toEqual([]);
    await page.close();
    rmSync(path);
  });

  describe('hostile text', () => {
    let opened: Awaited<ReturnType<typeof openWorkbench>>;
    const log = text('02-r2-initiates', 'r1-debug.txt');

    beforeAll(async () => {
      opened = await openWorkbench(browser, MODES['light']);
    });

    afterAll(async () => {
      await opened.page.close();
    });

    it.each(Object.entries(HOSTILE))('runs, fetches and breaks nothing: %s', async (_, hostile) => {
      const { page, said, asked } = opened;
      await page
        .locator('.paste textarea')
        .first()
        .fill(`${log}\n*Sep  3 14:22:07.550: ISAKMP:(0): ${hostile}\n${hostile}`);
      await page.locator('.paste .router input').first().fill(hostile.slice(0, 200));
      await page.locator('#verdict').waitFor();
      for (const tab of ['Evidence', 'Inputs', 'What if', 'Findings', 'Ladder'])
        await page.getByRole('tab', { name: tab }).click();
      expect(said).toEqual([]);
      expect(asked).toEqual([]);
      expect(await page.evaluate('window.pwned')).toBeUndefined();
      expect(await page.locator('img, iframe, form, base').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(3);
      await page.getByRole('button', { name: 'Clear everything' }).click();
      await page.locator('.welcome').waitFor();
    });
  });

  it('takes a line of 5 MB and binary rubbish, says what it cannot read, and goes on', async () => {
    const { page, said } = await openWorkbench(browser, MODES['light']);
    const line = join(folder, 'line.txt');
    writeFileSync(line, 'A<b>'.repeat(5 << 18));
    const rubbish = join(folder, 'rubbish.bin');
    writeFileSync(
      rubbish,
      Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 2654435761) >>> 13),
    );
    const empty = join(folder, 'empty.txt');
    writeFileSync(empty, '');
    await page.locator('input[type=file]').setInputFiles([line, rubbish, empty]);
    await expect.poll(() => page.locator('.recognised.bad').count()).toBe(3);
    await page
      .locator('.paste textarea')
      .first()
      .fill('x'.repeat(5 << 20));
    await expect.poll(() => page.locator('.recognised.bad').count()).toBe(4);
    await page.locator('.paste textarea').first().fill(text('02-r2-initiates', 'r1-debug.txt'));
    await page.locator('#verdict').waitFor();
    expect(said).toEqual([]);
    await page.close();
  });

  describe.each(Object.entries(MODES))('%s', (mode, options) => {
    it('keeps to the width, and its text stands out from its ground', async () => {
      const { page } = await openWorkbench(browser, options);
      expect(await page.evaluate<string[]>(CONTRAST)).toEqual([]);
      await openSample(page, '02-r2-initiates');
      for (const tab of ['Findings', 'Evidence', 'Keys', 'What if', 'Inputs', 'Save', 'Ladder']) {
        await page.getByRole('tab', { name: tab }).click();
        await expect.poll(() => page.locator('.panel').innerText()).not.toContain('…\n');
        expect(await page.evaluate<string[]>(CONTRAST), `${mode} ${tab}`).toEqual([]);
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width, tab).toBeLessThanOrEqual(options.viewport!.width);
      }
      await page.close();
    });
  });

  it('is used by keyboard, with landmarks, labels and one main heading', async () => {
    const { page } = await openWorkbench(browser, MODES['light']);
    const unnamed = await page.evaluate<string[]>(UNNAMED);
    expect(unnamed).toEqual([]);
    const sample = page.locator('button.sample').nth(1);
    await sample.focus();
    await page.keyboard.press('Enter');
    await page.locator('#verdict').waitFor();
    expect(await page.evaluate<string[]>(UNNAMED)).toEqual([]);
    for (const landmark of ['main', 'aside']) expect(await page.locator(landmark).count()).toBe(1);
    expect(await page.locator('h1').count()).toBe(1);
    await page.locator('#tab-ladder').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#tab-findings').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('End');
    expect(await page.locator('#tab-save').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Home');
    await page.locator('svg.ladder a').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.inspector:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.inspector').waitFor({ state: 'detached' });
    await page.locator('svg.ladder a:focus').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.inputs').isVisible()).toBe(false);
    expect(await page.locator('.verdict').isVisible()).toBe(true);
    await page.close();
  });

  it('weighs at most 1.5 MB', () => {
    expect(statSync(workbenchPath).size).toBeLessThanOrEqual(1_500_000);
  });

  describe('served on loopback', () => {
    let server: ChildProcess;
    let url: string;

    beforeAll(async () => {
      server = spawn(process.execPath, [commandPath, 'workbench'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      url = await new Promise<string>((resolve) => {
        server.stdout!.once('data', (data: Buffer) => resolve(data.toString().trim()));
      });
    });

    afterAll(() => {
      server.kill();
    });

    it('is the same page, under a policy that lets nothing out', async () => {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      const { page, said, asked } = await openWorkbench(browser, MODES['light'], url);
      await openSample(page, '02-r2-initiates');
      const escaped = await page.evaluate<string>(`fetch('/').then(() => 'sent', () => 'refused')`);
      expect(escaped).toBe('refused');
      expect(said.filter((line) => !/Content Security Policy|Fetch API/.test(line))).toEqual([]);
      expect(asked.filter((one) => one !== url)).toEqual([]);
      await page.close();
    });
  });
});

/** Controls without a name for who does not see them. */
const UNNAMED = `[...document.querySelectorAll('input, textarea, button, select')]
  .filter((el) => !el.labels?.length && !el.getAttribute('aria-label') && !el.textContent.trim())
  .map((el) => el.outerHTML)`;

/** WCAG 1.4.3 for every visible text: 4.5 to 1, or 3 to 1 when large. Gives what falls short. */
const CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (css) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
  const ground = (el) => { for (let at = el; at; at = at.parentElement) { const c = rgba(getComputedStyle(at).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255, 255]; };
  const bad = [];
  const walker = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !el.checkVisibility() || el.tagName === 'STYLE' || el.disabled) continue;
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

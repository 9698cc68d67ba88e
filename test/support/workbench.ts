import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { slow } from './browser.ts';

/** The finished page, as the build leaves it. */
export const workbenchPath: string = fileURLToPath(
  new URL('../../dist/workbench.html', import.meta.url),
);

export const commandPath: string = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

if (!existsSync(workbenchPath))
  console.log('The workbench is not built: its tests fail until npm run build has run.');

export type OpenedWorkbench = {
  readonly page: Page;
  /** Everything on the console, every error and every dialog. */
  readonly said: readonly string[];
  /** Every request for anything but the page itself and its own worker. */
  readonly asked: readonly string[];
};

/** Opens the page, from disk unless told otherwise. */
export async function openWorkbench(
  browser: Browser,
  options: BrowserContextOptions = {},
  url: string = pathToFileURL(workbenchPath).href,
): Promise<OpenedWorkbench> {
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
  context.on('request', (request) => {
    const isOwn = request.url().startsWith('blob:') || request.url().startsWith('data:');
    if (!request.isNavigationRequest() && !isOwn) asked.push(request.url());
  });
  await page.goto(url);
  await page.locator('.drop').waitFor();
  return { page, said, asked };
}

export async function openSample(page: Page, name: string): Promise<void> {
  await page.locator('button.sample b').getByText(name, { exact: true }).click();
  await page.locator('#verdict').waitFor();
}

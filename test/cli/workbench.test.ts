import { request } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../support/io.ts';
import { commandPath, workbenchPath } from '../support/workbench.ts';

describe('workbench --html', () => {
  it('writes the page as one file, which asks for nothing from outside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
    const io = testIo({ cwd: folder });
    expect(await main(['workbench', '--html', 'out.html'], io)).toBe(0);
    expect(io.err()).toContain('wrote out.html');
    const page = readFileSync(join(folder, 'out.html'), 'utf8');
    expect(page).toBe(readFileSync(workbenchPath, 'utf8'));
    rmSync(folder, { recursive: true });
    const markup = page.replace(/<script[^>]*>[^]*?<\/script>|<style>[^]*?<\/style>/g, '');
    expect(markup).not.toMatch(/(?:src|href)="(?!#|data:)/);
  });

  it('takes the place of an older page, and of no evidence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
    writeFileSync(join(folder, 'old.html'), '<!DOCTYPE html><title>old</title>');
    writeFileSync(join(folder, 'empty.html'), '');
    writeFileSync(join(folder, 'r1-debug.txt'), 'ISAKMP');
    for (const name of ['old.html', 'empty.html'])
      expect(await main(['workbench', '--html', name], testIo({ cwd: folder }))).toBe(0);
    const io = testIo({ cwd: folder });
    expect(await main(['workbench', '--html', 'r1-debug.txt'], io)).toBe(2);
    expect(io.err()).toContain('--html r1-debug.txt: that file is there and is no page');
    expect(readFileSync(join(folder, 'r1-debug.txt'), 'utf8')).toBe('ISAKMP');
    rmSync(folder, { recursive: true });
  });

  it('lets only its own script run: the policy names its digest', () => {
    const page = readFileSync(workbenchPath, 'utf8');
    const script = /<script>([^]*?)<\/script>/.exec(page)![1]!;
    const digest = createHash('sha256').update(script).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const rules = policy.replaceAll('&#39;', "'").split('; ');
    expect(rules).toContain("default-src 'none'");
    expect(rules).toContain(`script-src 'sha256-${digest}'`);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|connect-src/);
  });
});

describe('workbench, refused', () => {
  it.each([
    [['--host', '0.0.0.0'], 'listens on 127.0.0.1 only'],
    [['--host', '192.0.2.1'], 'listens on 127.0.0.1 only'],
    [['--port', 'http'], 'not a port'],
    [['--port', '65536'], 'not a port'],
    [['--port', '-1'], 'not a port'],
  ])('%j', async (args, why) => {
    const io = testIo();
    expect(await main(['workbench', ...args], io)).toBe(2);
    expect(io.err()).toContain(why);
    expect(io.out()).toBe('');
  });
});

describe('workbench on loopback', () => {
  let server: ChildProcess;
  let port: number;

  beforeAll(async () => {
    server = spawn(process.execPath, [commandPath, 'workbench'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const line = await new Promise<string>((resolve) => {
      server.stdout!.once('data', (data: Buffer) => resolve(data.toString()));
    });
    port = Number(/^http:\/\/127\.0\.0\.1:(\d+)\/\n$/.exec(line)?.[1]);
  }, 60_000);

  afterAll(() => {
    server.kill();
  });

  type Answer = {
    readonly status: number;
    readonly body: string;
    readonly cache: string | undefined;
  };

  function ask(path: string, method = 'GET', host = `127.0.0.1:${port}`): Promise<Answer> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
        let body = '';
        response.on('data', (data: Buffer) => (body += data.toString()));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body,
            cache: response.headers['cache-control'],
          }),
        );
      })
        .on('error', reject)
        .end();
    });
  }

  it('serves the page, kept nowhere', async () => {
    const { status, body, cache } = await ask('/');
    expect(status).toBe(200);
    expect(body).toBe(readFileSync(workbenchPath, 'utf8'));
    expect(cache).toBe('no-store');
  });

  it.each([
    ['/etc/passwd', 'GET', undefined, 404],
    ['/../package.json', 'GET', undefined, 404],
    ['/', 'POST', undefined, 405],
    // A name that an attacker's server resolves to this machine.
    ['/', 'GET', 'workbench.example.com', 403],
  ])('answers %s by %s of %s with %i and no page', async (path, method, host, expected) => {
    const { status, body } = await ask(path, method, host);
    expect(status).toBe(expected);
    expect(body.length).toBeLessThan(20);
  });

  it('refuses a port that is taken', async () => {
    const io = testIo();
    expect(await main(['workbench', '--port', String(port)], io)).toBe(2);
    expect(io.err()).toContain('cannot listen there (EADDRINUSE)');
  });
});

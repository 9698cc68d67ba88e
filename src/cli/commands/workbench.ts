import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeWhole } from '../files.ts';
import { single } from '../options.ts';

const loopback = '127.0.0.1';

/** Writes the page, or serves it on loopback until the process is told to stop. */
export const workbenchCommand: Command = async (args, io) => {
  const out = single(args, 'html');
  const host = single(args, 'host') ?? loopback;
  if (host !== loopback && host !== 'localhost')
    throw new UsageError(
      `--host ${host}: the workbench listens on ${loopback} only, since it would show evidence to others`,
    );
  const port = portOf(single(args, 'port'));
  const page = readPage();
  if (out === '-') {
    await io.stdout.write(page);
    return exitCodes.noFailure;
  }
  if (out !== null) {
    if (holdsOther(resolve(io.cwd, out)))
      throw new UsageError(
        `--html ${out}: that file is there and is no page; choose another name, or remove it`,
      );
    writeWhole(out, page, io);
    await io.stderr.tell(`wrote ${out}; open it in a browser`);
    return exitCodes.noFailure;
  }
  const server = createServer((request, response) => answer(page, request, response));
  const address = await listen(server, port);
  await io.stdout.write(`http://${loopback}:${address.port}/\n`);
  await io.stderr.tell('Only this machine can reach it. Stop with Ctrl-C.');
  await stopped(server);
  return exitCodes.noFailure;
};

/** A page may take the place of an older one and of nothing else: a slip of the hand costs no evidence. */
function holdsOther(path: string): boolean {
  const start = Buffer.alloc('<!doctype html>'.length);
  try {
    if (!statSync(path).isFile()) return false;
    const file = openSync(path, 'r');
    const length = readSync(file, start);
    closeSync(file);
    return length > 0 && start.toString('latin1').toLowerCase() !== '<!doctype html>';
  } catch {
    // Nothing is there, or it cannot be read: writing says what is wrong.
    return false;
  }
}

function portOf(text: string | null): number {
  if (text === null) return 0;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535)
    throw new UsageError(
      `--port ${text}: not a port; write a number from 0 (any free one) to 65535`,
    );
  return port;
}

/** The finished page lies beside the bundled command; from the sources, in the folder that the build writes. */
function readPage(): string {
  for (const place of ['./workbench.html', '../../../dist/workbench.html']) {
    try {
      return readFileSync(new URL(place, import.meta.url), 'utf8');
    } catch {
      // The next place.
    }
  }
  throw new UsageError(
    'the page of the workbench is missing from this installation; reinstall it, or run npm run build',
  );
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(
          `--port ${port}: cannot listen there (${error.code ?? 'unknown error'}); leave it out for any free port`,
        ),
      ),
    );
    server.listen(port, loopback, () => resolve(server.address() as AddressInfo));
  });
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.once('close', resolve);
    const stop = (): void => {
      server.close();
      server.closeAllConnections();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}

/** Serves one page and nothing else, and only to who asked for this machine by name: a foreign name is a rebound one. */
function answer(page: string, request: IncomingMessage, response: ServerResponse): void {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  const status =
    name !== loopback && name !== 'localhost'
      ? 403
      : request.method !== 'GET' && request.method !== 'HEAD'
        ? 405
        : request.url === '/'
          ? 200
          : 404;
  response.writeHead(status, {
    'Content-Type': status === 200 ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  response.end(request.method === 'HEAD' ? undefined : status === 200 ? page : `${status}\n`);
}

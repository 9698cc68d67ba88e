/*
 * 10,000 candidate PSKs against 10 negotiations on one core, beside psk-crack (Debian package
 * ike-scan) on the aggressive ones in the same run. `npx tsx bench/candidates.ts`
 */
import { execFileSync } from 'node:child_process';
import { createHmac, hash as digest, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decryptExchanges } from '../src/exchange/decrypt.ts';
import { pairMessages } from '../src/exchange/pair.ts';
import { decodeMessage } from '../src/isakmp/message.ts';
import type { Exchange } from '../src/model/exchange.ts';
import type { IkeMessage } from '../src/model/isakmp.ts';
import type { CandidatePsk, KeyMaterial } from '../src/model/key-material.ts';
import { machine, median } from './measure.ts';

const CANDIDATES = 10_000;
const NEGOTIATIONS = 10;
const BAR_SECONDS = 2;
const ROUNDS = 5;

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number): Buffer => Buffer.from([0, 0, value >> 8, value & 0xff]);
const prf = (key: Buffer, ...parts: readonly Buffer[]): Buffer =>
  createHmac('sha1', key).update(Buffer.concat(parts)).digest();

/** The body of an SA that offers 3DES, SHA1, group 2, pre-shared keys. */
const attributes = Buffer.from('80010005800200028003000180040002800b0001800c7080', 'hex');
const transform = Buffer.concat([
  Buffer.from([0, 0]),
  u16(8 + attributes.length),
  Buffer.from([1, 1, 0, 0]),
  attributes,
]);
const proposal = Buffer.concat([
  Buffer.from([0, 0]),
  u16(8 + transform.length),
  Buffer.from([1, 1, 0, 1]),
  transform,
]);
const saBody = Buffer.concat([u32(1), u32(1), proposal]);

type Part = readonly [type: number, body: Buffer];

function chain(parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map(([, body], at) =>
      Buffer.concat([Buffer.from([parts[at + 1]?.[0] ?? 0, 0]), u16(4 + body.length), body]),
    ),
  );
}

type Sa = {
  readonly cookieI: Buffer;
  readonly cookieR: Buffer;
  readonly number: number;
};

let frames = 0;

function message(
  sa: Sa,
  type: number,
  first: number,
  flags: number,
  fromInitiator: boolean,
  isFirst: boolean,
  rest: Buffer,
): IkeMessage {
  const cookieR = isFirst ? Buffer.alloc(8) : sa.cookieR;
  const head = Buffer.concat([
    sa.cookieI,
    cookieR,
    Buffer.from([first, 0x10, type, flags]),
    u32(0),
    u32(28 + rest.length),
  ]);
  const initiator = { address: `192.0.2.${sa.number + 1}`, port: 500 };
  const responder = { address: '198.51.100.1', port: 500 };
  frames += 1;
  return decodeMessage(
    {
      frame: frames,
      fragmentFrames: [],
      timeNs: BigInt(frames) * 1_000_000n,
      interfaceId: 0,
      transport: 'udp',
      src: fromInitiator ? initiator : responder,
      dst: fromInitiator ? responder : initiator,
      payload: { bytes: new Uint8Array(Buffer.concat([head, rest])), offset: 42 },
      missing: 0,
      anomalies: [],
    },
    0,
  )!;
}

function newSa(number: number): Sa {
  return { number, cookieI: randomBytes(8), cookieR: randomBytes(8) };
}

type Made = {
  readonly messages: readonly IkeMessage[];
  readonly crackLine: string;
  readonly material: KeyMaterial | null;
};

const idBody = Buffer.from([1, 17, 1, 0xf4, 192, 0, 2, 1]);

/** Aggressive mode up to AM2, whose HASH_R is under `psk`. */
function aggressive(number: number, psk: Buffer): Made {
  const sa = newSa(number);
  const [gi, gr, ni, nr] = [randomBytes(128), randomBytes(128), randomBytes(20), randomBytes(20)];
  const skeyid = prf(psk, ni, nr);
  const hashR = prf(skeyid, gr, gi, sa.cookieR, sa.cookieI, saBody, idBody);
  const am1 = message(
    sa,
    4,
    1,
    0,
    true,
    true,
    chain([
      [1, saBody],
      [4, gi],
      [10, ni],
      [5, idBody],
    ]),
  );
  const am2 = message(
    sa,
    4,
    1,
    0,
    false,
    false,
    chain([
      [1, saBody],
      [4, gr],
      [10, nr],
      [5, idBody],
      [8, hashR],
    ]),
  );
  const parts = [gr, gi, sa.cookieR, sa.cookieI, saBody, idBody, ni, nr, hashR];
  return {
    messages: [am1, am2],
    crackLine: parts.map((part) => part.toString('hex')).join(':'),
    material: null,
  };
}

/** Main mode with g^xy given, whose MM5 is noise under every candidate; with MM6 as well it is the dearest case. */
function main(number: number, answered: boolean): Made {
  const sa = newSa(number);
  const [gi, gr, ni, nr] = [randomBytes(128), randomBytes(128), randomBytes(20), randomBytes(20)];
  const messages = [
    message(sa, 2, 1, 0, true, true, chain([[1, saBody]])),
    message(sa, 2, 1, 0, false, false, chain([[1, saBody]])),
    message(
      sa,
      2,
      4,
      0,
      true,
      false,
      chain([
        [4, gi],
        [10, ni],
      ]),
    ),
    message(
      sa,
      2,
      4,
      0,
      false,
      false,
      chain([
        [4, gr],
        [10, nr],
      ]),
    ),
    message(sa, 2, 5, 1, true, false, randomBytes(64)),
    ...(answered ? [message(sa, 2, 5, 1, false, false, randomBytes(64))] : []),
  ];
  const material: KeyMaterial = {
    kind: 'ikev1',
    initiatorCookie: sa.cookieI.toString('hex'),
    responderCookie: sa.cookieR.toString('hex'),
    sharedSecret: new Uint8Array(digest('sha512', gi, 'buffer').length * 2).fill(7),
    skeyid: null,
    skeyidD: null,
    skeyidA: null,
    skeyidE: null,
    encryptionKey: null,
    place: { input: 'bench' },
    source: 'bench',
  };
  return { messages, crackLine: '', material };
}

/** Seconds of processor time, which other work on the machine does not lengthen, and of the clock. */
type Seconds = { readonly cpu: number; readonly wall: number };

function timed(run: () => void): Seconds {
  const rounds = Array.from({ length: ROUNDS }, (): Seconds => {
    const started = process.cpuUsage();
    const clock = performance.now();
    run();
    const { user, system } = process.cpuUsage(started);
    return { cpu: (user + system) / 1e6, wall: (performance.now() - clock) / 1000 };
  });
  return {
    cpu: median(rounds.map(({ cpu }) => cpu)),
    wall: median(rounds.map(({ wall }) => wall)),
  };
}

/** Processor time of a program that is run. */
function timedProgram(file: string, args: readonly string[]): number {
  const script =
    'times=$(mktemp); { TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1; } 2>"$times"; cat "$times"; rm "$times"';
  const text = execFileSync('bash', ['-c', script, file, ...args]).toString();
  return text
    .trim()
    .split(' ')
    .reduce((sum, part) => sum + Number(part), 0);
}

const words = Array.from({ length: CANDIDATES }, (_, at) => `candidate-${at}-of-a-list`);
const candidates: readonly CandidatePsk[] = words.map((word, at) => ({
  secret: new TextEncoder().encode(word),
  label: `line ${at + 1}`,
  place: null,
  router: null,
  keyring: null,
  scope: null,
}));

/** None of the candidates fits, so that no search ends early on either side. */
const secret = Buffer.from('in no list');
const probes = Array.from({ length: NEGOTIATIONS }, (_, at) => aggressive(at, secret));
const mains = Array.from({ length: NEGOTIATIONS }, (_, at) => main(at + NEGOTIATIONS, false));
const answered = Array.from({ length: NEGOTIATIONS }, (_, at) => main(at + 2 * NEGOTIATIONS, true));
const pair = (made: readonly Made[]): readonly Exchange[] =>
  pairMessages(made.flatMap(({ messages }) => messages));

const aggressiveExchanges = pair(probes);
const ours = timed(() => decryptExchanges(aggressiveExchanges, [], candidates));
const [unanswered, both] = [mains, answered].map((made) => {
  const exchanges = pair(made);
  const material = made.flatMap((each) => each.material ?? []);
  return timed(() => decryptExchanges(exchanges, material, candidates));
});

const check = decryptExchanges(
  aggressiveExchanges,
  [],
  [...candidates, { ...candidates[0]!, secret: new Uint8Array(secret), label: 'the key' }],
);
if (!check.every(({ keys }) => keys.responderPsk === 'the key'))
  throw new Error('the key was not found');

const folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-bench-'));
let theirs: number | null = null;
try {
  const list = join(folder, 'words.txt');
  writeFileSync(list, `${words.join('\n')}\n`);
  const lines = probes.map(({ crackLine }, at) => {
    const file = join(folder, `psk-${at}.txt`);
    writeFileSync(file, `${crackLine}\n`);
    return file;
  });
  execFileSync('psk-crack', ['--version'], { stdio: 'ignore' });
  const rounds = Array.from({ length: ROUNDS }, () =>
    lines.reduce((sum, file) => sum + timedProgram('psk-crack', ['-d', list, file]), 0),
  );
  theirs = median(rounds);
} catch {
  console.log('psk-crack is not installed (Debian: apt-get install ike-scan)');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const show = (name: string, { cpu, wall }: Seconds): void => {
  const verdict = cpu <= BAR_SECONDS ? 'within' : 'OVER';
  const ratio = theirs === null ? '' : `; ${(cpu / theirs).toFixed(1)} times psk-crack`;
  console.log(
    `${name}: ${cpu.toFixed(2)} s of processor time (${wall.toFixed(2)} s by the clock), ${(cpu / BAR_SECONDS).toFixed(2)} of the bar of ${BAR_SECONDS} s, ${verdict}${ratio}`,
  );
};
console.log(machine());
console.log(`${CANDIDATES} candidates, ${NEGOTIATIONS} negotiations, median of ${ROUNDS}`);
if (theirs !== null)
  console.log(`psk-crack on the aggressive ones: ${theirs.toFixed(2)} s of processor time`);
show('aggressive mode, HASH_R', ours);
show('main mode with g^xy, MM5 alone, none fits', unanswered!);
show('main mode with g^xy, MM5 and MM6, none fits', both!);

import { readableIdentity } from '../isakmp/identity.ts';
import { Phase2 } from '../isakmp/registry/phase2.ts';
import type { TransformSet } from '../model/config.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { TransformV1 } from '../model/isakmp.ts';
import type { LogEvent } from '../model/log.ts';
import type { Proxy } from '../select/tunnels.ts';
import { eventsOfSide, frameEvidence, lineEvidence } from './evidence.ts';
import { otherSide, senderOf, sides } from './facts.ts';
import type { Weighed } from './rule.ts';

/** One set of transforms in the words of `crypto ipsec transform-set`. */
export type ShownSet = Pick<TransformSet, 'transforms' | 'mode'>;

/** A quick mode as a log or decrypted packets show it, in the words of a configuration. */
export type ShownQuickMode = {
  readonly asker: AttemptSide;
  readonly receiver: AttemptSide;
  /** What is asked for, or of an answer what was chosen; null where IOS has no words for it that are known. */
  readonly sets: readonly ShownSet[] | null;
  /** Of perfect forward secrecy; null for none, undefined where nothing tells. */
  readonly group: number | null | undefined;
  /** From the asker's end; null where nothing tells. */
  readonly proxy: Omit<Proxy, 'line'> | null;
  readonly end: 'accepted' | 'transforms' | 'proxies' | null;
  readonly evidence: readonly Weighed[];
};

const CIPHERS: Readonly<Record<string, string>> = {
  ESP_DES: 'esp-des',
  ESP_3DES: 'esp-3des',
  ESP_AES: 'esp-aes',
  ESP_NULL: 'esp-null',
};
const HASHES: Readonly<Record<string, string>> = {
  'HMAC-MD5': 'esp-md5-hmac',
  'HMAC-SHA': 'esp-sha-hmac',
  'HMAC-SHA1': 'esp-sha-hmac',
  'HMAC-SHA256': 'esp-sha256-hmac',
  'HMAC-SHA384': 'esp-sha384-hmac',
  'HMAC-SHA512': 'esp-sha512-hmac',
};
/** By number, as packets carry them. */
const WIRE_CIPHERS: Readonly<Record<number, string>> = {
  2: 'esp-des',
  3: 'esp-3des',
  11: 'esp-null',
  12: 'esp-aes',
};
const WIRE_HASHES: Readonly<Record<number, string>> = {
  1: 'esp-md5-hmac',
  2: 'esp-sha-hmac',
  5: 'esp-sha256-hmac',
  6: 'esp-sha384-hmac',
  7: 'esp-sha512-hmac',
};
const ESP = 3;
const DEFAULT_AES = 128;

/** Modes by number: 2 and 4 are transport mode, without and within UDP. */
const modeOf = (mode: number): TransformSet['mode'] =>
  mode === 2 || mode === 4 || mode === 61_444 ? 'transport' : 'tunnel';

/** The last quick mode of an attempt that is shown, by each log and by the packets. */
export function shownQuickModes(attempt: Attempt): readonly ShownQuickMode[] {
  if (attempt.version !== 1) return [];
  return [
    ...sides(attempt).flatMap((side) => [...requested(attempt, side), ...logged(attempt, side)]),
    ...tapped(attempt),
  ];
}

/** What the key engine of a router wanted when it called. */
function requested(attempt: Attempt, side: AttemptSide): readonly ShownQuickMode[] {
  const event = eventsOfSide(side).findLast(({ message }) => message === 'ipsec-sa-request');
  if (event === undefined) return [];
  const { transform, mode } = event.fields;
  const transforms = String(transform ?? '')
    .split(/(?=esp-|ah-|comp-)/)
    .map((each) => each.replace(/^(esp-(?:aes|gcm|gmac))\s*(\d{3})$/, '$1 $2').trim());
  const isNamed = transforms.every((each) => /^(?:esp|ah|comp)-/.test(each));
  return [
    {
      asker: side,
      receiver: otherSide(attempt, side),
      sets: isNamed ? [{ transforms, mode: modeNamed(mode) }] : null,
      group: undefined,
      proxy: proxyOf([event], true),
      end: null,
      evidence: [lineEvidence(side, event, true)],
    },
  ];
}

const modeNamed = (mode: string | number | undefined): TransformSet['mode'] =>
  String(mode).startsWith('Transport') ? 'transport' : 'tunnel';

type Block = { cipher: string | undefined; more: Map<string, string | number>; count: number };

/** What a router prints of the proposals that came to it. */
function logged(attempt: Attempt, side: AttemptSide): readonly ShownQuickMode[] {
  const answers = receivesAnswers(side);
  const events = eventsOfSide(side);
  const from = events.findIndex(isStart(events));
  if (answers === null || from < 0) return [];
  const own = events.slice(from);
  const end = endOf(own, attempt, side);
  const far = otherSide(attempt, side);
  const [asker, receiver] = answers ? [side, far] : [far, side];
  const group = own.find(({ message }) => message === 'proposal-group')?.fields.group;
  const isRead = own.some(({ message }) => message === 'proposal-check');
  return [
    {
      asker,
      receiver,
      sets: isRead ? setsOf(own) : refusedSets(own),
      group: isRead ? (group === undefined ? null : Number(group)) : undefined,
      proxy: proxyOf(own, side === asker),
      end: answers && end !== 'accepted' ? null : end,
      evidence: cited(side, own),
    },
  ];
}

/** Whether the proposals that a router reads answer its own; null where both kinds are there. */
function receivesAnswers({ side, log }: AttemptSide): boolean | null {
  const path = log?.qmStatePath ?? [];
  const asks = path.includes('IKE_QM_I_QM1');
  const answers = path.some(
    (state) => state === 'IKE_QM_SPI_STARVE' || state.startsWith('IKE_QM_R_'),
  );
  if (asks && answers) return null;
  return asks || answers ? asks : side === 'initiator';
}

const ENDS: ReadonlySet<string> = new Set([
  'phase-2-refused',
  'phase-2-refused-old',
  'ipsec-sas-created',
  'ipsec-installed',
]);

/** Where the proposals of the last quick mode begin. */
function isStart(events: readonly LogEvent[]): (event: LogEvent, at: number) => boolean {
  const checks = events.flatMap(({ message }, at) =>
    message === 'proposal-check' || message === 'ipsec-proposal' ? [at] : [],
  );
  const last = checks.at(-1) ?? -1;
  const before = events
    .slice(0, Math.max(last, 0))
    .findLastIndex(({ message }) => ENDS.has(message));
  const first = checks.find((at) => at > before);
  return (_, at) => at === first;
}

function endOf(
  own: readonly LogEvent[],
  attempt: Attempt,
  { log }: AttemptSide,
): ShownQuickMode['end'] {
  if (attempt.phase2 === 'complete' && log?.phase2 === 'complete') return 'accepted';
  const refusal = own.findLast(({ message }) => message === 'proposal-invalidated');
  const error = refusal?.fields.error;
  if (error === PROXIES) return 'proxies';
  return error === TRANSFORMS || own.some(({ message }) => message === 'ipsec-transform-refused')
    ? 'transforms'
    : null;
}

const PROXIES = 32;
const TRANSFORMS = 256;

/** One proposal of one ESP transform after the other; anything more is left alone. */
function setsOf(own: readonly LogEvent[]): readonly ShownSet[] | null {
  const blocks: Block[] = [];
  for (const { message, fields } of own) {
    const open = blocks.at(-1);
    if (message === 'proposal-check') blocks.push({ cipher: undefined, more: new Map(), count: 0 });
    else if (open !== undefined && message === 'proposal-transform') {
      open.cipher = CIPHERS[String(fields.algorithm)];
      open.count += 1;
    } else if (open !== undefined)
      for (const key of ATTRIBUTES) {
        const value = fields[key];
        if (message.startsWith('proposal-') && value !== undefined) open.more.set(key, value);
      }
  }
  const numbers = own.flatMap(({ message, fields }) =>
    message === 'proposal-check' ? [fields.proposal] : [],
  );
  if (new Set(numbers).size < numbers.length) return null;
  const sets = blocks.map(({ cipher, more, count }) => {
    const hash = more.get('authenticator');
    return count === 1
      ? setOf(
          cipher,
          more.get('keyLength'),
          hash === undefined ? null : HASHES[String(hash)],
          Number(more.get('mode') ?? 1),
        )
      : null;
  });
  return sets.every((set) => set !== null) && sets.length > 0 ? sets : null;
}

const ATTRIBUTES = ['mode', 'authenticator', 'keyLength'] as const;

/** `hash` is null for none. */
function setOf(
  cipher: string | undefined,
  keyLength: string | number | null | undefined,
  hash: string | null | undefined,
  mode: number,
): ShownSet | null {
  if (cipher === undefined || hash === undefined) return null;
  const size = cipher === 'esp-aes' ? ` ${String(keyLength ?? DEFAULT_AES)}` : '';
  return {
    transforms: hash === null ? [`${cipher}${size}`] : [`${cipher}${size}`, hash],
    mode: modeOf(mode),
  };
}

/** The key engine names what it refuses in the words of a configuration. */
function refusedSets(own: readonly LogEvent[]): readonly ShownSet[] | null {
  const mode = own.findLast(({ message }) => message === 'ipsec-proposal')?.fields.mode;
  const sets = own.flatMap(({ message, fields }): readonly ShownSet[] => {
    if (message !== 'ipsec-transform-refused' || fields.transforms === undefined) return [];
    const transforms = String(fields.transforms)
      .trim()
      .split(/\s+(?=esp-|ah-|comp-)/);
    return [{ transforms, mode: modeNamed(mode) }];
  });
  return sets.length === 0 ? null : sets;
}

/** The lines of SAs in place name the networks as well, and leave the protocol out. */
const namesTraffic = ({ message, fields }: LogEvent): boolean =>
  (message === 'ipsec-proposal' || message === 'ipsec-sa-request') &&
  'localProxy' in fields &&
  'remoteProxy' in fields;

function proxyOf(own: readonly LogEvent[], isAsker: boolean): ShownQuickMode['proxy'] {
  const { localProxy, remoteProxy } = own.findLast(namesTraffic)?.fields ?? {};
  if (localProxy === undefined || remoteProxy === undefined) return null;
  return isAsker
    ? proxyBetween(String(localProxy), String(remoteProxy))
    : proxyBetween(String(remoteProxy), String(localProxy));
}

const NETWORK =
  /^(?<address>\d{1,3}(?:\.\d{1,3}){3})(?:\/(?<mask>\d{1,3}(?:\.\d{1,3}){3}|\d{1,2}(?!\d)))?(?:\/(?<protocol>\d{1,3})\/(?<port>\d{1,5}))?$/;

/** Two networks as IOS writes them, `10.1.0.0/255.255.0.0/0/0`, or with a prefix length for the mask. */
function proxyBetween(own: string, far: string): ShownQuickMode['proxy'] {
  const ends = [own, far].map((text) => {
    const { address, mask, protocol, port } = NETWORK.exec(text)?.groups ?? {};
    if (address === undefined) return null;
    const wildcard = wildcardOf(mask ?? '32');
    const isFree = port === undefined || port === '0';
    return { end: { address, wildcard, port: isFree ? null : port }, protocol: protocol ?? '0' };
  });
  const [source, destination] = ends;
  if (source == null || destination == null) return null;
  // 256 stands for any protocol in older releases.
  const any = source.protocol === '0' || source.protocol === '256';
  return {
    protocol: any ? 'ip' : source.protocol,
    source: source.end,
    destination: destination.end,
  };
}

function wildcardOf(mask: string): string {
  const octets = mask.includes('.')
    ? mask.split('.').map(Number)
    : [0, 1, 2, 3].map((at) => 256 - 2 ** (8 - Math.min(8, Math.max(0, Number(mask) - 8 * at))));
  return octets.map((octet) => String(255 - octet)).join('.');
}

const CITED: ReadonlySet<string> = new Set([
  'proposal-transform',
  'ipsec-transform-refused',
  'proposal-invalidated',
]);

const MOST_CITED = 4;

const cited = (side: AttemptSide, own: readonly LogEvent[]): readonly Weighed[] =>
  own
    .filter((event) => CITED.has(event.message) || namesTraffic(event))
    .slice(0, MOST_CITED)
    .map((event) => lineEvidence(side, event, true));

/** The last QM1 that could be read. */
function tapped(attempt: Attempt): readonly ShownQuickMode[] {
  const messages = attempt.exchange?.messages ?? [];
  const first = messages.findLast(
    ({ step, decryption }) => step === 'QM1' && decryption?.kind === 'decrypted',
  );
  const asker = first === undefined ? null : senderOf(attempt, first);
  if (first === undefined || asker === null) return [];
  const { messageId } = first.message.header;
  const answered = messages.some(
    ({ step, message }) => step === 'QM2' && message.header.messageId === messageId,
  );
  const text = 'what QM1 asks for';
  return [
    {
      asker,
      receiver: otherSide(attempt, asker),
      ...asked(first),
      end: answered ? 'accepted' : null,
      evidence: frameEvidence(attempt, first, text, { basis: 'proven', decisive: true }),
    },
  ];
}

function asked({ payloads }: ExchangeMessage): Pick<ShownQuickMode, 'sets' | 'group' | 'proxy'> {
  const contents = payloads.map(({ content }) => content);
  const proposals = contents.flatMap((content) =>
    content.kind === 'sa-v1' ? content.proposals : [],
  );
  const [own, far] = contents.flatMap((content) =>
    content.kind === 'identification'
      ? [
          `${readableIdentity(content.idType, content.data)}/${String(content.protocol)}/${String(content.port)}`,
        ]
      : [],
  );
  const transforms = proposals.flatMap((proposal) => proposal.transforms);
  const numbers = new Set(proposals.map(({ number }) => number));
  const isPlain =
    numbers.size === proposals.length && proposals.every(({ protocol }) => protocol === ESP);
  const sets = transforms.map((transform) => {
    const hash = valueIn(transform, Phase2.authentication);
    return setOf(
      WIRE_CIPHERS[transform.id],
      valueIn(transform, Phase2.keyLength),
      hash === null ? null : WIRE_HASHES[hash],
      valueIn(transform, Phase2.encapsulation) ?? 1,
    );
  });
  const groups = new Set(transforms.map((transform) => valueIn(transform, Phase2.group)));
  return {
    sets: isPlain && sets.length > 0 && sets.every((set) => set !== null) ? sets : null,
    group: groups.size === 1 ? [...groups][0]! : undefined,
    proxy: own === undefined || far === undefined ? null : proxyBetween(own, far),
  };
}

const valueIn = ({ attributes }: TransformV1, type: number): number | null =>
  attributes.find((attribute) => attribute.type === type)?.value ?? null;

import { parseAddress } from '../../src/redact/address-map.ts';
import type { EvidenceFile } from '../../src/index.ts';
import { CKY_I, ZERO, clear, payload, phase1Sa } from './isakmp.ts';
import { be, ethernet, ipv4, udp } from './packets.ts';
import { concat, enhanced, interfaceBlock, section, textOption } from './pcap-files.ts';
import { readSample } from './samples.ts';

/** Texts that occur nowhere else, planted in everything that is read, to be looked for in everything that is written. */

export type Canaries = {
  readonly names: readonly string[];
  readonly secrets: readonly string[];
  readonly addresses: readonly string[];
};

export type PlantedSample = {
  readonly files: readonly EvidenceFile[];
  readonly canaries: Canaries;
};

/** What stands for the names of a sample: one for each, in the order in which its configurations define them. */
const STAND_INS = [
  'KESTREL-NEST',
  'MERLIN-WEIR',
  'Ouzelbrook',
  'avocet_ford',
  'Dunlin.Marsh',
  'PIPIT-9-LANE',
  'Wigeon-Reach',
  'garganey',
  'SMEW-HITHE',
  'Fulmar_Stack',
  'Knot-Strand',
  'TURNSTONE-AA',
  'Whimbrel7Hill',
  'Shoveler-Pool',
];

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** In every configuration: names, hosts, people and keys of every kind, in commands that a diagnosis does not read. */
const CONFIG_LINES = `!
username lapwing.jones privilege 15 secret 5 $1$cAnA$RyPlantedHash0123456789
username ruffmaster password 0 PlainCanaryPass77
enable secret 9 $9$CanaryEnableHash$x
ip domain name corncrake-works.example
ip host bittern-dc 198.18.77.61
ip name-server 198.18.77.53
crypto isakmp key Canary-Wild-Key-5 hostname osprey.corncrake-works.example
crypto isakmp key Canary-Wild-Key-6 address 198.18.77.66
snmp-server community CanaryCommunity RO
snmp-server host 198.18.77.70 version 2c CanaryTrapString
snmp-server location Whinchat House, third floor
snmp-server contact nightjar@corncrake-works.example
tacacs-server host 198.18.77.71 key CanaryTacacsKey
radius-server key 7 0822455D0A16CanaryType7
ntp server 198.18.77.72
logging host 198.18.77.73
ipv6 route 2001:db8:ca5e:77::/64 2001:db8:ca5e:77::9
interface Loopback77
 description trunk to Siskinbury depot
 ip address 198.18.77.77 255.255.255.255
!
`;

/** In every debug: lines that are known, lines that nobody knows, and people. */
const logLines = (stamp: string): string =>
  [
    '%SYS-5-CONFIG_I: Configured from console by lapwing.jones on vty0 (198.18.77.80)',
    '%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: ruffmaster] [Source: 198.18.77.81] [localport: 22]',
    'ISAKMP:(0): no pre-shared key for osprey.corncrake-works.example (198.18.77.82)',
    'ISAKMP (0): received packet from 198.18.77.83 dport 500 sport 500 Global (N) NEW SA',
    'ISAKMP: quite new words about nightjar@corncrake-works.example and 2001:db8:ca5e:77::a1',
  ]
    .map((line) => `${stamp}${line}\n`)
    .join('');

/** Rows that are understood, and one that is not. */
const KEY_TABLE = `show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

default      198.18.77.85/255.255.255.255                Canary-Table-Key-1
KR9 (RED)    198.18.77.86      [255.255.255.255]         Canary-Table-Key-2
default      2001:db8:ca5e:77::b1/128                    Canary-Table-Key-3
             any host of this depot                      Canary-Table-Key-4
show clock
`;

const WIRE = ['198.18.77.91', '198.18.77.92'] as const;
const IDENTITY_ADDRESS = '198.18.77.93';

/** RFC 2407 §4.6.2: UDP port 500. */
const identity = (type: number, data: Uint8Array): ReturnType<typeof payload> =>
  payload(5, be(['u8', type], ['u8', 17], ['u16', 500]), data);

/** Aggressive openings with an identity of each kind in the clear, vendor ids, a message for humans; and foreign traffic. */
function plantedCapture(): Uint8Array {
  const [src, dst] = WIRE;
  const vendor = payload(13, utf8('hoopoe-gateway.corncrake-works.example'));
  const opening = (i: number, id: ReturnType<typeof payload>): Uint8Array =>
    clear(
      { initiator: CKY_I.replace(/../, `0${i}`), responder: ZERO, exchange: 4 },
      phase1Sa(),
      payload(4, new Uint8Array(256).fill(0x61 + i)),
      payload(10, new Uint8Array(20).fill(0x71 + i)),
      id,
      vendor,
    );
  const notice = clear(
    { initiator: CKY_I, responder: ZERO, exchange: 5, messageId: 7 },
    payload(
      11,
      be(['u32', 1], ['u8', 1], ['u8', 0], ['u16', 14]),
      utf8('refused by hoopoe-gateway'),
    ),
  );
  const messages = [
    opening(1, identity(2, utf8('osprey.corncrake-works.example'))),
    opening(2, identity(3, utf8('nightjar@corncrake-works.example'))),
    opening(3, identity(11, utf8('Siskinbury depot'))),
    opening(4, identity(1, parseAddress(IDENTITY_ADDRESS)!)),
    notice,
  ].map((message) => udp(message));
  const foreign = udp(utf8('GET http://hoopoe-gateway/ as lapwing.jones'), 40_000, 8080);
  return concat(
    section(true, [textOption(1, 'taken at Whinchat House')]),
    interfaceBlock(1, { options: [textOption(2, 'bittern-dc')] }),
    ...[...messages, foreign].map((bytes, i) =>
      enhanced(0, 1_725_000_000_000_000n + BigInt(i), ethernet(ipv4(bytes, { src, dst })), {
        options: [textOption(1, 'seen by lapwing.jones')],
      }),
    ),
  );
}

/** A name of a configuration wherever it stands alone, also where the terminal broke it; the break stays in its place. */
function renamed(text: string, from: string, to: string): string {
  const letters = Array.from(from, (letter) => letter.replace(/\W/, '\\$&'));
  const pattern = new RegExp(`(?<![\\w-])${letters.join('(?:\\n)?')}(?![\\w-])`, 'g');
  return text.replace(pattern, (found) => {
    const at = found.indexOf('\n');
    return at < 0 ? to : `${to.slice(0, at)}\n${to.slice(at)}`;
  });
}

const NAMED =
  /^(?:hostname|crypto keyring|crypto ikev2 keyring|crypto ikev2 profile|crypto isakmp profile|crypto ipsec profile|crypto ipsec transform-set|crypto pki trustpoint) ([\w-]+)/gm;
const isText = ({ path }: EvidenceFile): boolean => path.endsWith('.txt');
const textOf = ({ content }: EvidenceFile): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content);
const every = (pattern: RegExp, text: string): readonly string[] =>
  [...text.matchAll(pattern)].map((match) => match[1]!);

/** The sample with canaries for its names, more of them in each of its files, a capture of nothing else, and telling file names. */
export function plantCanaries(sample: string): PlantedSample {
  const files = readSample(sample);
  const configs = files
    .filter(({ path }) => path.includes('config'))
    .map(textOf)
    .join('\n');
  const names = [...new Set(every(NAMED, configs))];
  const standIns = new Map(names.map((name, i) => [name, STAND_INS[i]!]));
  const planted = files.map((file): EvidenceFile => {
    const path = `Kittiwake-site_${file.path}`;
    if (!isText(file)) return { ...file, path };
    let text = textOf(file);
    for (const [from, to] of standIns) text = renamed(text, from, to);
    if (file.path.includes('config')) return { path, content: text + CONFIG_LINES };
    const stamp = /^[*.]?\w{3} +\d+ [\d:.]+: /m.exec(text)?.[0] ?? '';
    return { path, content: `${text.trimEnd()}\n${logLines(stamp)}${KEY_TABLE}` };
  });
  const written = planted.filter(isText).map(textOf).join('\n');
  return {
    files: [...planted, { path: 'Kittiwake-site_extra.pcapng', content: plantedCapture() }],
    canaries: {
      names: [
        ...standIns.values(),
        ...new Set(every(/\b(?:ip domain name |cn=)([\w.-]{4,})/g, configs)),
        ...PLANTED_NAMES,
      ],
      secrets: [...new Set([...every(/ key (?:[067] )?([\w-]{8,})/g, configs), ...SECRETS])],
      addresses: [
        ...new Set([
          ...every(/(?<![\d.])(\d+(?:\.\d+){3})(?![\d.])/g, written).filter(
            (address) => !/^(?:0|255)\./.test(address),
          ),
          ...WIRE,
          IDENTITY_ADDRESS,
          '2001:db8:ca5e:77::9',
          '2001:db8:ca5e:77::a1',
          '2001:db8:ca5e:77::b1',
        ]),
      ],
    },
  };
}

const PLANTED_NAMES = [
  'Kittiwake',
  'lapwing.jones',
  'ruffmaster',
  'corncrake-works',
  'bittern-dc',
  'osprey',
  'nightjar',
  'Whinchat House',
  'Siskinbury',
  'hoopoe-gateway',
];

const SECRETS = [
  'RyPlantedHash',
  'PlainCanaryPass77',
  'CanaryEnableHash',
  'Canary-Wild-Key-5',
  'Canary-Wild-Key-6',
  'CanaryCommunity',
  'CanaryTrapString',
  'CanaryTacacsKey',
  'Canary-Table-Key',
  '0822455D0A16CanaryType7',
];

const latin1 = (octets: Uint8Array): string => new TextDecoder('latin1').decode(octets);
const hexOf = (octets: Uint8Array): string =>
  Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');

/** Base64 of what holds these octets, wherever in a group of three they begin: the part that does not depend on the rest. */
function base64Of(octets: Uint8Array): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const padded = btoa(latin1(concat(new Uint8Array(shift), octets)));
    const whole = Math.floor(((shift + octets.length) * 8) / 6);
    return padded.slice(Math.ceil((shift * 8) / 6), whole);
  });
}

/** Every form of the canaries that stands in these octets. */
export function canariesIn(octets: Uint8Array, canaries: Canaries): readonly string[] {
  const raw = latin1(octets);
  const lower = raw.toLowerCase();
  const found: string[] = [];
  for (const text of [...canaries.names, ...canaries.secrets]) {
    const bytes = utf8(text);
    const wide = Array.from(text, (letter) => `${letter}\0`).join('');
    if ([text, hexOf(bytes), wide].some((form) => lower.includes(form.toLowerCase())))
      found.push(text);
    else if (base64Of(bytes).some((form) => raw.includes(form))) found.push(`${text} in base64`);
  }
  for (const text of canaries.addresses) {
    const bytes = parseAddress(text)!;
    const alone = new RegExp(`(?<![\\d.])${text.replaceAll('.', '\\.')}(?!\\d|\\.\\d)`, 'i');
    if (alone.test(raw)) found.push(text);
    // A network ends in zeros, which stand behind chance octets too.
    else if (bytes.at(-1) !== 0 && raw.includes(latin1(bytes))) found.push(`${text} in octets`);
    else if (new RegExp(`(?<![0-9a-f])(?:[0-9a-f]{2})*${hexOf(bytes)}`).test(lower))
      found.push(`${text} in hexadecimal`);
  }
  return found;
}

import { detach } from './detach.ts';
import type { BlockName } from './message-spec.ts';
import { unsigned32 } from './template.ts';

/**
 * The lines that follow some messages without a tag of their own. They are read as one text without white space,
 * item by item, so that it does not matter where a line was broken. What is no item is foreign.
 */

type ItemField = {
  readonly name: string;
  readonly kind: 'text' | 'words' | 'number' | 'id' | 'list' | 'transform';
};

type Item = {
  readonly pattern: RegExp;
  /** What its text begins with, if that is one letter; else 0. */
  readonly first: number;
  /** What its groups are. */
  readonly fields: readonly ItemField[];
};

const kinds: Readonly<Record<string, ItemField['kind']>> = {
  '#': 'number',
  '~': 'id',
  '+': 'list',
  '%': 'transform',
  _: 'words',
};

/**
 * A name that ends in `#` is a number, in `~` a message id or SPI, in `+` a list, in `%` a transform, in `_` a text that
 * may hold blanks.
 */
const item = (pattern: string, ...names: string[]): Item => ({
  pattern: new RegExp(pattern, 'y'),
  first: /^[a-z](?!\|)/i.test(pattern) ? pattern.charCodeAt(0) : 0,
  fields: names.map((name) => {
    const kind = kinds[name.at(-1)!];
    return kind ? { name: name.slice(0, -1), kind } : { name, kind: 'text' };
  }),
});
/** An address with its port, which a comma ends or what may stand behind it: an item, or a remark that somebody wrote. */
const address = (...next: string[]): string =>
  `([^,()=]{1,64}?)(?::(\\d{1,5}))?(?:,|(?=${[...next, '[^\\x21-\\x7e]', '[(<!#]'].join('|')}))`;

/** Which SA it is about: behind some lines of the key engine it stands alone. */
const identity: readonly Item[] = [
  item('\\(identity\\)'),
  item(`local=${address('remote=', 'local_proxy=')}`, 'local', 'localPort#'),
  item(`remote=${address('local_proxy=', 'remote_proxy=', 'protocol=')}`, 'remote', 'remotePort#'),
  item(
    '(?:local_proxy|dest_proxy)=([\\w.:]{1,64}(?:/[\\w.:]{1,40}){1,3})(?:\\(type=\\d\\))?,?',
    'localProxy',
  ),
  item(
    '(?:remote_proxy|src_proxy)=([\\w.:]{1,64}(?:/[\\w.:]{1,40}){1,3})(?:\\(type=\\d\\))?,?',
    'remoteProxy',
  ),
];

/** Field names that IOS uses, as ours. */
const keyEngine: readonly Item[] = [
  item('\\(keyeng\\.?msg\\.?\\)(INBOUND|OUTBOUND)?', 'direction'),
  ...identity,
  item('dest=([^,=]{1,64}),', 'destination'),
  item('src=([^,=]{1,64}),', 'source'),
  item('protocol=([A-Z]{1,12}),', 'protocol'),
  item(
    'transform=([^,]{0,80}?)(?:\\((Tunnel|Transport|Tunnel-UDP|Transport-UDP)\\))?,',
    'transform%',
    'mode',
  ),
  item('lifedur=(\\d{1,10})sand(\\d{1,10})kb,?', 'lifeSeconds#', 'lifeKilobytes#'),
  item('spi=(0x[0-9A-Fa-f]{1,16})\\(\\d{1,20}\\),?', 'spi~'),
  item('conn_id=(-?\\d{1,10}),?', 'engineId#'),
  item('keysize=(\\d{1,5}),?', 'keySize#'),
  item('flags=0x[0-9A-Fa-f]{1,8}'),
];

/** Who asks for an SA puts himself first, also in releases that call the two ends source and destination. */
const keyEngineRequest: readonly Item[] = [
  item('dest=([^,=]{1,64}),', 'remote'),
  item('src=([^,=]{1,64}),', 'local'),
  item('src_proxy=([\\w.:]{1,64}(?:/[\\w.:]{1,40}){1,3})(?:\\(type=\\d\\))?,?', 'localProxy'),
  item('dest_proxy=([\\w.:]{1,64}(?:/[\\w.:]{1,40}){1,3})(?:\\(type=\\d\\))?,?', 'remoteProxy'),
  ...keyEngine,
];

/** Payloads of IKEv2 field by field; a firewall puts the id of the SA in front of many a field. */
const ikev2Dump: readonly Item[] = [
  item('\\(\\d{1,10}\\):'),
  item('IKEv2-(?:PROTO|PLAT)-\\d:'),
  item('Nextpayload:[A-Za-z0-9]{1,20},(?:version:2\\.0|reserved:0x[0-9A-Fa-f],length:\\d{1,5})'),
  item('Exchangetype:[A-Z_]{1,30},flags:(?:INITIATOR|RESPONDER|MSG-RESPONSE|VERSION){0,4}'),
  item('Messageid:(?:0x)?[0-9A-Fa-f]{1,8},length:\\d{1,6}'),
  item('last(?:proposal|transform):0x[0-9A-Fa-f],reserved:0x[0-9A-Fa-f][:,]length:\\d{1,5}'),
  item('Proposal:\\d{1,3},Protocolid:[A-Z]{2,5},SPIsize:\\d{1,2},#trans:\\d{1,3}'),
  item(
    "type:\\d,reserved:0x[0-9A-Fa-f],id:(?:None|Don'tuseESN|UseESN|[A-Z0-9_-]{1,40}(?:/Group\\d{1,2})?)",
  ),
  item('DHgroup:\\d{1,3},Reserved:0x0'),
  item('Idtype:[A-Za-z0-9]{1,30},Reserved:0x00x0'),
  item('Authmethod[A-Z]{2,10},reserved:0x0,reserved0x0'),
  item('NumofTSs:\\d{1,3},reserved0x0,reserved0x0'),
  item('TStype:[A-Z0-9_]{1,30},protoid:\\d{1,3},length:\\d{1,3}'),
  item('startport:\\d{1,5},endport:\\d{1,5}'),
  item('startaddr:[0-9A-Fa-f.:]{1,45},endaddr:[0-9A-Fa-f.:]{1,45}'),
  item('Securityprotocolid:(?:[A-Z]{2,5}|Unknown-\\d),spisize:\\d{1,2},type:[A-Z0-9_]{1,60}'),
  // What is not told field by field.
  item('[0-9a-f]{8,96}(?![g-z])'),
];

const blocks: Readonly<Record<BlockName, readonly Item[]>> = {
  'key-engine': keyEngine,
  'key-engine-request': keyEngineRequest,
  'id-payload': [
    item('next-payload:(\\d{1,3})', 'nextPayload#'),
    item('type:(\\d{1,3})', 'idType#'),
    item('address:([\\w.:*]{1,64}?)(?=protocol:|port:|length:|\\n)', 'address'),
    item('(?:FQDNname|USERFQDN|FQDN):([^\\n]{1,255}?)(?=protocol:|port:|length:|\\n)', 'value'),
    item('(?:groupid|Dist\\.name):([^\\n]{1,255}?)(?=protocol:|port:|length:|\\n)', 'value_'),
    item('protocol:(\\d{1,3})', 'protocol#'),
    item('port:(\\d{1,5})', 'port#'),
    item('length:(\\d{1,5})', 'length#'),
  ],
  notify: [
    item(
      'spi(-?\\d{1,20}|0x[0-9A-Fa-f]{1,16}),messageID=(-?\\d{1,20}),sa=(?:0x)?([0-9A-Fa-f]{1,16})',
      'spi~',
      'messageId~',
      'sa',
    ),
    item('spi(-?\\d{1,20}|0x[0-9A-Fa-f]{1,16}),messageID=(-?\\d{1,20})', 'spi~', 'messageId~'),
  ],
  authenticated: [item('(authenticated)', 'status')],
  'proxy-match': [
    item('srcaddr:([\\w.:]{1,64}?)(?=dstaddr:|\\n)', 'source'),
    item('dstaddr:([\\w.:]{1,64}?)(?=protocol:|\\n)', 'destination'),
    item('protocol:(\\d{1,3})', 'protocol#'),
    item('srcport:(\\d{1,5})', 'sourcePort#'),
    item('dstport:(\\d{1,5})', 'destinationPort#'),
  ],
  transforms: [item('\\{([^}]{0,120})\\}', 'transforms%')],
  'initial-contact': [
    item(
      "bringdownexistingphase1and2SA'swithlocal([\\w.:]{1,64}?)remote([\\w.:]{1,64}?)remoteport(\\d{1,5})",
      'local',
      'peer',
      'peerPort#',
    ),
  ],
  'config-attributes': [item('Address:([\\d.]{7,15})', 'address')],
  'ipsec-sas': [
    item(
      '(?:in|out)boundSAfrom([\\w.:]{1,64}?)to([\\w.:]{1,64}?)\\(f/i\\)\\d{1,3}/\\d{1,3}',
      'from',
      'to',
    ),
    item('\\(proxy([\\w.:/]{1,64}?)to([\\w.:/]{1,64}?)\\)', 'remoteProxy', 'localProxy'),
    item(
      'hasspi(?:0x)?([0-9A-Fa-f]{1,16})andconn_id(\\d{1,10})(?:andflags[0-9A-Fa-fx]{1,10}?)?(?=lifetime|\\n)',
      'sa',
      'engineId#',
    ),
    item('lifetimeof(\\d{1,10})seconds', 'lifeSeconds#'),
    item('lifetimeof(\\d{1,10})kilobytes', 'lifeKilobytes#'),
    item('hasclientflags0x[0-9A-Fa-f]{1,8}'),
  ],
  'sa-proxies': [item('\\(proxy([\\w.:]{1,64}?)to([\\w.:]{1,64}?)\\)', 'proxyFrom', 'proxyTo')],
  fingerprint: [item('([0-9A-F]{8,64})(?![g-z])', 'rest')],
  fingerprints: [
    item('CSRFingerprintMD5:([0-9A-F]{32})', 'md5'),
    item('CSRFingerprintSHA1:([0-9A-F]{40})', 'sha1'),
    item('CSRFingerprintSHA2:([0-9A-F]{64})', 'sha2'),
  ],
  'sa-created': [
    item('\\(sa\\)sa_dest=([^,]{1,64}),', 'destination'),
    item('sa_proto?=(\\d{1,3}),', 'protocol#'),
    item('sa_spi=(0x[0-9A-Fa-f]{1,8})\\(\\d{1,12}\\),', 'spi~'),
    item('sa_trans=([^,]{0,80}),', 'transform%'),
    item('sa_conn_id=(\\d{1,10}),?', 'engineId#'),
    item(
      'sa_lifetime\\(k/sec\\)=\\((\\d{1,10})/(\\d{1,10})\\),?',
      'lifeKilobytes#',
      'lifeSeconds#',
    ),
    ...identity,
  ],
  'ikev2-packet': [
    ...ikev2Dump,
    item(
      'InitiatorSPI:([0-9A-Fa-f]{16})-ResponderSPI:([0-9A-Fa-f]{16})Messageid:(\\d{1,10})',
      'initiatorSpi',
      'responderSpi',
      'messageId~',
    ),
    item(
      'IKEv2(IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL|IKE_SESSION_RESUME)Exchange(REQUEST|RESPONSE)',
      'exchange',
      'direction',
    ),
    item('Payloadcontents:'),
    item('NOTIFY\\(([A-Z0-9_]{1,60})\\)', 'notify+'),
    item(
      '(VID|CERTREQ|CERT|IDi|IDr|AUTH|TSi|TSr|SA|KE|ENCR|SKF|CFG|EAP|DELETE|N|D)(?![a-z])',
      'payloads+',
    ),
    item('Num\\.transforms:(\\d{1,3})', 'transforms#'),
    item(
      '(?:AES-(?:CBC|GCM|CTR)(?:-\\d{3})?|3DES|DES|NULL|SHA\\d{0,3}|MD5\\d{0,2}|DH_GROUP_\\w{1,40}/Group\\d{1,2}|DH_GROUP_\\w{1,40})(?![a-z])',
    ),
  ],
  'ikev2-proposals': [
    item('(ESP|AH):(?=Proposal)', 'protocol'),
    item('Proposal\\d{1,2}:([\\w:/-]{1,200}?/Group\\d{1,2})', 'proposals+'),
    // Without a group of its own the list ends with its ciphers and hashes.
    item(
      'Proposal\\d{1,2}:((?:AES-[A-Z]{3}-\\d{3}|3DES|DES|NULL|SHA\\d{1,3}|MD5(?:96)?){1,40})',
      'proposals+',
    ),
    item("Don'tuseESN|UseESN"),
  ],
};

export type BlockReading = {
  readonly fields: Readonly<Record<string, string | number>>;
  /** Per line that was given: it belongs to the block. */
  readonly belongs: readonly boolean[];
};

type Setting = {
  readonly name: string;
  readonly kind: ItemField['kind'];
  readonly value: string | number;
};

type LinesReading = {
  readonly settings: readonly Setting[];
  /** Per line. */
  readonly belongs: readonly boolean[];
  /** Where the reading ended. */
  readonly end: number;
};

/** Lines as one text without white space, which a line feed ends. */
type Squeezed = {
  readonly lines: readonly string[];
  readonly text: string;
  /** Where each line begins. */
  readonly starts: readonly number[];
};

type Rest = Squeezed & {
  /** What is read from its beginning on. */
  readonly reading: LinesReading;
};

const mostRests = 1 << 9;
const longestRest = 1 << 10;
/** In most blocks the addresses stand in the first line, and those behind it come again and again. */
const rests = new Map<BlockName, Map<string, Rest>>();

/** Reads as much of `lines` as belongs to the block, in the order in which the lines stand. */
export function readBlock(name: BlockName, lines: readonly string[]): BlockReading {
  const items = blocks[name];
  const rest = restOf(name, lines.slice(1));
  const first = withoutBlanks(lines[0] ?? '');
  const text = first + rest.text;
  const starts = [0, ...rest.starts.map((start) => start + first.length)];
  const all: Squeezed = { lines, text, starts };
  const own = readLines(items, all, 0, first.length);
  // An item may go on in the lines behind.
  const further =
    own.end > first.length ? readLines(items, all, own.end, text.length) : rest.reading;
  const fields: Record<string, string | number> = {};
  for (const setting of own.settings) setField(fields, setting);
  for (const setting of further.settings) setField(fields, setting);
  const offset = further.belongs.length - lines.length;
  const belongs = lines.map((_, i) => own.belongs[i]! || further.belongs[i + offset] === true);
  return { fields, belongs };
}

const withoutBlanks = (line: string): string => line.replace(/\s+/g, '');

function restOf(name: BlockName, lines: readonly string[]): Rest {
  let known = rests.get(name);
  if (!known) rests.set(name, (known = new Map<string, Rest>()));
  const key = lines.join('\n');
  const before = known.get(key);
  if (before) return before;
  const squeezed = squeeze(lines);
  const reading = readLines(blocks[name], squeezed, 0, squeezed.text.length);
  const rest: Rest = { ...squeezed, reading };
  if (known.size >= mostRests) known.clear();
  if (key.length <= longestRest) known.set(key, rest);
  return rest;
}

function squeeze(lines: readonly string[]): Squeezed {
  const starts: number[] = [];
  let text = '';
  for (const line of lines) {
    starts.push(text.length);
    text += withoutBlanks(line);
  }
  return { lines, text: `${text}\n`, starts };
}

/** What the lines say from `from` on, with the items that begin before `until`. */
function readLines(
  items: readonly Item[],
  squeezed: Squeezed,
  from: number,
  until: number,
): LinesReading {
  const { lines, text, starts } = squeezed;
  const settings: Setting[] = [];
  const belongs = starts.map(() => false);
  const stop = Math.min(until, text.length - 1);
  let at = from;
  while (at < stop) {
    const line = lineAt(starts, at);
    const found = readItem(items, text, at);
    if (!found) {
      at = starts[line + 1] ?? text.length;
      continue;
    }
    const { end, settings: further } = withinLine(items, squeezed, at, found);
    for (let i = line; i < starts.length && starts[i]! < end; i++) belongs[i] = true;
    for (const setting of further)
      settings.push(setting.kind === 'words' ? withBlanks(setting, lines) : setting);
    at = end;
  }
  return { settings, belongs, end: at };
}

/** The item without the first letters of somebody's words in the next line, which may be taken for hexadecimal digits. */
function withinLine(
  items: readonly Item[],
  { text, starts }: Squeezed,
  at: number,
  found: ItemReading,
): ItemReading {
  const { end } = found;
  const border = starts[lineAt(starts, end - 1)]!;
  if (border <= at || end >= text.length - 1 || starts.includes(end)) return found;
  if (readItem(items, text, end)) return found;
  return readItem(items, `${text.slice(0, border)}\n`, at) ?? found;
}

function lineAt(starts: readonly number[], at: number): number {
  let line = 0;
  while (line + 1 < starts.length && starts[line + 1]! <= at) line++;
  return line;
}

type ItemReading = {
  readonly settings: readonly Setting[];
  /** Where the item ends. */
  readonly end: number;
};

/** The item that `text` has at `at`. */
function readItem(items: readonly Item[], text: string, at: number): ItemReading | null {
  const first = text.charCodeAt(at);
  for (const item of items) {
    if (item.first !== 0 && item.first !== first) continue;
    item.pattern.lastIndex = at;
    const found = item.pattern.exec(text);
    if (!found || found[0].length === 0) continue;
    const settings: Setting[] = [];
    item.fields.forEach(({ name, kind }, i) => {
      const value = found[i + 1];
      if (value !== undefined) settings.push({ name, kind, value: valueOf(kind, value) });
    });
    return { settings, end: at + found[0].length };
  }
  return null;
}

function valueOf(kind: ItemField['kind'], value: string): string | number {
  switch (kind) {
    case 'number':
      return Number(value);
    case 'id':
      return unsigned32(value);
    case 'transform':
      return withWords(value);
    case 'list':
    case 'text':
    case 'words':
      return detach(value);
  }
}

/** What comes first stands: a block may quote further ones. */
const isFirstOnly = (kind: ItemField['kind']): boolean =>
  kind === 'text' || kind === 'words' || kind === 'transform';

/** The text as it stands in the lines, with the blanks that it has there. */
function withBlanks(setting: Setting, lines: readonly string[]): Setting {
  const letters = Array.from(String(setting.value), (letter) => letter.replace(/[^\w]/, '\\$&'));
  const found = new RegExp(letters.join('\\s*')).exec(lines.join(''));
  return found ? { ...setting, value: detach(found[0].replace(/\s+/g, ' ')) } : setting;
}

/** `esp-aes 256 esp-sha-hmac` as a router writes it. */
const withWords = (transform: string): string =>
  transform
    .replace(/(?<=[\w-])(?=esp-|ah-|comp-)/g, ' ')
    .replace(/esp-(?:aes|gcm|gmac|seal)(?=\d)/g, '$& ');

function setField(fields: Record<string, string | number>, { name, kind, value }: Setting): void {
  if (isFirstOnly(kind) && name in fields) return;
  fields[name] = kind === 'list' && name in fields ? `${fields[name]!} ${value}` : value;
}

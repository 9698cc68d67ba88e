import type { BlockName } from './message-spec.ts';

/** What the lines that follow some messages are made of, by block; without white space, as they are read. */

export type ItemField = {
  readonly name: string;
  readonly kind: 'text' | 'words' | 'number' | 'id' | 'list' | 'transform';
};

export type Item = {
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

export const blockItems: Readonly<Record<BlockName, readonly Item[]>> = {
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

/** How a secret may be stored: in clear, encrypted, hashed. The digit stands before the value; FortiOS writes ENC. */
const TYPE = String.raw`(?:(?:\d|ENC)\s+)?`;

/** Each pattern is written with `TYPE` for the digit of a storage type, and `REST` for a secret that takes the rest of its line. */
const place = (source: string): RegExp =>
  new RegExp(source.replaceAll('TYPE', TYPE).replaceAll('REST', REST), 'i');

/** IOS reads a blank and what follows as part of the key. */
const REST = String.raw`(\S(?:.*\S)?)`;

/** Words that follow `key` where it is no value that does. */
const KEY_SYNTAX = String.raw`(?!(?:chain|config-key|pubkey-chain|generate|zeroize|export|import|mypubkey|storage|encrypt|decrypt|lock|unlock|rsa|move|pair|engine)\b)`;

/** How the rest of a debug line begins with `key`. */
const IN_DEBUG = String.raw`(?!(?:length|size|lifetime|id|index|type|usage|name|names|data|material|lookup|exchange|agreement|management|derivation|generation|establishment|authentication|attribute|matching|mismatch|ring|address|hostname|will|has|have|can|must|could|did|does)\b)`;

/** What follows `pre-shared-key` and is none. */
const NO_KEY = String.raw`(?!address\s|hostname\s|ipv6\s|key-chain\s)`;

/** Every end of a word: a terminal that scrolls a long command shows `$` for what it cut off. */
const endsOf = (...words: readonly string[]): string =>
  words.flatMap((word) => Array.from(word, (_, from) => word.slice(from))).join('|');

/** Words that stand before `address` or `hostname` in other commands. */
const BEFORE_ADDRESS = String.raw`(?!(?:identity|remote|local|peer|client|server|source|destination|ip|pre-\S*)\s)`;

/** A sentence that goes on behind "password". */
const IN_PROSE = String.raw`(?!(?:encryption|encrypt|is|was|[=:|-]|polic(?:y|ies)|please|for|of|has|have|will|must|may|can|and|or|not|on|in|at|to|from|by|with|that|applies|change[ds]?|reset|expire[ds]|recovery|required|needed|mismatch|fail(?:ed|ure)|success)(?:[\s,.;:!?)]|$))`;

/** A sentence that goes on behind "isakmp key". */
const IN_SENTENCE = String.raw`(?!(?:for|with|by|at|of|from|on|in|to|is|was|the|not|no|found|as|and|or)\s)`;

/** The peer where the key was left out: a key may be such a word as well, but then the peer follows it. */
const NO_PEER = String.raw`(?!ad(?:d(?:r(?:ess?)?)?)?\s+(?:ipv6\s|\d{1,3}(?:\.\d{1,3}){3}(?:[\s/]|$))|hostname\s+\S|(?:address|hostname)(?:\s+ipv6)?\s*$)`;

/** No sentence at all, as far as its small words tell. */
const NO_SENTENCE = String.raw`(?!(?:.*\s)?(?:is|are|was|were|be|been|has|have|will|must|should|can|may|the|this|that|these|those|below|above|shown|used|matched|and|then)(?:[\s.,;:!?)]|$))`;

/** A key of several words, whatever they are: `key` begins sentences and messages as well. */
const KEY_OF_WORDS: RegExp = place(
  String.raw`^(key\s+)(?!\d+(?:\s|$))${KEY_SYNTAX}${IN_SENTENCE}${IN_DEBUG}REST`,
);

/** Whatever stands there where the line breaks off before the address. */
const KEY_BROKEN_OFF: RegExp = place(
  String.raw`^((?:no\s+)?cry\w*\s+isa\w*\s+key\s+TYPE)${NO_PEER}${IN_SENTENCE}REST`,
);

/** Words that were shortened, or typed wrong, so that the router refused them. */
const KEY_OF_PEER: RegExp = place(
  String.raw`^((?:no\s+)?c\w{1,6}\s+i\w*\s+k\w{0,3}\s+(?:[0678]\s+)?)(?!\d\s)${IN_SENTENCE}("[^"]*"|\S+)(?=\s+(?:ad\w*|ho\w*)\s)`,
);
const KEY_OF_KEYRING: RegExp = place(
  String.raw`^((?:no\s+)?pre?(?:\w{0,12}-\S*)?\s+(?:a\w*\s+(?:\d{1,3}(?:\.\d{1,3}){3}|ipv6\s+[\da-f:/]+)(?:\s+\d{1,3}(?:\.\d{1,3}){3})?|ho?\w*\s+[\w.-]+|ipv6\s+[\da-f:/]+)\s+k\w{0,2}\s+(?:[0678]\s+)?)${IN_SENTENCE}REST`,
);

/** These of `SECRETS` count only where a command stands for certain: at a prompt, in a block, or quoted. */
export const ONLY_IN_COMMANDS: ReadonlySet<RegExp> = new Set([
  KEY_OF_WORDS,
  KEY_BROKEN_OFF,
  KEY_OF_PEER,
  KEY_OF_KEYRING,
]);

/** What a comment or an item of a list is about, though it reads like a command. */
export const HEADING: RegExp =
  /^(?:key|password|secret)\s+(?:agreement|algorithms?|attributes?|changes?|derivation|exchanges?|facts?|features?|findings?|generation|handling|ids?|length|lifetimes?|management|materials?|mismatch|names?|notes?|pairs?|points?|policy|questions?|requirements?|rings?|rollover|rotation|servers?|sizes?|steps?|storage|takeaways?|types?|usage)[\s:.]*$/i;

/** With a capital any word makes one, but for what has more than letters. */
export const TITLE: RegExp = /^(?:Key|Password|Secret)\s+[A-Za-z]+[\s:.]*$/;

/**
 * Where a secret stands in a command or in a line of `show` output. Group 1 is kept, group 2 is the secret.
 * The patterns look at one line each and never nest repetition; the first that finds something counts.
 */
export const SECRETS: readonly RegExp[] = [
  // A key may have several words. PIX and ASA before 8.4 have no `crypto` there.
  /^((?:no\s+)?(?:cry\w*\s+)?isa\w*\s+key\s+(?:[067]\s+)?)("[^"]*"|\S.{0,127}?)(?=\s+(?:ad\w*\s+(?:ipv6\s|\d)|ho\w*\s))/i,
  place(
    String.raw`^(.*\bcry\w*\s+isa\w*\s+key\s+(?:[067]\s+)?)${NO_PEER}("[^"]*"|\S+)(?=\s+(?:ad\w*|ho\w*)(?:\s|$)|\s*$)`,
  ),
  KEY_OF_PEER,
  KEY_BROKEN_OFF,
  // Whatever stands there where the line breaks off before the address.
  place(
    String.raw`^((?:no\s+)?cry\w*\s+isa\w*\s+key\s+TYPE)${NO_PEER}${IN_SENTENCE}${NO_SENTENCE}REST`,
  ),
  place(String.raw`^(.*\bisakmp\s+key\s+)${IN_SENTENCE}("[^"]*"|\S+)(?=\s+ad\w*\s)`),
  // What a terminal shows of a command that is longer than its line.
  place(
    String.raw`^(\$(?:\S{0,6}\s+key|${endsOf('key')})?\s+(?:[067]\s+)?)${BEFORE_ADDRESS}(\S+)(?=\s+(?:ad\w*|ho\w*)\s)`,
  ),
  place(String.raw`^(\$\S*\s+(?:ad\w*|ho\w*|ipv6)\s.*?\sk(?:ey?)?\s+TYPE)${KEY_SYNTAX}REST`),
  place(String.raw`^(\$\S*\s(?:.*\s)?k(?:ey?)?\s+TYPE)${KEY_SYNTAX}(\S+)\s*$`),
  place(
    String.raw`^(\$(?:${endsOf('password', 'secret', 'passphrase', 'key-string', 'pre-shared-key')})\s+(?:(?:local|remote|hex)\s+)?TYPE)(?!(?:ad|ho)\w*\s|\d{1,3}(?:\.\d{1,3}){3}\b)(\S+)\s*$`,
  ),
  place(
    String.raw`^(.*\bauth\w*\s+(?:local|remote)\s+pre-share\s+key\s+(?:(?:[067]|hex)\s+)?)REST`,
  ),
  /^(.*\bsession-key\s+(?:in|out)\w*\s+esp\s+\d+\s+(?:cipher|authenticator)\s+)(\S+)/i,
  /^(.*\bsession-key\s+(?:in|out)\w*\s+ah\s+\d+\s+)(\S+)/i,
  // Manual keys of OSPFv3; an SPI and the algorithms stand before them.
  /^(.*\bipsec\s+spi\s+\d+\s+esp\s+(?!null\b)\S+\s+(?:(?:128|192|256)\s+)?(?:[07]\s+)?)([0-9a-f]{8,})/i,
  /^(.*\bipsec\s+spi\s+\d+\s+(?:esp\s+null\s+)?(?:md5|sha1)\s+(?:[07]\s+)?)(\S+)/i,
  /^(.*\bcrypto\s+key\s+(?:export|import)\s+\w+\s+\S.*\s)(\S+)\s*$/i,
  place(
    String.raw`^(.*\bcrypto\s+(?:pki|ca)\s+(?:ex|im)port\s+\S+\s+(?:pkcs12|pem)\s.{0,300}\bpassword\s+TYPE)(\S+)`,
  ),
  // An ASA says no place that the file comes from.
  /^(.*\bcrypto\s+(?:pki|ca)\s+(?:ex|im)port\s+\S+\s+pkcs12\s+)(?!terminal\b|\w+:|\S+\s+(?!nointeractive\s*$)\S)(\S+)(?:\s+nointeractive)?\s*$/i,
  /^(.*\bcrypto\s+(?:pki|ca)\s+(?:ex|im)port\s+\S+\s+(?:pkcs12\s+\S+|pem\s+\S.{0,300}\s3?des)\s+)(?!nointeractive\s*$)(\S+)\s*$/i,
  /^(.*\bcry\w*\s+(?:pki|ca)\s+im\w*\s+\S+\s+pem\s+(?:(?:check|exportable|usage-keys)\s+){0,3}(?:ter\w*|url\s+\S+)\s+)(\S+)\s*$/i,
  /^(.*\buser-pin\s+)(\S+)/i,
  // Who tries a login types its password.
  /^(.*\btest\s+aaa\s+group\s+\S+\s+(?:server\s+\S+\s+)?\S+\s+)(\S+)/i,
  place(String.raw`^(group\s+\S+\s+key\s+TYPE)REST`),
  place(String.raw`^(.*\bserver-key\s+TYPE)(\S+)`),
  /^(aaa-server\s+\S+\s+\([^)]{1,40}\)\s+host\s+\S+\s+(?:key\s+)?)(?!(?:key|timeout|protocol)\b)(\S+)/i,
  /^((?:standby|vrrp|glbp)\s+(?:\d+\s+)?authentication\s+(?:text\s+)?)(?!md5\b)(\S+)/i,
  place(
    String.raw`^(.*\bpre-sh[a-z-]*\s+(?:ad[a-z]*|ho[a-z]*|ipv6)\s.*?\sk(?:ey?)?\s+(?:[067]\s+)?)REST`,
  ),
  place(
    String.raw`^((?:no\s+)?pre?-?\s+(?:ad[a-z]*|ho[a-z]*|ipv6)\s.*?\sk(?:ey?)?\s+(?:[067]\s+)?)REST`,
  ),
  KEY_OF_KEYRING,
  place(
    String.raw`^(.*\bppk\s+m\w*\s+id\s+\S+\s+k\w{0,2}\s+(?:(?:[0678]|hex)\s+)?)(?!(?:(?:[0678]|hex)\s+)?\?)("[^"]*"|\S(?:.*?\S)??)(?=(?:\s+required)?\s*$)`,
  ),
  // Without the word before it.
  /^((?:no\s+)?pre-sh[a-z-]*\s+ad[a-z]*\s+(?:\d{1,3}(?:\.\d{1,3}){3}\s+){1,2})(?!k(?:ey?)?\s*$|\d{1,3}(?:\.\d{1,3}){3}\s*$|\?)(\S+)\s*$/i,
  // Junos.
  /^(.*\b(?:ascii-text|hexadecimal)\s+)(?!\$)("[^"]*"|\S+)/i,
  // Shortened only where a command begins: debugs speak of a "pre-shared key" as well.
  place(
    String.raw`^((?:no\s+)?pre-s[a-z]*(?:-[a-z]*)?\s+(?:(?:local|remote)\s+)?(?:(?:[0678]|hex)\s+)?)(?!ad\w*\s|ho\w*\s|ipv6\s|key(?:[\s:=]|-chain\s)|authentication\s)REST`,
  ),
  place(
    String.raw`^(.*["'/]\s*(?:no\s+)?pre-shared-key\s+(?:(?:local|remote)\s+)?(?:(?:[0678]|hex)\s+)?)${NO_KEY}REST`,
  ),
  // Of other makers.
  /^(.*\bpre-shared-key\s+(?:\d{1,4}\s+text|(?:key\s+)?(?:simple|cipher))\s+)("[^"]*"|\S+)/i,
  // In the midst of a line it may be prose.
  place(
    String.raw`^(.*\bpre-shared-key\s+(?:(?:local|remote)\s+)?(?:(?:[0678]|hex)\s+)?)${NO_KEY}${IN_SENTENCE}(\S+)`,
  ),
  place(String.raw`^(.*\baggressive-mode\s+password\s+TYPE)REST`),
  place(String.raw`^(.*\bkey\s+config-key\s+password-encrypt(?:ion)?\s+)REST`),
  place(String.raw`^((?:no\s+)?key-string\s+TYPE)REST`),
  // An attribute that RADIUS debugs show with its number and length.
  /^(.*\b(?:user|tunnel|chap)-password\s+\[\d{1,3}\]\s+\d{1,3}\s+)(\S+)/i,
  // Alone in its command nothing but a password stands there, whatever word it is.
  place(
    String.raw`^((?:no\s+)?(?:(?:enable|user\w*|ppp|ip|neighbor)\s(?:.*?\s)?)?(?:[\w-]{1,40}-)?(?:password|passwd|passphrase)\s+TYPE)(?!(?:encryption|encrypt|is|was|=|\|)(?:\s|$))(\S+)(?=\s*$|\s+(?:privilege|level|encrypted)\b)`,
  ),
  place(String.raw`^(.*\bmsdp\s+password\s+peer\s+\S+\s+TYPE)(\S+)`),
  place(String.raw`^((?:no\s+)?enable\s+(?:password|secret)\s+level\s+\d+\s+TYPE)(\S+)`),
  // A debug of mode configuration says "Sending save password reply value 0".
  place(
    String.raw`^(.*\b(?<!Sending save )(?:password|passwd|passphrase)\s+(?:\d\s+|TYPE${IN_PROSE}))(\S+)`,
  ),
  // In prose and debugs "secret" is a word like another: "Computing DH secret key".
  place(String.raw`^((?:.*\b(?:enable|user\w*)\b.*?\s|\s*)secret\s+TYPE)(?!=)${IN_SENTENCE}(\S+)`),
  /^(.*\bsecret\s+\d\s+)(\S+)/i,
  place(
    String.raw`^(.*\b(?:[\w-]{1,40}-|shared\s+|digest\s+)secret\s+TYPE)${IN_SENTENCE}(?!(?:=|established|computed|derived)\s)(\S+)`,
  ),
  /^(.*\bsecret\s+)("[^"]+")/i,
  place(String.raw`^(.*\bpsksecret(?:-\w+)?\s+TYPE)("[^"]*"|\S+)`),
  place(String.raw`^(.*\bsnmp-server\s+community\s+(?:(?:clear|encrypted)\s+)?TYPE)(\S+)`),
  // Of `show snmp community` and `show snmp host`.
  /^(\s*community\s+(?:name|index|securityname)\s*:\s*)(\S+)/i,
  /^(\s*user:\s*)(\S+)(?=\s+security model:\s*v[12])/i,
  /^(.*\bsnmp\s+mib\s+community-map\s+)(\S+)/i,
  /^(.*\bsnmp-server\s+user\s.*?\sauth\s+(?:md5|sha\S*)\s+)(\S+)/i,
  /^(.*\bsnmp-server\s+host\s+\S+\s+(?:vrf\s+\S+\s+)?(?:(?:traps|informs)\s+)?(?:version\s+\S+\s+(?:(?:auth|noauth|priv)\s+)?)?)(\S+)/i,
  place(String.raw`^(.*\bnhrp\s+authentication\s+TYPE)(\S+)`),
  place(String.raw`^(.*\bpsk\s+set-key\s+(?:ascii|hex)\s+TYPE)(\S+)`),
  place(String.raw`^(.*\bencryption\s(?:.*\s)?key\s+\d\s+size\s+\S+\s+TYPE)(\S+)`),
  // `--psk #1` is the name of a candidate, no key. And not in a row of `show crypto isakmp sa detail`: `psk` is a column there, the group and the lifetime stand behind it.
  /^(?!(?:\d{1,10}\s+)?\d{1,3}(?:\.\d{1,3}){3}\s+\d{1,3}(?:\.\d{1,3}){3}\s.{1,80}\spsk\s+\d{1,2}\s+\d{1,2}:\d\d:\d\d\b)(.*\b(?:key-(?:octet-)?string|wpa-psk\s+(?:ascii|hex)|(?<!wpa-)psk(?!\s+(?:list|cached|is|was|=|length\s+of|on|for|of|at|in|between|with|to|by|from|and|or|[·,;|-])(?:\s|$)|(?<=--psk)\s+#\d+\b))\s+(?:\d\s+)?)(\S+)/i,
  place(
    String.raw`^(.*\b(?:tacacs|radius|tacacs-server|radius-server|server-private|ldap|failover)\b.*?\skey\s+TYPE)${KEY_SYNTAX}(\S+)`,
  ),
  place(
    String.raw`^((?:server|client|address|host)\s.*?\skey\s+TYPE)${IN_SENTENCE}${KEY_SYNTAX}(\S+)`,
  ),
  place(
    String.raw`^(.*\bauthentication-key\s+(?:\d+\s+(?:md5|sha\S*|hmac\S*|cmac\S*)\s+)?TYPE)(\S+)`,
  ),
  // The router asks twice for a new key.
  /^((?:new|old|confirm|enter|retype|re-enter)\s+(?:\w+\s+)?key\s*:\s*)(\S.*)/i,
  // Of ScreenOS and of Yamaha.
  /^(.*\bpreshare\s+)("[^"]*"|\S+)/i,
  /^(kerberos\s+srvtab\s+entry\s.*\s)(\S+)\s*$/i,
  /^(cellular\s.*\s(?:chap|pap|pap_chap)\s+\S+\s+)(\S+)/i,
  /^(event\s+manager\s+environment\s+(?=\S*(?:pw|pass|secret|key))\S+\s+)(\S+)/i,
  place(String.raw`^(.*\bmessage-digest-key\s+\d+\s+md5\s+TYPE)(\S+)`),
  place(
    String.raw`^(.*\bauthentication\s+(?:text\s+|md5\s+key-string\s+|mode\s+hmac\S*\s+)TYPE)(\S+)`,
  ),
  place(String.raw`^(key\s+TYPE)(?!\d+\s*$)${KEY_SYNTAX}(\S+)\s*$`),
  place(String.raw`^(key\s+[067]\s+)${IN_SENTENCE}REST`),
  KEY_OF_WORDS,
  // Whatever else is stored with its type, in a command that nobody told of.
  /^((?:no\s+)?[a-z][a-z0-9-]*\s(?:[^:]*\s)?(?:[\w-]*-)?(?:key|passwd|passphrase|secret|authentication|community)\s+[05-9]\s+)([^\s:]{4,})/,
];

/** Words of commands that follow `key` and `password`: a key that is one of them is not meant there. */
export const COMMAND_WORD: RegExp =
  /^(?:address|hostname|ipv6|local|remote|hex|ascii-text|chain|key-string|generate|encryption|authentication|exchange)$/i;

/** A size. */
const SIZE = String.raw`\d{1,6}-?(?:bit|byte|octet|char|character|digit|letter)s?(?![a-z\d])`;

/** One person tells another. A word of letters alone is as likely to go on in the sentence. */
export const TOLD_IN_PROSE: RegExp = place(
  String.raw`^(.*\b(?:psk|pre-?shared[- ](?:key|secret)|pass(?:word|wd|phrase)|shared secret|(?:isakmp|ike(?:v[12])?|ipsec|vpn|tunnel|group)[ _-]key)\s*(?:(?:is|was)\b(?:\s*:)?|[=:]|(?<=\|\s{0,8}(?:psk|pre-?shared[- ](?:key|secret)|pass(?:word|wd|phrase)|shared secret)\s{0,20})\||(?=["']))\s*["'<(]?)(?!\d{1,3}(?:\.\d{1,3}){3}\b|${SIZE})((?=[A-Za-z.,;:!?)>]{0,256}[^\sA-Za-z"'.,;:!?)>])[^\s"'<>]{5,}[^\s"'.,;:!?)<>])`,
);

/** Names of algorithms and groups, as they stand behind "key" as well. */
const ALGORITHM = String.raw`(?:3?des|aes|sha|md5|rsa|ecdsa|ecdh|dh|dsa|hmac|camellia|chacha|group|modp|secp)[\d_-]|(?:sk-)?ssh-|(?:curve|x|ed)(?:25519|448)|(?:nist)?p-?(?:256|384|521)(?![\w-])`;

/** What has digits among its letters, and is no number, size, algorithm, host name or number of a device. */
const LIKE_A_KEY = String.raw`(?!0x|${SIZE}|${ALGORITHM}|(?:key)?(?:router|server|peer|hub|spoke|host|site|node)-?\d{1,2}(?![\w-])|(?:[\w-]+\.){2,}[a-z]{2,}(?![\w-]))((?=[^\s\d]*\d)(?=[^\sA-Za-z]*[A-Za-z])[^\s"'<>:=()]{5,}[^\s"'.,;:!?)<>])(?=["'.,;:!?)]*(?:\s|$))`;

/** Whose key it is. A keyring or a file holds keys, and what follows is its name. */
const PLACE = String.raw`\s+(?:on|for|of|at|in|between|with)(?:\s+(?!(?:keyring|profile|file|table|trustpoint|interface|vrf|map|chain)\b)[\w.:/&-]{1,40}){1,6}?`;

/** The same with its place in between. */
export const PLACED_IN_PROSE: RegExp = place(
  String.raw`^(.*\b(?:psk|key|pass(?:word|wd|phrase)|secret)${PLACE}\s*(?:[=:]|(?<=\s)(?:is|was)\b(?:\s*:)?)\s+["'<(]?)${LIKE_A_KEY}`,
);

/** The same without a verb. */
export const KEY_IN_PROSE: RegExp = place(
  String.raw`^(.*\b(?:(?:the|this|that|our|my|your|their|his|her|same|new|old|wrong|right|correct|pre-?shared)\s+key(?:(?:\s+(?:on|for|of|at|in|between|with)\s+[\w.-]{1,40})?\s+(?:is|was))?\s+|key\s*(?:[=:]\s*|\s(?:is|was)\s+))["'<(]?)${LIKE_A_KEY}`,
);

/** A secret as the value of its name, as RouterOS, `ipsec.conf` and JSON write it. */
export const SETTING: RegExp =
  /((?<![\w-])(?:(?:[\w-]{1,40}[-_])?(?:psk|psksecret|secret|password|passwd|passphrase|pre-?_?shared-?_?key)(?:-(?:local|remote))?|(?:ike|isakmp|ipsec|vpn|tunnel|psk|radius|tacacs)[-_]key)(?:(?:\\?["'])?\s?[:=]\s?(?=\\?["'])|=(?![=\s]))(?:\\?["'])?)(?!(?:true|false|null|yes|no|none|\*+)\b|<key)((?<=["'])[^"'\\]+|(?<!["'])[^\s"',;&{}<>]+)/gi;

/** The same as the content of an element; what `key` names alone may be anything, so that it must look like a key. */
export const ELEMENT: RegExp =
  /(<(?:(?:[\w:-]{1,40}[-_:])?(?:psk|secret|password|passwd|passphrase|pre-?_?shared-?_?key|community)|(?:[\w-]{1,40}:)?key(?=[^<>]{0,80}>(?=[^<]*\d)(?=[^<]*[a-z])))(?:\s[^<>]{0,80})?>)(?!<|\s*<\/)([^<>]{1,256})(?=<\/)/gi;

/** A key that was derived, in the debugs and tables that print them: its octets may be set apart. */
export const DERIVED: RegExp =
  /(\b(?:SK_(?:[adp]|[aep][ir])|SKEYID(?:_[ade])?|SKEYSEED|KEYMAT)(?:\s?[([]\d{1,4}(?: ?(?:bytes|octets))?[)\]])?\s?[:=]\s?(?:0x)?)((?:[0-9a-f]{2,8}[\s:]){1,512}[0-9a-f]{2,8}\b|(?=\S*\d)[^\s"',;<>]{6,})/gi;

/** What may follow a secret and lead to the next: manual keys and those of SNMP come in pairs. */
export const SECOND_SECRET: RegExp =
  /^((?:\s+(?:md5|sha1)(?:\s+[07])?|.*?\s(?:authenticator|priv(?:\s+(?:des56|des|3des|aes(?:-128)?(?:\s+(?:128|192|256))?)(?=\s))?))\s+)(\S+)/i;

/** User and password before the host of a URL. */
export const URL_PASSWORD: RegExp =
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/@:'"]{0,80}:)([^\s/]+)(?=@)/gi;

/** Every line with a secret holds one of these words; most lines of a debug hold none. A test holds it to the patterns. */
export const MAY_HOLD_SECRET: RegExp =
  /key|ppk\s|(?:^|[#>])\s*\$|pre?-?\s|pre-?s|\bc\w{1,6}\s+i\w*\s+k|test\s+aaa|user(?:-pin|:)|pass(?:w|phrase)|secret|communi|snmp-server|nhrp|psk|standby|vrrp|glbp|authentication\s+(?:text|md5|mode|\d)|cellular|kerberos|environment\s+\S*(?:pw|pass)|ipsec\s+spi|aaa-server|pkcs12|\bpem\s|ascii-text|hexadecimal|sk_|:\/\//i;

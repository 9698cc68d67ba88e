/** Everything modelled of one router's configuration. Lines count from 1 in the file it came from. */

/**
 * 0 clear text, 6 AES-encrypted; masked: something else stands in its place, and its value is not known; torn: the text
 * that was given breaks it, or ends before it.
 */
export type SecretType = 0 | 6 | 'masked' | 'torn';

export type KeyEntry = {
  readonly kind: 'address' | 'hostname' | 'ipv6';
  /** Address, prefix address or host name. */
  readonly address: string;
  /** Dotted mask for `address` (default 255.255.255.255), prefix length for `ipv6`, null for host names. */
  readonly mask: string | null;
  /** Prefix length of `mask`, null for host names or an unreadable mask. */
  readonly prefixLength: number | null;
  readonly secret: string;
  readonly secretType: SecretType;
  /** `no-xauth`, which only a global key may have: its peer is asked for no user. */
  readonly noXauth: boolean;
  readonly line: number;
};

export type LocalAddress = {
  readonly value: string;
  readonly vrf: string | null;
  readonly line: number;
};

/** `default` is the keyring of the global `crypto isakmp key` lines. */
export type Keyring = {
  readonly name: string;
  readonly vrf: string | null;
  readonly localAddress: LocalAddress | null;
  readonly entries: readonly KeyEntry[];
  readonly line: number;
};

export type IsakmpPolicy = {
  readonly priority: number;
  readonly encryption: 'des' | '3des' | 'aes';
  readonly keyLength: number | null;
  readonly hash: string;
  readonly authentication: string;
  readonly group: number;
  readonly lifeSeconds: number;
  /** Names of the fields that the listing omitted, so that the default applies. */
  readonly defaults: readonly string[];
  /** Null for the built-in default policies. */
  readonly line: number | null;
};

export type IdentityMatch = {
  readonly kind:
    | 'address'
    | 'ipv6'
    | 'host'
    | 'host-domain'
    | 'user'
    | 'user-domain'
    | 'group'
    | 'certificate-map';
  readonly value: string;
  readonly mask: string | null;
  readonly prefixLength: number | null;
  readonly vrf: string | null;
  readonly line: number;
};

export type NameUse = { readonly name: string; readonly line: number };

export type IsakmpProfile = {
  readonly name: string;
  readonly vrf: string | null;
  readonly keyrings: readonly NameUse[];
  readonly trustpoints: readonly NameUse[];
  readonly selfIdentity: {
    readonly kind: 'address' | 'ipv6' | 'fqdn' | 'user-fqdn';
    readonly value: string | null;
    readonly line: number;
  } | null;
  readonly matches: readonly IdentityMatch[];
  readonly localAddress: LocalAddress | null;
  readonly aggressive: boolean;
  readonly xauth: boolean;
  readonly virtualTemplate: TemplateUse | null;
  readonly line: number;
};

/** `virtual-template N [mode auto]`: what is cloned for a peer that the profile matches. */
export type TemplateUse = {
  readonly number: number;
  /** The clone takes the encapsulation of the caller. */
  readonly isAuto: boolean;
  readonly line: number;
};

export type TransformSet = {
  readonly name: string;
  /** As configured: `esp-aes 256`, `esp-sha256-hmac`, … in order. */
  readonly transforms: readonly string[];
  readonly mode: 'tunnel' | 'transport';
  /** `mode transport require` */
  readonly modeRequired: boolean;
  readonly line: number;
};

export type IpsecProfile = {
  readonly name: string;
  readonly transformSets: readonly NameUse[];
  readonly isakmpProfile: NameUse | null;
  readonly ikev2Profile: NameUse | null;
  readonly pfs: { readonly group: number; readonly line: number } | null;
  readonly lifeSeconds: number | null;
  readonly responderOnly: boolean;
  readonly line: number;
};

export type CryptoMapEntry = {
  readonly map: string;
  readonly sequence: number;
  /** `template`: `ipsec-isakmp profile …`, from which entries are made when somebody calls. */
  readonly kind: 'ipsec-isakmp' | 'dynamic' | 'manual' | 'gdoi' | 'template';
  /** Name of the dynamic map that a static entry refers to. */
  readonly dynamicMap: NameUse | null;
  readonly peers: readonly { readonly value: string; readonly line: number }[];
  readonly transformSets: readonly NameUse[];
  readonly isakmpProfile: NameUse | null;
  readonly ikev2Profile: NameUse | null;
  readonly acl: NameUse | null;
  readonly pfs: { readonly group: number; readonly line: number } | null;
  readonly lifeSeconds: number | null;
  readonly line: number;
};

export type CryptoMap = {
  readonly name: string;
  /** Map-wide `crypto map M isakmp-profile X`. */
  readonly isakmpProfile: NameUse | null;
  readonly localAddressInterface: NameUse | null;
  readonly entries: readonly CryptoMapEntry[];
  readonly line: number;
};

export type Interface = {
  readonly name: string;
  readonly addresses: readonly {
    readonly address: string;
    readonly mask: string;
    readonly prefixLength: number | null;
    readonly secondary: boolean;
    readonly line: number;
  }[];
  readonly vrf: string | null;
  readonly unnumbered: NameUse | null;
  readonly cryptoMap: NameUse | null;
  /** `crypto map M redundancy GROUP`: the standby group whose address takes the place of the interface's own. */
  readonly redundancy: string | null;
  readonly standby: readonly StandbyGroup[];
  readonly tunnel: Tunnel | null;
  readonly nat: 'inside' | 'outside' | null;
  readonly shutdown: boolean;
  readonly line: number;
};

/** `standby 1 ip A` and `standby 1 name N`, of one group. */
export type StandbyGroup = {
  readonly group: number;
  readonly name: string | null;
  readonly address: string | null;
};

export type Tunnel = {
  readonly source: NameUse | null;
  readonly destination: { readonly value: string; readonly line: number } | null;
  readonly mode: string;
  /** `tunnel key`: tells tunnels between the same two addresses apart. */
  readonly key: string | null;
  /** Front-door VRF. */
  readonly vrf: string | null;
  readonly ipsecProfile: NameUse | null;
  /** `ip nhrp map … NBMA` and `ip nhrp nhs … nbma NBMA`: whom a multipoint tunnel calls by itself. */
  readonly nhrpPeers: readonly { readonly value: string; readonly line: number }[];
  /** On the `tunnel protection` line itself. */
  readonly isakmpProfile: NameUse | null;
  readonly ikev2Profile: NameUse | null;
};

export type AclEntry = {
  readonly action: 'permit' | 'deny';
  readonly protocol: string;
  readonly source: {
    readonly address: string;
    readonly wildcard: string;
    readonly port: string | null;
  };
  readonly destination: {
    readonly address: string;
    readonly wildcard: string;
    readonly port: string | null;
  };
  readonly line: number;
};

export type AccessList = {
  readonly name: string;
  readonly entries: readonly AclEntry[];
  /** Lines of entries that are not modelled, such as those by object groups. */
  readonly unread: readonly number[];
  readonly line: number;
};

export type AggressivePeer = {
  readonly peer: string;
  readonly vrf: string | null;
  readonly password: string | null;
  readonly clientEndpoint: string | null;
  readonly line: number;
};

export type Trustpoint = {
  readonly name: string;
  readonly subjectName: string | null;
  readonly fqdn: string | null;
  readonly revocationCheck: string | null;
  /** `enrollment url …`, or `terminal`, `pkcs12`, `selfsigned`. */
  readonly enrollment: string | null;
  /** `rsakeypair` or `eckeypair`. */
  readonly keyPair: string | null;
  readonly vrf: string | null;
  /** What its `certificate chain` shows; null without one. */
  readonly chain: CertificateChain | null;
  readonly line: number;
};

export type CertificateChain = {
  /** Whether it shows a certificate of the router itself. */
  readonly own: boolean;
  /** The certificate of the authority, in hexadecimal; empty where the listing does not show its octets. */
  readonly authority: string;
};

/** `crypto pki certificate map`: all lines of one sequence number must fit. */
export type CertificateMap = {
  readonly name: string;
  readonly sequence: number;
  readonly rules: readonly {
    readonly field: string;
    readonly operator: string;
    readonly value: string;
    readonly line: number;
  }[];
  readonly line: number;
};

/** `crypto isakmp client configuration group`: its key answers for the KEY_ID identity of the same name. */
export type ClientGroup = {
  readonly name: string;
  readonly key: string | null;
  readonly secretType: SecretType;
  readonly line: number;
};

/** `ip nat inside source static`, when it can move IKE. */
export type NatStatic = {
  readonly inside: string;
  /** An address, or an interface whose address it takes. */
  readonly outside: string;
  readonly protocol: string | null;
  readonly insidePort: number | null;
  readonly outsidePort: number | null;
  readonly line: number;
};

/** `ip nat inside source list L interface I`: whatever the list permits leaves with the address of the interface. */
export type NatOverload = {
  readonly list: string;
  readonly outside: string;
  readonly line: number;
};

export type Ikev2Proposal = {
  readonly name: string;
  readonly encryption: readonly string[];
  readonly integrity: readonly string[];
  readonly prf: readonly string[];
  readonly groups: readonly number[];
  readonly line: number;
};

export type Ikev2Policy = {
  readonly name: string;
  readonly fvrf: string | null;
  readonly localAddresses: readonly string[];
  readonly proposals: readonly NameUse[];
  readonly line: number;
};

export type Ikev2Key = {
  readonly secret: string;
  readonly secretType: SecretType | 'hex';
  readonly line: number;
};

export type Ikev2KeyringPeer = {
  readonly name: string;
  readonly address: {
    readonly value: string;
    readonly mask: string | null;
    readonly prefixLength: number | null;
  } | null;
  readonly hostname: string | null;
  readonly identity: { readonly kind: string; readonly value: string } | null;
  readonly local: Ikev2Key | null;
  readonly remote: Ikev2Key | null;
  /** Its post-quantum key (RFC 8784), of which no more is read than whether the peer must use it. */
  readonly ppk: { readonly required: boolean; readonly line: number } | null;
  readonly line: number;
};

export type Ikev2Keyring = {
  readonly name: string;
  readonly peers: readonly Ikev2KeyringPeer[];
  readonly line: number;
};

/** `pki trustpoint`: for the router's own certificate, for that of the peer, or null for both. */
export type Ikev2Trustpoint = NameUse & { readonly purpose: 'sign' | 'verify' | null };

export type Ikev2Profile = {
  readonly name: string;
  readonly fvrf: string | null;
  readonly matches: readonly {
    readonly kind: string;
    readonly value: string;
    readonly mask: string | null;
    readonly line: number;
  }[];
  readonly identityLocal: { readonly kind: string; readonly value: string | null } | null;
  readonly authenticationLocal: string | null;
  readonly authenticationRemote: readonly string[];
  /** `pre-share key …` of the profile itself, which needs no keyring. */
  readonly localKey: Ikev2Key | null;
  readonly remoteKey: Ikev2Key | null;
  readonly keyring: NameUse | null;
  /** `keyring ppk`: where its post-quantum keys stand (RFC 8784). */
  readonly ppkKeyring: NameUse | null;
  readonly trustpoints: readonly Ikev2Trustpoint[];
  readonly virtualTemplate: TemplateUse | null;
  readonly line: number;
};

/** What became of one line of the listing. */
export type LineState =
  'unknown' | 'irrelevant' | 'not-modelled' | 'modelled-with-conditions' | 'modelled';

export type NameReference = {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
};

export type ConfigModel = {
  readonly input: string;
  readonly hostname: string | null;
  readonly version: string | null;
  /** A line that shows the listing to be that of an ASA, FTD or PIX, of which the name alone is modelled; null for IOS. */
  readonly firewallLine: number | null;
  readonly keyrings: readonly Keyring[];
  readonly policies: readonly IsakmpPolicy[];
  readonly profiles: readonly IsakmpProfile[];
  readonly transformSets: readonly TransformSet[];
  readonly ipsecProfiles: readonly IpsecProfile[];
  readonly cryptoMaps: readonly CryptoMap[];
  readonly dynamicMaps: readonly CryptoMap[];
  readonly interfaces: readonly Interface[];
  readonly accessLists: readonly AccessList[];
  readonly aggressivePeers: readonly AggressivePeer[];
  readonly trustpoints: readonly Trustpoint[];
  readonly certificateMaps: readonly CertificateMap[];
  readonly clientGroups: readonly ClientGroup[];
  readonly natStatics: readonly NatStatic[];
  readonly natOverloads: readonly NatOverload[];
  readonly vrfs: readonly NameUse[];
  /** `ip host`: names that the router resolves by itself, in lower case. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly ikev2Proposals: readonly Ikev2Proposal[];
  readonly ikev2Policies: readonly Ikev2Policy[];
  readonly ikev2Keyrings: readonly Ikev2Keyring[];
  readonly ikev2Profiles: readonly Ikev2Profile[];
  /** Which of the built-in `crypto ikev2 proposal default` and `policy default` were removed. */
  readonly ikev2Removed: { readonly proposal: boolean; readonly policy: boolean };
  /** `crypto isakmp identity`; default address. */
  readonly isakmpIdentity: 'address' | 'hostname' | 'dn';
  readonly domainName: string | null;
  readonly isakmpEnabled: boolean;
  readonly aggressiveModeDisabled: boolean;
  readonly defaultPoliciesDisabled: boolean;
  /** NAT-T, `crypto ipsec nat-transparency udp-encapsulation`. */
  readonly natTransparency: boolean;
  readonly fragmentation: boolean;
  /** Dead peer detection: seconds, null when off. */
  readonly keepalive: number | null;
  /** Global phase 2 lifetime in seconds; null when the default of 3600 applies. */
  readonly lifeSeconds: number | null;
  /** One state per physical line, index 0 = line 1. */
  readonly lineStates: readonly LineState[];
  /** Master keys of type 6 passwords that the listing shows being typed. */
  readonly masterKeys: readonly string[];
  /** Type 6 keys that a master key opened: the string that the listing holds, and the key. */
  readonly openedKeys: ReadonlyMap<string, string>;
  /** The listing itself, for quoting; secrets are masked only when shown. */
  readonly lines: readonly string[];
  readonly definitions: readonly NameReference[];
  readonly uses: readonly NameReference[];
  readonly anomalies: readonly {
    readonly line: number;
    readonly code: string;
    readonly text: string;
  }[];
};

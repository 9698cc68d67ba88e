import type { CipherName, HashName } from '../algorithms.ts';
import type { IdentityMatch, KeyEntry, Router } from '../topology.ts';

const anyHost = '255.255.255.255';

/** `show running-config` leaves the mask of a host out in a keyring. */
const ringEntry = ({ address, mask, key }: KeyEntry): string =>
  `  pre-shared-key address ${address}${mask === anyHost ? '' : ` ${mask}`} key ${key}`;

const globalKey = ({ address, mask, key }: KeyEntry): string =>
  `crypto isakmp key ${key} address ${address}${mask === anyHost || mask === '0.0.0.0' ? '' : ` ${mask}`}  `;

const matchLine = (match: IdentityMatch): string =>
  match.kind === 'host'
    ? `   match identity host ${match.name}`
    : `   match identity address ${match.address} ${match.mask} ${match.note === undefined ? '' : `!${match.note}`}`;

/** The defaults des, sha, rsa-sig and group 1 are not printed. */
const encryptionLine: Readonly<Record<CipherName, string>> = {
  '3des': ' encr 3des',
  aes128: ' encr aes',
  aes256: ' encr aes 256',
};
const hashLine: Readonly<Record<HashName, readonly string[]>> = {
  md5: [' hash md5'],
  sha1: [],
  sha256: [' hash sha256'],
};

const trustPoints = (router: Router): readonly string[] =>
  (router.trustPoints ?? []).flatMap(({ name }, i) => [
    `crypto pki trustpoint ${name}`,
    ` enrollment url http://192.168.0.${250 + i}:80`,
    ` fqdn ${router.hostname}.lab.example`,
    ` subject-name cn=${router.hostname}`,
    ' revocation-check none',
    '!',
  ]);

/** Certificates that were saved stand in the listing by their files: that of the router, then that of its authority. */
const certificateChains = (router: Router): readonly string[] =>
  (router.trustPoints ?? []).flatMap(({ name, issuer }) => [
    `crypto pki certificate chain ${name}`,
    ` certificate 02 nvram:${issuer}#2.cer`,
    ` certificate ca 01 nvram:${issuer}#1CA.cer`,
    '!',
  ]);

export const ikev1Crypto = (router: Router): readonly string[] => {
  const { policy } = router;
  return [
    ...trustPoints(router),
    ...certificateChains(router),
    ...router.keyrings.flatMap(({ name, entries }) => [
      `crypto keyring ${name}  `,
      ...entries.map(ringEntry),
    ]),
    ...(router.keyrings.length > 0 ? ['!'] : []),
    `crypto isakmp policy ${policy.priority}`,
    encryptionLine[policy.encryption],
    ...hashLine[policy.hash],
    ...(policy.authentication === 'pre-share' ? [' authentication pre-share'] : []),
    ` group ${policy.group}`,
    ...router.globalKeys.map(globalKey),
    ...(router.keepaliveSeconds === undefined
      ? []
      : [`crypto isakmp keepalive ${router.keepaliveSeconds} periodic`]),
    ...router.profiles.flatMap((profile) => [
      `crypto isakmp profile ${profile.name}`,
      ...profile.keyrings.map((name) => `   keyring ${name}`),
      ...(profile.selfFqdn === true ? ['   self-identity fqdn'] : []),
      ...(profile.trustPoints ?? []).map((name) => `   ca trust-point ${name}`),
      ...profile.matches.map(matchLine),
    ]),
    '!',
  ];
};

export const ipsecPart = (router: Router, profileLine: string | null): readonly string[] => [
  `crypto ipsec transform-set TS ${router.transforms} `,
  ...(router.release === 'ios-12.4t' ? [] : [' mode tunnel']),
  '!',
  `crypto ipsec profile ${router.ipsecProfile.name}`,
  ' set transform-set TS ',
  ...(profileLine === null ? [] : [profileLine]),
  '!',
];

const versionLine: Readonly<Record<Router['release'], string>> = {
  'ios-15': 'version 15.3',
  'ios-12.4t': 'version 12.4',
  'ios-xe-17': 'version 17.6',
};

/** A whole running configuration, as an engineer pastes it. */
export const runningConfig = (router: Router, crypto: readonly string[]): string => {
  const body = [
    '!',
    versionLine[router.release],
    'service timestamps debug datetime msec',
    'service timestamps log datetime msec',
    'no service password-encryption',
    '!',
    `hostname ${router.hostname}`,
    '!',
    'boot-start-marker',
    'boot-end-marker',
    '!',
    'no aaa new-model',
    'no ip domain lookup',
    ...(router.profiles.some((profile) => profile.selfFqdn) ? ['ip domain name lab.example'] : []),
    ...(router.release === 'ios-xe-17' ? [] : ['ip cef', 'no ipv6 cef']),
    '!',
    ...crypto,
    `interface ${router.lan.interfaceName}`,
    ' description stands for the LAN',
    ` ip address ${router.lan.address} 255.255.255.0`,
    '!',
    'interface Tunnel1',
    ` ip address ${router.tunnelAddress} 255.255.255.0`,
    ` tunnel source ${router.interfaceName}`,
    ` tunnel destination ${router.peer.address}`,
    ` tunnel protection ipsec profile ${router.ipsecProfile.name}`,
    '!',
    `interface ${router.interfaceName}`,
    ` ip address ${router.address} 255.255.255.0`,
    ...(router.release === 'ios-xe-17' ? [' negotiation auto'] : []),
    '!',
    'ip forward-protocol nd',
    'no ip http server',
    'no ip http secure-server',
    `ip route ${router.peer.lanNetwork} 255.255.255.0 ${router.peer.tunnelAddress}`,
    '!',
    'control-plane',
    '!',
    'line con 0',
    ' exec-timeout 0 0',
    ' logging synchronous',
    'line vty 0 4',
    ' login',
    '!',
    'end',
    '',
  ].join('\n');
  const head = [`${router.hostname}#show running-config`, 'Building configuration...', ''];
  return [
    ...head,
    `Current configuration : ${body.length} bytes`,
    body,
    `${router.hostname}#`,
    '',
  ].join('\n');
};

export const ikev1Config = (router: Router): string => {
  const { isakmpProfile } = router.ipsecProfile;
  const binding = isakmpProfile === null ? null : ` set isakmp-profile ${isakmpProfile}`;
  return runningConfig(router, [...ikev1Crypto(router), ...ipsecPart(router, binding)]);
};

/** The same keyrings and profiles as blocks of version 2. */
export const ikev2Config = (router: Router): string => {
  const { address } = router.peer;
  const peerName = router.hostname === 'R1' ? 'R2' : 'R1';
  const crypto = [
    'crypto ikev2 proposal prop ',
    ' encryption aes-cbc-256',
    ' integrity sha256',
    ' group 14',
    '!',
    'crypto ikev2 policy pol ',
    ' proposal prop',
    '!',
    ...router.keyrings.flatMap(({ name, entries }) => [
      `crypto ikev2 keyring ${name}`,
      ` peer ${peerName}`,
      `  address ${address}`,
      `  pre-shared-key ${entries[0]!.key}`,
      ' !',
      '!',
    ]),
    ...router.profiles.flatMap((profile) => [
      `crypto ikev2 profile ${profile.name}`,
      ...profile.matches.map((match) =>
        match.kind === 'address'
          ? ` match identity remote address ${match.address} ${match.mask} `
          : ` match identity remote fqdn ${match.name}`,
      ),
      ' authentication remote pre-share',
      ' authentication local pre-share',
      ` keyring local ${profile.keyrings[0]!}`,
      '!',
    ]),
    ...ipsecPart(router, ` set ikev2-profile ${router.ipsecProfile.isakmpProfile!}`),
  ];
  return runningConfig(router, crypto);
};

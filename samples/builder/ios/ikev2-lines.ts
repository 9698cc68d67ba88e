import type { Side } from '../encounter.ts';

/** Tag with session and SA, with the SA alone (answers of the crypto engine), or with neither. */
type Tag = 'session' | 'sa' | 'none';

const tags: Readonly<Record<Tag, (id: number) => string>> = {
  session: (id) => `IKEv2:(SESSION ID = ${id},SA ID = 1):`,
  sa: () => 'IKEv2:(SA ID = 1):',
  none: () => 'IKEv2:',
};

export const say2 = (side: Side, tag: Tag, text: string): void =>
  side.log.say('line', { text: tags[tag](side.connection) + text });

export const sayAll = (side: Side, rows: readonly (readonly [Tag, string])[]): void => {
  for (const [tag, text] of rows) say2(side, tag, text);
};

export type PacketLine = {
  readonly spis: readonly [string, string];
  readonly messageId: number;
  readonly exchange: 'IKE_SA_INIT' | 'IKE_AUTH';
  readonly kind: 'REQUEST' | 'RESPONSE';
  readonly contents: string;
};

const packetText = (packet: PacketLine): string =>
  `Initiator SPI : ${packet.spis[0].toUpperCase()} - Responder SPI : ${packet.spis[1].toUpperCase()} Message id: ${packet.messageId}\nIKEv2 ${packet.exchange} Exchange ${packet.kind} \nPayload contents: \n ${packet.contents} \n`;

export const sendingPacket = (side: Side, packet: PacketLine): void => {
  const { address, peer } = side.router;
  say2(
    side,
    'session',
    `Sending Packet [To ${peer.address}:500/From ${address}:500/VRF i0:f0] \n${packetText(packet)}`,
  );
};

/** The first packet of an exchange belongs to no session yet. */
export const receivedPacket = (side: Side, packet: PacketLine): void => {
  const { address, peer } = side.router;
  say2(
    side,
    packet.messageId === 0 && packet.kind === 'REQUEST' ? 'none' : 'session',
    `Received Packet [From ${peer.address}:500/To ${address}:500/VRF i0:f0] \n${packetText(packet)}`,
  );
};

export const policySearch = (side: Side): void =>
  sayAll(side, [
    ['none', `Searching Policy with fvrf 0, local address ${side.router.address}`],
    ['none', "Found Policy 'pol'"],
  ]);

export const keyringSearch = (side: Side, keyring: string, peerBlock: string): void =>
  sayAll(side, [
    ['none', `% Getting preshared key from profile keyring ${keyring}`],
    ['none', `% Matched peer block '${peerBlock}'`],
  ]);

export const proposalLine = (side: Side): void =>
  say2(
    side,
    'session',
    'IKE Proposal: 1, SPI size: 0 (initial negotiation), \nNum. transforms: 4\n   AES-CBC   SHA256   SHA256   DH_GROUP_2048_MODP/Group 14',
  );

export const espProposalLine = (side: Side): void =>
  say2(
    side,
    'session',
    "ESP Proposal: 1, SPI size: 4 (IPSec negotiation), \nNum. transforms: 3\n   AES-CBC   SHA256   Don't use ESN",
  );

export const dhPublic = (side: Side): void => {
  say2(side, 'session', '[IKEv2 -> Crypto Engine] Computing DH public key, DH Group 14');
  side.log.work(2600);
  sayAll(side, [
    ['sa', '[Crypto Engine -> IKEv2] DH key Computation PASSED'],
    ['session', 'Request queued for computation of DH key'],
  ]);
};

/** SKEYSEED comes from the nonces and the DH secret: no key is looked up here. */
export const dhSecret = (side: Side): void => {
  say2(side, 'session', '[IKEv2 -> Crypto Engine] Computing DH secret key, DH Group 14');
  side.log.work(3900);
  sayAll(side, [
    ['sa', '[Crypto Engine -> IKEv2] DH key Computation PASSED'],
    ['session', 'Request queued for computation of DH secret'],
    ['sa', '[IKEv2 -> Crypto Engine] Calculate SKEYSEED and create rekeyed IKEv2 SA'],
    ['sa', '[Crypto Engine -> IKEv2] SKEYSEED calculation and creation of rekeyed IKEv2 SA PASSED'],
  ]);
};

const engine: readonly (readonly [Tag, string])[] = [
  ['none', '[IKEv2 -> Crypto Engine] Generate IKEv2 authentication data'],
  ['none', '[Crypto Engine -> IKEv2] IKEv2 authentication data generation PASSED'],
];

export const ownAuthentication = (side: Side, keyLength: number): void =>
  sayAll(side, [
    ['session', 'Generate my authentication data'],
    ['session', `Use preshared key for id ${side.router.address}, key len ${keyLength}`],
    ...engine,
    ['session', 'Get my authentication method'],
    ['session', "My authentication method is 'PSK'"],
  ]);

export const peerAuthentication = (side: Side, keyLength: number): void => {
  const { address } = side.router.peer;
  sayAll(side, [
    ['session', "Verify peer's policy"],
    ['session', "Peer's policy verified"],
    ['session', "Get peer's authentication method"],
    ['session', "Peer's authentication method is 'PSK'"],
    ['session', `Get peer's preshared key for ${address}`],
    ['session', "Verify peer's authentication data"],
    ['session', `Use preshared key for id ${address}, key len ${keyLength}`],
    ...engine,
    ['session', "Verification of peer's authenctication data PASSED"],
  ]);
};

export const building = (side: Side, contents: string): void =>
  say2(side, 'session', `Building packet for encryption.  \nPayload contents: \n ${contents} \n`);

export const established = (side: Side): void =>
  sayAll(side, [
    [
      'session',
      'IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started',
    ],
    [
      'session',
      `Session with IKE ID PAIR (${side.router.peer.address}, ${side.router.address}) is UP`,
    ],
    ['session', 'Load IPSEC key material'],
    ['sa', '[IKEv2 -> IPsec] Create IPsec SA into IPsec database'],
    ['sa', '[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED'],
    ['session', 'Checking for duplicate IKEv2 SA'],
    ['session', 'No duplicate IKEv2 SA found'],
  ]);

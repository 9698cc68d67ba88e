import type { Side } from '../encounter.ts';
import { espIntegrity } from '../topology.ts';

export const spiText = (spi: number): string =>
  `0x${spi.toString(16).toUpperCase().padStart(8, '0')}`;

const ends = (
  side: Side,
): { local: string; remote: string; localProxy: string; remoteProxy: string } => ({
  local: side.router.address,
  remote: side.router.peer.address,
  localProxy: side.router.address,
  remoteProxy: side.router.peer.address,
});

/** The attributes of the one offered transform; "acceptable" means only that they could be read. */
export const checkOffer = (side: Side): void => {
  const { say } = side.log;
  say('checkingIpsec');
  say('ipsecTransform');
  say('ipsecAttributes');
  const attributes = [
    'encaps is 1 (Tunnel)',
    'SA life type in seconds',
    'SA life duration (basic) of 3600',
    'SA life type in kilobytes',
    'SA life duration (VPI) of  0x0 0x46 0x50 0x0 ',
    `authenticator is ${espIntegrity(side.router) === 'sha1' ? 'HMAC-SHA' : 'HMAC-SHA256'}`,
    'key length is 128',
  ];
  for (const text of attributes) say('attribute', { text });
  say('ipsecAcceptable');
  say('proposalPart');
  say('proposalPartBlock', { ...ends(side), keysize: 128 });
};

const headMap = 'Tunnel1-head-0, 65537';

export const acceptOffer = (side: Side): void => {
  side.log.say('proxyMatch', ends(side));
  side.log.say('mapAccepted', { map: headMap });
};

/** Every candidate map asks for another ISAKMP profile, so that none is left. */
export const refuseProxies = (side: Side): void => {
  const { say } = side.log;
  say('profileDidNotMatch');
  for (let i = 0; i < 2; i += 1) {
    say('proxyMatch', ends(side));
    say('profileDidNotMatch');
  }
  say('noMap');
  say('proxiesUnsupported');
  say('policyError', { error: 32 });
  say('phase2Unacceptable', ends(side));
};

export const installLines = (
  side: Side,
  spis: { readonly inbound: number; readonly outbound: number },
  conn: number,
): void => {
  const { say } = side.log;
  const { address, peer, transforms, release } = side.router;
  if (release === 'ios-12.4t') {
    say('creatingSas', {
      local: address,
      remote: peer.address,
      inbound: spiText(spis.inbound),
      outbound: spiText(spis.outbound),
    });
    return;
  }
  say('queueEvent');
  say('proxyMatch', ends(side));
  say('mapFound', { map: headMap });
  const created = (spi: number, destination: string, id: number): void =>
    say('saCreated', { destination, spi: `${spiText(spi)}(${spi})`, transforms, conn: id });
  created(spis.inbound, address, conn);
  created(spis.outbound, peer.address, conn + 1);
  say('installCallback');
  say('installed', { spi: spiText(spis.inbound) });
};

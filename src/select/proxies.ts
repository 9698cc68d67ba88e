import type { AclEntry } from '../model/config.ts';
import { contains } from './access-list.ts';
import type { Proxy, Tunnel } from './tunnels.ts';

/** The initiator proposes its entries mirrored; one that the responder covers is enough to bring the tunnel up. */
export function proxiesFit(initiator: Tunnel, responder: Tunnel): boolean {
  if (!oneEncapsulation(initiator, responder)) return false;
  return initiator.proxies.length === 0 || coveredProxies(initiator, responder).length > 0;
}

/** Entries of the initiator that the responder covers. */
export function coveredProxies(initiator: Tunnel, responder: Tunnel): readonly Proxy[] {
  if (!oneEncapsulation(initiator, responder)) return [];
  return initiator.proxies.filter((offer) => takes(responder, offer));
}

/** What the packets of a tunnel interface are wrapped in before they are encrypted; null where that is not fixed. */
function encapsulationOf({ mode }: Tunnel): string | null {
  return mode === null ? null : (/^(?:ipsec|ipip|ipv6ip)/.exec(mode)?.[0] ?? 'gre');
}

/** Whatever the proxies are: a GRE header that one end adds, the other end must take off. */
function oneEncapsulation(initiator: Tunnel, responder: Tunnel): boolean {
  const [one, other] = [encapsulationOf(initiator), encapsulationOf(responder)];
  return one === null || other === null || one === other;
}

function takes(own: Tunnel, offer: Proxy): boolean {
  const encapsulation = encapsulationOf(own);
  if (own.kind === 'tunnel' && encapsulation === 'ipsec') {
    return offer.protocol === 'ip' && isAny(offer.source) && isAny(offer.destination);
  }
  if (own.proxies.length > 0) return own.proxies.some((each) => mirrors(offer, each));
  return encapsulation !== 'gre' || protocolNumber(offer.protocol) === '47';
}

function mirrors(offer: Proxy, own: Proxy): boolean {
  if (own.protocol !== 'ip' && protocolNumber(own.protocol) !== protocolNumber(offer.protocol)) {
    return false;
  }
  return contains(own.destination, offer.source) && contains(own.source, offer.destination);
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  icmp: '1',
  igmp: '2',
  ipinip: '4',
  tcp: '6',
  udp: '17',
  gre: '47',
  esp: '50',
  ahp: '51',
  eigrp: '88',
  ospf: '89',
};

function protocolNumber(protocol: string): string {
  return PROTOCOLS[protocol] ?? protocol;
}

function isAny({ wildcard, port }: AclEntry['source']): boolean {
  return wildcard === '255.255.255.255' && port === null;
}

/** The first flow that a tunnel proposes, in the words of an access list. */
export function proposalText({ proxies }: Tunnel): string {
  const proxy = proxies[0];
  if (proxy === undefined) return 'the proposal';
  const side = (end: AclEntry['source']): string => {
    if (end.wildcard === '0.0.0.0') return `host ${end.address}`;
    return end.wildcard === '255.255.255.255' ? 'any' : `${end.address} ${end.wildcard}`;
  };
  return `the proposal ${proxy.protocol} ${side(proxy.source)} ${side(proxy.destination)}`;
}

/** Why a place refuses what is proposed. */
export function whyRefused(initiator: Tunnel, responder: Tunnel): string {
  const [mine, theirs] = [initiator.mode, responder.mode];
  return mine !== null && theirs !== null && !oneEncapsulation(initiator, responder)
    ? `${initiator.label} of the initiator is in mode ${mine}, ${responder.label} of the responder in mode ${theirs}`
    : `${proposalText(initiator)} is not covered by ${responder.label}`;
}

/**
 * Whether what the two agree to protect is traffic between the peers themselves, as GRE is. Every entry has an SA of its
 * own, so that it may be so and not so.
 */
export function betweenPeers(initiator: Tunnel, own: Tunnel): readonly boolean[] {
  const [proxies, tunnel] =
    initiator.proxies.length === 0
      ? [own.proxies, own]
      : [coveredProxies(initiator, own), initiator];
  return proxies.length === 0
    ? [false]
    : [...new Set(proxies.map((proxy) => joinsPeers(proxy, tunnel)))];
}

/** A tunnel as its other end sees it: what goes between the peers goes between these addresses. */
export function asSeen(tunnel: Tunnel, local: string, peer: string): Tunnel {
  const proxies = tunnel.proxies.map((proxy) =>
    joinsPeers(proxy, tunnel)
      ? {
          ...proxy,
          source: { ...proxy.source, address: local },
          destination: { ...proxy.destination, address: peer },
        }
      : proxy,
  );
  return { ...tunnel, local, peer, proxies };
}

function joinsPeers({ source, destination }: Proxy, { local, peer }: Tunnel): boolean {
  const is = (end: AclEntry['source'], address: string | null): boolean =>
    end.wildcard === '0.0.0.0' && end.address === address;
  return is(source, local) && is(destination, peer);
}

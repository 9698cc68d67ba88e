import { canonicalAddress, isAddress, parseIpv4, parseIpv6Prefix, readMask } from '../address.ts';
import { commandsOf, irrelevant } from '../command.ts';
import type { Call, Command, Outcome } from '../command.ts';
import type { InterfaceDraft, TunnelDraft } from '../draft.ts';
import { interfaceKey, isInterfaceName } from '../interface-name.ts';
import { namedAcl, numberedAcl } from './access-lists.ts';
import { number } from './fields.ts';

/** Interfaces, VRFs, access lists and address translation. */
export const networkGlobals: readonly Command[] = commandsOf('global', [
  { words: 'interface', run: openInterface },
  {
    words: 'hostname',
    run: (c) => {
      const name = c.args[0];
      if (name === undefined || c.args.length > 1) return false;
      c.draft.hostname = name;
      return 'modelled';
    },
  },
  {
    words: 'version',
    run: (c) => {
      if (!/^\d+\.\d+/.test(c.args[0] ?? '')) return false;
      c.draft.version = c.args[0]!;
      return 'modelled';
    },
  },
  { words: 'ip domain name', run: domainName },
  { words: 'ip domain-name', run: domainName },
  { words: 'ip host', run: host },
  { words: 'ipv6 host', run: host },
  { words: 'ip vrf', run: vrf },
  { words: 'vrf definition', run: vrf },
  { words: 'access-list', run: numberedAcl },
  { words: 'ip access-list extended', run: namedAcl },
  { words: 'ip access-list standard', run: namedAcl },
  { words: 'ip nat inside source static', run: natStatic },
  { words: 'ip nat inside source list', run: natOverload },
  { words: 'ip nat', run: () => 'not-modelled' },
  { words: 'ip local policy', run: () => 'not-modelled' },
]);

export const interfaceCommands: readonly Command[] = [
  ...commandsOf('interface', [
    { words: 'ip address', run: ipAddress },
    { words: 'ipv6 address', run: ipv6Address },
    {
      words: 'ip unnumbered',
      run: (c) => {
        const name = c.args.join('');
        c.block.of.unnumbered = c.no || name === '' ? null : { name, line: c.line };
        return 'modelled';
      },
    },
    { words: 'ip vrf forwarding', run: interfaceVrf },
    { words: 'vrf forwarding', run: interfaceVrf },
    {
      words: 'ip nat',
      run: (c) => {
        const [side, more] = c.args;
        // With more words it is the global command of the same name.
        if (more !== undefined) return false;
        if (side !== 'inside' && side !== 'outside') return 'not-modelled';
        c.block.of.nat = c.no ? null : side;
        return 'modelled';
      },
    },
    {
      words: 'crypto map',
      run: (c) => {
        const [name, second, group] = c.args;
        // With more words it is the global command of the same name.
        if (second !== undefined && second !== 'redundancy') return false;
        c.block.of.cryptoMap = c.no || name === undefined ? null : { name, line: c.line };
        c.block.of.redundancy = c.no ? null : (group ?? null);
        return 'modelled';
      },
    },
    {
      words: 'shutdown',
      run: (c) => {
        c.block.of.shutdown = !c.no;
        return 'modelled';
      },
    },
    {
      words: 'tunnel source',
      run: (c) => {
        const name = c.args.join('');
        tunnel(c).source = c.no || name === '' ? null : { name, line: c.line };
        return 'modelled';
      },
    },
    {
      words: 'tunnel destination',
      run: (c) => {
        const value = c.args[0];
        tunnel(c).destination = c.no || value === undefined ? null : { value, line: c.line };
        return 'modelled';
      },
    },
    {
      words: 'tunnel mode',
      run: (c) => {
        tunnel(c).mode = c.no ? 'gre ip' : c.args.join(' ').toLowerCase();
        return 'modelled';
      },
    },
    {
      words: 'tunnel key',
      run: (c) => {
        tunnel(c).key = c.no ? null : (c.args[0] ?? null);
        return 'modelled';
      },
    },
    {
      words: 'tunnel vrf',
      run: (c) => {
        tunnel(c).vrf = c.no ? null : (c.args[0] ?? null);
        return 'modelled';
      },
    },
    { words: 'tunnel protection ipsec profile', run: protection },
    {
      words: 'ip nhrp map',
      run: (c) => {
        const words = c.args.filter((word) => word !== 'multicast');
        return nhrpPeer(c, words.at(-1));
      },
    },
    {
      words: 'ip nhrp nhs',
      run: (c) => {
        // Without `nbma` the address is one inside the tunnel, which `ip nhrp map` places.
        const at = c.args.indexOf('nbma');
        return nhrpPeer(c, at < 0 ? undefined : c.args[at + 1]);
      },
    },
    { words: 'tunnel', run: () => 'not-modelled' },
    { words: 'ip nhrp', run: () => 'not-modelled' },
    { words: 'ip access-group', run: () => 'not-modelled' },
    { words: 'standby', run: standby },
  ]),
  ...irrelevant(
    (
      'description,ip mtu,ip tcp,mtu,bandwidth,delay,duplex,speed,keepalive,load-interval,negotiation,' +
      'media-type,encapsulation,ip ospf,ip pim,ip summary-address,ip hold-time,ip hello-interval,ip route-cache,' +
      'ip redirects,ip proxy-arp,ip unreachables,ip flow,ip virtual-reassembly,ip policy,ip inspect,ip helper-address,' +
      'ip authentication,ip bandwidth-percent,ip split-horizon,ip next-hop-self,ip igmp,ip cef,ip verify,ip directed-broadcast,' +
      'ipv6,service-policy,cdp,lldp,snmp,arp,no-shutdown,switchport,spanning-tree,channel-group,pppoe,ppp,dialer,' +
      'if-state,zone-member,half-duplex,full-duplex,auto,logging,dot1q,clock,serial,fair-queue,hold-queue,tx-ring-limit,' +
      'random-detect,mpls,isdn,carrier-delay,qos,max-reserved-bandwidth,bfd,isis,trust,power'
    ).split(','),
  ),
];

function domainName(c: Call<'global'>): Outcome {
  c.draft.domainName = c.no ? null : (c.args.at(-1) ?? null);
  return 'modelled';
}

/** `ip host NAME ADDRESS …`; the first address is the one that is called. */
function host(c: Call<'global'>): Outcome {
  const [name, address] = c.args;
  if (name === undefined) return false;
  if (c.no) return c.draft.hosts.delete(name.toLowerCase()) ? 'modelled' : 'irrelevant';
  if (address === undefined || !isAddress(address)) return 'irrelevant';
  c.draft.hosts.set(name.toLowerCase(), canonicalAddress(address));
  return 'modelled';
}

function vrf(c: Call<'global'>): Outcome {
  const name = c.args[0];
  if (name === undefined || c.args.length > 1) return false;
  if (c.no) c.draft.vrfs.delete(name);
  else if (!c.draft.vrfs.has(name)) c.draft.vrfs.set(name, { name, line: c.line });
  c.open({ kind: 'foreign' });
  return 'modelled';
}

function openInterface(c: Call<'global'>): Outcome {
  const words = c.args.filter((word) => word !== 'point-to-point' && word !== 'multipoint');
  const at = words.indexOf('type');
  const name = words.slice(0, at < 0 ? words.length : at).join('');
  if (!isInterfaceName(name)) return false;
  const key = interfaceKey(name);
  if (c.no) return c.draft.interfaces.delete(key) ? 'modelled' : 'modelled-with-conditions';
  const held: InterfaceDraft = c.draft.interfaces.get(key) ?? {
    name,
    addresses: [],
    vrf: null,
    unnumbered: null,
    cryptoMap: null,
    redundancy: null,
    standby: [],
    tunnel: null,
    nat: null,
    shutdown: false,
    line: c.line,
  };
  c.draft.interfaces.set(key, held);
  c.open({ kind: 'interface', of: held });
  return 'modelled';
}

function tunnel(c: Call<'interface'>): TunnelDraft {
  c.block.of.tunnel ??= {
    source: null,
    destination: null,
    mode: 'gre ip',
    key: null,
    vrf: null,
    ipsecProfile: null,
    nhrpPeers: [],
    isakmpProfile: null,
    ikev2Profile: null,
  };
  return c.block.of.tunnel;
}

function ipAddress(c: Call<'interface'>): Outcome {
  const [address = '', mask = '', word] = c.args;
  if (c.no && address === '') {
    c.block.of.addresses = [];
    return 'modelled';
  }
  if (address === 'dhcp' || address === 'negotiated' || address === 'pool') {
    return 'modelled-with-conditions';
  }
  if (parseIpv4(address) === null) return false;
  const others = c.block.of.addresses.filter((each) => each.address !== address);
  if (c.no) {
    c.block.of.addresses = others;
    return 'modelled';
  }
  const read = readMask(mask);
  if (read.form === 'unreadable') {
    c.note(
      'mask-unreadable',
      `the mask ${mask === '' ? 'is missing' : `${mask} is cut off or no mask`}`,
    );
  }
  const secondary = word === 'secondary';
  const made = { address, mask, prefixLength: read.prefixLength, secondary, line: c.line };
  // A new primary address replaces the old one.
  c.block.of.addresses = secondary
    ? [...others, made]
    : [made, ...others.filter((each) => each.secondary || parseIpv4(each.address) === null)];
  return read.form === 'network' ? 'modelled' : 'modelled-with-conditions';
}

function ipv6Address(c: Call<'interface'>): Outcome {
  const prefix = parseIpv6Prefix(c.args[0] ?? '');
  if (prefix === null) return 'irrelevant';
  const others = c.block.of.addresses.filter((each) => each.address !== prefix.address);
  if (!c.no) {
    others.push({
      address: prefix.address,
      mask: String(prefix.prefixLength),
      prefixLength: prefix.prefixLength,
      secondary: others.length > 0,
      line: c.line,
    });
  }
  c.block.of.addresses = others;
  return 'modelled';
}

/** `standby [GROUP] ip A` and `standby [GROUP] name N`; without a number it is group 0. */
function standby(c: Call<'interface'>): Outcome {
  const numbered = number(c.args[0]);
  const [word, value] = numbered === null ? c.args : c.args.slice(1);
  if (word !== 'name' && (word !== 'ip' || c.args.at(-1) === 'secondary')) return 'not-modelled';
  const group = numbered ?? 0;
  const groups = c.block.of.standby;
  const held = groups.find((each) => each.group === group) ?? { group, name: null, address: null };
  const written = c.no ? null : (value ?? null);
  c.block.of.standby = [
    ...groups.filter((each) => each !== held),
    word === 'name' ? { ...held, name: written } : { ...held, address: written },
  ];
  return 'modelled';
}

function interfaceVrf(c: Call<'interface'>): Outcome {
  c.block.of.vrf = c.no ? null : (c.args[0] ?? null);
  return 'modelled';
}

function protection(c: Call<'interface'>): Outcome {
  const name = c.args[0];
  const of = tunnel(c);
  const named = (word: string): { name: string; line: number } | null => {
    const value = c.args[c.args.indexOf(word) + 1];
    return c.no || !c.args.includes(word) || value === undefined
      ? null
      : { name: value, line: c.line };
  };
  of.ipsecProfile = c.no || name === undefined ? null : { name, line: c.line };
  of.isakmpProfile = named('isakmp-profile');
  of.ikev2Profile = named('ikev2-profile');
  return 'modelled';
}

function nhrpPeer(c: Call<'interface'>, value: string | undefined): Outcome {
  if (value === undefined || parseIpv4(value) === null) return 'not-modelled';
  const peers = tunnel(c).nhrpPeers;
  const at = peers.findIndex((peer) => peer.value === value);
  if (c.no && at >= 0) tunnel(c).nhrpPeers = peers.filter((peer) => peer.value !== value);
  if (!c.no && at < 0) tunnel(c).nhrpPeers = [...peers, { value, line: c.line }];
  return 'modelled';
}

function natStatic(c: Call<'global'>): Outcome {
  const words = c.args.filter((word) => !['extendable', 'no-alias', 'no-payload'].includes(word));
  const protocol = words[0] === 'udp' || words[0] === 'tcp' ? words[0] : null;
  const [inside = '', ...rest] = protocol === null ? words : words.slice(1);
  if (parseIpv4(inside) === null) return 'not-modelled';
  const insidePort = protocol === null ? null : number(rest[0]);
  const tail = protocol === null ? rest : rest.slice(1);
  const outside = tail[0] === 'interface' ? tail[1] : tail[0];
  if (outside === undefined) return 'not-modelled';
  const outsidePort = protocol === null ? null : number(tail.at(-1));
  if (!c.no) {
    c.draft.natStatics.push({ inside, outside, protocol, insidePort, outsidePort, line: c.line });
  }
  return 'modelled-with-conditions';
}

/** `ip nat inside source list L interface I [overload]`; with a pool the address is one of several. */
function natOverload(c: Call<'global'>): Outcome {
  const [list, word, ...rest] = c.args;
  const end = rest.findIndex((each) => each === 'vrf' || each === 'overload');
  const outside = rest.slice(0, end < 0 ? rest.length : end).join('');
  if (list === undefined || word !== 'interface' || outside === '') return 'not-modelled';
  const held = c.draft.natOverloads;
  const at = held.findIndex((each) => each.list === list);
  if (at >= 0) held.splice(at, 1);
  if (!c.no) held.push({ list, outside, line: c.line });
  return 'modelled-with-conditions';
}

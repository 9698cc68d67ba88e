import type { AclEntry } from '../../model/config.ts';
import { formatIpv4, networkOf, parseIpv4, readMask } from '../address.ts';
import { commandsOf, irrelevant } from '../command.ts';
import type { Call, Command, Outcome } from '../command.ts';
import { networksOf } from '../object-groups.ts';
import type { ObjectGroup } from '../object-groups.ts';
import { port } from './access-lists.ts';

type End = AclEntry['source'];

const ANY: End = { address: '0.0.0.0', wildcard: '255.255.255.255', port: null };

/** `object-group network NAME` and `object-group service NAME`. */
export const objectGroupGlobals: readonly Command[] = commandsOf('global', [
  { words: 'object-group network', run: objectGroup },
  { words: 'object-group service', run: objectGroup },
]);

/** Of a service group. Global commands begin with some of these words as well, and go on in other ways. */
const PROTOCOLS: readonly string[] =
  'ahp,eigrp,esp,gre,icmp,igmp,ip,ipinip,nos,ospf,pcp,pim,tcp,tcp-udp,udp'.split(',');

/** The word under which the table knows a member that begins with an address or a number. */
export const NUMBERED_MEMBER = '<number>';

export const objectGroupCommands: readonly Command[] = [
  ...commandsOf('object-group', [
    { words: 'host', run: (c) => addNetworks(c, host(c.args[0])) },
    { words: 'any', run: (c) => addNetworks(c, [ANY]) },
    { words: 'range', run: (c) => addNetworks(c, networksOf(c.args[0] ?? '', c.args[1] ?? '')) },
    {
      words: 'group-object',
      run: (c) => {
        const [group] = c.args;
        if (group === undefined) return false;
        change(c, c.block.of.networks, { group });
        return change(c, c.block.of.services, { group });
      },
    },
    { words: NUMBERED_MEMBER, run: numbered },
    ...PROTOCOLS.map((words) => ({
      words,
      run: (c: Call<'object-group'>): Outcome => addService(c, words, c.args),
    })),
  ]),
  ...irrelevant(['description']),
];

function objectGroup(c: Call<'global'>): Outcome {
  const [name] = c.args;
  if (name === undefined) return false;
  if (c.no) return c.draft.objectGroups.delete(name) ? 'modelled' : 'modelled-with-conditions';
  const group: ObjectGroup = c.draft.objectGroups.get(name) ?? { networks: [], services: [] };
  c.draft.objectGroups.set(name, group);
  c.open({ kind: 'object-group', of: group });
  return 'modelled';
}

function change<T>(c: Call<'object-group'>, members: T[], member: T): Outcome {
  const at = members.findIndex((each) => JSON.stringify(each) === JSON.stringify(member));
  if (c.no && at >= 0) members.splice(at, 1);
  if (!c.no && at < 0) members.push(member);
  return 'modelled';
}

function addNetworks(c: Call<'object-group'>, networks: readonly End[] | null): Outcome {
  for (const each of networks ?? [null]) change(c, c.block.of.networks, each);
  return networks === null ? 'not-modelled' : 'modelled';
}

function host(address: string | undefined): readonly End[] | null {
  return address === undefined || parseIpv4(address) === null
    ? null
    : [{ address, wildcard: '0.0.0.0', port: null }];
}

/** `NETWORK MASK`, `NETWORK /LENGTH`, or the number of a protocol. */
function numbered(c: Call<'object-group'>): Outcome {
  const [first = '', ...rest] = c.args;
  if (/^\d{1,3}$/.test(first)) return addService(c, first, rest);
  const [address = '', length] = first.split('/');
  const mask = length === undefined ? (rest[0] ?? '255.255.255.255') : `/${length}`;
  return addNetworks(c, network(address, mask));
}

function network(address: string, mask: string): readonly End[] | null {
  const length = /^\/(\d+)$/.exec(mask)?.[1] ?? null;
  const { prefixLength, form } =
    length === null ? readMask(mask) : { prefixLength: Number(length), form: 'network' };
  if (parseIpv4(address) === null || form !== 'network') return null;
  if (prefixLength === null || prefixLength > 32) return null;
  const wildcard = formatIpv4(~networkOf(0xffffffff, prefixLength) >>> 0);
  return [{ address, wildcard, port: null }];
}

/** `PROTOCOL [source PORTS] [PORTS]`; ICMP names types in the place of ports. */
function addService(c: Call<'object-group'>, written: string, args: readonly string[]): Outcome {
  const words = [...args];
  const hasSource = words[0] === 'source';
  if (hasSource) words.shift();
  const sourcePort = hasSource ? port(words) : null;
  const destinationPort = port(words);
  if (words.length > 0 && written === 'ip') return false;
  const protocols = written === 'tcp-udp' ? ['tcp', 'udp'] : [written];
  for (const protocol of protocols) {
    const service = { protocol, sourcePort, destinationPort };
    change(c, c.block.of.services, words.length > 0 ? null : service);
  }
  return words.length > 0 ? 'not-modelled' : 'modelled';
}

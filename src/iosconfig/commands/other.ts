import { commandsOf, irrelevant } from '../command.ts';
import type { Call, Command, Outcome } from '../command.ts';
import { keyword } from './fields.ts';

/** Certificates, and everything that IOS prints beside crypto. */
export const otherGlobals: readonly Command[] = [
  ...commandsOf('global', [
    { words: 'crypto pki trustpoint', run: trustpoint },
    { words: 'crypto ca trustpoint', run: trustpoint },
    { words: 'crypto pki certificate map', run: certificateMap },
    { words: 'crypto ca certificate map', run: certificateMap },
    { words: 'crypto pki certificate chain', run: chain },
    { words: 'crypto ca certificate chain', run: chain },
    { words: 'crypto pki', run: () => 'not-modelled' },
    { words: 'crypto ca', run: () => 'not-modelled' },
    { words: 'crypto key', run: () => 'not-modelled' },
    { words: 'crypto engine', run: () => 'irrelevant' },
    { words: 'crypto logging', run: () => 'irrelevant' },
    { words: 'crypto call admission', run: () => 'not-modelled' },
    { words: 'crypto gdoi', run: foreign('not-modelled') },
    { words: 'crypto gkm', run: foreign('not-modelled') },
    { words: 'crypto identity', run: foreign('not-modelled') },
    { words: 'crypto ctcp', run: () => 'not-modelled' },
    { words: 'crypto xauth', run: () => 'not-modelled' },
    { words: 'crypto ssl', run: foreign('irrelevant') },
    { words: 'crypto mib', run: () => 'irrelevant' },
    { words: 'key config-key', run: masterKey },
    { words: 'password encryption', run: () => 'not-modelled' },
    ...foreignBlocks(
      'router,line,class-map,policy-map,route-map,key chain,control-plane,voice,dial-peer,telephony-service,' +
        'call-manager-fallback,sccp,ip sla,track,flow,zone,zone-pair,parameter-map,redundancy,archive,vlan,controller,' +
        'event manager,aaa group,ip dhcp pool,object-group,bridge-domain,mac-address-table,license,ephone,gatekeeper,' +
        'ip explicit-path,l2vpn,pseudowire-class,vpdn-group,username-list,template,device-tracking,ipv6 dhcp pool,' +
        'radius server,tacacs server,monitor session,ip prefix-list,standard,wlan,webvpn,dot11,gateway',
    ),
  ]),
  ...irrelevant(
    (
      'service,boot,boot-start-marker,boot-end-marker,enable,aaa,ip route,ip cef,ip forward-protocol,ip http,' +
      'ip source-route,ip subnet-zero,ip classless,ip name-server,ip domain,ip ssh,ip scp,ip tftp,ip ftp,ip tcp,' +
      'ip flow-export,ip dhcp,ip multicast-routing,ip inspect,ip icmp,ip rtcp,ip radius,ip tacacs,ip as-path,' +
      'ip community-list,ip bgp-community,ip finger,ip bootp,ip options,ip telnet,ip nbar,ip virtual-reassembly,' +
      'ip arp,ip igmp,ip pim,ipv6,no-ip,logging,username,clock,ntp,snmp-server,banner,cdp,lldp,scheduler,memory-size,' +
      'multilink,mmi,network-clock,platform,subscriber,process,exception,alias,privilege,tacacs-server,radius-server,' +
      'spanning-tree,vtp,diagnostic,hw-module,transceiver,card,dialer-list,priority-list,queue-list,frame-relay,isdn,' +
      'cns,call,ccm-manager,mgcp,mac,mls,errdisable,security,login,file,prompt,memory,voice-card,mpls,bridge,' +
      'access-session,authentication,cwmp,netconf-yang,restconf,telemetry,facility-alarm,nat,x25,tftp-server,' +
      'configure,default,end,exit'
    ).split(','),
  ),
];

export const trustpointCommands: readonly Command[] = [
  ...commandsOf('trustpoint', [
    {
      words: 'subject-name',
      run: (c) => {
        c.block.of.subjectName = c.no ? null : c.args.join(' ') || null;
        return 'modelled';
      },
    },
    {
      words: 'fqdn',
      run: (c) => {
        c.block.of.fqdn = c.no ? null : (c.args[0] ?? null);
        return 'modelled';
      },
    },
    {
      words: 'revocation-check',
      run: (c) => {
        c.block.of.revocationCheck = c.no ? null : c.args.join(' ') || null;
        return 'modelled';
      },
    },
    {
      words: 'enrollment',
      run: (c) => {
        if (c.args[0] === 'mode' || c.args[0] === 'retry') return 'irrelevant';
        c.block.of.enrollment = c.no
          ? null
          : ((c.args[0] === 'url' ? c.args[1] : c.args[0]) ?? null);
        return 'modelled';
      },
    },
    {
      words: 'vrf',
      run: (c) => {
        if (c.args.length > 1) return false;
        c.block.of.vrf = c.no ? null : (c.args[0] ?? null);
        return 'modelled';
      },
    },
    { words: 'rsakeypair', run: keyPair },
    { words: 'eckeypair', run: keyPair },
    { words: 'crl', run: () => 'not-modelled' },
    { words: 'ocsp', run: () => 'not-modelled' },
    { words: 'usage', run: () => 'not-modelled' },
    { words: 'chain-validation', run: () => 'not-modelled' },
    { words: 'match', run: () => 'not-modelled' },
  ]),
  ...irrelevant([
    'description',
    'serial-number',
    'ip-address',
    'source',
    'auto-enroll',
    'hash',
    'password',
    'regenerate',
    'primary',
    'subject-alt-name',
    'authorization',
    'on',
    'storage',
    'fingerprint',
  ]),
];

export const certificateMapCommands: readonly Command[] = commandsOf(
  'certificate-map',
  [
    'subject-name',
    'issuer-name',
    'alt-subject-name',
    'unstructured-subject-name',
    'name',
    'serial-number',
  ].map((field) => ({
    words: field,
    run: (c) => {
      const [operator = '', ...value] = c.args;
      const rules = c.block.of.rules.filter(
        (rule) =>
          rule.field !== field || rule.operator !== operator || rule.value !== value.join(' '),
      );
      if (!c.no) rules.push({ field, operator, value: value.join(' '), line: c.line });
      c.block.of.rules = rules;
      return 'modelled-with-conditions';
    },
  })),
);

function trustpoint(c: Call<'global'>): Outcome {
  const name = c.args[0];
  if (name === undefined) return false;
  if (c.no) return c.draft.trustpoints.delete(name) ? 'modelled' : 'modelled-with-conditions';
  const held = c.draft.trustpoints.get(name) ?? {
    name,
    subjectName: null,
    fqdn: null,
    revocationCheck: null,
    enrollment: null,
    keyPair: null,
    vrf: null,
    chain: null,
    line: c.line,
  };
  c.draft.trustpoints.set(name, held);
  c.open({ kind: 'trustpoint', of: held });
  return 'modelled';
}

function keyPair(c: Call<'trustpoint'>): Outcome {
  c.block.of.keyPair = c.no ? null : (c.args[0] ?? null);
  return 'modelled';
}

function certificateMap(c: Call<'global'>): Outcome {
  const [name, seq] = c.args;
  if (name === undefined) return false;
  const sequence = Number(seq ?? 10);
  const key = `${name} ${String(sequence)}`;
  if (c.no) return c.draft.certificateMaps.delete(key) ? 'modelled' : 'modelled-with-conditions';
  const held = c.draft.certificateMaps.get(key) ?? { name, sequence, rules: [], line: c.line };
  c.draft.certificateMaps.set(key, held);
  c.open({ kind: 'certificate-map', of: held });
  return 'modelled';
}

function chain(c: Call<'global'>): Outcome {
  const chain = { own: false, authority: '' };
  const trustpoint = c.draft.trustpoints.get(c.args[0] ?? '');
  if (trustpoint !== undefined && !c.no) trustpoint.chain = chain;
  c.open({ kind: 'certificate-chain', of: chain, ofAuthority: false });
  return 'not-modelled';
}

function foreign(state: 'irrelevant' | 'not-modelled'): (c: Call<'global'>) => Outcome {
  return (c) => {
    c.open({ kind: 'foreign' });
    return state;
  };
}

function foreignBlocks(words: string): { words: string; run: (c: Call<'global'>) => Outcome }[] {
  return words.split(',').map((each) => ({ words: each, run: foreign('irrelevant') }));
}

/** `key config-key password-encrypt KEY`: a running configuration never shows it, a pasted session may. */
function masterKey(c: Call<'global'>): Outcome {
  const [kind, key] = c.args;
  if (c.no || keyword(kind, ['password-encryption']) === null || key === undefined)
    return 'not-modelled';
  c.draft.masterKeys.push(key);
  return 'modelled';
}

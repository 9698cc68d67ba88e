/**
 * Where names stand that somebody chose, as IOS writes them. Each pattern has its names in groups; anchored or short,
 * and free of nested repetition.
 */
export type NamePattern = {
  readonly pattern: RegExp;
  readonly sample: string;
  readonly names: readonly string[];
};

/** Names of what stands around a tunnel in a configuration, and of what `show` lists. */
export const serviceNamePatterns: readonly NamePattern[] = [
  {
    pattern:
      /^\s*aaa (?:authentication|authorization|accounting) [\w-]+ (\S+)(?: \S+)*? group (?!radius\b|tacacs\+|ldap\b)(\S+)/,
    sample: 'aaa authentication login LIST-A group RAD-A local',
    names: ['LIST-A', 'RAD-A'],
  },
  {
    pattern:
      /^\s*aaa (?:authentication|authorization|accounting) (?:login|network|exec|ppp|group|user)(?: (?:psk|cert|eap|list|override))* (\S+)/,
    sample: ' aaa authorization group psk list LIST-A',
    names: ['LIST-A'],
  },
  {
    pattern: /\b(?:client authentication|client accounting|isakmp authorization) list (\S+)/,
    sample: ' isakmp authorization list LIST-A',
    names: ['LIST-A'],
  },
  {
    pattern: /^\s+(?:accounting|pool|acl|domain|rsakeypair|nhrp group) (\S+)/,
    sample: ' acl SPLIT-A',
    names: ['SPLIT-A'],
  },
  {
    pattern: /^\s*ip (?:local|nat) pool (\S+)/,
    sample: 'ip local pool POOL-A 192.0.2.1 192.0.2.9',
    names: ['POOL-A'],
  },
  {
    pattern: /^\s*ip(?:v6)? (?:access-group|traffic-filter|prefix-list|domain[- ]list) (\S+)/,
    sample: ' ip access-group IN-A in',
    names: ['IN-A'],
  },
  { pattern: /^\s*ipv6 access-list (\S+)/, sample: 'ipv6 access-list ACL-6', names: ['ACL-6'] },
  {
    pattern: /^\s*match ip(?:v6)? address (?:prefix-list )?(\S+)/,
    sample: ' match ip address ACL-A',
    names: ['ACL-A'],
  },
  {
    pattern: /^\s*service-policy (?:input|output) (\S+)/,
    sample: ' service-policy output QOS-A',
    names: ['QOS-A'],
  },
  {
    pattern:
      /^\s*(?:policy-map|class-map(?: match-a\w+)?|class|route-map|key chain|event manager applet|zone security|crypto gdoi group) (?!class-default\b|type\b)(\S+)/,
    sample: 'route-map RM-A permit 10',
    names: ['RM-A'],
  },
  {
    pattern: /^\s*object-group [\w-]+ (\S+)/,
    sample: 'object-group network OG-A',
    names: ['OG-A'],
  },
  {
    pattern:
      /^\s*(?:neighbor|set peer|ntp server|logging host|tunnel destination) (?:vrf \S+ )?(\S+)/,
    sample: ' neighbor SPOKES peer-group',
    names: ['SPOKES'],
  },
  {
    pattern: /^\s*ip route .* name (\S+)/,
    sample: 'ip route 0.0.0.0 0.0.0.0 192.0.2.1 name CARRIER-A',
    names: ['CARRIER-A'],
  },
  {
    pattern: /^\s*crypto ikev2 (?:authorization policy|name-mangler) (\S+)/,
    sample: 'crypto ikev2 authorization policy AP-A',
    names: ['AP-A'],
  },
  {
    pattern: /^\s*crypto isakmp peer hostname (\S+)/,
    sample: 'crypto isakmp peer hostname spoke-a',
    names: ['spoke-a'],
  },
  {
    pattern: /^\s*set aggressive-mode client-endpoint (?:user-)?fqdn (\S+)/,
    sample: ' set aggressive-mode client-endpoint fqdn spoke-a',
    names: ['spoke-a'],
  },
  {
    pattern: /\burl \w+:\/\/(?:[^\s/@]*@)?([^\s/:]+)/,
    sample: ' enrollment url http://ca.corp.example/scep',
    names: ['ca.corp.example'],
  },
  {
    pattern: /^\s*banner \w+ (\S.*\S)\s*$/,
    sample: 'banner motd ^C Kestrel Works ^C',
    names: ['^C Kestrel Works ^C'],
  },
  { pattern: /^\s*(?:Username|Group|Profile): (\S+)/, sample: 'Username: alice', names: ['alice'] },
  {
    pattern: /^\s*Desc: (\S.*\S)\s*$/,
    sample: '      Desc: branch of Kestrel',
    names: ['branch of Kestrel'],
  },
  {
    pattern: /^\s*(?:Certificate maps matched are|keyring\(s\)|trustpoint\(s\)): (\S+)/,
    sample: '   Certificate maps matched are: CM-A',
    names: ['CM-A'],
  },
  {
    pattern: /[Cc]rypto [Mm]ap (?:tag: |")([^\s",]+)/,
    sample: '    Crypto map tag: CMAP-A, local addr 192.0.2.1',
    names: ['CMAP-A'],
  },
  {
    pattern: /^\s*ISAKMP P(?:rofile:|ROFILE) (\S+)/,
    sample: '        ISAKMP Profile: PROF-A',
    names: ['PROF-A'],
  },
];

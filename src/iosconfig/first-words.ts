/** How commands of IOS begin, in whatever mode, as a configuration writes them. */
const FIRST_WORDS: ReadonlySet<string> = new Set(
  `aaa aaa-server access-class access-group access-list accounting acl activate address-family aggregate-address alias
  appletalk archive area arp as-path async authentication authorization auto autonomous-system auto-summary backup
  bandwidth banner bba-group bfd bgp boot bridge bridge-group bsc buffers ca call call-home card carrier-delay cdp
  channel-group channel-protocol chat-script class class-map clear clock clns clock-panel cns community-list configure
  control-plane controller crl crypto cts dampening ddns debug default default-information default-metric
  default-router define delay deny description destination dhcp dial-peer dialer dialer-group dialer-list distance
  distribute-list dns-server do domain domain-name dot11 dot1x downward-compatible-config drop ds0-group duplex
  dynamic-access-policy-record eigrp enable encapsulation encryption end enrollment errdisable event exec exec-timeout
  exit exit-address-family exit-vrf export fair-queue file fips flow flowcontrol format fqdn frame-relay framing
  ftp-server full-duplex gateway glbp group-policy half-duplex hash hold-queue hostname http import initiate input
  inspect integrity interface ip ipc ipsec ipv6 ipx isakmp isdn isis keepalive key key-chain keyring l2tp lacp ldap
  length license lifetime line linecode lldp load-interval logging login logout loopback mac mac-address
  mac-address-table map-class map-list match maximum-paths media-type memory metric mgcp mls mode monitor mop mpls mtu
  multilink name nat negotiation neighbor netbios-name-server netconf-yang network no ntp object object-group
  object-tracking option ospf ospfv3 output parameter-map parser passive-interface password peer peer-group permit
  physical-layer pki platform police policy policy-map pool port-channel port-object power ppp pppoe pppoe-client
  prefix-list pri-group priority privilege process prompt proposal protocol pseudowire-class qos queue-limit radius
  radius-server random-detect redistribute redundancy reload remark resource restconf revocation-check rib rmon route
  route-map route-target router router-id rsakeypair rsvp sampler scheduler security self-identity serial server
  server-private service service-module service-policy session-limit session-timeout set shape show shutdown sip-ua
  snmp snmp-server source spanning-tree speed ssh standby stopbits storm-control subject-name subnet switch switchport
  synchronization table-map tacacs tacacs-server telnet template terminal tftp-server timers track traffic-shape
  transport trunk-group trunk tunnel tunnel-group tunnel-group-map udld undebug unidirectional-link update-source
  username version vlan virtual-reassembly virtual-template voice voice-card voice-port vpdn vpdn-group vpn vrf vrrp
  vtp webvpn width wlan wr write xconnect zone zone-member zone-pair`.split(/\s+/),
);

/** Commands of one word, which may follow any other. */
const ONE_WORD =
  /^(?:end|exit|quit|shut(?:down)?|\[ok\]|exit-[a-z-]+|login|logout|switchport|keepalive|auto-summary|synchronization|activate|reload|fair-queue|(?:full|half)-duplex)$/i;

/** The line is a command, though it has but one word. */
export const isOneWordCommand = (line: string): boolean => ONE_WORD.test(line);

/** The line begins as a command does, and goes on behind its first word. */
export function beginsCommand(line: string): boolean {
  const end = line.indexOf(' ');
  return end > 0 && FIRST_WORDS.has(line.slice(0, end).toLowerCase());
}

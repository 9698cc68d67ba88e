import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** What is built upon IKE speaks of its own tunnels: Easy VPN, group encryption, and dynamic multipoint tunnels. */
export const syslogTunnelMessages: readonly MessageSpec[] = defineMessages('syslog', [
  {
    id: 'syslog-easy-vpn',
    pattern:
      '%CRYPTO-6-EZVPN_CONNECTION_{status:state}: (Client) User=[{user:name}] Group=[{group:name}] Client_public_addr={local:ip} Server_public_addr={peer:ip}[ {rest:text}]',
    means: 'the Easy VPN tunnel came up or went down',
    samples: [
      '%CRYPTO-6-EZVPN_CONNECTION_UP: (Client)  User=branch7  Group=BRANCHES  Client_public_addr=192.0.2.1  Server_public_addr=192.0.2.7  Assigned_client_addr=10.1.2.3',
      '%CRYPTO-6-EZVPN_CONNECTION_DOWN: (Client) User= Group=BRANCHES Client_public_addr=192.0.2.1 Server_public_addr=192.0.2.7',
    ],
  },
  {
    id: 'syslog-group-registers',
    pattern:
      '%CRYPTO-5-GM_REGSTER: Start registration to KS {peer:ip} for group {group:name} using address {local:ip}',
    means: 'registration with the key server of a group begins',
    samples: [
      '%CRYPTO-5-GM_REGSTER: Start registration to KS 192.0.2.7 for group GET-A using address 192.0.2.1',
    ],
  },
  {
    id: 'syslog-group-registered',
    pattern:
      '%GDOI-5-GM_REGS_COMPL: Registration to KS {peer:ip} complete for group {group:name} using address {local:ip}',
    means: 'the key server of the group has registered this router',
    samples: [
      '%GDOI-5-GM_REGS_COMPL: Registration to KS 192.0.2.7 complete for group GET-A using address 192.0.2.1',
    ],
  },
  {
    id: 'syslog-group-refused',
    pattern:
      '%GDOI-1-UNAUTHORIZED_IDENTITY: Group {group:name} received registration from unauthorized identity: {reason:text}. Peer Address: {peer:ip}',
    means: 'the key server refuses a member whose identity its group does not authorise',
    samples: [
      '%GDOI-1-UNAUTHORIZED_IDENTITY: Group GET-A received registration from unauthorized identity:    Dist. name parsing failed. Peer Address: 192.0.2.7',
    ],
  },
  {
    id: 'syslog-dmvpn-socket',
    pattern:
      '%DMVPN-5-CRYPTO_SS: {interface:name}: local address : {local:ip} remote address : {peer:ip} socket is {status:state}',
    means: 'the IPsec SA of a multipoint tunnel came up or went down',
    samples: [
      '%DMVPN-5-CRYPTO_SS:  Tunnel0: local address : 192.0.2.1 remote address : 192.0.2.7 socket is DOWN',
    ],
  },
  {
    id: 'syslog-dmvpn-registration',
    pattern:
      '%DMVPN-5-NHRP_<NHS|NHC>_<DOWN|UP>: {interface:name}: Next Hop <Server|Client> : (Tunnel: {peerTunnel:name} NBMA: {peer:ip}~) for (Tunnel: {ownTunnel:name} NBMA: {local:ip}) is {status:state}[, Reason: {reason:text}]',
    means: 'the NHRP registration of a multipoint tunnel came up or went down',
    samples: [
      '%DMVPN-5-NHRP_NHS_DOWN: Tunnel0: Next Hop Server : (Tunnel: 172.16.0.1 NBMA: 192.0.2.7 ) for (Tunnel: 172.16.0.2 NBMA: 192.0.2.1) is DOWN, Reason: NHRP Registration Failure(NHRP: no error)',
      '%DMVPN-5-NHRP_NHC_DOWN: Tunnel0: Next Hop Client : (Tunnel: 172.16.0.2 NBMA: 192.0.2.1 ) for (Tunnel: 172.16.0.1 NBMA: 192.0.2.7) is DOWN, Reason: External(NHRP: no error)',
      '%DMVPN-5-NHRP_NHS_UP: Tunnel0: Next Hop Server : (Tunnel: 172.16.0.1 NBMA: 192.0.2.7) for (Tunnel: 172.16.0.2 NBMA: 192.0.2.1) is  UP',
    ],
  },
]);

import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** Extended authentication and mode configuration. */
export const easyVpnMessages: readonly MessageSpec[] = defineMessages('isakmp', [
  {
    id: 'profile-group',
    pattern: 'Profile {profile:name} assigned peer the group named {group:name}',
    means: 'easy VPN: the profile put the peer into a group',
    samples: ['Profile REMOTE assigned peer the group named STAFF'],
    unconfirmed: true,
    zeroId: true,
  },
  {
    id: 'xauth-need',
    pattern: 'Need XAUTH',
    means: 'extended authentication follows',
    samples: ['Need XAUTH'],
    unconfirmed: true,
  },
  {
    id: 'config-attribute',
    pattern:
      '<attributes sent in message:|processing transaction payload from {peer:ip}. message ID = {messageId:id}|initiating peer config to {peer2:ip}. ID = {messageId2:id}>',
    means: 'extended authentication or mode configuration',
    samples: [
      'processing transaction payload from 192.0.2.7. message ID = 1252915164',
      'initiating peer config to 192.0.2.7. ID = 1252915164',
    ],
    unconfirmed: true,
    block: 'config-attributes',
  },
  {
    id: 'config-needed',
    pattern: 'Need config/address',
    means: 'mode configuration follows: the client asks for an address',
    samples: ['Need config/address'],
    unconfirmed: true,
  },
  {
    id: 'xauth-preshared',
    pattern: 'Authentication by xauth preshared',
    means: 'the client authenticates with the key of its group, then as a user',
    samples: ['Authentication by xauth preshared'],
  },
  {
    id: 'xauth-set-up',
    pattern: 'Setting client config settings {pointer:hex}',
    forms: ['(Re)Setting client xauth list and state', 'initializing AAA request'],
    means: 'the settings of the client are looked up',
    samples: [
      'Setting client config settings 65D5B0F4',
      '(Re)Setting client xauth list  and state',
      'initializing AAA request',
    ],
    unconfirmed: true,
    zeroId: true,
  },
  {
    id: 'xauth-attribute',
    pattern: 'request attribute {attribute:state}',
    forms: ['reply attribute {attribute:state}'],
    means: 'what the user is asked for, or has answered',
    samples: ['request attribute XAUTH_USER_NAME_V2', 'reply attribute XAUTH_USER_PASSWORD_V2'],
  },
  {
    id: 'xauth-acknowledged',
    pattern: 'XAUTH ACK Processed',
    forms: ['(blank) XAUTH ACK Processed'],
    means: 'the client knows whether the user was accepted',
    samples: ['XAUTH ACK Processed', '(blank) XAUTH ACK Processed'],
  },
  {
    id: 'unity-client',
    pattern: 'Talking to a Unity Client',
    means: 'the peer is a Cisco client',
    samples: ['Talking to a Unity Client'],
  },
  {
    id: 'config-payload',
    pattern: 'Config payload {kind:state}',
    means: 'a message of extended authentication or mode configuration',
    samples: [
      'Config payload REQUEST',
      'Config payload REPLY',
      'Config payload ACK',
      'Config payload SET',
    ],
  },
  {
    id: 'config-request',
    pattern: 'checking request:',
    means: 'what the client asks for follows',
    samples: ['checking request:'],
  },
  {
    id: 'config-asked',
    pattern:
      '<IP4_ADDRESS|IP4_NETMASK|IP4_DNS|IP4_NBNS|IP4_SUBNET|IP4_DHCP|ADDRESS_EXPIRY|APPLICATION_VERSION|DEFAULT_DOMAIN|SPLIT_INCLUDE|SPLIT_DNS|INCLUDE_LOCAL_LAN|BACKUP_SERVER|PFS>',
    forms: ['MODECFG_{attribute:state}'],
    means: 'an attribute that the client asks for',
    samples: ['IP4_ADDRESS', 'IP4_NETMASK', 'SPLIT_INCLUDE', 'PFS', 'MODECFG_CONFIG_URL'],
  },
  {
    id: 'config-unknown',
    pattern: 'Unknown Attr: <UNKNOWN|MODECFG_{name:state}> ({attribute:hex})',
    forms: ['UNKNOWN Unknown Attr: {attribute:hex}'],
    means: 'an attribute that this release does not know; harmless',
    samples: [
      'Unknown Attr: UNKNOWN (0x7009)',
      'Unknown Attr: MODECFG_HOSTNAME (0x700A)',
      'UNKNOWN Unknown Attr: 0x7009',
    ],
  },
  {
    id: 'author-asked',
    pattern: 'Author request for group {group:name}~successfully sent to AAA',
    means: 'AAA is asked for the settings of the group',
    samples: [
      'Author request for group STAFF successfully sent to AAA',
      'Author request for group STAFFsuccessfully sent to AAA',
    ],
  },
  {
    id: 'config-answered',
    pattern: 'responding to peer config from {peer:ip}. ID = {messageId:id}',
    means: 'the settings go out to the client',
    samples: ['responding to peer config from 192.0.2.7. ID = -1357924680'],
  },
  {
    id: 'config-allocated',
    pattern: 'allocating address {address:ip}',
    means: 'the client gets this address',
    samples: ['allocating address 10.9.9.1'],
  },
  {
    id: 'config-sent',
    pattern:
      'Sending <private address|subnet mask|IP4_DNS server address|IP4_NBNS server address>: {address:ip}',
    forms: [
      'Sending ADDRESS_EXPIRY seconds left to use the address: {seconds:n}',
      'Sending save password reply value {value:n}',
      'Sending split include name {list:name} network {network:ip} mask {mask:ip} protocol {protocol:n}, src port {sourcePort:n}, dst port {destinationPort:n}',
      'Sending APPLICATION_VERSION string: {version:text}',
      'Sending DEFAULT_DOMAIN default domain name: {domain:name}',
    ],
    means: 'a setting for the client',
    samples: [
      'Sending private address: 10.9.9.1',
      'Sending subnet mask: 255.255.255.0',
      'Sending IP4_DNS server address: 10.1.0.53',
      'Sending ADDRESS_EXPIRY seconds left to use the address: 86385',
      'Sending save password reply value 0',
      'Sending split include name SPLIT network 10.1.0.0 mask 255.255.0.0 protocol 0, src port 0, dst port 0',
      'Sending APPLICATION_VERSION string: Cisco IOS Software',
      'Sending DEFAULT_DOMAIN default domain name: example.net',
    ],
  },
  {
    id: 'address-returned',
    pattern: 'returning IP addr to the address pool',
    forms: ['returning address {address:ip} to pool'],
    means: 'the address of an earlier session of the client is free again',
    samples: ['returning IP addr to the address pool', 'returning address 10.9.9.1 to pool'],
    unconfirmed: true,
  },
  {
    id: 'responder-lifetime-sent',
    pattern: 'Sending phase 1 responder lifetime {seconds:n}',
    forms: ['sending phase 1 responder lifetime {seconds:n}'],
    means: 'the client is told of a shorter lifetime',
    samples: [
      'Sending phase 1 responder lifetime 86400',
      'sending phase 1 responder lifetime 86400',
    ],
    unconfirmed: true,
    zeroId: true,
  },
]);

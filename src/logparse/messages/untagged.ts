import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** What is printed behind a stamp without a tag, or with one that only few releases have. */
export const untaggedMessages: readonly MessageSpec[] = defineMessages('bare', [
  {
    id: 'sa-direction',
    pattern:
      'inbound SA from {from:ip} to {to:ip}[ (f/i) {fvrf:n}~/~{ivrf:n}][ (proxy {proxyFrom:ip} to {proxyTo:ip}~)]',
    forms: [
      'outbound SA from {from:ip} to {to:ip}[ (f/i) {fvrf:n}~/~{ivrf:n}][ (proxy {proxyFrom:ip} to {proxyTo:ip}~)]',
    ],
    means: 'one direction of the IPsec SA that was just made',
    samples: [
      'inbound SA from 192.0.2.7 to 192.0.2.1 (f/i)  0/ 0',
      'inbound SA from 192.0.2.7       to 192.0.2.1 (proxy 10.2.0.0        to 10.1.0.0        )',
      'outbound SA from 192.0.2.1 to 192.0.2.7 (f/i) 0/ 0 (proxy 10.1.0.0 to 10.2.0.0 )',
    ],
    release: 'up to 12.4',
    stamped: true,
    block: 'sa-proxies',
  },
  {
    id: 'sa-spi',
    pattern: 'has spi {spi:spi} and conn_id {engineId:n}[ and flags {flags:hex}]',
    means: 'SPI of that direction and its connection in the crypto engine',
    samples: [
      'has spi 0x1C2D3E4F and conn_id 2000 and flags 13',
      'has spi 472727119 and conn_id 2001 and flags 1B',
      'has spi 0x1C2D3E4F and conn_id 0',
    ],
    release: 'up to 12.4',
    stamped: true,
  },
  {
    id: 'sa-life',
    pattern: 'lifetime of {seconds:n} seconds',
    forms: ['lifetime of {kilobytes:n} kilobytes'],
    means: 'lifetime of that direction',
    samples: ['lifetime of 3600 seconds', 'lifetime of 4608000 kilobytes'],
    release: 'up to 12.4',
    stamped: true,
  },
  {
    id: 'sa-client-flags',
    pattern: 'has client flags {flags:hex}',
    means: 'whether a client asked for the SA',
    samples: ['has client flags 0x0'],
    release: 'up to 12.4',
    stamped: true,
  },
  {
    id: 'config-address',
    pattern: 'Address: {address:ip}',
    means: 'an attribute of mode configuration that goes out',
    samples: ['Address: 10.9.9.1'],
    release: '12.3, 12.4',
    stamped: true,
  },
  {
    id: 'cert-issuer-chosen',
    pattern: 'Choosing trustpoint {trustpoint:name} as issuer',
    means: 'our own certificate comes from this trustpoint',
    samples: ['Choosing trustpoint TP-SECOND as issuer'],
    stamped: true,
    unconfirmed: true,
  },
  {
    id: 'engine-hmac',
    pattern: 'generate hmac context for conn id {engineId:n}',
    means: 'the crypto engine at work',
    samples: ['generate hmac context for conn id 1'],
    release: 'up to 12.2',
  },
  {
    id: 'send-buffer',
    pattern: 'ISKAMP: growing send buffer from {from:n} to {to:n}',
    means: 'harmless: a long message is put together',
    samples: ['ISKAMP: growing send buffer from 1024 to 3072'],
    bare: true,
    unconfirmed: true,
  },
  {
    id: 'proposal-validating',
    pattern: 'validate proposal {proposal:n}',
    forms: ['validate proposal request {request:n}'],
    means: 'a proposal of quick mode is held against the crypto map',
    samples: ['validate proposal 0', 'validate proposal request 0'],
    role: 'responder',
    release: 'up to 12.2',
  },
  {
    id: 'ezvpn-xauth-pending',
    pattern: 'EZVPN({tunnel:name}): Pending XAuth Request, Please enter the following command:',
    forms: ['EZVPN: crypto ipsec client ezvpn xauth'],
    means: 'the server wants a user name and a password, which somebody must type',
    samples: [
      'EZVPN(TO-DC): Pending XAuth Request, Please enter the following command:',
      'EZVPN: crypto ipsec client ezvpn xauth',
    ],
  },
  {
    id: 'ezvpn',
    pattern: 'EZVPN({tunnel:name}): {detail:text}',
    means: 'the client of Easy VPN at work',
    samples: ['EZVPN(TO-DC): New State: CONNECT_REQUIRED'],
    general: true,
    unconfirmed: true,
  },
]);

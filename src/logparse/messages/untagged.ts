import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** What 12.x prints behind a stamp without a tag. */
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
    id: 'engine-hmac',
    pattern: 'generate hmac context for conn id {engineId:n}',
    means: 'the crypto engine at work',
    samples: ['generate hmac context for conn id 1'],
    release: 'up to 12.2',
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
]);

import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** How ISAKMP asks for certificates and shows its own. */
export const certificateMessages: readonly MessageSpec[] = defineMessages('isakmp', [
  {
    id: 'cert-step',
    pattern: 'IKE-\\>PKI {step:text} state ({role:role}) {state:state} (peer {peer:ip})',
    forms: ['PKI-\\>IKE {step:text} state ({role:role}) {state:state} (peer {peer:ip})'],
    means: 'ISAKMP asks the certificate store for something, or has its answer',
    samples: [
      'IKE->PKI Get configured TrustPoints state (I) MM_NO_STATE (peer 192.0.2.7)',
      'PKI->IKE Got configured TrustPoints state (I) MM_NO_STATE (peer 192.0.2.7)',
      'IKE->PKI Validate certificate chain state (R) MM_KEY_EXCH (peer 192.0.2.7)',
    ],
    release: '15.x and IOS-XE',
  },
  {
    id: 'cert-without-address',
    pattern: 'My ID configured as IPv4 Addr, but Addr not in Cert!',
    means: 'the own certificate does not hold the address that would be the identity',
    samples: ['My ID configured as IPv4 Addr, but Addr not in Cert!'],
    release: '15.x',
  },
  {
    id: 'cert-own-id',
    pattern: 'Using FQDN as My ID',
    forms: ['Translating {from:state} to {to:state} as there is a DN in cert'],
    means: 'which name of the own certificate becomes the identity',
    samples: [
      'Using FQDN as My ID',
      'Translating IKE_ID_AUTO to IKE_ID_DER_ASN1_DN as there is a DN in cert',
    ],
    release: '15.x',
  },
  {
    id: 'cert-sent',
    pattern: 'constructing CERT payload for {subject:text}',
    means: 'the own certificate goes out, with its subject',
    samples: ['constructing CERT payload for hostname=r1.example.net,cn=r1'],
  },
  {
    id: 'cert-signs',
    pattern: "using the {trustpoint:name} trustpoint's keypair to sign",
    means: 'the key of this trustpoint signs',
    samples: ["using the TP-FIRST trustpoint's keypair to sign"],
  },
  {
    id: 'cert-chain-none',
    pattern: 'unable to build cert chain (status {status:n})',
    means: 'the own certificate cannot be sent with those of its authorities',
    samples: ['unable to build cert chain (status 65535)'],
  },
  {
    id: 'cert-own-none',
    pattern: 'Unable to get router cert or router~does not have a cert: needed to find DN!',
    means: 'there is no own certificate to take the identity from',
    samples: ['Unable to get router cert or routerdoes not have a cert: needed to find DN!'],
  },
  {
    id: 'cert-issuer-untrusted',
    pattern: 'issuer name is not a trusted root.',
    means: 'the peer asks for a certificate of an authority that is not known here',
    samples: ['issuer name is not a trusted root.'],
  },
  {
    id: 'cert-validation-list',
    pattern: 'Creating CERT validation list: {trustpoints:text}',
    means: 'the trustpoints that may check the certificate of the peer',
    samples: ['Creating CERT validation list: TP-FIRST,'],
    unconfirmed: true,
  },
  {
    id: 'cert-valid',
    pattern: 'CERT validity confirmed.',
    forms: ['cert approved with warning'],
    means: 'the certificate of the peer is accepted',
    samples: ['CERT validity confirmed.', 'cert approved with warning'],
    unconfirmed: true,
  },
  {
    id: 'cert-validation-failed',
    pattern: 'Unknown error in cert validation, {error:int}',
    means: 'the certificate of the peer could not be checked',
    samples: ['Unknown error in cert validation, 0'],
    unconfirmed: true,
  },
  {
    id: 'cert-to-send-none',
    pattern: 'no valid cert found to return',
    means: 'none of the own certificates is what the peer asks for',
    samples: ['no valid cert found to return'],
    unconfirmed: true,
  },
  {
    id: 'cert-wanted',
    pattern: 'peer want cert issued by {issuer:text}',
    means: 'the authority whose certificate the peer asks for',
    samples: ['peer want cert issued by cn=CA-FIRST,o=Example'],
    unconfirmed: true,
  },
]);

import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** The offers of phase 1 and what becomes of them. */
export const policyMessages: readonly MessageSpec[] = defineMessages('isakmp', [
  {
    id: 'policy-check',
    pattern: 'Checking ISAKMP transform {transform:n} against priority {priority:n} policy',
    means: 'one offered transform is held against one policy',
    samples: ['Checking ISAKMP transform 1 against priority 10 policy'],
  },
  {
    id: 'offer-encryption',
    pattern: 'encryption {encryption:name}',
    means: 'attribute of the offer',
    samples: ['encryption 3DES-CBC', 'encryption AES-CBC'],
  },
  {
    id: 'offer-key-length',
    pattern: 'keylength of {keyLength:n}',
    means: 'attribute of the offer: AES key size in bits',
    samples: ['keylength of 256'],
  },
  {
    id: 'offer-hash',
    pattern: 'hash {hash:name}',
    means: 'attribute of the offer',
    samples: ['hash SHA', 'hash MD5'],
  },
  {
    id: 'offer-group',
    pattern: 'default group {group:n}',
    means: 'attribute of the offer: Diffie-Hellman group',
    samples: ['default group 14'],
  },
  {
    id: 'offer-auth',
    pattern: 'auth {auth:text}',
    means: 'attribute of the offer',
    samples: ['auth pre-share', 'auth RSA sig'],
  },
  {
    id: 'offer-life-type',
    pattern: 'life type in {unit:name}',
    means: 'attribute of the offer',
    samples: ['life type in seconds'],
  },
  {
    id: 'offer-life',
    pattern: 'life duration (<basic|VPI>) of {duration:bytes}',
    means: 'attribute of the offer, in octets',
    samples: ['life duration (VPI) of  0x0 0x1 0x51 0x80'],
  },
  {
    id: 'offer-life-basic',
    pattern: 'life duration (basic) of {seconds:n}',
    means: 'attribute of the offer, as a number',
    samples: ['life duration (basic) of 3600'],
  },
  {
    id: 'policy-accepted',
    pattern: 'atts are acceptable. Next payload is {next:n}',
    means: 'the transform fits the policy',
    samples: ['atts are acceptable. Next payload is 0'],
  },
  {
    id: 'policy-refused',
    pattern: 'atts are not acceptable. Next payload is {next:n}',
    means: 'the transform does not fit; 3: another one follows, 0: it was the last',
    samples: ['atts are not acceptable. Next payload is 3'],
  },
  {
    id: 'mismatch-encryption',
    pattern: 'Encryption algorithm offered does not match policy!',
    means: 'the cipher differs',
    samples: ['Encryption algorithm offered does not match policy!'],
  },
  {
    id: 'mismatch-key-length',
    pattern: 'Proposed key length does not match policy[!]',
    means: 'the AES key size differs',
    samples: ['Proposed key length does not match policy'],
  },
  {
    id: 'mismatch-hash',
    pattern: 'Hash algorithm offered does not match policy!',
    means: 'the hash differs',
    samples: ['Hash algorithm offered does not match policy!'],
  },
  {
    id: 'mismatch-group',
    pattern: 'Diffie-Hellman group offered does not match policy!',
    means: 'the Diffie-Hellman group differs',
    samples: ['Diffie-Hellman group offered does not match policy!'],
  },
  {
    id: 'mismatch-auth',
    pattern: 'Authentication method offered does not match policy!',
    means: 'for example certificates against pre-shared keys',
    samples: ['Authentication method offered does not match policy!'],
    unconfirmed: true,
  },
  {
    id: 'mismatch-preshared',
    pattern: 'Preshared authentication offered but does not match policy!',
    means: 'the policy wants no pre-shared key, or there is no key for this peer',
    samples: ['Preshared authentication offered but does not match policy!'],
    unconfirmed: true,
  },
  {
    id: 'mismatch-xauth',
    pattern: 'Xauth authentication by <pre-shared key|RSA> offered but does not match policy!',
    means: 'a client asks for extended authentication, the policy does not',
    samples: ['Xauth authentication by pre-shared key offered but does not match policy!'],
    unconfirmed: true,
  },
  {
    id: 'mismatch-rsa',
    pattern: 'RSA signature authentication offered but does not match policy!',
    means: 'the policy wants no certificates, or there is none',
    samples: ['RSA signature authentication offered but does not match policy!'],
    unconfirmed: true,
  },
  {
    id: 'mismatch-lifetime',
    pattern: 'Proposed lifetime greater than maximum allowed',
    means: 'no refusal: the shorter lifetime is used',
    samples: ['Proposed lifetime greater than maximum allowed'],
    unconfirmed: true,
  },
  {
    id: 'policy-none',
    pattern: 'no offers accepted!',
    means: 'every offered transform was refused',
    samples: ['no offers accepted!'],
  },
  {
    id: 'phase-1-refused',
    pattern: 'phase 1 SA policy not acceptable![ (local {local:ip} remote {peer:ip})]',
    means: 'no transform fits any policy',
    samples: [
      'phase 1 SA policy not acceptable! (local 192.0.2.1 remote 192.0.2.7)',
      'phase 1 SA policy not acceptable!',
    ],
  },
  {
    id: 'phase-1-life',
    pattern:
      '<Acceptable atts:~actual life: {actual:n}|Acceptable atts:~life: {life:n}|Basic life_in_seconds:{basic:n}|Fill atts in sa vpi_length:{length:n}|Fill atts in sa life_in_seconds:{fill:n}|Returning Actual lifetime: {returned:n}>',
    means: 'how the lifetime of the SA was worked out',
    samples: [
      'Acceptable atts:actual life: 0',
      'Acceptable atts:life: 0',
      'Basic life_in_seconds:86400',
      'Fill atts in sa vpi_length:4',
      'Fill atts in sa life_in_seconds:86400',
      'Returning Actual lifetime: 86400',
    ],
    release: '15.x and IOS-XE',
  },
  {
    id: 'lifetime-timer',
    pattern: 'Started lifetime timer: {seconds:n}.',
    means: 'lifetime of the SA in seconds',
    samples: ['Started lifetime timer: 86400.'],
    release: '15.x and IOS-XE',
  },
  {
    id: 'responder-lifetime',
    pattern:
      '<processing responder lifetime|start processing isakmp responder lifetime|restart ike sa timer to {seconds:n} secs>',
    means: 'the responder shortened the lifetime',
    samples: [
      'processing responder lifetime',
      'start processing isakmp responder lifetime',
      'restart ike sa timer to 28800 secs',
    ],
  },
  {
    id: 'informational-not-built',
    pattern: 'Failed to construct AG informational message.',
    means: 'the refusal could not be told to the peer',
    samples: ['Failed to construct AG informational message.'],
    unconfirmed: true,
  },
  {
    id: 'csdl',
    pattern:
      '({policy:n}): Either ({encryption:name}) encryption algorithm or ({hash:name}) hash algorithm~is not CSDL compliant',
    means: 'harmless: about the default policies',
    samples: [
      '(65514): Either (3des) encryption algorithm or (md5) hash algorithmis not CSDL compliant',
    ],
    release: 'IOS-XE',
    zeroId: true,
  },
  {
    id: 'csdl-group',
    pattern:
      "<DH Group ({group:n}) is not CSDL compliant|Can't request CE to Pregen DH Group ({pregen:n}) since it is not CSDL compliant>",
    means: 'harmless: about the default policies',
    samples: [
      'DH Group (5) is not CSDL compliant',
      "Can't request CE to Pregen DH Group (2) since it is not CSDL compliant",
    ],
    release: 'IOS-XE',
    zeroId: true,
  },
  {
    id: 'xauth-in-profile',
    pattern: 'Looking for xauth in profile {profile:name}',
    means: 'the profile is known at this point',
    samples: ['Looking for xauth in profile TO-DC'],
    zeroId: true,
  },
  {
    id: 'xauth-scan',
    pattern: 'Scanning profiles for xauth ...{profiles:text}',
    means: 'no profile is known yet',
    samples: ['Scanning profiles for xauth ...', 'Scanning profiles for xauth ... VPN-A VPN-B'],
    zeroId: true,
  },
]);

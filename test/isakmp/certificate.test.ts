import { describe, expect, it } from 'vitest';

import { readCertificate, readDistinguishedName } from '../../src/isakmp/certificate.ts';
import { createRandom } from '../support/random.ts';
import { octets } from '../support/isakmp.ts';
import { concat } from '../support/pcap-files.ts';

/** Made with OpenSSL 3.0: `openssl req -x509 -newkey rsa:1024` and an EC one on prime256v1. */
const RSA = octets(
  '30820279308201e2a00302010202021267300d06092a864886f70d01010b0500303d310b300906035504061302434831143012060355040a0c0b4578616d706c65204c61623118301606035504030c0f726f75746572312e6578616d706c65301e170d3236313132333130303532385a170d3237313132333130303532385a303d310b300906035504061302434831143012060355040a0c0b4578616d706c65204c61623118301606035504030c0f726f75746572312e6578616d706c6530819f300d06092a864886f70d010101050003818d0030818902818100c7d42163d5643355118749bce979345ffe3397131ef716dc7c678758781122de9e815af7771f837e19cb13fd3a55c7abf0ab798758b555b4317771cef06fa21344513e4e3d375b22bfd9742475742cf5e23b324ffeaa4585d4bf6c53864d7eb24b050a2319308ed614e8bff3954846ccd8f1aa7940d7a5ab5425be1ff219d1af0203010001a38187308184301d0603551d0e04160414365f622fcfbdbfe7049d08369b419bed5d69de86301f0603551d23041830168014365f622fcfbdbfe7049d08369b419bed5d69de86300f0603551d130101ff040530030101ff30310603551d11042a3028820f726f75746572312e6578616d706c658704c0000201810f6e6f63406578616d706c652e6e6574300d06092a864886f70d01010b050003818100aa816f7f5fb4ea4593c334b1aea42cfd722504d2701f620529f9c5e6c49a308ba86cc390561beb18daf1eca268f08d2ce647a7782cc3fd6c7511ba6b995fc3bc8616775edb53d0e6a7dce97da323f902c119b60c28e52ce3634a9d4640cf050aecc7c76ebc3b65bad8653414990d53ad1fbadc8b774f8cbc43ca95c9d5e160c8',
);
const EC = octets(
  '308201a33082014aa003020102020107300a06082a8648ce3d0403023031310b300906035504061302434831163014060355040a0c0d4578616d706c652c20496e632e310a3008060355040b0c0152301e170d3236313132333130303532385a170d3237313132333130303532385a3031310b300906035504061302434831163014060355040a0c0d4578616d706c652c20496e632e310a3008060355040b0c01523059301306072a8648ce3d020106082a8648ce3d030107034200049ae71f5ee196dcfa1671b02249d56b74e7351f02a5b0ec9dee1ab7633b54477fc6bd7874fd784dc59c8ddd94acc09c3b39facd783152ea32d02da639cf60d339a3533051301d0603551d0e041604141f9fa997799adacf11e03e5d368acf12ccc98594301f0603551d230418301680141f9fa997799adacf11e03e5d368acf12ccc98594300f0603551d130101ff040530030101ff300a06082a8648ce3d0403020347003044022065a1b90cea11a3a590bd12ee1022255737993ce95f8c077eadea5bb6bbcf2bf0022066c99b2a3ac923051fd525596c26930423112a1b6e182a1d134c92e9fc7257f3',
);

const read = (bytes: Uint8Array): ReturnType<typeof readCertificate> =>
  readCertificate({ bytes, offset: 0 });

describe('readCertificate', () => {
  it('reads names, times, key and alternative names', () => {
    expect(read(RSA)).toEqual({
      subject: 'CN=router1.example,O=Example Lab,C=CH',
      issuer: 'CN=router1.example,O=Example Lab,C=CH',
      serialNumber: '1267',
      notBefore: '2026-11-23T10:05:28Z',
      notAfter: '2027-11-23T10:05:28Z',
      publicKey: 'RSA 1024',
      subjectAltNames: ['DNS:router1.example', 'IP:192.0.2.1', 'email:noc@example.net'],
    });
  });

  it('escapes what RFC 4514 escapes, keeps parts that share a level, knows curves', () => {
    expect(read(EC)).toMatchObject({
      subject: 'OU=R,O=Example\\, Inc.,C=CH',
      publicKey: 'EC P-256',
      subjectAltNames: [],
    });
  });

  it('is null for what is no certificate', () => {
    expect(read(new Uint8Array(0))).toBeNull();
    expect(read(octets('3080'))).toBeNull();
    expect(read(octets('30030201ff'))).toBeNull();
    expect(read(octets('0402aabb'))).toBeNull();
  });

  it('survives every prefix and 20,000 mutations', () => {
    for (let length = 0; length < RSA.length; length += 1) read(RSA.subarray(0, length));
    const random = createRandom(4711);
    for (let run = 0; run < 20_000; run += 1) {
      const hostile = Uint8Array.from(run % 2 === 0 ? RSA : EC);
      for (let flips = 1 + random(4); flips > 0; flips -= 1) {
        hostile[random(hostile.length)] = random(256);
      }
      const summary = read(hostile);
      if (summary !== null) expect(typeof summary.subject).toBe('string');
    }
  });

  it('does not go deeper than X.509 goes, however deep the octets nest', () => {
    let nested = octets('0500');
    for (let depth = 0; depth < 2000; depth += 1) {
      nested = concat(
        octets('3082'),
        Uint8Array.of(nested.length >> 8, nested.length & 255),
        nested,
      );
    }
    expect(read(nested)).toBeNull();
  });
});

describe('readDistinguishedName', () => {
  it('puts the last part first', () => {
    const name = octets(
      '3020310b30090603550406130243483111300f0603550403 0c08687562206f6e6520'.replaceAll(' ', ''),
    );
    expect(readDistinguishedName({ bytes: name, offset: 0 })).toBe('CN=hub one\\ ,C=CH');
  });

  it('is null for a name with something behind it', () => {
    expect(readDistinguishedName({ bytes: octets('3000ff'), offset: 0 })).toBeNull();
  });
});

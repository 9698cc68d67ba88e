import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';

const stamp = '*Jan  8 20:10:01.100: ';
const read = (...lines: readonly string[]): readonly unknown[] =>
  parseLog(lines.join('\n'), 'i1').events.map(({ message, fields, connId }) => [
    message,
    fields,
    connId,
  ]);

describe('the tag in front of a message', () => {
  it.each([
    [
      'ISAKMP/xauth: request attribute XAUTH_USER_NAME_V2',
      ['xauth-attribute', { attribute: 'XAUTH_USER_NAME_V2' }, null],
    ],
    [
      'ISAKMP/author: Author request for group STAFFsuccessfully sent to AAA',
      ['author-asked', { group: 'STAFF' }, null],
    ],
    [
      'ISAKMP (0/134217729): Unknown Attr: UNKNOWN (0x7009)',
      ['config-unknown', { attribute: '0x7009' }, '0:1:SW:1'],
    ],
    [
      'IPSEC:(SESSION ID = 12) (key_engine) got a queue event with 1 KMI message(s)',
      ['ipsec-queue-event', { session: 12, messages: 1 }, null],
    ],
    [
      'IPSec(validate_transform_proposal): proxy identities not supported',
      ['ipsec-proxy-refused', {}, null],
    ],
    [
      'Crypto engine 0: generate alg param',
      ['crypto-engine', { number: 0, detail: 'generate alg param' }, null],
    ],
    ['generate hmac context for conn id 1', ['engine-hmac', { engineId: 1 }, null]],
    ['EZVPN: crypto ipsec client ezvpn xauth', ['ezvpn-xauth-pending', {}, null]],
    ['        Address: 10.9.9.1', ['config-address', { address: '10.9.9.1' }, null]],
  ])('%s', (line, event) => {
    expect(read(stamp + line)).toEqual([event]);
  });

  it('of IOS-XE names the session; the lines below are read as below the other', () => {
    expect(
      read(
        `${stamp}IPSEC:(SESSION ID = 12) (create_sa) sa created,`,
        '  (sa) sa_dest= 192.0.2.1, sa_proto= 50, ',
        '    sa_spi= 0x1C2D3E4F(472727119), ',
      ),
    ).toEqual([
      [
        'ipsec-sa-created',
        { session: 12, destination: '192.0.2.1', protocol: 50, spi: 0x1c2d3e4f },
        null,
      ],
    ]);
  });
});

describe('a remark behind a message that ends with a name', () => {
  it.each([
    ['found peer pre-shared key matching 192.0.2.7', 'key-of-peer', { peer: '192.0.2.7' }],
    ['SA request profile is TO-DC', 'sa-request-profile', { profile: 'TO-DC' }],
    ['Found ADDRESS key in keyring BRANCH.A', 'key-in-keyring', { keyring: 'BRANCH.A' }],
  ])('%s', (message, id, fields) => {
    for (const remark of ['(1)', '***', '! see there']) {
      const document = parseLog(`${stamp}ISAKMP:(0):${message} ${remark}`, 'i1');
      expect(document.events).toMatchObject([{ message: id, fields }]);
      expect(document.unmatched).toMatchObject([{ example: remark }]);
    }
  });
});

describe('lines below a message about certificates', () => {
  const sum = '00112233445566778899AABBCCDDEEFF';

  it('are the rest of a fingerprint', () => {
    expect(
      read(
        `${stamp}CRYPTO_PKI:  Certificate Request Fingerprint MD5: 001122`,
        '33 44556677 8899AABB CCDDEEFF',
      ),
    ).toEqual([
      [
        'pki-request-fingerprint',
        { algorithm: 'MD5', fingerprint: '001122', rest: '33445566778899AABBCCDDEEFF' },
        null,
      ],
    ]);
  });

  it('are fingerprints in a syslog', () => {
    expect(
      read(
        `${stamp}%PKI-6-CSR_FINGERPRINT:`,
        `                      CSR Fingerprint MD5 : ${sum}`,
        `                      CSR Fingerprint SHA1: ${sum}01234567`,
      ),
    ).toEqual([['syslog-request-fingerprint', { md5: sum, sha1: `${sum}01234567` }, null]]);
  });

  it('name the trustpoint and the authority', () => {
    expect(
      read(
        `${stamp}%PKI-6-CERT_INSTALL: An ID certificate has been installed under`,
        '                      Trustpoint   : TP-FIRST',
        '                      Issuer-name  : o=Example Networks,cn=CA-FIRST',
      ),
    ).toEqual([
      ['syslog-certificate-installed', { what: 'An ID certificate' }, null],
      ['pki-installed-trustpoint', { trustpoint: 'TP-FIRST' }, null],
      ['pki-installed-issuer', { issuer: 'o=Example Networks,cn=CA-FIRST' }, null],
    ]);
  });

  it('end a line that was broken', () => {
    expect(read(`${stamp}CRYPTO_PKI: ip-ext-val: IP extension validation`, 'not required')).toEqual(
      [['pki-ip-extension', {}, null]],
    );
  });
});

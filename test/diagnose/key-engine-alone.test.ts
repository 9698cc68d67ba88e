import { describe, expect, it } from 'vitest';
import { diagnosisOf } from '../support/incident.ts';

const created = (destination: string, spi: string): readonly string[] => [
  'IPSEC(create_sa): sa created,',
  `  (sa) sa_dest= ${destination}, sa_proto= 50,`,
  `    sa_spi= 0x${spi}(1671592151),`,
  '    sa_trans= esp-aes 256 esp-sha512-hmac , sa_conn_id= 2005',
  '    sa_lifetime(k/sec)= (4608000/3600),',
  '  (identity) local= 192.0.2.1:0, remote= 192.0.2.7:0,',
  '    local_proxy= 10.1.0.0/255.255.0.0/256/0,',
  '    remote_proxy= 10.2.0.0/255.255.255.0/256/0',
];
const one = created('192.0.2.1', '63A278D7');
const both = [...one, ...created('192.0.2.7', '731256EB')];

describe('SAs of which no line tells who asked for them', () => {
  it.each([
    ['both', both, /^The tunnel between 192\.0\.2\.\d and 192\.0\.2\.\d comes up/],
    ['one', one, /^192\.0\.2\.1 makes an IPsec SA between .* the other direction is not in what/],
  ])('are told without roles: %s', (_, lines, words) => {
    const { verdict, negotiations } = diagnosisOf({ logs: [lines.join('\n')] });
    expect(verdict.summary).toMatch(words);
    expect(negotiations).toMatchObject([{ assumed: ['role', 'ikeVersion'] }]);
  });
});

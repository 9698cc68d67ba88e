import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { evidenceOf, logOf } from '../support/incident.ts';

const CHANGE = `R1(config)#crypto keyring KR-A
R1(config-keyring)#no pre-shared-key address 192.0.2.1 key one
R1(config-keyring)#pre-shared-key address 192.0.2.9 key one
R1(config-keyring)#end
`;
const TUNNEL = `R1(config)#crypto ipsec profile IP
R1(config)#interface Tunnel1
R1(config-if)#tunnel source 198.51.100.2
R1(config-if)#tunnel destination 192.0.2.1
R1(config-if)#tunnel protection ipsec profile IP
`;
const SHOWN =
  'R1#show running-config\ncrypto keyring KR-B\n pre-shared-key address 192.0.2.1 key two\nR1#';
const LISTING = `hostname R1
crypto keyring KR-B
 pre-shared-key address 192.0.2.1 key two
`;

/** The keyrings of the router whose log holds this text between its debugs. */
function keyrings(typed: string, ...listings: readonly string[]): readonly string[] | null {
  const log = logOf(['a'], { router: 'R1' });
  const evidence = evidenceOf({ logs: [log], configs: listings });
  const incident = correlate({
    ...evidence,
    configs: [...parseConfigs(typed, log.input), ...evidence.configs],
  });
  expect(incident.evidence.configs.length).toBeLessThan(2);
  const { config } = incident.attempts[0]!.responder;
  return config === null ? null : config.keyrings.map(({ name }) => name);
}

describe('commands that were typed amid a debug', () => {
  it.each<[string, readonly string[] | null, string, string[]]>([
    ['stand behind a listing', ['KR-B'], CHANGE, [LISTING]],
    ['are no configuration alone', null, CHANGE, []],
    ['are all that is known where they set up a tunnel', ['KR-A'], CHANGE + TUNNEL, []],
    ['stand behind a listing even so', ['KR-B'], CHANGE + TUNNEL, [LISTING]],
    ['change what the same text shows', ['KR-B', 'KR-A'], `${SHOWN}\n${CHANGE}`, []],
  ])('%s', (_, held, typed, listings) => {
    expect(keyrings(typed, ...listings)).toEqual(held);
  });

  it('are a configuration where the text is no debug', () => {
    const { attempts } = correlate(
      evidenceOf({ logs: [logOf(['a'], { router: 'R1' })], configs: [CHANGE] }),
    );
    expect(attempts[0]!.responder.config?.keyrings).toHaveLength(1);
  });
});

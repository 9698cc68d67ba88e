/**
 * A hub with many peers: parse its configuration and replay every selection in both roles. The bar is 2 s for 10,000 peers.
 * Run: `npx tsx bench/predict.ts [peers]`.
 */
import { parseConfigs } from '../src/iosconfig/parse.ts';
import { predict } from '../src/select/predict.ts';

const BAR_MS = 2000;

/** One key, one profile and one crypto map entry for each peer. */
export function hubConfig(peers: number): string {
  const lines = ['version 15.3', 'hostname HUB', '!'];
  const address = (at: number): string =>
    `10.${String(at >> 16)}.${String((at >> 8) & 255)}.${String(at & 255)}`;
  for (let at = 1; at <= peers; at += 1) {
    lines.push(
      `crypto keyring KR-${String(at)}`,
      `  pre-shared-key address ${address(at)} key secret-${String(at)}`,
    );
  }
  lines.push('crypto keyring WIDE', '  pre-shared-key address 10.0.0.0 255.0.0.0 key wide', '!');
  lines.push(
    'crypto isakmp policy 10',
    ' encr aes 256',
    ' hash sha256',
    ' authentication pre-share',
    ' group 14',
    '!',
  );
  for (let at = 1; at <= peers; at += 1) {
    lines.push(
      `crypto isakmp profile P-${String(at)}`,
      `   keyring KR-${String(at)}`,
      `   match identity address ${address(at)} 255.255.255.255 `,
    );
  }
  lines.push('crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac ', ' mode tunnel', '!');
  for (let at = 1; at <= peers; at += 1) {
    lines.push(
      `crypto map M ${String(at)} ipsec-isakmp `,
      ` set peer ${address(at)}`,
      ' set transform-set TS ',
      ` set isakmp-profile P-${String(at)}`,
      ' match address VPN',
    );
  }
  lines.push(
    '!',
    'interface GigabitEthernet0/0',
    ' ip address 192.0.2.1 255.255.255.0',
    ' crypto map M',
    '!',
  );
  lines.push(
    'ip access-list extended VPN',
    ' permit ip 172.16.0.0 0.0.255.255 any',
    '!',
    'end',
    '',
  );
  return lines.join('\n');
}

function timed<T>(run: () => T): { readonly ms: number; readonly value: T } {
  const start = performance.now();
  const value = run();
  return { ms: performance.now() - start, value };
}

function measure(peers: number): number {
  const text = hubConfig(peers);
  const parsed = timed(() => parseConfigs(text, 'i1'));
  const replayed = timed(() => predict(parsed.value));
  const total = parsed.ms + replayed.ms;
  const lines = text.split('\n').length;
  console.log(
    `${String(peers).padStart(7)} peers  ${String(lines).padStart(7)} lines  parse ${parsed.ms.toFixed(0)} ms  ` +
      `replay ${replayed.ms.toFixed(0)} ms  selections ${String(replayed.value.selections.length)}  total ${total.toFixed(0)} ms`,
  );
  return total;
}

const peers = Number(process.argv[2] ?? 10_000);
measure(100);
const tenth = measure(peers / 10);
const whole = measure(peers);
console.log(
  `ratio to the bar of ${String(BAR_MS)} ms: ${(whole / BAR_MS).toFixed(2)}; ten times the peers: ${(whole / tenth).toFixed(1)} times the time`,
);

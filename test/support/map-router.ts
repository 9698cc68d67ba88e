import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import type { PredictOptions } from '../../src/select/predict.ts';

export type Knobs = {
  readonly policy?: string;
  readonly key?: string;
  readonly transforms?: string;
  readonly mode?: string;
  readonly profile?: string;
  readonly acl?: string;
  readonly extra?: string;
};

/** One end of a crypto map tunnel; each knob replaces one part of it. */
export function router(name: string, local: string, peer: string, knobs: Knobs = {}): string {
  const [mine, theirs] = name === 'A' ? ['172.16.1.0', '172.16.2.0'] : ['172.16.2.0', '172.16.1.0'];
  return `hostname ${name}
${knobs.extra ?? ''}
crypto isakmp policy 10
 ${knobs.policy ?? 'encr aes 256\n hash sha256\n authentication pre-share\n group 14'}
${knobs.key ?? `crypto isakmp key walnut address ${peer}`}
crypto ipsec transform-set TS ${knobs.transforms ?? 'esp-aes 256 esp-sha256-hmac'}
 mode ${knobs.mode ?? 'tunnel'}
ip access-list extended VPN
 ${knobs.acl ?? `permit ip ${mine} 0.0.0.255 ${theirs} 0.0.0.255`}
crypto map M 10 ipsec-isakmp
 set peer ${peer}
 set transform-set TS
 match address VPN
 ${knobs.profile ?? ''}
interface Ethernet0/0
 ip address ${local} 255.255.255.0
 crypto map M
`;
}

export function between(a: Knobs, b: Knobs, options: PredictOptions = {}): Prediction {
  const texts = [
    router('A', '192.0.2.1', '192.0.2.2', a),
    router('B', '192.0.2.2', '192.0.2.1', b),
  ];
  return predict(
    texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]),
    options,
  );
}

/** Who calls, and where the call ends. */
export const ends = (prediction: Prediction): unknown =>
  prediction.directions.map(({ initiator, failingStep, finding, outcome }) => [
    initiator,
    outcome === 'up' ? 'up' : failingStep,
    finding,
  ]);

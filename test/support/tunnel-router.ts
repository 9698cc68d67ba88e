import { applyCommands, parseConfigs } from '../../src/iosconfig/parse.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import type { Prediction, Repair } from '../../src/model/selection.ts';
import { revealer } from '../../src/select/edit.ts';
import { predict } from '../../src/select/predict.ts';

export type TunnelKnobs = {
  /** Lines before the keyring: `ip domain name`, `crypto isakmp identity`. */
  readonly globals?: string;
  readonly keyrings?: string;
  readonly profile?: string;
  readonly tunnel?: string;
  readonly ipsec?: string;
  /** Lines after all others, for further profiles and interfaces. */
  readonly extra?: string;
};

/** One end of a protected tunnel whose profile is bound; each knob replaces one part of it. */
export function tunnelRouter(
  name: string,
  local: string,
  peer: string,
  knobs: TunnelKnobs = {},
): string {
  return `version 15.5
hostname ${name}
${knobs.globals ?? ''}
${knobs.keyrings ?? `crypto keyring K\n  pre-shared-key address ${peer} key walnut`}
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto isakmp profile P
${knobs.profile ?? `   keyring K\n   match identity address ${peer} 255.255.255.255`}
crypto ipsec transform-set TS ${knobs.ipsec ?? 'esp-aes 256 esp-sha256-hmac'}
crypto ipsec profile IP
 set transform-set TS
 set isakmp-profile P
interface Tunnel0
 tunnel source GigabitEthernet0/0
${knobs.tunnel ?? ''}
 tunnel destination ${peer}
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address ${local} 255.255.255.0
interface GigabitEthernet0/1
 ip address ${name === 'A' ? '203.0.113.1' : '203.0.113.2'} 255.255.255.0
${knobs.extra ?? ''}
`;
}

export function readRouters(texts: readonly string[]): readonly ConfigModel[] {
  return texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]);
}

/** The routers after the commands of a repair were typed. */
export function typed(models: readonly ConfigModel[], repair: Repair): readonly ConfigModel[] {
  const reveal = revealer(models);
  const lines = new Map<string | null, string[]>();
  let router = repair.router;
  for (const command of repair.commands) {
    if (command.startsWith('! ')) router = command.slice(2);
    else lines.set(router, [...(lines.get(router) ?? []), reveal(command)]);
  }
  return models.map((model) =>
    lines.has(model.hostname)
      ? applyCommands(model, ['!', '!', ...lines.get(model.hostname)!])
      : model,
  );
}

/** Who calls and does not come through. */
export const downs = ({ directions }: Prediction): readonly (string | null)[] =>
  directions.filter(({ outcome }) => outcome !== 'up').map(({ initiator }) => initiator);

/** Every repair as router and commands; each was typed, and nothing is down after it. */
export function repairsOf(models: readonly ConfigModel[]): readonly string[] {
  return predict(models).repairs.map((repair) => {
    const left = downs(predict(typed(models, repair)));
    const typedIn = repair.commands.map((command) => command.trim()).join(' / ');
    return `${repair.router ?? 'both'}: ${typedIn}${left.length > 0 ? ' (still down)' : ''}`;
  });
}

import { present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import { interfaceNamed } from './lookup.ts';
import { tunnelsTo } from './tunnels.ts';
import { tableText } from './words.ts';

/** A tunnel that leaves by an interface of another table than it looks its peer up in: `tunnel vrf` follows the source. */
export const forTunnelVrf = ({ initiator, responder }: Benches): readonly Candidate[] =>
  present([initiator, responder].map(followSource));

function followSource({ model, router, name, peer }: Bench): Candidate | null {
  const lines = new Set(tunnelsTo(model, peer).map(({ line }) => line));
  const owner = model.interfaces.find(({ line, tunnel }) => tunnel !== null && lines.has(line));
  const source = interfaceNamed(model, owner?.tunnel?.source?.name ?? '');
  if (owner?.tunnel == null || source === null || source.vrf === owner.tunnel.vrf) return null;
  const { vrf } = source;
  return {
    text: `Let ${owner.name} of ${name} look its peer up in ${tableText(vrf)}, where its source ${source.name} is.`,
    edits: [
      {
        router,
        block: [`interface ${owner.name}`],
        command: vrf === null ? `no tunnel vrf ${owner.tunnel.vrf!}` : `tunnel vrf ${vrf}`,
      },
    ],
    keeps: ['keys'],
    sideEffects: [],
  };
}

import { canonicalAddress } from '../iosconfig/address.ts';
import type { LineState } from '../model/config.ts';
import type { Attempt } from '../model/incident.ts';
import { isFragment } from '../select/policy.ts';
import { idleTunnelsOf, tunnelsOf } from '../select/tunnels.ts';
import type { Against } from './agreement-policies.ts';
import { quotedLine } from './agreement-policies.ts';
import { configEvidence, eventsOfSide } from './evidence.ts';
import { listed } from './facts.ts';

/** Whom the debug of an initiator calls, held against the peers that its configuration names. */

const MOST_NAMED = 4;

/** A line that is not read and may name another peer; an Easy VPN client has peers of its own. */
const mayNamePeer = (line: string, state: LineState | undefined): boolean =>
  /\bezvpn\b/i.test(line) || (state === 'unknown' && /\bpeer\b/i.test(line));

/** A router calls the peers of its tunnels and map entries, and nobody else. */
export function againstPeers({ initiator }: Attempt): readonly Against[] {
  const { config, log, label } = initiator;
  if (config === null || log === null || log.peerAddress === null || isFragment(config)) return [];
  if (log.role !== 'initiator' || log.assumed?.includes('role') === true) return [];
  const called = canonicalAddress(log.peerAddress);
  const places = [...tunnelsOf(config), ...idleTunnelsOf(config)];
  // Who answered a dynamic map or a multipoint tunnel may be called again when the SA is renewed.
  const fixed = places.flatMap(({ kind, peer }) =>
    peer !== null && (kind === 'map' || kind === 'tunnel') ? [peer] : [],
  );
  const named = [...new Set(fixed)];
  if (places.length === 0 || fixed.length < places.length || named.includes(called)) return [];
  if (config.lines.some((line, at) => mayNamePeer(line, config.lineStates[at]))) return [];
  const told = named.length > MOST_NAMED ? 'other peers alone' : `${listed(named)} alone`;
  const event = eventsOfSide(initiator).find(({ text }) => text.includes(called));
  return [
    {
      side: initiator,
      text: `The debug of ${label} calls ${called}, and its configuration names ${told} as a peer`,
      evidence: [
        ...quotedLine(initiator, event?.line ?? log.firstLine),
        ...places
          .slice(0, MOST_NAMED)
          .map(({ line, label: place, peer }) =>
            configEvidence(config, line, `${place} calls ${peer ?? ''}`, false),
          ),
      ],
    },
  ];
}

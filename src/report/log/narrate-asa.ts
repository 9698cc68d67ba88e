import { asaStage, type AsaStage } from '../../logparse/negotiations/asa-packet.ts';
import { isUp } from '../../logparse/negotiations/facts-asa.ts';
import type { LogEvent, LogNegotiation } from '../../model/log.ts';
import type { Said } from './story.ts';

type Fields = LogEvent['fields'];

const trouble =
  (tell: (fields: Fields) => string) =>
  (fields: Fields): Said => ({ text: tell(fields), weight: 'trouble' });
const good = (text: string) => (): Said => ({ text, weight: 'good' });
const plain =
  (tell: (fields: Fields) => string) =>
  (fields: Fields): Said => ({ text: tell(fields) });

/** `HDR + SA (1) + VENDOR (13) + NONE (0)` as `SA, VENDOR`, each name once. */
function payloads({ payloads: written }: Fields): string {
  const names = [...String(written).matchAll(/([A-Z_]{1,20}) \(\d{1,3}\)/g)].map(
    ([, name]) => name,
  );
  return [...new Set(names)].filter((name) => name !== 'NONE').join(', ');
}

const verbs: Readonly<Record<string, string>> = {
  SENDING: 'sends',
  RECEIVED: 'receives',
  RESENDING: 'has no answer, repeats',
};

/** Messages that the initiator and the responder send. */
const numbers: Readonly<Record<AsaStage, readonly [string, string]>> = {
  offer: ['MM1', 'MM2'],
  keys: ['MM3', 'MM4'],
  identity: ['MM5', 'MM6'],
  aggressive: ['AM1', 'AM2'],
  quick: ['a message of quick mode', 'a message of quick mode'],
  user: [
    'a message of mode config or user authentication',
    'a message of mode config or user authentication',
  ],
  notice: ['a notification', 'a notification'],
};

function packet({ fields }: LogEvent, { role, exchange }: LogNegotiation): Said {
  const stage = asaStage(fields);
  const ours = fields.how !== 'RECEIVED';
  const name =
    stage === 'identity' && exchange === 'aggressive'
      ? 'AM3'
      : numbers[stage][ours === (role === 'initiator') ? 0 : 1];
  return {
    text: `${verbs[String(fields.how)] ?? 'has'} ${name} (${payloads(fields)})`,
    ...(fields.how === 'RESENDING' && { weight: 'trouble' as const }),
  };
}

/** `SENT`, or `RECV`. */
const ikev2Packet = plain(({ how, exchange, from, to }) =>
  how === 'RECV'
    ? `receives ${String(exchange)} from ${String(from)}`
    : `sends ${String(exchange)} to ${String(to)}`,
);

const ended = trouble(({ reason }) => `ends the session: ${String(reason)}`);

const attributeRefused = trouble(
  ({ attribute, theirs, ours }) =>
    `an offer differs in ${String(attribute)}: ${String(theirs)} there, ${String(ours)} here`,
);

const noTunnelGroup = trouble(() => 'has no tunnel-group for this peer, and so no key');

const tellers: Readonly<Record<string, (fields: Fields) => Said>> = {
  'asa-initiates': plain(
    ({ localProxy, remoteProxy, peer }) =>
      `traffic ${String(localProxy)} to ${String(remoteProxy)} asks for a tunnel to ${String(peer)}`,
  ),
  'asa-oakley-accepted': plain(() => 'the answer of the peer fits what was offered'),
  'asa-policy-accepted': plain(({ transform }) => `offer ${String(transform)} is accepted`),
  'asa-attribute-refused': attributeRefused,
  'asa-attribute-differs': attributeRefused,
  'asa-quick-initiates': plain(
    ({ localProxy, remoteProxy }) =>
      `traffic ${String(localProxy)} to ${String(remoteProxy)} asks for a quick mode`,
  ),
  'asa-contact-lost': trouble(() => 'the peer answers no keepalive any more'),
  'asa-method-none': trouble(
    () => 'the tunnel-group of this peer has neither a key nor a trustpoint',
  ),
  'asa-payload-refused': trouble(({ payload }) => `refuses payload ${String(payload)} of the peer`),
  'asa-aaa-refused': trouble(({ reason }) => `the user is not let in: ${String(reason)}`),
  'asa-certificate-unknown': trouble(
    () => 'no trustpoint is for the authority of the certificate of the peer',
  ),
  'asa-policy-refused': trouble(() => 'no offer fits any policy'),
  'asa-phase1': good('phase 1 is complete'),
  'asa-phase2': good('phase 2 is complete'),
  'asa-negotiated': good('both phases are complete'),
  'asa-ipsec-created': good('the IPsec SA is in place'),
  'asa-proxy-refused': trouble(
    ({ localProxy, remoteProxy }) =>
      `no crypto map entry fits ${String(localProxy)} here with ${String(remoteProxy)} there`,
  ),
  'asa-map-none': trouble(() => 'the protected networks fit no crypto map entry'),
  'asa-v2-map-none': trouble(() => 'the protected networks fit no crypto map entry'),
  'asa-transform-refused': trouble(() => 'the transform set differs'),
  'asa-quick-failed': trouble(() => 'quick mode failed'),
  'asa-given-up': trouble(() => 'gives the negotiation up'),
  'asa-torn-down': ended,
  'asa-disconnected': ended,
  'asa-terminated': ended,
  'asa-no-tunnel-group': noTunnelGroup,
  'asa-no-map-bound': trouble(() => 'the interface has no crypto map: the packet is dropped'),
  'asa-user-refused': trouble(() => 'user name or password of the peer is refused'),
  'asa-notify-in-clear': trouble(
    ({ notify }) => `the peer says ${String(notify)}, unauthenticated`,
  ),
  'asa-notify': trouble(({ notify }) => `the peer says ${String(notify)}`),
  'asa-header-invalid': trouble(() => 'the peer goes on with an exchange that is not known here'),
  'asa-psk-mismatch': trouble(() => 'the message decrypts to garbage: the keys differ'),
  'asa-psk-suspected': trouble(() => 'the message decrypts to garbage: the keys differ'),
  'asa-duplicate': trouble(
    () => 'the peer repeats itself: it has not had an answer that it accepts',
  ),
  'asa-peer-id-refused': trouble(
    () => 'the certificate of the peer does not hold the identity that it claims',
  ),
  'asa-v2-asked': plain(({ peer }) => `traffic asks for a tunnel to ${String(peer)}`),
  'asa-v2-init-received': plain(({ peer }) => `receives IKE_SA_INIT from ${String(peer)}`),
  'asa-v2-aborted': trouble(({ reason }) => `gives the negotiation up: ${String(reason)}`),
  'asa-v2-packet': ikev2Packet,
  'asa-v2-status': (fields) => ({
    text: `the connection with ${String(fields.peer)} is ${String(fields.status).toLowerCase()}`,
    weight: isUp(fields) ? 'good' : 'trouble',
  }),
  'asa-v2-group-none': noTunnelGroup,
  'asa-v2-group-missing': noTunnelGroup,
  'asa-v2-key-none': trouble(
    ({ tunnelGroup }) =>
      `tunnel-group ${String(tunnelGroup)} has neither a key nor a trustpoint for this side`,
  ),
  'asa-v2-peer-method-none': trouble(
    ({ tunnelGroup }) =>
      `tunnel-group ${String(tunnelGroup)} has no key and no other way to authenticate the peer`,
  ),
  'asa-own-method-none': trouble(() => 'has nothing to authenticate itself with to this peer'),
  'asa-policy-not-built': trouble(() => 'so it can make no IKEv2 policy for this peer'),
  'asa-start-failed': trouble(() => 'gives the tunnel up before it is begun'),
  'asa-v2-certificate-refused': trouble(
    ({ reason }) => `refuses the certificate of the peer: ${String(reason)}`,
  ),
  'asa-v2-failed': trouble(({ what, reason }) => `failed ${String(what)}: ${String(reason)}`),
  'asa-v2-rejected': trouble(({ reason }) => `refuses the tunnel: ${String(reason)}`),
  'asa-v2-up': good('the IKE SA is up'),
  'asa-v2-down': trouble(({ reason }) => `the IKE SA is gone: ${String(reason)}`),
};

/** What a line of an ASA firewall is told as; null if it is not worth it. */
export function tellAsa(event: LogEvent, negotiation: LogNegotiation): Said | null {
  return event.message === 'asa-packet'
    ? packet(event, negotiation)
    : (tellers[event.message]?.(event.fields) ?? null);
}

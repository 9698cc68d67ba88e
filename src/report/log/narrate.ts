import { ownersOfEvents } from '../../logparse/event-owners.ts';
import { isNoReason } from '../../logparse/negotiations/deletion.ts';
import type { KeyringSelection, LogEvent, LogNegotiation } from '../../model/log.ts';
import { payloadTypesV1 } from '../../isakmp/registry/payload-types.ts';
import { nameOrNumber } from '../../isakmp/registry/table.ts';
import { tellAsa } from './narrate-asa.ts';
import { ikev2Tellers } from './narrate-ikev2.ts';
import { packetTeller } from './narrate-packet.ts';
import { sessionTellers } from './narrate-session.ts';
import { Story, type Note, type Told, type Teller } from './story.ts';

const purposes: Readonly<Record<KeyringSelection['step'], string>> = {
  'sa-request': 'for the request',
  mm1: 'before anything is agreed',
  mm2: 'to judge the answer',
  mm3: 'this one makes the session keys',
  mm4: 'this one makes the session keys',
  mm5: 'to verify the peer',
  mm6: 'to verify the peer',
  am1: 'this one makes the session keys',
  am2: 'this one makes the session keys',
  am3: 'to verify the peer',
  auth: 'to verify the peer',
};

const why: Readonly<Record<string, string>> = {
  'mismatch-encryption': 'another cipher',
  'mismatch-key-length': 'another key length',
  'mismatch-hash': 'another hash',
  'mismatch-group': 'another Diffie-Hellman group',
  'mismatch-auth': 'another authentication method',
  'mismatch-preshared': 'pre-shared keys are not wanted here, or there is none for this peer',
  'mismatch-xauth': 'extended authentication is not wanted here',
  'mismatch-rsa': 'certificates are not wanted here, or there is none',
};

function selection(story: Story, event: LogEvent): Told {
  const found = story.negotiation.keyringSelections.find(({ line }) => line === event.line);
  if (!found) return null;
  const purpose = `${found.step.toUpperCase()}, ${purposes[found.step]}`;
  if (found.keyring === null)
    return {
      text: `finds a key for ${String(event.fields.peer)}; the debug does not say in which keyring (${purpose})`,
    };
  return {
    text: `takes the key of keyring ${found.keyring}${found.entry === undefined ? '' : `, entry ${found.entry}`} (${purpose})`,
  };
}

const DELETES = 'deletes the SA';

/** `ID`, or the number that old releases print. */
const payloadName = (payload: string | number | undefined): string =>
  typeof payload === 'number'
    ? `${nameOrNumber(payloadTypesV1, payload)} payload (${payload})`
    : `${String(payload)} payload`;

const detail =
  (tell: (event: LogEvent) => string): Teller =>
  (story, event) => {
    if (story.search.length === 0) {
      story.searchLine = event.line;
      story.searchTime = event.time?.written ?? null;
    }
    if (story.search.length < 40) story.search.push(tell(event));
    return null;
  };

const tellers: Readonly<Record<string, Teller>> = {
  'ipsec-sa-request': (_, { fields }) => ({
    text: `traffic ${String(fields.localProxy ?? '?')} to ${String(fields.remoteProxy ?? '?')} asks for a tunnel to ${String(fields.remote ?? '?')}`,
  }),
  'sa-request-profile': (_, { fields }) => ({
    text:
      fields.profile === '(NULL)'
        ? 'will initiate; no ISAKMP profile is bound to this tunnel'
        : `will initiate with ISAKMP profile ${String(fields.profile)}`,
  }),
  'sa-duplicate': () => ({ text: 'an earlier attempt to this peer still exists' }),
  'packet-received-new': packetTeller,
  'packet-received': packetTeller,
  'packet-sent': packetTeller,
  'key-not-in': detail(
    ({ fields }) => `no key for ${String(fields.peer)} in ${String(fields.keyring)}`,
  ),
  'key-candidate': detail(({ fields }) => `one in ${String(fields.keyring)}`),
  'key-entry': detail(({ fields }) => `entry ${String(fields.entry)}, best so far`),
  'key-final': selection,
  'key-in-keyring': selection,
  'key-of-peer': selection,
  'key-looked-up': selection,
  'key-none': (_, { fields }) => ({
    text: `has no pre-shared key for ${String(fields.peer)}`,
    weight: 'trouble',
  }),
  'profile-without-keyring': () => ({ text: 'the profile names no keyring', weight: 'trouble' }),
  'main-mode-impossible': () => ({
    text: 'so main mode cannot start; nothing is sent',
    weight: 'trouble',
  }),
  'policy-check': (story, { fields }) => {
    story.offer = [];
    story.isRefused = false;
    story.check = `offer ${String(fields.transform)} against policy ${String(fields.priority)}`;
    return null;
  },
  'offer-encryption': (story, { fields }) => attribute(story, fields.encryption),
  'offer-key-length': (story, { fields }) => attribute(story, fields.keyLength),
  'offer-hash': (story, { fields }) => attribute(story, fields.hash),
  'offer-group': (story, { fields }) => attribute(story, `group ${String(fields.group)}`),
  'offer-auth': (story, { fields }) => attribute(story, fields.auth),
  'policy-accepted': (story) => ({ text: `${offerOf(story)}: accepted` }),
  'policy-refused': (story) => {
    const told: Told = story.isRefused
      ? null
      : { text: `${offerOf(story)}: refused, and no line says why`, weight: 'trouble' };
    story.offer = [];
    story.check = '';
    story.isRefused = false;
    return told;
  },
  'policy-none': () => ({ text: 'no offer fits any policy', weight: 'trouble' }),
  'phase-1-refused': () => ({ text: 'phase 1 is refused', weight: 'trouble' }),
  'nat-none': () => ({ text: 'finds no NAT between the two' }),
  'nat-found': () => ({ text: 'finds itself behind NAT' }),
  'nat-my-hash': () => ({ text: 'finds itself behind NAT' }),
  // The port is that of the peer, which a translation may have changed.
  'nat-port-floating': (_, { fields }) => ({
    text:
      fields.port === 4500
        ? 'moves to UDP 4500'
        : `moves to UDP 4500; the peer is at port ${String(fields.port)}`,
  }),
  'id-payload': (story, event) => identity(story, event),
  'profile-matched': (_, { fields }) => ({
    text: `that identity selects ISAKMP profile ${String(fields.profile)}`,
  }),
  'profile-none': () => ({
    text: 'that identity matches no ISAKMP profile; fine unless the tunnel demands one',
  }),
  'key-not-in-profile': keyringRefused,
  'key-not-in-named-profile': keyringRefused,
  'payload-garbage': (_, { fields }) => ({
    text: `after decryption the ${payloadName(fields.payload)} is garbage: the two sides hold different keys`,
    weight: 'trouble',
  }),
  'syslog-bad-message': () => ({ text: 'gives the message up as malformed', weight: 'trouble' }),
  'syslog-certificate-bad': (_, { fields }) => ({
    text: `refuses the certificate of the peer: ${String(fields.reason)}`,
    weight: 'trouble',
  }),
  'syslog-certificate-invalid': (_, { fields }) => ({
    text: `refuses a certificate: ${String(fields.detail)}`,
    weight: 'trouble',
  }),
  'syslog-aggressive-disabled': () => ({
    text: 'aggressive mode is disabled on this router',
    weight: 'trouble',
  }),
  'syslog-mode-failure': (_, { fields }) => ({
    text: `${String(fields.mode)} mode failed`,
    weight: 'trouble',
  }),
  'cert-request-built': (_, { fields }) => ({
    text: `asks for a certificate of ${String(fields.issuer)}`,
  }),
  'cert-trustpoint-chosen': (_, { fields }) => ({
    text: `will show its certificate of trustpoint ${String(fields.trustpoint)}`,
  }),
  'fsm-error': () => ({ text: 'the step fails for the reason above', weight: 'trouble' }),
  'notify-no-hash': () => ({
    text: 'the notification is not authenticated: the peer refuses what was sent last',
    weight: 'trouble',
  }),
  authenticated: (story, { fields }) => {
    story.authenticated = true;
    return { text: `has authenticated ${String(fields.peer)}`, weight: 'good' };
  },
  state: (story, { fields }) => {
    const to = String(fields.to);
    if (to === fields.from) return null;
    if (to === 'IKE_P1_COMPLETE') {
      story.authenticated = true;
      return { text: completed(String(fields.from)), weight: 'good' };
    }
    if (to === 'IKE_QM_PHASE2_COMPLETE') return { text: 'phase 2 is complete', weight: 'good' };
    return to === 'IKE_DEST_SA'
      ? { text: `gives the SA up in state ${String(fields.from)}`, weight: 'trouble' }
      : null;
  },
  'quick-mode-begins': (_, { fields }) => ({
    text: `starts quick mode (message id ${String(fields.messageId)})`,
  }),
  'ipsec-proposal': (_, { fields }) =>
    fields.localProxy === undefined
      ? null
      : {
          text: `the peer wants to protect ${String(fields.localProxy)} here with ${String(fields.remoteProxy)} there`,
        },
  'map-profile-mismatch': () => ({
    text: 'a crypto map entry demands another ISAKMP profile than the one selected',
    weight: 'trouble',
  }),
  'map-none': () => ({ text: 'no crypto map entry is left', weight: 'trouble' }),
  'ipsec-proxy-refused': () => ({
    text: 'the protected networks fit no crypto map entry',
    weight: 'trouble',
  }),
  'ipsec-transform-refused': (_, { fields }) => ({
    text: `the transform set differs${fields.transforms === undefined ? '' : `; the peer offers ${String(fields.transforms)}`}`,
    weight: 'trouble',
  }),
  'proposal-invalidated': (_, { fields }) => ({
    text: `refuses the proposal with error ${String(fields.error)}`,
    weight: 'trouble',
  }),
  'phase-2-refused': () => ({ text: 'phase 2 is refused', weight: 'trouble' }),
  'phase-2-refused-old': (story) => ({
    text: `phase ${isOfQuickMode(story) ? 2 : 1} is refused`,
    weight: 'trouble',
  }),
  'notify-sent': (_, { fields }) => ({ text: `tells the peer ${String(fields.type)}` }),
  'notify-received': (_, { fields }) => ({
    text: `the peer says ${String(fields.type)}`,
    ...(/NOT_CHOSEN|INVALID|FAILED/.test(String(fields.type)) && { weight: 'trouble' as const }),
  }),
  'ipsec-installed': (_, { fields }) => ({
    text: `the IPsec SA is in place on ${String(fields.interface)}`,
    weight: 'good',
  }),
  'retransmitting-phase-1': repeats('no answer'),
  'retransmitting-phase-2': (story, event) =>
    repeats(
      /CONF_XAUTH/.test(event.text)
        ? 'no answer to the question for the user'
        : 'no answer in quick mode',
    )(story, event),
  'dpd-unanswered': () => ({ text: 'no answer to a keepalive', weight: 'trouble' }),
  'peer-not-responding': () => ({ text: 'takes the peer for dead', weight: 'trouble' }),
  'duplicate-packet': () => ({
    text: 'the peer repeats itself: it has not had an answer that it accepts',
    weight: 'trouble',
  }),
  'sa-deleting': (story, { fields }) => {
    const reason = String(fields.reason ?? '');
    if (!isNoReason(reason)) return { text: `${DELETES}: ${reason}`, weight: 'trouble' };
    // It is marked first and taken away then, with one line for each.
    return story.notes.some(({ text }) => text.startsWith(DELETES))
      ? null
      : { text: `${DELETES}: no reason given`, weight: 'trouble' };
  },
  'payload-processing': ({ negotiation: { deleteReason, outcome } }, { fields }) => {
    if (fields.payload !== 'DELETE') return null;
    const stays = deleteReason === null && outcome === 'established';
    return {
      text: stays ? 'the peer deletes another SA; this one stays' : 'the peer deletes an SA',
    };
  },
  'pki-no-trustpoint': () => ({
    text: 'no trustpoint can check the certificate of the peer',
    weight: 'trouble',
  }),
  'cert-own-none': () => ({
    text: 'has no certificate of its own to take an identity from',
    weight: 'trouble',
  }),
  'cert-chain-none': () => ({
    text: 'cannot put the chain of its own certificate together',
    weight: 'trouble',
  }),
  'cert-issuer-untrusted': () => ({
    text: 'the peer asks for a certificate of an authority that is not known here',
    weight: 'trouble',
  }),
  'proposal-not-acceptable': (story) => ({
    text: isOfQuickMode(story)
      ? 'refuses a transform of quick mode'
      : `${offerOf(story)}: refused, and no line says why`,
    weight: 'trouble',
  }),
  'quick-mode-expired': () => ({ text: 'gives quick mode up: no answer', weight: 'trouble' }),
  'ezvpn-xauth-pending': () => ({
    text: 'waits until somebody types user name and password',
    weight: 'trouble',
  }),
  ...ikev2Tellers,
  ...sessionTellers,
};

/** Old releases word refusals of both phases alike. */
const isOfQuickMode = ({ negotiation }: Story): boolean => negotiation.phase1 === 'complete';

/** With dots behind it the line tells that a timer ran out, and comes before the one that tells what is done. */
function repeats(reason: string): Teller {
  return (_, { text }) =>
    text.endsWith('...')
      ? null
      : { text: `${reason}, repeats its last message`, weight: 'trouble' };
}

/** XAUTH and mode config stand between the same two states as phase 1. */
function completed(from: string): string {
  if (from.startsWith('IKE_XAUTH')) return 'XAUTH is done';
  return from.startsWith('IKE_CONFIG') ? 'mode config is done' : 'phase 1 is complete';
}

/** The check may have begun above the first line of the paste. */
function offerOf({ check, offer }: Story): string {
  const attributes = offer.length === 0 ? '' : ` (${offer.join(', ')})`;
  return `${check === '' ? 'an offer' : check}${attributes}`;
}

function attribute(story: Story, value: string | number | undefined): null {
  if (value !== undefined) story.offer.push(String(value));
  return null;
}

function identity(story: Story, event: LogEvent): Told {
  const { peerIdentity, ownIdentity } = story.negotiation;
  if (peerIdentity?.line === event.line)
    return { text: `the peer calls itself ${peerIdentity.value} (${peerIdentity.type})` };
  return ownIdentity?.line === event.line
    ? { text: `calls itself ${ownIdentity.value} (${ownIdentity.type})` }
    : null;
}

function keyringRefused(story: Story): Told {
  const used = story.negotiation.keyringSelections.findLast(
    ({ step }) => step === 'mm3' || step === 'mm4',
  );
  const from = used?.keyring ? `came from ${used.keyring}` : 'came from another keyring';
  return {
    text: `but the key in use ${from}, which that profile does not name: the exchange is dropped`,
    weight: 'trouble',
  };
}

/** What the routers of a log did, told of each attempt while the events go by. */
export type Narration = {
  /** The events in the order of the log, each with its place in it. */
  take(event: LogEvent, index: number): void;
  /** What was told of the attempt at this place, in the order in which its router said so. */
  notes(negotiation: number): readonly Note[];
};

export function createNarration(negotiations: readonly LogNegotiation[]): Narration {
  const stories = negotiations.map((negotiation) => new Story(negotiation));
  const storyOf = ownersOfEvents(negotiations);
  return {
    take: (event, index) => {
      const story = stories[storyOf[index] ?? -1];
      if (story) tell(story, event);
    },
    notes: (negotiation) => {
      const story = stories[negotiation]!;
      story.endSearch();
      return story.notes;
    },
  };
}

function tell(story: Story, event: LogEvent): void {
  const reason = why[event.message];
  if (reason !== undefined) {
    story.isRefused = true;
    story.add(event, {
      text: `${offerOf(story)}: refused, ${reason}`,
      weight: 'trouble',
    });
    return;
  }
  const teller = tellers[event.message];
  if (!teller) {
    const told = tellAsa(event, story.negotiation);
    if (told) story.add(event, told);
    return;
  }
  const told = teller(story, event);
  if (told) story.endSearch();
  story.add(event, told);
}

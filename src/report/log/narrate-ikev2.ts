import type { LogEvent } from '../../model/log.ts';
import type { Teller } from './story.ts';

/** What the messages of IKEv2 say, by message. */
export const ikev2Tellers: Readonly<Record<string, Teller>> = {
  'v2-received': (_, { fields }) => ({
    text: `receives ${exchange(fields)} from ${String(fields.from)}`,
  }),
  'v2-sent': (_, { fields }) => ({ text: `sends ${exchange(fields)} to ${String(fields.from)}` }),
  'v2-dump-ends': (_, { fields, text }) => ({
    text: text.startsWith('Tx')
      ? `sends a message to ${String(fields.peer)}`
      : `receives a message from ${String(fields.peer)}`,
  }),
  'v2-notify-read': (_, { fields }) => ({
    text: `the peer says ${String(fields.notify)}`,
  }),
  'v2-profile-bound': (_, { fields }) => ({
    text: `the tunnel names IKEv2 profile ${String(fields.profile)}`,
  }),
  'v2-key-by-address': (_, { fields }) => ({
    text: `looks for a key for ${String(fields.peer ?? fields.identity)}`,
  }),
  'v2-own-certificate-none': () => ({
    text: 'has no certificate of its own to send',
    weight: 'trouble',
  }),
  'v2-event-packet': (_, { fields }) => ({
    text:
      fields.way === 'Sending'
        ? `sends ${exchange(fields)} to ${String(fields.peer)}`
        : `receives ${exchange(fields)} from ${String(fields.peer)}`,
  }),
  'v2-identity': (_, { fields }) => ({
    text: `the peer calls itself ${String(fields.identity)} (${String(fields.idType)})`,
  }),
  'v2-own-identity': (_, { fields }) => ({
    text: `calls itself ${String(fields.identity)} (${String(fields.idType)})`,
  }),
  'v2-profile-found': (_, { fields }) => ({
    text: `that identity selects IKEv2 profile ${String(fields.profile)}`,
  }),
  'v2-profile-none': () => ({ text: 'no IKEv2 profile fits that identity', weight: 'trouble' }),
  'v2-keyring': (_, { fields }) => ({
    text: `looks for the key in keyring ${String(fields.keyring)} of the profile`,
  }),
  'v2-peer-block': (_, { fields }) => ({
    text: `peer block ${String(fields.peerBlock ?? fields.peerBlockBare)} fits`,
  }),
  'v2-key-used': (_, { fields }) => ({
    text: `the key for ${String(fields.identity)} has ${String(fields.keyLength)} characters; compare with the other side`,
  }),
  'v2-certificate-refused': () => ({
    text: 'the certificate of the peer is not accepted',
    weight: 'trouble',
  }),
  'v2-auth-failed': ({ negotiation }) => ({
    text: `the AUTH of the peer does not fit${negotiation.auth === 'psk' && negotiation.cause === 'verification' ? ': the keys differ' : ''}`,
    weight: 'trouble',
  }),
  'v2-ts-refused-by-peer': () => ({
    text: 'the peer says that the traffic selectors fit none of its policies',
    weight: 'trouble',
  }),
  'v2-auth-method-refused': () => ({
    text: 'the peer authenticates in another way than is configured for it',
    weight: 'trouble',
  }),
  'v2-child-failed': () => ({ text: 'CREATE_CHILD_SA has failed', weight: 'trouble' }),
  'v2-step-failed': (_, { fields }) => ({
    text: `failed to ${String(fields.what)}`,
    weight: 'trouble',
  }),
  'v2-auth-exchange-failed': () => ({ text: 'IKE_AUTH has failed', weight: 'trouble' }),
  'v2-auth-passed': () => ({ text: 'has authenticated the peer', weight: 'good' }),
  'v2-auth-failure-sent': () => ({
    text: 'tells the peer AUTHENTICATION_FAILED',
    weight: 'trouble',
  }),
  'v2-sa-created': () => ({ text: 'the IKE SA is up', weight: 'good' }),
  'v2-proposal-none': () => ({ text: 'no proposal fits', weight: 'trouble' }),
  'v2-proposal-refused-by-peer': () => ({
    text: 'the peer says that no proposal fits',
    weight: 'trouble',
  }),
  'v2-proposal-refused': () => ({ text: 'no proposal fits', weight: 'trouble' }),
  'v2-dh-asked': (_, { fields }) => ({
    text: `sent Diffie-Hellman group ${String(fields.sentGroup)}; the peer wants group ${String(fields.wantedGroup)}`,
  }),
  'v2-dh-refused': (_, { fields }) => ({
    text: `wants Diffie-Hellman group ${String(fields.wantedGroup)} instead of group ${String(fields.sentGroup)} of the peer`,
  }),
  'v2-item-none': () => ({ text: 'finds no entry for that', weight: 'trouble' }),
  'v2-user-refused': () => ({ text: 'the user is not accepted', weight: 'trouble' }),
  'v2-authorisation-failed': (_, { fields }) => ({
    text: `AAA authorisation failed${fields.reason === undefined ? '' : `: ${String(fields.reason)}`}`,
    weight: 'trouble',
  }),
  'v2-auth-missing': () => ({ text: 'IKE_AUTH of the peer never came', weight: 'trouble' }),
  'v2-retransmit': () => ({ text: 'no answer, repeats its last message', weight: 'trouble' }),
  'v2-retransmit-limit': () => ({ text: 'gives up: no answer came', weight: 'trouble' }),
  'v2-child-created': () => ({ text: 'the IPsec SA is in place', weight: 'good' }),
  'v2-child-not-created': () => ({
    text: 'the IPsec SA could not be put in place',
    weight: 'trouble',
  }),
  'v2-liveness': () => ({ text: 'asks the peer whether it is alive' }),
  'v2-delete-received': () => ({ text: 'the peer deletes an SA' }),
  'v2-deleting': () => ({ text: 'deletes the SA' }),
};

function exchange(fields: LogEvent['fields']): string {
  const kind =
    fields.exchange === undefined
      ? 'a message'
      : `${String(fields.exchange)} ${String(fields.direction ?? '').toLowerCase()}`;
  return fields.notify === undefined ? kind : `${kind} (${String(fields.notify)})`;
}

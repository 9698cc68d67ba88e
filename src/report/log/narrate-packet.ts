import type { LogEvent } from '../../model/log.ts';
import type { Story, Teller } from './story.ts';

/** Which message a packet is, as far as its step, its state and the side that logged it tell. */
function messageName(story: Story, event: LogEvent): string {
  const passage = story.packetOf(event);
  if (passage && passage.step !== 'OTHER') {
    const { step, first, packet } = passage;
    if (step === 'INFO') return 'a notification';
    if (packet.retransmission && !first) return `${step} again`;
    // What arrives under the tag of MM6 behind it is a notification or a deletion.
    return step === 'MM6' && !first ? 'an informational message' : step;
  }
  const { role, exchange } = story.negotiation;
  const state = String(event.fields.state ?? 'NEW SA');
  const sent = event.message === 'packet-sent';
  if (event.message === 'packet-received-new') return exchange === 'aggressive' ? 'AM1' : 'MM1';
  if (state === 'QM_IDLE') return 'a quick mode or informational message';
  if (state === 'CONF_XAUTH') return 'a message of extended authentication';
  if (state.startsWith('AG_'))
    return sent ? 'the next message of aggressive mode' : 'a message of aggressive mode';
  const initiator = role === 'initiator';
  switch (state) {
    case 'MM_NO_STATE':
      return initiator ? (sent ? 'MM1' : 'MM2') : 'the refusal';
    case 'MM_SA_SETUP':
      return initiator ? (sent ? 'MM3' : 'MM4') : sent ? 'MM2' : 'MM3';
    case 'MM_KEY_EXCH':
      if (initiator) return sent ? 'MM5' : 'MM6';
      return sent ? (story.authenticated ? 'MM6' : 'MM4') : 'MM5';
    default:
      return `a message in state ${state}`;
  }
}

function port(event: LogEvent, name: string): string {
  const value = event.fields[name];
  return value === undefined || value === 500 ? '' : ` port ${value}`;
}

/** Of the packets of IKEv1. */
export const packetTeller: Teller = (story, event) => {
  const name = messageName(story, event);
  const peer = `${String(event.fields.peer)}${port(event, 'peerPort')}`;
  const vrf = event.fields.vrf;
  const where = vrf !== undefined && vrf !== 'Global' ? ` in VRF ${vrf}` : '';
  return event.message === 'packet-sent'
    ? { text: `sends ${name} to ${peer}` }
    : { text: `receives ${name} from ${peer}${where}` };
};

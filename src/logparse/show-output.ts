import type { LogDocument } from '../model/log.ts';

/** True if the text holds output of show commands and nothing that a router logged by itself. */
export function isOnlyShow({ events, negotiations }: LogDocument): boolean {
  return (
    negotiations.length === 0 &&
    events.some(({ message }) => message.startsWith('show-')) &&
    events.every(({ message }) => message.startsWith('show-') || message === 'command')
  );
}

/** Mail and pages put blanks in front of what they quote. */
const beginning =
  /^\s{0,16}(?:IPv[46] Crypto (?:ISAKMP SA|IKEv2 {1,4}S)|dst\s+src\s+state\s+conn-id|Crypto session current status|Session status: |Keyring\s+Hostname\/Address|(?:Global|Default) IKE policy|(?:Default p|P)rotection suite|ISAKMP PROFILE |Peer: \S{1,64} Port: \d{1,5} Local: |Crypto map tag: |Crypto ISAKMP (?:internals )?debugging is on|Log Buffer \(|C-id\s+Local\s+Remote|Tunnel-id\s+(?:Local|fvrf)|Crypto Map (?:IPv[46] )?"|Transform set \S+: \{|Security association lifetime: |Legend: Attrb --|Crypto Engine Connections|No SAs found|IPsec SA total: |Active ISAKMP SA's: |#pkts (?:en|de)caps: )/;

/** True for a line that begins a table or a list of a show command. */
export function beginsShowOutput(line: string): boolean {
  return beginning.test(line);
}

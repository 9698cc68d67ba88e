import type { MessageSpec } from '../message-spec.ts';
import { asaIkev2Messages } from './asa-ikev2.ts';
import { asaSessionMessages } from './asa-sessions.ts';
import { asaStepMessages } from './asa-steps.ts';
import { asaMessages } from './asa.ts';
import { certificateMessages } from './certificates.ts';
import { consoleMessages } from './console.ts';
import { easyVpnMessages } from './easy-vpn.ts';
import { ikev2EndingMessages } from './ikev2-endings.ts';
import { ikev2DumpMessages } from './ikev2-dump.ts';
import { ikev2StepMessages } from './ikev2-steps.ts';
import { ikev2TraceMessages } from './ikev2-trace.ts';
import { ikev2Messages } from './ikev2.ts';
import { ipsecMessages, mapMessages } from './ipsec.ts';
import { keyMessages } from './keys.ts';
import { packetMessages } from './packets.ts';
import { phase2Messages } from './phase2.ts';
import { pkiMessages } from './pki.ts';
import { policyMessages } from './policy.ts';
import { sessionMessages } from './session.ts';
import { showIpsecMessages } from './show-ipsec.ts';
import { showMessages } from './show.ts';
import { showDmvpnMessages } from './show-dmvpn.ts';
import { showIkev2Messages } from './show-ikev2.ts';
import { showMapMessages } from './show-map.ts';
import { showSaMessages } from './show-sa.ts';
import { syslogTunnelMessages } from './syslog-tunnels.ts';
import { syslogMessages } from './syslog.ts';
import { untaggedMessages } from './untagged.ts';
import { upkeepMessages } from './upkeep.ts';

/** Every message that is understood, most specific first within a family. */
export const messageTable: readonly MessageSpec[] = [
  ...packetMessages,
  ...keyMessages,
  ...policyMessages,
  ...phase2Messages,
  ...sessionMessages,
  ...upkeepMessages,
  ...certificateMessages,
  ...easyVpnMessages,
  ...ipsecMessages,
  ...mapMessages,
  ...pkiMessages,
  ...untaggedMessages,
  ...consoleMessages,
  ...showMessages,
  ...showIpsecMessages,
  ...showSaMessages,
  ...showIkev2Messages,
  ...showMapMessages,
  ...showDmvpnMessages,
  ...syslogTunnelMessages,
  ...syslogMessages,
  ...ikev2Messages,
  ...ikev2EndingMessages,
  ...ikev2StepMessages,
  ...ikev2TraceMessages,
  ...ikev2DumpMessages,
  ...asaMessages,
  ...asaSessionMessages,
  ...asaStepMessages,
  ...asaIkev2Messages,
];

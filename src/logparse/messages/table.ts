import type { MessageSpec } from '../message-spec.ts';
import { asaIkev2Messages } from './asa-ikev2.ts';
import { asaStepMessages } from './asa-steps.ts';
import { asaMessages } from './asa.ts';
import { consoleMessages } from './console.ts';
import { ikev2StepMessages } from './ikev2-steps.ts';
import { ikev2TraceMessages } from './ikev2-trace.ts';
import { ikev2Messages } from './ikev2.ts';
import { ipsecMessages, mapMessages } from './ipsec.ts';
import { keyMessages } from './keys.ts';
import { packetMessages } from './packets.ts';
import { phase2Messages } from './phase2.ts';
import { policyMessages } from './policy.ts';
import { sessionMessages } from './session.ts';
import { showIpsecMessages } from './show-ipsec.ts';
import { showMessages } from './show.ts';
import { syslogMessages } from './syslog.ts';

/** Every message that is understood, most specific first within a family. */
export const messageTable: readonly MessageSpec[] = [
  ...packetMessages,
  ...keyMessages,
  ...policyMessages,
  ...phase2Messages,
  ...sessionMessages,
  ...ipsecMessages,
  ...mapMessages,
  ...consoleMessages,
  ...showMessages,
  ...showIpsecMessages,
  ...syslogMessages,
  ...ikev2Messages,
  ...ikev2StepMessages,
  ...ikev2TraceMessages,
  ...asaMessages,
  ...asaStepMessages,
  ...asaIkev2Messages,
];

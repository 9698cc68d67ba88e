import type { AuthMethod } from '../logparse/negotiations/auth-method.ts';
import type { AttemptSide } from '../model/incident.ts';
import type { Story } from './common-rule.ts';
import { eventsOfSide } from './evidence.ts';
import type { AuthRefusal } from './ikev2.ts';

/** The two ends: who does not accept whom. */
export type AuthEnds = { readonly refuser: AttemptSide; readonly refused: AttemptSide };

const SAME_KEYS =
  'Make the local key of each end the remote key of the other, in the peer block that matches.';

const READABLE =
  'IKE_SA_INIT completes and IKE_AUTH decrypts, because IKEv2 needs no pre-shared key for that';

/** Profile and keyring that the refuser selected, if its log tells. */
function selected({ log }: AttemptSide, differs: string): string {
  const profile = log?.profileMatched?.name ?? null;
  const keyring = log?.keyringSelections.at(-1)?.keyring ?? null;
  return profile === null
    ? ''
    : ` It matched IKEv2 profile ${profile}${keyring === null ? '' : ` and keyring ${keyring}`}, so the selection is right and ${differs} differs.`;
}

/** How the packets show that one end refuses the other. */
const REFUSES: Readonly<Record<AuthRefusal['how'], (ends: AuthEnds) => string>> = {
  notification: ({ refuser, refused }) =>
    refuser.side === 'responder'
      ? `${refuser.label} answers IKE_AUTH of ${refused.label} with AUTHENTICATION_FAILED. It sends`
      : `${refused.label} accepts IKE_AUTH of ${refuser.label} and sends its own AUTH, and ${refuser.label} says AUTHENTICATION_FAILED to that. It says`,
  'eap-failure': ({ refuser, refused }) =>
    `${refuser.label} answers IKE_AUTH of ${refused.label} with a failure. It sends`,
  delete: ({ refuser, refused }) =>
    `${refused.label} accepts IKE_AUTH of ${refuser.label} and sends its own AUTH, and ${refuser.label} deletes the IKE SA at once, without a reason. It does`,
  size: ({ refuser, refused }) =>
    `${refuser.label} answers IKE_AUTH of ${refused.label} with a message that is too short for an AUTH: a refusal, most often AUTHENTICATION_FAILED. It sends`,
};

/** What the peer says instead of AUTHENTICATION_FAILED, and what it is sent for (RFC 7296 section 3.10.1). */
const OTHER_REFUSALS: Readonly<Record<string, string>> = {
  UNSUPPORTED_CRITICAL_PAYLOAD: 'it does not know a payload that is marked critical',
  INVALID_IKE_SPI: 'it has no such IKE SA',
  INVALID_MAJOR_VERSION: 'it does not speak that version of IKE',
  INVALID_SYNTAX: 'it could not read the message or found a value out of range',
  INVALID_MESSAGE_ID: 'the number of the message is not one that it expects',
  TEMPORARY_FAILURE: 'it cannot do this now',
  INVALID_SPI: 'it knows no SA with that SPI',
  INVALID_KE_PAYLOAD: 'it wants another Diffie-Hellman group',
  SINGLE_PAIR_REQUIRED: 'it takes traffic selectors of a single pair of addresses only',
  NO_ADDITIONAL_SAS: 'it takes no further child SA',
  INTERNAL_ADDRESS_FAILURE: 'it has no internal address to give',
  FAILED_CP_REQUIRED: 'it wants to be asked for an internal address in a CP payload, and was not',
  INVALID_SELECTORS: 'a packet did not fit the traffic selectors of its SA',
  UNACCEPTABLE_ADDRESSES: 'it does not accept the addresses',
  UNEXPECTED_NAT_DETECTED: 'it found a translation where there should be none',
};

function otherRefusal(side: AttemptSide): string | null {
  for (const { message, fields } of eventsOfSide(side)) {
    if (message !== 'v2-received' || fields.exchange !== 'IKE_AUTH') continue;
    const named = String(fields.notify ?? '').split(' ');
    const found = named.find((name) => OTHER_REFUSALS[name] !== undefined);
    if (found !== undefined) return found;
  }
  return null;
}

/** The refusal came over the wire, and the end that sent it told nothing more. */
export function refusedOnWire(ends: AuthEnds, how: AuthRefusal['how']): Story {
  if (how === 'eap-failure') return user(ends);
  const { refuser, refused } = ends;
  const name = otherRefusal(refused);
  if (name === null) return refusedByNotify(ends, how);
  return {
    title: `${refuser.label} answers IKE_AUTH of ${refused.label} with ${name}`,
    explanation: `IKE_SA_INIT completes, and ${refuser.label} answers IKE_AUTH of ${refused.label} with ${name}: ${OTHER_REFUSALS[name]!}. That is no answer to a key or a certificate that differs.`,
    advice: `Only the log of ${refuser.label} tells what it objects to: read it for the same moment, and compare the software of both ends.`,
    settle: [`The IKEv2 debug of ${refuser.label} for the same moment.`],
  };
}

/** The refusal came over the wire, and the keys of both ends are known and differ. */
export const refusedForKey = ({ refuser, refused }: AuthEnds): Story => ({
  title: `${refuser.label} refuses ${refused.label} in IKE_AUTH`,
  explanation: `IKE_SA_INIT completes, and ${refuser.label} refuses the AUTH that ${refused.label} made: the pre-shared keys of the two differ.`,
  advice: SAME_KEYS,
});

const refusedByNotify = (ends: AuthEnds, how: AuthRefusal['how']): Story => ({
  title: `${ends.refuser.label} refuses ${ends.refused.label} in IKE_AUTH`,
  explanation: `IKE_SA_INIT completes, and ${REFUSES[how](ends)} the same where a key or a signature does not verify, where no profile fits the identity, where a certificate is not accepted, and where EAP or AAA refuses.`,
  advice: `Only the log of ${ends.refuser.label} tells which: collect "debug crypto ikev2" there while the tunnel is tried.`,
  settle: [
    `"debug crypto ikev2" of ${ends.refuser.label}: it names profile, keyring and peer block, and the step that fails.`,
  ],
});

const verification = ({ refuser, refused }: AuthEnds, method: AuthMethod): Story => {
  const differs = {
    psk: 'the key',
    certificate: 'the certificate or its key pair',
    unknown: 'the key (or certificate)',
  }[method];
  return {
    title: `${refuser.label} cannot authenticate ${refused.label}`,
    explanation: `${READABLE}; the ${method === 'certificate' ? 'signature' : 'authentication'} in it does not verify.${selected(refuser, differs)}`,
    advice:
      method === 'certificate'
        ? 'Check the certificate chain, its dates and the identity in it.'
        : SAME_KEYS,
    settle:
      method === 'certificate'
        ? [
            `"debug crypto pki validation" of ${refuser.label}: it names what is wrong with the certificate.`,
          ]
        : [],
  };
};

const user = ({ refuser, refused }: AuthEnds): Story => ({
  title: `${refuser.label} refuses the user of ${refused.label}`,
  explanation: `${READABLE}. The peer authenticates itself by EAP within it, and its user is refused; keys and certificates of the routers are not what fails.`,
  advice: `Check user name and password, and the AAA method list that the IKEv2 profile of ${refuser.label} names for EAP.`,
  settle: [`"debug aaa authentication" of ${refuser.label}, and the log of the AAA server.`],
});

function authorisation({ refuser, refused }: AuthEnds): Story {
  const said = eventsOfSide(refuser).find(({ message }) => message === 'v2-authorisation-failed');
  return {
    title: `${refuser.label} authenticates ${refused.label} and then refuses it`,
    explanation: `The AUTH payload of ${refused.label} verifies, so profile, key or certificate fit. What comes behind it refuses the peer: ${said === undefined ? 'the log does not show whether that is AAA authorisation, an address that cannot be given, or a limit on sessions' : `"${said.text.trim()}"`}.`,
    advice: `On ${refuser.label} check "aaa authorization" of the IKEv2 profile: that the method list exists, and that the AAA server or the local policy knows the name that is looked up.`,
    settle: [`"debug aaa authorization" of ${refuser.label}.`],
  };
}

/** Which of the two refused, and at which step, no line tells. */
const untold = ({ refuser, refused }: AuthEnds): Story => ({
  title: `IKE_AUTH between ${refuser.label} and ${refused.label} fails; why is not in the evidence`,
  explanation: `${(refuser.log?.packets.length ?? 0) > 0 ? 'IKE_SA_INIT completes. ' : ''}The log of ${refuser.label} says that IKE_AUTH has failed, and not why: a key, a certificate, a profile, EAP or AAA, or a message that did not come.`,
  advice: `Collect the whole "debug crypto ikev2" of both ends while the tunnel is tried.`,
  settle: [
    `The whole "debug crypto ikev2" of both ends: it names profile, keyring and peer block, and the step that fails.`,
  ],
});

/** As the log of the refuser tells it. */
export function authStory(ends: AuthEnds, method: 'psk' | 'certificate' | 'unknown'): Story {
  const { refuser, refused } = ends;
  switch (refuser.log?.cause) {
    case 'user':
      return user(ends);
    case 'authorisation':
      return authorisation(ends);
    case 'verification':
      return verification(ends, method);
    default:
      if (!eventsOfSide(refuser).some(({ message }) => message === 'v2-auth-failure-sent'))
        return untold(ends);
      return {
        title: `${refuser.label} refuses ${refused.label} in IKE_AUTH`,
        explanation: `${READABLE}. ${refuser.label} then refuses its peer, and what there is of its log does not show at which step.`,
        advice: `Collect the whole "debug crypto ikev2" of ${refuser.label} from the first message on.`,
        settle: [
          `The whole "debug crypto ikev2" of ${refuser.label}: it names profile, keyring and peer block, and the step that fails.`,
        ],
      };
  }
}

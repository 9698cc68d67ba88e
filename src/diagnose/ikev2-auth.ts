import type { AuthMethod } from '../logparse/negotiations/auth-method.ts';
import type { AttemptSide } from '../model/incident.ts';
import { acceptance, halvesText, type AuthEnds } from './auth-halves.ts';
import type { Story } from './common-rule.ts';
import { eventsOfSide } from './evidence.ts';
import { meaningOfError } from './ikev2-errors.ts';
import type { AuthRefusal } from './ikev2.ts';

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

/** What the peer says instead of AUTHENTICATION_FAILED. */
function otherRefusal(side: AttemptSide): { readonly name: string; readonly means: string } | null {
  for (const { message, fields } of eventsOfSide(side)) {
    if (message !== 'v2-received' || fields.exchange !== 'IKE_AUTH') continue;
    for (const name of String(fields.notify ?? '').split(' ')) {
      const means = meaningOfError(name);
      if (means !== null) return { name, means };
    }
  }
  return null;
}

/** The refusal came over the wire, and the end that sent it told nothing more. */
export function refusedOnWire(ends: AuthEnds, how: AuthRefusal['how']): Story {
  if (how === 'eap-failure') return user(ends);
  const { refuser, refused } = ends;
  const other = otherRefusal(refused);
  if (other === null) return refusedByNotify(ends, how);
  const { name, means } = other;
  return {
    title: `${refuser.label} answers IKE_AUTH of ${refused.label} with ${name}`,
    explanation: `IKE_SA_INIT completes, and ${refuser.label} answers IKE_AUTH of ${refused.label} with ${name}: ${means}. That is no answer to a key or a certificate that differs.`,
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

/** AUTH is made with the private key of a certificate; what is wrong with the certificate itself is logged otherwise. */
function signature(ends: AuthEnds): Story {
  const { refuser, refused } = ends;
  const isAccepted = eventsOfSide(refuser).some(
    ({ message }) => message === 'v2-certificate-accepted',
  );
  return {
    title: `${refuser.label} cannot verify the signature of ${refused.label}`,
    explanation: `${READABLE}; the signature in its AUTH payload does not verify.${isAccepted ? ` ${refuser.label} has accepted the certificate chain before, so dates, issuer and revocation are not what fails.` : ''} ${refused.label} signs with a private key that is not that of the certificate that it sends (a key pair made anew without a new certificate, the key pair of another trustpoint), or what the two sign differs: the identity, or the hash of the signature.${selected(refuser, 'the key pair')}${halvesText(ends, false)}`,
    advice: `On ${refused.label} compare the public key of the certificate ("show crypto pki certificates verbose") with the key pair that its trustpoint names ("show crypto key mypubkey all"), see that the IKEv2 profile names that trustpoint for signing, and enrol anew where they differ.`,
    settle: [
      isAccepted
        ? `"debug crypto ikev2" of ${refused.label}: it names the trustpoint with whose key it signs.`
        : `"debug crypto pki validation" of ${refuser.label}: it tells whether the certificate itself is accepted.`,
    ],
  };
}

const verification = (ends: AuthEnds, method: AuthMethod): Story => {
  if (method === 'certificate') return signature(ends);
  const { refuser, refused } = ends;
  return {
    title: `${refuser.label} cannot authenticate ${refused.label}`,
    explanation: `${READABLE}; the authentication in it does not verify.${selected(refuser, method === 'psk' ? 'the key' : 'the key (or certificate)')}${halvesText(ends, method === 'psk')}`,
    advice:
      method === 'psk' && acceptance(ends) !== null
        ? `Make the local key of ${refused.label} and the remote key of ${refuser.label} one value, in the peer blocks that match.`
        : SAME_KEYS,
    settle: [],
  };
};

/** How its peer authenticates itself, as the log of this end names it. */
export function methodSeen(side: AttemptSide): string | null {
  const told = eventsOfSide(side).findLast(
    ({ message, text }) => message === 'v2-auth-method' && text.includes("Peer's"),
  );
  return told === undefined ? null : String(told.fields.method).toUpperCase();
}

/** By the name that the log gives the method. */
const METHODS: Readonly<Record<string, string>> = {
  PSK: 'a pre-shared key',
  RSA: 'an RSA signature',
  ECDSA: 'an ECDSA signature',
  'ECDSA-SIG': 'an ECDSA signature',
  EAP: 'EAP',
};

/** The method was refused before a key or a signature was looked at. */
function otherMethod({ refuser, refused }: AuthEnds): Story {
  const name = methodSeen(refuser);
  const by = name === null ? 'by another method' : `by ${METHODS[name] ?? name}`;
  const profile = refuser.log?.profileMatched?.name ?? null;
  const where = `${profile === null ? 'the IKEv2 profile' : `IKEv2 profile ${profile}`} of ${refuser.label}`;
  return {
    title: `${refused.label} authenticates by another method than ${refuser.label} expects`,
    explanation: `${READABLE}. In it ${refused.label} authenticates itself ${by}, and "authentication remote" of ${where} names ${name === null ? 'others' : 'another'}. No key and no signature was compared, so whether they fit is open.`,
    advice: `Make "authentication remote" of ${where} and "authentication local" of ${refused.label} the same method.`,
    settle: [],
  };
}

/** Nobody was refused: the end itself has nothing to sign with. */
function withoutCertificate({ refuser: own, refused: other }: AuthEnds): Story {
  return {
    title: `${own.label} has no certificate to authenticate itself with`,
    explanation: `IKE_SA_INIT completes, and ${own.label} is to authenticate itself by a signature. It gets no certificate chain from its trustpoint, so that it gives IKE_AUTH up before ${other.label} can judge anything.`,
    advice: `On ${own.label} see that the IKEv2 profile names a trustpoint ("pki trustpoint"), that this one is authenticated and enrolled ("show crypto pki certificates"), and that its CA is one that ${other.label} asks for.`,
    settle: [`"debug crypto pki messages" and "debug crypto pki transactions" of ${own.label}.`],
  };
}

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
    case 'method':
      return otherMethod(ends);
    case 'own-certificate':
      return withoutCertificate(ends);
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

import type { KeyringStep } from '../../model/log.ts';
import type { Context } from './context.ts';

/** The step of the keyring search that this negotiation stands at. */
function currentStep(context: Context): KeyringStep | null {
  const { role } = context;
  if (role === null) return null;
  if (context.exchange === 'ikev2') return 'auth';
  const state = context.states.at(-1) ?? '';
  if (context.exchange === 'aggressive') {
    if (role === 'responder') return context.lastSent === null ? 'am1' : 'am3';
    return context.lastReceived === null ? 'am1' : 'am2';
  }
  if (role === 'initiator') {
    if (context.lastSent === 'MM_KEY_EXCH' || state === 'IKE_I_MM6') return 'mm6';
    if (
      context.lastSent === 'MM_SA_SETUP' ||
      context.lastReceived === 'MM_SA_SETUP' ||
      state === 'IKE_I_MM4'
    )
      return 'mm4';
    if (
      context.lastSent === 'MM_NO_STATE' ||
      context.lastReceived === 'MM_NO_STATE' ||
      state === 'IKE_I_MM2'
    )
      return 'mm2';
    return 'mm1';
  }
  if (
    context.lastSent === 'MM_KEY_EXCH' ||
    context.lastReceived === 'MM_KEY_EXCH' ||
    state === 'IKE_R_MM5'
  )
    return 'mm5';
  if (
    context.lastSent === 'MM_SA_SETUP' ||
    context.lastReceived === 'MM_SA_SETUP' ||
    state === 'IKE_R_MM3'
  )
    return 'mm3';
  return 'mm1';
}

/** The keys, and of a responder the profile, were looked up before a line named the mode. */
export function aggressive(context: Context): void {
  if (context.exchange === 'aggressive') return;
  context.exchange = 'aggressive';
  for (const selection of context.selections) selection.step &&= 'am1';
  const { profileMatched } = context;
  if (profileMatched?.step) profileMatched.step = profileStep(context);
}

/**
 * The peer says who it is in the packet that opened the SA: in main mode MM5 comes first, under the id that the SA has
 * from MM3 on.
 */
export function identifiedAtOnce(context: Context): void {
  const { role, connId, packetCount, lastReceived, states } = context;
  const opening = packetCount === 1 && lastReceived === 'NEW SA';
  const moved = states.some((state) => state.startsWith('IKE_R_MM'));
  if (role === 'initiator' || connId !== null || !opening || moved) return;
  context.role = 'responder';
  aggressive(context);
}

const stepOfState: Readonly<Record<string, KeyringStep>> = {
  IKE_I_MM1: 'mm1',
  IKE_I_MM2: 'mm2',
  IKE_I_MM3: 'mm2',
  IKE_I_MM4: 'mm4',
  IKE_I_MM5: 'mm4',
  IKE_I_MM6: 'mm6',
  IKE_R_MM1: 'mm1',
  IKE_R_MM2: 'mm1',
  IKE_R_MM3: 'mm3',
  IKE_R_MM4: 'mm3',
  IKE_R_MM5: 'mm5',
  IKE_R_AM_AAA_AWAIT: 'am1',
  IKE_R_AM2: 'am1',
  IKE_I_AM1: 'am1',
  IKE_I_AM2: 'am2',
};
const stepOfSent: Readonly<Record<string, KeyringStep>> = {
  'responder MM_SA_SETUP': 'mm1',
  'responder MM_KEY_EXCH': 'mm3',
  'initiator MM_NO_STATE': 'mm1',
  'initiator MM_SA_SETUP': 'mm2',
  'initiator MM_KEY_EXCH': 'mm4',
};

function hasOpenStep({ selections, profileMatched }: Context): boolean {
  return (
    (profileMatched !== null && profileMatched.step === null) ||
    selections.some(({ step }) => step === null)
  );
}

/** The log began in the middle: searches seen before the role was known belong to the step that just ended. */
export function resolveSteps(
  context: Context,
  at: { readonly state?: string; readonly sent?: string },
): void {
  if (context.role === null || !hasOpenStep(context)) return;
  const step =
    at.state === undefined ? stepOfSent[`${context.role} ${at.sent ?? ''}`] : stepOfState[at.state];
  if (step === undefined) return;
  for (const selection of context.selections) selection.step ??= step;
  if (context.profileMatched) context.profileMatched.step ??= profileStep(context);
}

/** The peer's identity comes with MM5 or MM6, in aggressive mode with the first message. */
export function profileStep(context: Context): KeyringStep | null {
  if (context.exchange === 'ikev2') return 'auth';
  if (context.role === null) return null;
  if (context.exchange === 'aggressive') return context.role === 'responder' ? 'am1' : 'am2';
  return context.role === 'responder' ? 'mm5' : 'mm6';
}

const maskLength = (entry: string): number => {
  const mask = entry.split(',')[1] ?? '';
  return mask
    .split('.')
    .reduce((bits, octet) => bits + Number(octet).toString(2).replaceAll('0', '').length, 0);
};

/** The keyring searched last holds the key: the exchange could not go on without. */
export function confirmSearch(context: Context): void {
  if (context.searched) addSelection(context, context.searched);
}

/** There is no key after all: what seemed to be found at this step was none. */
export function withdrawSelection(context: Context): void {
  context.searched = null;
  const step = currentStep(context);
  while (context.selections.length > 0 && context.selections.at(-1)!.step === step)
    context.selections.pop();
}

/** A search ended: says where the key came from, or that it was found somewhere. */
export function addSelection(
  context: Context,
  found: { keyring: string | null; entry?: string; peerBlock?: string; line: number },
): void {
  let chosen = found;
  const { searched } = context;
  context.searched = null;
  if (found.keyring === null && searched) chosen = searched;
  else if (found.keyring === null && context.candidates.length > 0) {
    // The winner was not marked: the most specific entry is it.
    const best = context.candidates.reduce((a, b) =>
      maskLength(b.entry) > maskLength(a.entry) ? b : a,
    );
    chosen = { keyring: best.keyring, entry: best.entry, line: best.line };
  }
  context.candidates = [];
  const step = currentStep(context);
  const last = context.selections.at(-1);
  if (last && last.step === step) {
    // The same search, told in two ways.
    if (
      chosen.keyring === null ||
      (chosen.keyring === last.keyring && (chosen.entry ?? last.entry) === last.entry)
    )
      return;
    if (last.keyring === null) context.selections.pop();
  }
  if (context.selections.length < 64) context.selections.push({ step, ...chosen });
}

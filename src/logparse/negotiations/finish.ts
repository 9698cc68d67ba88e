import type { LogNegotiation } from '../../model/log.ts';
import type { Context, Verdict } from './context.ts';
import { isEngineOnly } from './stream.ts';
import { judge, judgeAlone } from './verdict.ts';

/** One attempt, its verdict, and the router it is told of. */
export type Judged = {
  readonly context: Context;
  readonly verdict: Verdict;
  readonly speaker: number;
};

/** Failures that the responder sees and the initiator only waits for. */
const toldByResponder: ReadonlySet<string> = new Set([
  'mm5-lost',
  'psk-mismatch',
  'keyring-mismatch-after-mm5',
  'certificate-trustpoint-mismatch',
  'certificate-invalid',
]);

type Told = Pick<Judged, 'context' | 'speaker'>;

/** Attempts by the addresses at their two ends, in order of their first lines. */
class Pairs {
  private readonly byLocal = new Map<string, Judged[]>();
  private readonly byPeer = new Map<string, Judged[]>();

  constructor(all: readonly Judged[]) {
    // One router alone has no other side.
    if (!all.some(({ speaker }) => speaker !== all[0]!.speaker)) return;
    for (const one of all) {
      put(this.byLocal, one.context.local, one);
      put(this.byPeer, one.context.peer, one);
    }
  }

  /** The same attempt in the log of the other router, when both stand in one paste. */
  of(one: Judged): Judged | undefined {
    const { peer, local } = one.context;
    const byLocal = peer === null ? undefined : this.byLocal.get(peer)?.find(isPairOf(one));
    const byPeer = local === null ? undefined : this.byPeer.get(local)?.find(isPairOf(one));
    if (!byLocal || !byPeer) return byLocal ?? byPeer;
    return byPeer.context.firstLine < byLocal.context.firstLine ? byPeer : byLocal;
  }
}

function put(index: Map<string, Judged[]>, address: string | null, one: Judged): void {
  if (address === null) return;
  const known = index.get(address);
  if (known) known.push(one);
  else index.set(address, [one]);
}

function isPairOf({ context, speaker }: Judged): (other: Judged) => boolean {
  return ({ context: other, speaker: otherSpeaker }) =>
    otherSpeaker !== speaker &&
    other.role !== context.role &&
    other.ikeVersion === context.ikeVersion &&
    (overlap(other.firstLine, other.lastLine, context.firstLine, context.lastLine) ||
      atOneTime(other, context));
}

const overlap = (from: number, to: number, otherFrom: number, otherTo: number): boolean =>
  to >= otherFrom && from <= otherTo;

/** One log behind the other: the clocks of two routers that speak to each other are about the same. */
function atOneTime(a: Context, b: Context): boolean {
  if (!a.firstTime || !a.lastTime || !b.firstTime || !b.lastTime) return false;
  if (a.firstTime.mark === 'uptime' || b.firstTime.mark === 'uptime') return false;
  return overlap(a.firstTime.ms, a.lastTime.ms, b.firstTime.ms, b.lastTime.ms);
}

/** The address that a router has in all its other attempts, if it is one and the same. */
function ownAddresses(all: readonly Judged[]): ReadonlyMap<number, string | null> {
  const found = new Map<number, string | null>();
  for (const { context, speaker } of all) {
    if (context.local === null || context.localRank < 3) continue;
    const known = found.get(speaker);
    found.set(speaker, known === undefined || known === context.local ? context.local : null);
  }
  return found;
}

/** The router has another SA with the peer, beside this one or behind it. */
function hasSuccessor({ context, speaker }: Told, all: readonly Told[]): boolean {
  return all.some(
    ({ context: other, speaker: teller }) =>
      other !== context &&
      teller === speaker &&
      other.ikeVersion === context.ikeVersion &&
      other.peer !== null &&
      other.peer === context.peer &&
      other.lastLine > context.firstLine,
  );
}

/** Verdicts from each log alone, then what the other side's log adds. */
export function judgeAll(contexts: readonly Told[]): readonly Judged[] {
  const alone = contexts.map((one) => {
    const verdict = judge(one.context);
    const stays = verdict.cause !== 'superseded' || hasSuccessor(one, contexts);
    return { ...one, verdict: stays ? verdict : judgeAlone(one.context) };
  });
  const byAddress = new Pairs(alone);
  for (const one of alone) {
    // Without NAT, the address that the other side talks to is ours; that of a syslog sender may be for management.
    const unsure = one.context.localRank <= 2 && one.context.natFound !== true;
    const other = unsure ? byAddress.of(one) : undefined;
    if (other && other.context.natFound !== true)
      one.context.setLocal(other.context.peer ?? undefined, 3);
  }
  const own = ownAddresses(alone);
  for (const { context, speaker } of alone) {
    // Of lines that came in turns nobody knows whether one router wrote them.
    if (!context.crossed) context.setLocal(own.get(speaker) ?? undefined, 1);
  }
  const pairs = new Pairs(alone);
  return alone.map((one) => {
    const { context, verdict } = one;
    const waits =
      verdict.verdict === 'mm5-unanswered' ||
      (verdict.verdict === 'inconclusive' && verdict.phase1 !== 'complete');
    if (context.role !== 'initiator' || context.lastSent !== 'MM_KEY_EXCH' || !waits) return one;
    const other = pairs.of(one);
    if (!other || !toldByResponder.has(other.verdict.verdict)) return one;
    return {
      ...one,
      verdict: {
        ...verdict,
        verdict: other.verdict.verdict,
        phase1: 'failed',
        outcome: 'failed',
        failingStep: 'mm6-wait',
      },
    };
  });
}

export function toNegotiation(
  { context, verdict, speaker }: Judged,
  id: string,
  input: string,
  router: string | null,
): LogNegotiation {
  const role = context.role ?? context.likelyRole;
  return {
    id,
    input,
    router,
    speaker,
    role,
    ikeVersion: context.ikeVersion,
    ...(isEngineOnly(context) && {
      assumed: context.role === null ? ['role', 'ikeVersion'] : ['ikeVersion'],
    }),
    exchange: context.exchange,
    localAddress: context.local,
    peerAddress: context.peer,
    fvrf: context.fvrf,
    connId: context.connId ?? context.zeroForm,
    initiatorCookie: context.initiatorCookie,
    responderCookie: context.responderCookie,
    auth: context.accepted?.auth ?? context.auth,
    transform: context.accepted,
    policyMatched: context.policyMatched,
    policyRejections: context.rejections,
    keyringSelections: context.selections.map((selection) => ({
      ...selection,
      step:
        selection.step ?? (role === 'initiator' ? 'mm1' : context.connId === null ? 'mm1' : 'mm3'),
    })),
    ...(context.saRequestProfile && { saRequestProfile: context.saRequestProfile }),
    ...(context.profileMatched && {
      profileMatched: {
        ...context.profileMatched,
        step: context.profileMatched.step ?? (role === 'initiator' ? 'mm6' : 'mm5'),
      },
    }),
    statePath: context.states,
    qmStatePath: context.qmStates,
    packetStates: context.ikeVersion === 2 ? [] : context.packetStates,
    packets: context.packets,
    peerIdentity: context.peerIdentity,
    ownIdentity: context.ownIdentity,
    natFound: context.natFound,
    messageIds: [...context.messageIds],
    spis: [...context.spis],
    proxies: context.proxies,
    deleteReason: context.deleteReason,
    ...verdict,
    firstLine: context.firstLine,
    lastLine: context.lastLine,
    firstTime: context.firstTime,
    lastTime: context.lastTime,
    events: context.events,
  };
}

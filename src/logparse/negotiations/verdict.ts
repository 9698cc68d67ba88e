import type { Context, Verdict } from './context.ts';
import { deletedByPeer } from './deletion.ts';
import { any, died, lacksMm6, phase1Complete, phase2Complete, type Rule } from './verdict-rule.ts';
import { phase1Rules } from './verdict-rules-phase1.ts';
import { ikev1Ends, phase2Rules } from './verdict-rules-phase2.ts';
import {
  asaEnds,
  asaIkev2Rules,
  asaPhase1Causes,
  asaPhase1Waits,
  asaPhase2Rules,
} from './verdict-rules-asa.ts';
import { ikev2Rules, isAuthenticated } from './verdict-rules-ikev2.ts';
import { ikev2ChildRules, ikev2Ends } from './verdict-rules-ikev2-live.ts';

function cited(context: Context, rule: Rule): readonly number[] {
  const lines = new Set<number>();
  for (const cite of rule.cites) {
    const [id, which] = typeof cite === 'string' ? [cite, 'first' as const] : cite;
    const found = context.facts.of(id);
    if (!found) continue;
    if (which === 'all') found.forEach((line) => lines.add(line));
    else lines.add(which === 'first' ? found[0]! : found.at(-1)!);
  }
  for (const line of rule.also?.(context) ?? [])
    if (line !== null && line !== undefined) lines.add(line);
  return [...lines].sort((a, b) => a - b);
}

function failed(context: Context, rule: Rule): Verdict {
  // Nothing in IKEv2 fails before the first message.
  const started =
    context.ikeVersion === 2 ||
    context.begun ||
    context.packetCount > 0 ||
    context.states.length > 0;
  return {
    phase1:
      rule.phase1 === 'failed' && !started && context.role === 'initiator'
        ? 'not-started'
        : rule.phase1,
    phase2: rule.phase2,
    outcome: rule.outcome ?? 'failed',
    ...(rule.cause && { cause: rule.cause }),
    failingStep: rule.failingStep(context),
    verdict: rule.verdict,
    evidenceLines: cited(context, rule),
  };
}

function lines(context: Context, ...ids: readonly string[]): readonly number[] {
  return [...new Set(ids.flatMap((id) => context.first(id) ?? []))].sort((a, b) => a - b);
}

/** What became of one attempt, from its own log alone. */
export function judge(context: Context): Verdict {
  return context.verdict ?? judgeTold(context, rulesOf1);
}

/** The same where the log shows no other SA that could have taken the place of this one. */
export function judgeAlone(context: Context): Verdict {
  return context.verdictAlone ?? judgeTold(context, rulesOf1Alone);
}

/** For an attempt that no line can belong to any more: the verdict stays, the facts it rests on go. */
export function settle(context: Context): void {
  context.verdict ??= judgeTold(context, rulesOf1);
  context.verdictAlone ??= judgeTold(context, rulesOf1Alone);
  context.facts.clear();
}

const rulesOf1: readonly Rule[] = [...asaPhase1Causes, ...phase1Rules, ...asaPhase1Waits];
const rulesOf1Alone: readonly Rule[] = rulesOf1.filter(({ cause }) => cause !== 'superseded');
const rulesOf2: readonly Rule[] = [...asaPhase2Rules, ...phase2Rules, ...ikev1Ends, ...asaEnds];

/** The lines that say so in words, where there are any: what is printed on the way says less. */
function installedBy(context: Context): readonly string[] {
  const told = ['ipsec-installed', 'ipsec-sas-created'].filter((id) => context.has(id));
  return told.length > 0 ? told : ['phase 2 installed'];
}

/** A cause stands only if the lines that may be of this attempt, or of another one, tell no other cause. */
function judgeTold(context: Context, phase1: readonly Rule[]): Verdict {
  const told = judgeFacts(context, phase1);
  const { doubts } = context;
  if (doubts.length === 0 || told.outcome !== 'failed') return told;
  for (const { id, line } of doubts) context.note(id, line);
  const supposed = judgeFacts(context, phase1);
  for (const { id, line } of doubts.toReversed()) context.facts.takeBack(id, line);
  return supposed.verdict === told.verdict ? told : { ...told, verdict: 'inconclusive' };
}

function judgeFacts(context: Context, phase1: readonly Rule[]): Verdict {
  if (context.ikeVersion === 2) return judgeIkev2(context);
  const up1 = phase1Complete(context);
  const rule = (up1 ? rulesOf2 : phase1).find((each) => each.applies(context));
  if (up1 && phase2Complete(context)) {
    return {
      phase1: 'complete',
      phase2: 'complete',
      outcome: 'established',
      failingStep: null,
      // The tunnel stands; a quick mode for other networks, or a new one for these, is refused.
      verdict: rule?.verdict ?? 'tunnel-up',
      evidenceLines: rule
        ? cited(context, rule)
        : lines(
            context,
            'phase 1 complete',
            'authenticated',
            'phase 2 complete',
            ...installedBy(context),
            'asa-phase1',
            'asa-phase2',
          ),
    };
  }
  if (rule) return failed(context, rule);
  const deleted =
    up1 && deletedByPeer(context.facts.of('delete-received') ?? [], context.deleteReason);
  const cutOff =
    deleted && any(context, 'quick-mode-begins', 'quick-mode-at-once', 'proposal-check');
  const given = (context.deleteReason !== null && !up1) || cutOff;
  const started =
    context.begun ||
    context.packetCount > 0 ||
    context.states.length > 0 ||
    context.connId !== null;
  const quick =
    any(context, ...begunQuickMode) ||
    // Notifications travel under the same tag.
    (context.packetStates.includes('QM_IDLE') && context.notifies.length === 0) ||
    context.qmStates.length > 0;
  return {
    phase1: up1
      ? 'complete'
      : given
        ? 'failed'
        : started || context.role !== 'initiator'
          ? 'incomplete'
          : 'not-started',
    phase2: cutOff ? 'failed' : up1 && quick ? 'incomplete' : 'not-reached',
    outcome: given ? 'failed' : 'incomplete',
    failingStep: up1 ? null : waitingFor(context),
    verdict: deleted ? 'deleted-by-peer' : 'inconclusive',
    evidenceLines: lines(
      context,
      'phase 1 complete',
      'quick-mode-begins',
      ...(deleted ? ['delete-received'] : []),
      'retransmitting-phase-1',
      'sa-deleting',
      'fsm-error',
      'asa-phase1',
      'asa-given-up',
      'asa-torn-down',
      'asa-disconnected',
      'asa-no-map-bound',
      'asa-user-refused',
    ),
  };
}

const begunQuickMode = [
  'quick-mode-begins',
  'quick-mode-at-once',
  'quick mode SA',
  'quick mode told',
  'proposal-check',
];

/** Where an attempt stands that repeats itself without getting further. */
function waitingFor(context: Context): string | null {
  if (context.waitedFor !== null) return `mm${context.waitedFor}-wait`;
  if (!died(context)) return null;
  if (context.role === 'responder' && context.lastSent === 'AG_INIT_EXCH') return 'am3-wait';
  if (context.lastSent === 'MM_SA_SETUP')
    return context.role === 'initiator' ? 'mm4-wait' : 'mm3-wait';
  if (context.lastSent !== 'MM_KEY_EXCH') return null;
  if (context.role === 'initiator') return lacksMm6(context) ? 'mm6-wait' : null;
  return context.has('received MM_KEY_EXCH') ? null : 'mm5-wait';
}

function judgeIkev2(context: Context): Verdict {
  const authenticated = isAuthenticated(context);
  if (!authenticated) {
    const rule = [...asaIkev2Rules, ...ikev2Rules].find((each) => each.applies(context));
    if (rule) return failed(context, rule);
    const ended =
      context.deleteReason !== null ||
      any(context, 'v2-auth-exchange-failed', 'v2-init-failed', 'v2-abort', 'v2-trace-failed');
    return {
      phase1: ended ? 'failed' : 'incomplete',
      phase2: 'not-reached',
      outcome: ended ? 'failed' : 'incomplete',
      failingStep: null,
      verdict: 'inconclusive',
      evidenceLines: lines(
        context,
        'v2-auth-missing',
        'v2-deleting',
        'v2-abort',
        'v2-auth-exchange-failed',
        'v2-init-failed',
        'v2-trace-failed',
      ),
    };
  }
  const refusal = [...ikev2ChildRules, ...phase2Rules].find((each) => each.applies(context));
  if (refusal) return failed(context, refusal);
  // The IKE SA is made also where the answer refuses the child SA in it: where that is not read, only a child SA tells.
  const isUnread = (context.last('v2-answer-unread') ?? 0) > (context.last('v2-answer-read') ?? 0);
  const whole =
    any(context, 'phase 2 installed', 'phase 2 complete') ||
    (any(context, 'v2-sa-created', 'v2-session-up') &&
      (!isUnread || any(context, 'v2-child-created', 'ipsec-sa-created')));
  const end = ikev2Ends.find((each) => each.applies(context));
  // A peer that says goodbye ends a tunnel that came up, and takes nothing from that.
  if (end && !(whole && end.outcome === 'incomplete'))
    return {
      ...failed(context, end),
      ...(whole && { phase2: 'complete', outcome: 'established' }),
    };
  return {
    phase1: 'complete',
    phase2: whole ? 'complete' : 'incomplete',
    outcome: whole ? 'established' : 'incomplete',
    failingStep: null,
    verdict: whole ? 'tunnel-up' : 'inconclusive',
    evidenceLines: lines(context, 'v2-auth-passed', 'v2-sa-created', 'v2-session-up'),
  };
}

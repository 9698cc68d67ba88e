import type { ConfigModel, IsakmpProfile } from '../../model/config.ts';
import type { WalkedLink } from '../directions.ts';
import { sentBy } from '../identity-sent.ts';
import type { Sent } from '../identity-sent.ts';
import { isakmpProfileNamed, servesLocal } from '../lookup.ts';
import { seenAttempt } from '../pairs.ts';
import { selectProfile } from '../profile.ts';
import { identityWords, matchCommand } from '../statements.ts';
import type { Attempt } from '../walk-steps.ts';
import { nameOf } from './make.ts';
import type { ConfigPlace } from './make.ts';
import { tableText } from '../words.ts';

/** Findings of a tunnel that requires another profile than the identity matches. */
const BY_IDENTITY: ReadonlySet<string> = new Set([
  'profile-not-matched',
  'profile-mismatch-phase2',
]);

export type Refused = { readonly text: string; readonly places: readonly ConfigPlace[] };

const NOTHING: Refused = { text: '', places: [] };

/** What the initiator sent as its identity under IKEv1, and why the profile that its tunnel requires does not match it. */
export function refusedIdentity(models: readonly ConfigModel[], each: WalkedLink): Refused {
  const { link, walk } = each;
  const attempt = seenAttempt(link);
  if (attempt === null || walk?.phase2?.kind !== 'fails') return NOTHING;
  if (!BY_IDENTITY.has(walk.finding ?? '') || link.tunnel.ikev2Profile !== null) return NOTHING;
  const [from, to] = [models[link.from]!, models[link.to]!];
  const wanted = isakmpProfileNamed(to, walk.phase2.tunnel?.isakmpProfile?.name ?? null);
  const sent = sentBy(attempt, walk.initiator);
  if (wanted === null || sent === null) return NOTHING;
  const bound = servesLocal(to, wanted.localAddress, attempt.responderAddress)
    ? null
    : wanted.localAddress;
  const why = [
    ...(bound === null
      ? []
      : [
          `serves local address ${bound.value} only, and the call is to ${attempt.responderAddress}`,
        ]),
    ...statementsText(wanted, sent, attempt),
  ];
  const places = [
    ...(sent.line === null ? [] : [{ model: from, line: sent.line }]),
    ...[...(bound === null ? [] : [bound]), ...wanted.matches].map(({ line }) => ({
      model: to,
      line,
    })),
  ];
  const refusal = why.length === 0 ? '' : ` Profile ${wanted.name} ${why.join('; it ')}.`;
  return {
    text: ` ${nameOf(from)} sends the identity ${identityWords(sent.identity)}.${refusal}`,
    places,
  };
}

/** The statements of a profile where none of them fits. */
function statementsText(
  wanted: IsakmpProfile,
  { identity }: Sent,
  { responder, responderVrf }: Attempt,
): readonly string[] {
  if (wanted.matches.length === 0) return ['has no match statement'];
  const fitsIn = (fvrf: string | null): boolean =>
    selectProfile(responder, { identity, fvrf, local: null }).fitting.some(
      ({ profile }) => profile === wanted,
    );
  if (fitsIn(responderVrf)) return [];
  const elsewhere = wanted.matches.find(({ vrf }) => vrf !== responderVrf && fitsIn(vrf));
  const list = wanted.matches.map((match) => `"${matchCommand(match)}"`).join(', ');
  return elsewhere === undefined
    ? [`has ${list}, which ${wanted.matches.length === 1 ? 'does' : 'do'} not fit`]
    : [
        `has ${list}, which is for ${tableText(elsewhere.vrf)}, and the call is in ${tableText(responderVrf)}`,
      ];
}

import type { IsakmpProfile } from '../model/config.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import { usableTrustpoints } from './certificates.ts';
import type { Walk } from './walk-steps.ts';

/** One end presents what the profile of the other accepts, or that profile accepts what is presented. */
export function forTrustpoint({ initiator, responder }: Benches, walk: Walk): readonly Candidate[] {
  const matched = walk.responder?.profiles?.winner?.profile ?? null;
  const requested = walk.initiator?.requested ?? null;
  const accepted = (matched?.trustpoints ?? []).map(({ name }) => name);
  const others = usableTrustpoints(responder.model).map(({ name }) => name);
  return [
    ...(requested === null ? [] : accepted.flatMap((name) => allow(initiator, requested, name))),
    // A profile that names none accepts all.
    ...(matched === null || accepted.length === 0
      ? []
      : others.flatMap((name) => allow(responder, matched, name))),
  ];
}

/** A profile that names no trust-point is limited to one; one that names another takes this one as well. */
function allow(own: Bench, profile: IsakmpProfile, name: string): readonly Candidate[] {
  const held = profile.trustpoints;
  if (held.some((use) => use.name === name)) return [];
  const edits = [
    {
      router: own.router,
      block: [`crypto isakmp profile ${profile.name}`],
      command: `ca trust-point ${name}`,
    },
  ];
  const whose = `profile ${profile.name} of ${own.name}`;
  if (held.length === 0) {
    const text = `Let ${whose} present the certificate of ${name} only.`;
    return [{ text, edits, keeps: ['keys'], sideEffects: [] }];
  }
  return [
    {
      text: `Let ${whose} present and accept certificates of ${name} too.`,
      edits,
      keeps: ['keys'],
      sideEffects: [`Every peer with a certificate of ${name} can match profile ${profile.name}.`],
      behind: 'looser',
    },
  ];
}

import type { Bench, Benches, Candidate } from './candidates.ts';
import { idleTo } from './idle.ts';
import { downBy, tablesOf } from './lookup.ts';
import { templateNumber } from './templates.ts';
import { idleTunnelsOf } from './tunnels.ts';
import type { IdleTunnel, Tunnel } from './tunnels.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** The place for the peer is there, and is shut down, not applied, or lacks its peer. */
export function forIdle(own: Bench, attempt: Attempt): readonly Candidate[] {
  const [place] = idleTo(own.model, own.peer);
  return place === undefined ? [] : cure(own, attempt, place);
}

/** The responder does not answer: whatever keeps it from doing so is taken away. */
export function forSilence({ responder }: Benches, attempt: Attempt): readonly Candidate[] {
  const owner = tablesOf(responder.model).owners.get(attempt.responderAddress)?.[0];
  const down = owner === undefined ? null : downBy(responder.model, owner);
  if (down !== null) return [start(responder, down.name)];
  const [place] = [...idleTo(responder.model, responder.peer), ...idleTunnelsOf(responder.model)];
  return place === undefined ? [] : cure(responder, attempt, place);
}

function cure(own: Bench, attempt: Attempt, { idle, binding }: IdleTunnel): readonly Candidate[] {
  switch (idle.cure?.kind) {
    case 'start':
      return [start(own, idle.cure.name)];
    case 'apply': {
      const at = tablesOf(own.model).owners.get(attempt.responderAddress)?.[0];
      return at === undefined ? [] : [apply(own, idle.cure.name, at.name)];
    }
    case 'peer':
      return binding === null
        ? []
        : [
            {
              text: `Name the peer in ${binding.command} of ${own.name}.`,
              edits: [
                {
                  router: own.router,
                  block: [binding.command],
                  command: `set peer ${attempt.initiatorAddress}`,
                },
              ],
              keeps: ['keys'],
              sideEffects: [],
            },
          ];
    case undefined:
      return [];
  }
}

function start({ router, name: own }: Bench, name: string): Candidate {
  return {
    text: `Start ${name} of ${own}.`,
    edits: [{ router, block: [`interface ${name}`], command: 'no shutdown' }],
    keeps: ['keys'],
    sideEffects: [`Whatever else is configured on ${name} starts as well.`],
  };
}

function apply({ router, name: own }: Bench, map: string, name: string): Candidate {
  return {
    text: `Apply crypto map ${map} of ${own} to ${name}.`,
    edits: [{ router, block: [`interface ${name}`], command: `crypto map ${map}` }],
    keeps: ['keys'],
    sideEffects: [
      `Traffic that leaves by ${name} and that map ${map} names is encrypted from now on.`,
    ],
  };
}

/** The profile of the IKE SA clones no template, or another one. */
export function forTemplate(own: Bench, walk: Walk, far: Tunnel): readonly Candidate[] {
  const number = templateNumber(far.label);
  const isV2 = far.ikev2Profile !== null;
  const name = isV2 ? far.ikev2Profile.name : walk.responder?.profiles?.winner?.profile.name;
  if (number === null || name === undefined) return [];
  return [
    {
      text: `Let profile ${name} of ${own.name} clone ${far.label}.`,
      edits: [
        {
          router: own.router,
          block: [`crypto ${isV2 ? 'ikev2' : 'isakmp'} profile ${name}`],
          command: `virtual-template ${String(number)}`,
        },
      ],
      keeps: ['keys'],
      sideEffects: [],
    },
  ];
}

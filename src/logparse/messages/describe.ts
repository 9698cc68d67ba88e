import type { MessageFamily, MessageRole } from '../message-spec.ts';
import { messageTable } from './table.ts';

/** A message as its documentation shows it. */
export type MessageDescription = {
  readonly id: string;
  readonly family: MessageFamily;
  readonly means: string;
  readonly sample: string;
  readonly role: MessageRole | null;
  readonly release: string | null;
  readonly unconfirmed: boolean;
};

export function describeMessages(): readonly MessageDescription[] {
  return messageTable
    .filter(({ isForm }) => !isForm)
    .map((spec) => ({
      id: spec.id,
      family: spec.family,
      means: spec.means,
      sample: spec.samples[0],
      role: spec.role ?? null,
      release: spec.release ?? null,
      unconfirmed: spec.unconfirmed === true,
    }));
}

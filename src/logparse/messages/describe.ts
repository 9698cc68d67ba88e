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

let meanings: ReadonlyMap<string, string> | null = null;

/** What a message means; undefined for what is no message of the table. */
export function meaningOf(id: string): string | undefined {
  meanings ??= new Map(messageTable.map(({ id: own, means }) => [own, means]));
  return meanings.get(id);
}

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

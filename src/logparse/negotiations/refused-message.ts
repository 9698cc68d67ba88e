import type { Context } from './context.ts';

/** The own message that a notification in clear answers, by the tag under which it came or the state that it met. */
const answeredMessage: Readonly<Record<string, string>> = {
  MM_NO_STATE: 'MM1',
  MM_SA_SETUP: 'MM3',
  MM_KEY_EXCH: 'MM5',
  AG_NO_STATE: 'AM1',
  AG_INIT_EXCH: 'AM1',
  IKE_I_MM1: 'MM1',
  IKE_I_MM3: 'MM3',
  IKE_I_MM5: 'MM5',
  IKE_I_AM1: 'AM1',
};

/** Notes which own message was refused; `tag` is where the notification met it. */
export function refusedMessage(context: Context, tag: string | null, line: number): void {
  const message = answeredMessage[tag ?? ''];
  if (message !== undefined) context.note(`refused ${message}`, line);
}

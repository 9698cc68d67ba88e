import type { Attempt } from '../model/incident.ts';
import { isExplained, keyringChecked } from './agreement.ts';
import { configEvidence } from './evidence.ts';
import { listed, ringText } from './facts.ts';
import { keyringUsed } from './keys-used.ts';
import type { Weighed } from './rule.ts';

/** The profile that MM5 selected, and the keyrings that it allows. */
export function demanded(attempt: Attempt): {
  readonly profile: string | null;
  readonly rings: readonly string[];
} {
  const { log, selection, config } = attempt.responder;
  const profile = log?.profileMatched?.name ?? selection?.matchedProfile ?? null;
  const listing =
    config?.profiles.find((entry) => entry.name === profile)?.keyrings.map((use) => use.name) ?? [];
  // The log names one of those that are listed, or it was written under another configuration.
  const logged = keyringChecked(attempt.responder)?.name ?? null;
  return { profile, rings: logged === null || listing.includes(logged) ? listing : [logged] };
}

/** What the responder's log and configuration say of the keyring it took and of those that its profile allows. */
export function selectionEvidence(attempt: Attempt): readonly Weighed[] {
  const { log, config, selection, label } = attempt.responder;
  const used = keyringUsed(attempt.responder);
  const explained = isExplained(attempt, attempt.responder);
  const said: Weighed[] = [];
  if (log !== null) {
    const told = log.keyringSelections.filter((entry) => entry.step === 'mm3').at(-1);
    if (told !== undefined) {
      const from = told.keyring === null ? 'a keyring that the line does not name' : told.keyring;
      const text = `${label} finds the key for MM3 in ${from}`;
      said.push({ input: log.input, line: told.line, text, basis: 'observed', decisive: false });
    }
    if (log.profileMatched !== undefined && log.profileMatched.name !== null) {
      const text = `${label} matches profile ${log.profileMatched.name} by the identity in MM5`;
      said.push({
        input: log.input,
        line: log.profileMatched.line,
        text,
        basis: 'observed',
        decisive: false,
      });
    }
    const after = log.keyringSelections.filter((entry) => entry.step === 'mm5').at(-1);
    if (after !== undefined && after.keyring !== null) {
      const text = `${label} finds the key that this profile allows in ${after.keyring}`;
      said.push({ input: log.input, line: after.line, text, basis: 'observed', decisive: false });
    }
  }
  if (config === null || !explained) return said;
  if (selection !== null && selection.entryLine !== null && selection.keyring === used) {
    const rules = selection.rules.filter((rule) => rule.startsWith('keyring-'));
    const by = rules.length === 0 ? '' : ` (${rules.join(', ')})`;
    const text = `${used ?? ''} holds the entry for ${selection.peer} that wins${by}`;
    said.push(configEvidence(config, selection.entryLine, text, false));
  }
  const { profile } = demanded(attempt);
  const use = config.profiles.find((entry) => entry.name === profile)?.keyrings[0];
  if (use !== undefined) {
    said.push(
      configEvidence(config, use.line, `profile ${profile ?? ''} allows ${use.name}`, false),
    );
  }
  return said;
}

/**
 * Why the responder refuses MM5 by its configuration, even if the key is right; null where nothing tells. The identity
 * is taken to be the address unless a log shows it.
 */
export function predictedRefusal(attempt: Attempt): string | null {
  const { selection, label } = attempt.responder;
  if (selection === null || selection.verification !== 'fails') return null;
  const { profile, rings } = demanded(attempt);
  if (profile === null || rings.length === 0) return null;
  return `By its configuration ${label} refuses even the right key: at MM3 it takes that of ${ringText(selection.keyring ?? 'default')} for ${selection.peer}, and ISAKMP profile ${profile}, which this address as identity matches, allows ${listed(rings)}.`;
}

import { selectionForIkev2 } from '../select/ikev2-selection.ts';
import { selectionFor } from '../select/selection.ts';
import type { Select } from './sides.ts';

/** What the router's configuration selects; null without one, and where an IKEv2 initiator has no tunnel to the peer. */
export const selectFor: Select = (
  { config },
  role,
  mode,
  { peer, identity, fvrf, local, clues, requested },
) => {
  if (config === null) return null;
  return mode === 'ikev2'
    ? selectionForIkev2(config, role, peer, identity, fvrf ?? null, local)
    : selectionFor(config, role, peer, identity, fvrf, local, { mode, clues, requested });
};

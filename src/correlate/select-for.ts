import { selectionFor } from '../select/selection.ts';
import type { Select } from './sides.ts';

/** What the router's configuration selects; null without one. */
export const selectFor: Select = (router, role, peer, identity, fvrf, localAddress) =>
  router.config === null
    ? null
    : selectionFor(router.config, role, peer, identity, fvrf, localAddress);

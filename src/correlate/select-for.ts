import type { Select } from './sides.ts';

export const selectFor: Select = () => null;

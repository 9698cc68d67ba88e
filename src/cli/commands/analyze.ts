import type { Command } from '../dispatch.ts';

export const analyzeCommand: Command = () => Promise.resolve(0);

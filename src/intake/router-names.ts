import type { Input } from './input.ts';

/** `--router NAME=FILE` outranks what the file says of itself. */
export function nameConfigs(input: Input): Input {
  if (input.router === null || input.configs.length !== 1) return input;
  return {
    ...input,
    configs: input.configs.map((config) => ({ ...config, hostname: input.router })),
  };
}

/** The command line makes no sense. One line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An input that cannot be read at all. The message says which file, why, and what to do. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(path: string, why: string, advice: string) {
    super(`${path}: ${why}; ${advice}`);
  }
}

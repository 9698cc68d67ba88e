/** What the exit code says; CONTRACT-stable. */
export const exitCodes = { noFailure: 0, failureFound: 1, cannotRun: 2 } as const;

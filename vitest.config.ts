import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/oracle/**', 'test/e2e/**', 'test/shared/**'],
          // Nothing here waits: the limit only ends what hangs, on slow machines too.
          testTimeout: 120_000,
        },
      },
      // Needs tshark.
      { test: { name: 'oracle', include: ['test/oracle/**/*.test.ts'], testTimeout: 120_000 } },
      // Needs a chromium. The limits only end what hangs: a browser on a busy machine takes its time.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 120_000 } },
        },
      },
      // Needs the evidence collection that is kept beside the repository.
      { test: { name: 'shared', include: ['test/shared/**/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
});

import { defineConfig } from 'vitest/config'

/** Verifies 300 migrations with 60 planted faults on each kind of scratch server; takes minutes: `npm run test:planted`. */
export default defineConfig({
  test: {
    include: ['test/planted/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    // The embedded server takes a second of processor time for each migration; beside other work that is many minutes.
    testTimeout: 3_600_000,
  },
})

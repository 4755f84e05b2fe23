import { defineConfig } from 'vitest/config'

/** Verifies 300 migrations with 60 planted faults on each kind of scratch server; takes minutes: `npm run test:planted`. */
export default defineConfig({
  test: {
    include: ['test/planted/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 900_000,
  },
})

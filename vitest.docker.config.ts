import { defineConfig } from 'vitest/config'

/** Tests that need a container engine and the images postgres:16 and postgres:18: `npm run test:docker`. */
export default defineConfig({
  test: {
    include: ['test/docker/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts', 'test/docker/engine.ts'],
    pool: 'forks',
    // What one test leaves would be another's.
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

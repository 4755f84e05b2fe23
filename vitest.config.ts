import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a container engine (npm run test:docker) or minutes (npm run test:crash, npm run test:planted).
    exclude: ['**/node_modules/**', 'test/crash/**', 'test/docker/**', 'test/planted/**'],
    globalSetup: ['test/support/global-setup.ts'],
    // Processes, not threads: PGlite and the SQL grammar keep WebAssembly memory that only a process gives back.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})

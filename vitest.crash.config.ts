import { defineConfig } from 'vitest/config'
import { CountsReporter } from './test/crash/counts-reporter.ts'

/** Does harm to a run at each of its messages, and looks what became of it; takes minutes: `npm run test:crash`. */
export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // One keeps several command lines at work; in the other files servers and sessions wait for each other.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.cache/crash-test-results.json' }], new CountsReporter()],
  },
})

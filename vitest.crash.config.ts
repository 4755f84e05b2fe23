import { defineConfig } from 'vitest/config'
import { CountsReporter } from './test/crash/counts-reporter.ts'

/** Does harm to a run at each of its messages, and looks what became of it; takes minutes: `npm run test:crash`. */
export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Each file keeps several command lines at work.
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.cache/crash-test-results.json' }], new CountsReporter()],
  },
})

/**
 * Prints `N passed, N failed` from the file of vitest's json reporter, and fails when anything failed.
 * No test at all is a failure. A test file that broke before its tests ran counts as one failure; so does a run that vitest itself calls failed.
 */
import { readFileSync } from 'node:fs'

const file = process.argv[2]
if (file === undefined) throw new Error('Usage: node scripts/count-tests.mjs <results.json>')
const results = JSON.parse(readFileSync(file, 'utf8'))
const brokenFiles = results.testResults.filter(
  (suite) => suite.status === 'failed' && !suite.assertionResults.some((result) => result.status === 'failed'),
)
const counted = results.numFailedTests + brokenFiles.length
const failed = counted === 0 && !results.success ? 1 : counted
console.log(`${results.numPassedTests} passed, ${failed} failed`)
process.exitCode = failed === 0 && results.numPassedTests > 0 ? 0 : 1

/**
 * Prints `N passed, N failed` from the files of vitest's json reporter, and fails when anything failed.
 * No test at all is a failure. A test file that broke before its tests ran counts as one failure; so does a run that vitest itself calls failed.
 */
import { readFileSync } from 'node:fs'

const files = process.argv.slice(2)
if (files.length === 0) throw new Error('Usage: node scripts/count-tests.mjs <results.json>…')
const counts = files.map(countOf)
const [passed, failed] = ['passed', 'failed'].map((kind) => counts.reduce((sum, count) => sum + count[kind], 0))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && counts.every((count) => count.passed > 0) ? 0 : 1

function countOf(file) {
  const results = JSON.parse(readFileSync(file, 'utf8'))
  const brokenFiles = results.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((result) => result.status === 'failed'),
  )
  const counted = results.numFailedTests + brokenFiles.length
  return { passed: results.numPassedTests, failed: counted === 0 && !results.success ? 1 : counted }
}

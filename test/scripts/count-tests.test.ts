import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-count-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the script says about results in the form of vitest's json reporter. */
function count(results: object): { status: number | null; stdout: string } {
  const file = join(folder, 'results.json')
  writeFileSync(file, JSON.stringify(results))
  const script = join(import.meta.dirname, '../../scripts/count-tests.mjs')
  const { status, stdout } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' })
  return { status, stdout }
}

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] }
const failed = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }
const broken = { status: 'failed', assertionResults: [] }

test.each([
  [
    'all well',
    { success: true, numPassedTests: 3, numFailedTests: 0, testResults: [passed] },
    0,
    '3 passed, 0 failed\n',
  ],
  [
    'a failed test',
    { success: false, numPassedTests: 3, numFailedTests: 1, testResults: [failed] },
    1,
    '3 passed, 1 failed\n',
  ],
  [
    'a file that broke',
    { success: false, numPassedTests: 3, numFailedTests: 0, testResults: [passed, broken] },
    1,
    '3 passed, 1 failed\n',
  ],
  [
    'an error outside tests',
    { success: false, numPassedTests: 3, numFailedTests: 0, testResults: [passed] },
    1,
    '3 passed, 1 failed\n',
  ],
  [
    'no test at all',
    { success: true, numPassedTests: 0, numFailedTests: 0, testResults: [] },
    1,
    '0 passed, 0 failed\n',
  ],
])('counts %s', (_what, results, status, stdout) => {
  expect(count(results)).toEqual({ status, stdout })
})

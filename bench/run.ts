/**
 * `npm run bench [-- start lint-cold lint lint-changed up up-psql up-nothing verify verify-again growth stalls] [--rounds 7]`: our commands beside programs that do the same work, as whole
 * processes, in turns, in one run. Prints medians and ratios; fails when a ratio is above its target.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compare } from './measure.ts'
import { growth } from './growth.ts'
import { runScenarios } from './run-scenarios.ts'
import { type Scenario, scenarios, seed } from './scenarios.ts'
import { stalls } from './stalls.ts'
import { verifyScenarios } from './verify-scenarios.ts'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' } },
})
const all = [...scenarios, ...runScenarios, ...verifyScenarios]
const known = [...all.map(({ name }) => name), 'growth', 'stalls']
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) throw new Error(`No scenario "${unknown.join(', ')}". Known: ${known.join(', ')}.`)

for (const scenario of all) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue
  const { contestants, stop } = await scenario.start(root)
  try {
    const [ours, theirs] = await compare(contestants, Number(values.rounds))
    if (ours === undefined || theirs === undefined) throw new Error(`${scenario.name} needs two contestants.`)
    const { measured, target, met } = judge(scenario.target, ours.median, theirs.median)
    console.log(`${scenario.name}: ${scenario.title}`)
    for (const { name, median, all } of [ours, theirs])
      console.log(
        `  ${name.padEnd(22)} ${median.toFixed(0).padStart(7)} ms   (${all.map((ms) => ms.toFixed(0)).join(' ')})`,
      )
    console.log(`  ${measured}, ${met ? 'within' : 'ABOVE'} the target of ${target}\n`)
    if (!met) process.exitCode = 1
  } finally {
    await stop()
  }
}

const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name)
if (isWanted('growth') && !growth(root, seed)) process.exitCode = 1
if (isWanted('stalls') && !(await stalls(root))) process.exitCode = 1

interface Judged {
  readonly measured: string
  readonly target: string
  readonly met: boolean
}

function judge(target: Scenario['target'], oursMs: number, theirsMs: number): Judged {
  const ratio = oursMs / theirsMs
  if (typeof target === 'number')
    return { measured: `ratio ${ratio.toFixed(2)}`, target: String(target), met: ratio <= target }
  if ('mostMs' in target)
    return { measured: `${oursMs.toFixed(0)} ms`, target: `${target.mostMs} ms`, met: oursMs <= target.mostMs }
  const more = oursMs - theirsMs
  return { measured: `${more.toFixed(0)} ms more`, target: `${target.moreMs} ms`, met: more <= target.moreMs }
}

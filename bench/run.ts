/**
 * `npm run bench [-- start lint-cold lint lint-changed up verify verify-again growth] [--rounds 7]`: our commands beside programs that do the same work, as whole
 * processes, in turns, in one run. Prints medians and ratios; fails when a ratio is above its target.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compare } from './measure.ts'
import { growth } from './growth.ts'
import { scenarios, seed } from './scenarios.ts'
import { verifyScenarios } from './verify-scenarios.ts'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' } },
})
const all = [...scenarios, ...verifyScenarios]
const known = [...all.map(({ name }) => name), 'growth']
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) throw new Error(`No scenario "${unknown.join(', ')}". Known: ${known.join(', ')}.`)

for (const scenario of all) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue
  const { contestants, stop } = await scenario.start(root)
  try {
    const [ours, theirs] = await compare(contestants, Number(values.rounds))
    if (ours === undefined || theirs === undefined) throw new Error(`${scenario.name} needs two contestants.`)
    const ratio = ours.median / theirs.median
    const more = ours.median - theirs.median
    const met = typeof scenario.target === 'number' ? ratio <= scenario.target : more <= scenario.target.moreMs
    const verdict = met ? 'within' : 'ABOVE'
    console.log(`${scenario.name}: ${scenario.title}`)
    for (const { name, median, all } of [ours, theirs])
      console.log(
        `  ${name.padEnd(22)} ${median.toFixed(0).padStart(7)} ms   (${all.map((ms) => ms.toFixed(0)).join(' ')})`,
      )
    const measured = typeof scenario.target === 'number' ? `ratio ${ratio.toFixed(2)}` : `${more.toFixed(0)} ms more`
    const target = typeof scenario.target === 'number' ? scenario.target : `${scenario.target.moreMs} ms`
    console.log(`  ${measured}, ${verdict} the target of ${target}\n`)
    if (!met) process.exitCode = 1
  } finally {
    await stop()
  }
}

if ((positionals.length === 0 || positionals.includes('growth')) && !growth(root, seed)) process.exitCode = 1

/**
 * Writes everything that follows from the source: registries of the catalogues, reference pages, the README's block of
 * commands. `npm run generate` writes; `npm run generate -- --check` lists what is stale and fails.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { staleOutputs, writeOutputs } from './generate/output.ts'
import type { Stage } from './generate/output.ts'
import { pageOutputs, registryOutputs } from './generate/outputs.ts'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
let total = 0
for (const make of [registryOutputs, pageOutputs]) {
  const stage = await make(root)
  total += stage.outputs.length
  if (values.check) check(stage)
  else for (const path of writeOutputs(stage, root)) console.log(path)
}
console.log(`${total} generated files are up to date.`)

/** Ends the process at the first stage with something stale: the next stage is made from it. */
function check(stage: Stage): void {
  const stale = staleOutputs(stage, root)
  if (stale.length === 0) return
  for (const path of stale) console.error(`stale: ${path}`)
  console.error('Run `npm run generate` and commit the result.')
  process.exit(1)
}

import { expect, test } from 'vitest'
import type { Proof } from '../../src/model/proof.ts'
import { directory, migrate } from '../support/cli.ts'
import { plantedHistory } from './history.ts'

/** Any number: it only has to be the same every time. */
const seed = 20_260_101
const { files, migrations } = plantedHistory(seed)

interface Verified {
  readonly results: readonly { readonly proof: Proof }[]
}

/** What `verify` calls broken, by id and name, with the levels and what it saw. */
async function brokenOn(shadow: string): Promise<ReadonlyMap<string, { levels: readonly string[]; evidence: string }>> {
  const cwd = await directory(Object.fromEntries(files.map(({ path, text }) => [`migrations/${path}`, text])))
  const { stdout, stderr } = await migrate(['verify', '--all', '--shadow', shadow, '--json'], { cwd })
  expect(stderr).toBe('')
  const { results }: Verified = JSON.parse(stdout)
  expect(results).toHaveLength(migrations.length)
  return new Map(
    results.map(({ proof: { id, levels } }) => {
      const broken = levels.filter(({ standing }) => standing === 'broken')
      return [
        id,
        { levels: broken.map(({ level }) => level), evidence: broken.map(({ evidence }) => evidence).join(' ') },
      ]
    }),
  )
}

test('the history has 300 migrations, 60 of them with a fault, and is the same every time', () => {
  expect(migrations).toHaveLength(300)
  expect(migrations.filter(({ step }) => step.brokenAt !== undefined)).toHaveLength(60)
  expect(plantedHistory(seed).files).toEqual(files)
})

test.each(['local', 'pglite'])('every planted fault is found and nothing else is reported: %s', async (shadow) => {
  const broken = await brokenOn(shadow)
  const wrong = migrations.flatMap(({ id, step: { name, brokenAt = [] } }) => {
    const { levels = [], evidence = '' } = broken.get(id) ?? {}
    const found = levels.some((level) => brokenAt.some((expected) => expected === level))
    const more = levels.filter((level) => !brokenAt.some((expected) => expected === level))
    if (more.length > 0) return [`${id} ${name} is reported at ${more.join(', ')}: ${evidence}`]
    return brokenAt.length > 0 && !found ? [`${id} ${name} is not found`] : []
  })
  expect(wrong).toEqual([])
})

import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Every example in TypeScript: in docstrings below `src/` and in the guides. */
function examples(): readonly { readonly name: string; readonly code: string }[] {
  const sources = ['src', 'docs/guides'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:ts|md)$/.test(path))
      .map((path) => `${folder}/${path}`),
  )
  return sources.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const plain = path.endsWith('.ts') ? text.replaceAll(/^ *\* ?/gm, '') : text
    return [...plain.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ''], index) => ({
      name: `${path.replaceAll(/\W/g, '-')}-${index}.ts`,
      code,
    }))
  })
}

test('what the documentation shows compiles against the package as it is', () => {
  const folder = join(root, '.cache', `examples-${process.pid}`)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(folder, { recursive: true })
  const shown = examples()
  expect(shown.length).toBeGreaterThan(2)
  for (const { name, code } of shown) writeFileSync(join(folder, name), code)
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      paths: {
        lockstep: [join(root, 'src/index.ts')],
        'lockstep/capture': [join(root, 'src/hook/capture-queries.ts')],
      },
      noUnusedLocals: false,
      types: ['node'],
    },
    include: [folder],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
    {
      encoding: 'utf8',
    },
  )
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})

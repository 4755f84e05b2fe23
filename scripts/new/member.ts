import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { suggestion } from '../../src/core/text.ts'
import { catalogues } from '../generate/catalogues.ts'
import type { Catalogue } from '../generate/catalogues.ts'
import { membersOf } from '../generate/members.ts'
import { templates } from './templates.ts'

const usage =
  'Usage: npm run new -- <kind> <id> [--in <subject>], for example: npm run new -- rule drop-sequence --in sequences'
const kebabCase = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/**
 * Writes the file of a new member and returns its path below `root`.
 *
 * @throws Error with what to type instead when the kind, the id or the subject is not usable, or the id is taken
 */
export function createMember(words: readonly string[], subject: string | undefined, root: string): string {
  const [kind, id, ...rest] = words
  if (kind === undefined || id === undefined || rest.length > 0) throw new Error(usage)
  const template = templates[kind]
  const catalogue = catalogues.find((candidate) => candidate.kind === kind)
  if (template === undefined || catalogue === undefined)
    throw new Error(`"${kind}" is not a kind of member. ${suggestion(kind, Object.keys(templates))}`)
  for (const name of [id, ...(subject?.split('/') ?? [])])
    if (!kebabCase.test(name)) throw new Error(`"${name}" is not a name in kebab case, such as drop-column.`)
  refuseTaken(catalogue, id, root)

  const path = join('src', catalogue.folder, subject ?? '', `${id}.ts`)
  if (existsSync(join(root, path))) throw new Error(`${path} exists already; nothing was written.`)
  const up = subject === undefined ? './' : '../'.repeat(subject.split('/').length)
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), template(id, up), { flag: 'wx' })
  return path
}

function refuseTaken(catalogue: Catalogue, id: string, root: string): void {
  if (`${id}.ts` === catalogue.contract)
    throw new Error(`"${id}" is the name of the contract's file. Choose another id.`)
  const taken = membersOf(catalogue, root).find((member) => basename(member.path, '.ts') === id)
  if (taken === undefined) return
  throw new Error(
    `There is a ${catalogue.kind} "${id}" already: src/${catalogue.folder}/${taken.path}. Choose another id.`,
  )
}

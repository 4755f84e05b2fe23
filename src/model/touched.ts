import { remembered } from '../core/remembered.ts'
import type { Fact } from './fact.ts'
import type { Name } from './name.ts'
import type { Statement } from './statement.ts'

/** Fields of facts that name an object which a statement changes; what it only reads is not among them. */
const changing: readonly string[] = [
  'table',
  'tables',
  'partition',
  'index',
  'view',
  'type',
  'domain',
  'function',
  'sequence',
  'schema',
  'extension',
  'publication',
  'name',
  'names',
]

/** Facts that change nothing that lasts. */
const harmless: ReadonlySet<string> = new Set<Fact['kind']>([
  'select',
  'lock-table',
  'set-setting',
  'transaction',
  'analyze',
  'vacuum',
])

/** Bare names of the objects that statements change, by what they say. Where a name is chosen by the server there is none. */
export const touchedByFacts: (statements: readonly Statement[]) => ReadonlySet<string> = remembered(
  (statements) => new Set(factsOf(statements).flatMap((fact) => [...touchedBy(fact)])),
)

/** Bare names of the objects that one fact says it changes. */
export const touchedBy: (fact: Fact) => ReadonlySet<string> = remembered(namesIn)

function namesIn(fact: Fact): ReadonlySet<string> {
  const names = new Set<string>()
  if (harmless.has(fact.kind)) return names
  for (const [field, value] of Object.entries(fact)) if (isChanging(field, fact)) addNames(names, value)
  // The column's new name is no object's, and the schema that something moves to stays as it is.
  if ('to' in fact && fact.kind !== 'rename-column' && fact.kind !== 'set-schema') names.add(fact.to)
  return names
}

/**
 * What statements touch besides `allowed`, with the fact that does it. Left out is what they make for a while and remove
 * again, and the table of an index that is built again.
 */
export function touchedBesides(
  statements: readonly Statement[],
  allowed: ReadonlySet<string>,
): ReadonlyMap<string, Fact> {
  const facts = factsOf(statements)
  const found = new Map<string, Fact>()
  for (const fact of facts) {
    const rebuilt = fact.kind === 'create-index' && fact.index !== undefined && allowed.has(fact.index)
    for (const name of rebuilt ? [] : touchedBy(fact)) if (!allowed.has(name) && !found.has(name)) found.set(name, fact)
  }
  for (const name of passing(facts)) found.delete(name)
  return found
}

/** SQL whose text is put together at run time says nothing about what it touches. */
export function hidesWhatItDoes(statements: readonly Statement[]): boolean {
  return factsOf(statements).some(({ kind }) => kind === 'dynamic-sql')
}

function factsOf(statements: readonly Statement[]): readonly Fact[] {
  return statements.flatMap(({ facts }) => facts)
}

/** Names of what is made for a while only: a helper function, an index under a name that it does not keep. */
function passing(facts: readonly Fact[]): readonly string[] {
  const made = new Set<string>()
  const gone: string[] = []
  for (const fact of facts) {
    const removed = removedName(fact)
    if (removed !== undefined && made.delete(removed)) gone.push(removed)
    const created = createdName(fact)
    if (created !== undefined) made.add(created)
  }
  return gone
}

/** The name of what was not there before for sure. */
function createdName(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
      return fact.ifNotExists ? undefined : fact.table.name
    case 'create-index':
      return fact.ifNotExists ? undefined : fact.index
    case 'create-view':
      return fact.replace || fact.ifNotExists ? undefined : fact.view.name
    case 'create-function':
      return fact.replace ? undefined : fact.function.name
    case 'create-object':
      return fact.replace || fact.ifNotExists ? undefined : fact.name.name
    case 'create-type':
      return fact.type.name
    case 'create-domain':
      return fact.domain.name
    case 'create-sequence':
      return fact.ifNotExists ? undefined : fact.sequence.name
    default:
      return undefined
  }
}

function removedName(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'drop-table':
    case 'rename-table':
      return fact.table.name
    case 'drop-index':
      return fact.index.name
    case 'drop-view':
      return fact.view.name
    case 'drop-object':
    case 'rename-object':
      return fact.table === undefined ? fact.name.name : undefined
    default:
      return undefined
  }
}

/** A trigger, policy or rule is told by its table. */
function isChanging(field: string, fact: Fact): boolean {
  if (field === 'name' && 'table' in fact && fact.table !== undefined) return false
  return changing.includes(field)
}

function addNames(names: Set<string>, value: unknown): void {
  if (value === '') return
  if (typeof value === 'string') names.add(value)
  else if (Array.isArray(value)) for (const item of value) addNames(names, item)
  else if (isName(value)) addNames(names, value.name)
}

/** The type of a column (`TypeName`) has a name as well, but is not changed. */
function isName(value: unknown): value is Name {
  if (typeof value !== 'object' || value === null || 'modifiers' in value) return false
  return 'name' in value && typeof value.name === 'string'
}

import type { Fact } from '../model/fact.ts'
import type { Name } from '../model/name.ts'
import type { Difference } from '../model/proof.ts'
import type { ParsedSql } from '../model/statement.ts'

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
export function touchedByFacts(parsed: ParsedSql): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { facts } of parsed.statements) {
    for (const fact of facts) {
      if (harmless.has(fact.kind)) continue
      for (const [field, value] of Object.entries(fact)) if (isChanging(field, fact)) addNames(names, value)
      if ('to' in fact && fact.kind !== 'rename-column') names.add(fact.to)
    }
  }
  return names
}

/** Bare names of the objects that differ. */
export function touchedByDifferences(differences: readonly Difference[]): ReadonlySet<string> {
  return new Set(differences.map(({ object }) => bareName(object)))
}

/** SQL whose text is put together at run time says nothing about what it touches. */
export function hidesWhatItDoes(parsed: ParsedSql): boolean {
  return parsed.statements.some(({ facts }) => facts.some(({ kind }) => kind === 'dynamic-sql'))
}

/** A trigger, policy or rule is told by its table. */
function isChanging(field: string, fact: Fact): boolean {
  if (field === 'name' && 'table' in fact && fact.table !== undefined) return false
  return changing.includes(field)
}

function addNames(names: Set<string>, value: unknown): void {
  if (typeof value === 'string') names.add(value)
  else if (Array.isArray(value)) for (const item of value) addNames(names, item)
  else if (isName(value)) names.add(value.name)
}

/** The type of a column (`TypeName`) has a name as well, but is not changed. */
function isName(value: unknown): value is Name {
  if (typeof value !== 'object' || value === null || 'modifiers' in value) return false
  return 'name' in value && typeof value.name === 'string'
}

/** `index public."Title"` is `Title`, `function shop.answer(integer)` is `answer`. */
export function bareName(object: string): string {
  const last =
    object
      .replace(/\(.*\)$/, '')
      .split(' ')
      .at(-1) ?? ''
  return (/("(?:[^"]|"")*"|[^."]+)$/.exec(last)?.[1] ?? last).replaceAll(/^"|"$/g, '').replaceAll('""', '"')
}

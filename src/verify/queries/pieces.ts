import type { Dialect } from '../../dialects/dialect.ts'
import type { CapturedStatement, ReleaseContract } from '../../model/captured.ts'
import type { Fact, FactOf, TableUse } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { QueryUse } from '../../model/query-use.ts'
import type { Statement } from '../../model/statement.ts'

/** One statement to check; a captured text may hold several. */
export interface Piece {
  readonly captured: CapturedStatement
  readonly release: string
  readonly role: string | null
  readonly searchPath: string | null
  readonly sql: string
  readonly kind: QueryUse['kind']
  readonly shape: QueryUse
  readonly facts: readonly Fact[]
  /** How the application declared the parameters; empty where a text holds several statements, which take none. */
  readonly parameters: CapturedStatement['parameters']
}

/** What a statement writes: the table, and the columns that it names. */
export interface Write {
  readonly table: Name
  readonly kind: 'insert' | 'update' | 'delete' | 'merge' | 'copy'
  /** Empty: none is named, so all are meant. */
  readonly columns: readonly string[]
}

/** The statements of the contracts, each once for each role and search path that sends it. */
export function piecesOf(contracts: readonly ReleaseContract[], dialect: Dialect): readonly Piece[] {
  const seen = new Set<string>()
  return contracts.flatMap((contract) =>
    contract.statements.flatMap((captured) => {
      const key = JSON.stringify([contract.role, contract.searchPath, captured.sql])
      if (seen.has(key)) return []
      seen.add(key)
      return cut(captured, contract, dialect)
    }),
  )
}

function cut(captured: CapturedStatement, contract: ReleaseContract, dialect: Dialect): readonly Piece[] {
  const { role, searchPath, release } = contract
  const { statements, problems } = dialect.parse(captured.sql)
  const common = { captured, release, role, searchPath }
  // What the grammar refuses the server may refuse too: at the baseline, with its own words.
  if (problems.length > 0 || statements.length === 0)
    return [{ ...common, sql: captured.sql, kind: 'other', shape: dialect.queries.use(''), facts: [], parameters: [] }]
  return statements.map((statement) => {
    const shape = dialect.queries.use(statement.sql)
    return {
      ...common,
      sql: shape.kind === 'copied-query' ? copiedQuery(statement) : statement.sql,
      kind: shape.kind,
      shape,
      facts: statement.facts,
      parameters: statements.length === 1 ? captured.parameters : [],
    }
  })
}

/** The query inside `COPY (…) TO`. */
function copiedQuery({ sql }: Statement): string {
  return /^\s*copy\s*\((.*)\)\s*to\b/is.exec(sql)?.[1] ?? sql
}

/** Tables that a piece reads, with the columns that it names. */
export function readsOf({ facts }: Piece): readonly TableUse[] {
  return facts.flatMap((fact) => ('reads' in fact ? fact.reads : []))
}

export function writesOf({ facts }: Piece): readonly Write[] {
  return facts.flatMap((fact): readonly Write[] => {
    switch (fact.kind) {
      case 'insert':
      case 'update':
        return [{ table: fact.table, kind: fact.kind, columns: fact.columns }]
      case 'delete':
      case 'merge':
        return [{ table: fact.table, kind: fact.kind, columns: [] }]
      case 'copy':
        return fact.direction === 'from' && fact.table !== undefined
          ? [{ table: fact.table, kind: 'copy', columns: fact.columns }]
          : []
      default:
        return []
    }
  })
}

/** Every relation that a piece names, each once, as SQL writes it. */
export function relationsOf(piece: Piece): readonly Name[] {
  const named = piece.facts.flatMap((fact) => [
    ...('table' in fact && fact.table !== undefined ? [fact.table] : []),
    ...('tables' in fact ? fact.tables : []),
    ...('view' in fact ? [fact.view] : []),
  ])
  const all = [...named, ...readsOf(piece).map(({ table }) => table)]
  return [...new Map(all.map((name) => [JSON.stringify([name.schema, name.name]), name])).values()]
}

/** The COPY that a piece is; undefined for all else. */
export function copyOf({ facts }: Piece): FactOf<'copy'> | undefined {
  return facts.find((fact) => fact.kind === 'copy')
}

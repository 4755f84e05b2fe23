import type { Allow, Down, Migration, Section, SourceFile, Tool } from '../../model/migration.ts'
import { hasCode } from '../../sql/lexer.ts'
import { splitStatements } from '../../sql/split.ts'
import { Problems } from '../directives/problems.ts'
import type { LayoutOptions, LayoutProblem, LayoutReading } from '../layout.ts'
import { readAllows } from './allows.ts'

/** What a layout says of one migration; the rest is the same for all tools but ours. */
export interface FoundMigration {
  readonly id: string
  readonly name: string
  readonly source: SourceFile
  readonly up: Section
  /** Undefined where there is no downgrade; a section without a statement is none. */
  readonly down?: Down | undefined
  /** Only the allows between these offsets of the file are its own: the file holds several migrations. */
  readonly part?: { readonly start: number; readonly end: number }
}

/** Puts together what a layout reads: migrations with their allows, and everything that is wrong. */
export class Reading {
  readonly #tool: Tool
  readonly #options: LayoutOptions
  readonly #migrations: Migration[] = []
  readonly #problems = new Map<SourceFile, Problems>()
  readonly #allows = new Map<SourceFile, readonly Allow[]>()

  constructor(tool: Tool, options: LayoutOptions) {
    this.#tool = tool
    this.#options = options
  }

  /** Whether a section runs in a transaction: what was asked for, else what the tool does. */
  transaction(tools: boolean): boolean {
    return this.#options.inTransaction ?? tools
  }

  /** Adds what is wrong with a file; see `Problems`. */
  problemsOf(file: SourceFile): Problems {
    const known = this.#problems.get(file)
    if (known !== undefined) return known
    const problems = new Problems(file)
    this.#problems.set(file, problems)
    return problems
  }

  add(found: FoundMigration): void {
    const { id, name, source, up, part } = found
    const down = found.down ?? { kind: 'missing', expected: this.#tool.downgrade !== undefined }
    const downFile = down.kind === 'sql' ? down.section.source : undefined
    const own = this.#allowsOf(source).filter(
      ({ span }) => part === undefined || (span.start >= part.start && span.start < part.end),
    )
    const others =
      downFile === undefined ? [] : this.#allowsOf(downFile).map((allow) => ({ ...allow, source: downFile }))
    this.#migrations.push({
      id,
      name,
      source,
      tool: this.#tool,
      up,
      down: down.kind === 'sql' && !hasSql(down.section) ? { kind: 'missing', expected: true } : down,
      gates: [],
      requires: [],
      allows: [...own, ...others],
      downLoses: [],
    })
  }

  #allowsOf(file: SourceFile): readonly Allow[] {
    const known = this.#allows.get(file)
    if (known !== undefined) return known
    const { knownRules } = this.#options
    const allows = readAllows(file, knownRules, this.problemsOf(file), `migration of ${this.#tool.name}`)
    this.#allows.set(file, allows)
    return allows
  }

  /** In the order in which they were added. */
  result(): LayoutReading {
    return { migrations: this.#migrations, problems: [...this.#duplicates(), ...this.#wrong()] }
  }

  #wrong(): readonly LayoutProblem[] {
    return [...this.#problems.values()].flatMap(({ list }) => list)
  }

  #duplicates(): readonly LayoutProblem[] {
    const first = new Map<string, Migration>()
    return this.#migrations.flatMap((migration) => {
      const { id, source } = migration
      const other = first.get(id)
      first.set(id, other ?? migration)
      if (other === undefined) return []
      return {
        code: 'migration-duplicate',
        message: `Two migrations have the id ${id}: ${other.source.path} and ${source.path}.`,
        hint: 'Give the one that is not applied yet another number.',
        at: { path: source.path, line: 1, column: 1 },
      }
    })
  }
}

/** Whether a section has anything that runs, seen or not. */
function hasSql({ sql, hidden = [], problems = [] }: Section): boolean {
  return hidden.length > 0 || problems.length > 0 || hasCode(sql)
}

/**
 * Whether the server runs a text in a transaction of its own accord: it does with everything that is sent as one simple
 * query, from two statements on (documentation of PostgreSQL, "Multiple Statements in a Simple Query").
 */
export function isImplicitTransaction(sql: string): boolean {
  return splitStatements(sql).length > 1
}

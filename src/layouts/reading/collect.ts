import type { Allow, Down, Migration, Section, SourceFile, Tool } from '../../model/migration.ts'
import type { Span } from '../../core/span.ts'
import { hasCode } from '../../sql/lexer.ts'
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
  /** The piece of the file that is this migration, where the file holds several. */
  readonly part?: Span
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
    const own = part === undefined ? this.#allowsOf(source) : allowsIn(part, this.#allowsOf(source))
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

/** Allows above statements of the part, and those of the whole file, which other parts have as well. */
function allowsIn({ start, end }: Span, allows: readonly Allow[]): readonly Allow[] {
  return allows.flatMap((allow) => {
    if (allow.appliesFrom === undefined) return { ...allow, shared: true }
    return allow.span.start >= start && allow.span.start < end ? allow : []
  })
}

/** Whether a section has anything that runs, seen or not. */
function hasSql({ sql, hidden = [], problems = [] }: Section): boolean {
  return hidden.length > 0 || problems.length > 0 || hasCode(sql)
}

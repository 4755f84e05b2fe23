import type { Dialect, StatementScene } from '../dialects/dialect.ts'
import type { Effect } from '../model/effect.ts'
import type { Fact } from '../model/fact.ts'
import { lockModes } from '../model/lock.ts'
import type { Direction, ParsedMigration, Phase } from '../model/migration.ts'
import type { Statement } from '../model/statement.ts'
import type { RuleContext, SettingsContext, TransactionContext } from '../rules/rule.ts'
import type { LiveSchema } from './live.ts'
import type { Catalogue } from './schema/catalogue.ts'
import { goesWith } from './schema/goes-with.ts'

/** What the contexts of one section have in common. */
export interface ContextSource {
  readonly catalogue: Catalogue
  readonly migration: ParsedMigration
  readonly direction: Direction
  /** Of the section that is judged. */
  readonly statements: readonly Statement[]
  readonly history: RuleContext['history']
  readonly phase: Phase
  readonly target: number
  readonly dialect: Dialect
  readonly live: LiveSchema | undefined
}

type Asked = Pick<RuleContext, 'isNew' | 'table' | 'column' | 'goesWith' | 'size' | 'holdsString'>

/** What rules ask of a section wherever they are in it. */
export function askedOf({ catalogue, dialect, live }: ContextSource): Asked {
  return {
    isNew: (name) => catalogue.isNew(name),
    table: (name) => catalogue.table(name),
    column: (table, column) => catalogue.table(table)?.columns.get(column),
    goesWith: (drop) => goesWith(catalogue, drop),
    size: (table) => live?.sizeOf(catalogue, table),
    holdsString: (other, text) => dialect.holdsString(other.sql, text),
  }
}

/** Where a section stands: what holds for all facts of one statement, and the effects of one of them. */
interface Standing {
  readonly statement: Statement
  readonly index: number
  readonly transaction: TransactionContext
  readonly settings: SettingsContext
  readonly earlierEffects: readonly Effect[]
  readonly effects: readonly Effect[]
}

/** Makes the context of a fact: everything in it is the state just before its statement. */
export function contextOf(source: ContextSource, asked: Asked, standing: Standing): RuleContext {
  return new FactContext(source, asked, standing)
}

/** A class, as one is made for each fact: an object with a getter of its own takes many times as long to make. */
class FactContext implements RuleContext {
  readonly schema: RuleContext['schema']
  readonly statement: Statement
  readonly migration: ParsedMigration
  readonly direction: Direction
  readonly statements: readonly Statement[]
  readonly history: RuleContext['history']
  readonly phase: Phase
  readonly target: number
  readonly facts: readonly Fact[]
  readonly transaction: TransactionContext
  readonly settings: SettingsContext
  readonly earlierEffects: readonly Effect[]
  readonly effects: readonly Effect[]
  readonly isNew: RuleContext['isNew']
  readonly table: RuleContext['table']
  readonly column: RuleContext['column']
  readonly goesWith: RuleContext['goesWith']
  readonly size: RuleContext['size']
  readonly holdsString: RuleContext['holdsString']
  private readonly index: number
  private readonly dialect: Dialect
  private laterFacts: readonly Fact[] | undefined

  constructor(source: ContextSource, asked: Asked, standing: Standing) {
    this.schema = source.catalogue
    this.statement = standing.statement
    this.migration = source.migration
    this.direction = source.direction
    this.statements = source.statements
    this.history = source.history
    this.phase = source.phase
    this.target = source.target
    this.facts = standing.statement.facts
    this.transaction = standing.transaction
    this.settings = standing.settings
    this.earlierEffects = standing.earlierEffects
    this.effects = standing.effects
    this.isNew = asked.isNew
    this.table = asked.table
    this.column = asked.column
    this.goesWith = asked.goesWith
    this.size = asked.size
    this.holdsString = asked.holdsString
    this.index = standing.index
    this.dialect = source.dialect
  }

  /** Few rules look ahead, and a file may have thousands of statements. */
  get later(): readonly Fact[] {
    this.laterFacts ??= this.statements.slice(this.index + 1).flatMap((next) => next.facts)
    return this.laterFacts
  }

  typeChange: RuleContext['typeChange'] = (from, to, using) => {
    const { schema, settings } = this
    return this.dialect.typeChange(from, to, using, { schema, timeZone: timeZoneIn(settings) })
  }
}

/** The time zone that the section has set, in lower case; undefined where it has set none, or one known only at run time. */
export function timeZoneIn(settings: SettingsContext): string | undefined {
  return settings.get('timezone')?.value?.toLowerCase()
}

/** The effects of a fact on what other sessions can see, strongest lock first. */
export function visibleEffects(source: ContextSource, fact: Fact, scene: StatementScene): readonly Effect[] {
  const { catalogue, dialect, target } = source
  const effects = dialect.effects(fact, catalogue, target, scene)
  if (effects.length === 0) return effects
  if (effects.length === 1) return effects.filter(({ table }) => !catalogue.isNew(table))
  const weight = (effect: Effect): number =>
    lockModes.indexOf(effect.lock) * 4 + Number(effect.rewrites) * 2 + Number(effect.scans)
  return effects.filter(({ table }) => !catalogue.isNew(table)).toSorted((a, b) => weight(b) - weight(a))
}

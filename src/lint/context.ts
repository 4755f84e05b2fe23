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

/** Makes the context of a fact: everything in it is the state just before its statement. */
export function contextOf(
  source: ContextSource,
  asked: Asked,
  place: {
    readonly statement: Statement
    readonly index: number
    readonly transaction: TransactionContext
    readonly settings: SettingsContext
    readonly earlierEffects: readonly Effect[]
    readonly effects: readonly Effect[]
  },
): RuleContext {
  const { catalogue, migration, direction, statements, history, phase, target, dialect } = source
  const { isNew, table, column, goesWith: lost, size, holdsString } = asked
  const { statement, index, transaction, settings, earlierEffects, effects } = place
  let later: readonly Fact[] | undefined
  return {
    schema: catalogue,
    statement,
    migration,
    direction,
    statements,
    history,
    phase,
    target,
    facts: statement.facts,
    // Few rules look ahead, and a file may have thousands of statements.
    get later() {
      later ??= statements.slice(index + 1).flatMap((next) => next.facts)
      return later
    },
    transaction,
    settings,
    earlierEffects,
    effects,
    isNew,
    table,
    column,
    goesWith: lost,
    size,
    holdsString,
    typeChange: (from, to, using) =>
      dialect.typeChange(from, to, using, { schema: catalogue, timeZone: timeZoneIn(settings) }),
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

import type { AlterDomain } from '../model/fact.ts'
import type { RuleContext } from './rule.ts'
import { sameName, shortName } from './same-name.ts'

/** The tables whose rows a change of a domain tests, and how a message names them. */
export interface DomainUsers {
  readonly tables: readonly string[]
  /** ` (books, authors)`; empty where the history shows none. */
  readonly listed: string
}

/**
 * Undefined where nothing is tested: the domain was made by this section, or the history is known to the end and no
 * table uses it.
 */
export function domainUsers(fact: AlterDomain, context: RuleContext): DomainUsers | undefined {
  if (isNewDomain(fact, context)) return undefined
  const tables = context.effects.map(({ table }) => shortName(context.schema, table))
  if (tables.length === 0 && context.schema.complete && context.schema.domain(fact.domain) !== undefined)
    return undefined
  return { tables, listed: tables.length === 0 ? '' : ` (${tables.join(', ')})` }
}

function isNewDomain(fact: AlterDomain, context: RuleContext): boolean {
  return context.statements.some((statement) =>
    statement.facts.some(
      (other) => other.kind === 'create-domain' && sameName(context.schema, other.domain, fact.domain),
    ),
  )
}

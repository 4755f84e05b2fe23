import { builtInRules } from '../../src/lint/built-in.ts'
import type { BuiltInRule } from '../../src/lint/built-in.ts'
import type { Hazard } from '../../src/model/effect.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { page, prose, table } from './markdown.ts'
import type { Output } from './output.ts'
import { checksWithoutRule } from './peer-checks.ts'

/** What each hazard means, in the order of what is at stake. A hazard that is missing does not compile. */
const hazards: Readonly<Record<Hazard, string>> = {
  'loses-data': 'Rows or values are gone, and only a backup brings them back.',
  'exposes-data': 'Somebody may read or change what they could not before.',
  'breaks-running-version': 'Queries of the version that is running now fail, or answer something else.',
  'blocks-reads': 'Reads and writes of a table wait.',
  'blocks-writes': 'Writes to a table wait.',
  'rewrites-table': 'All rows are written anew, and the lock is held for that long.',
  'scans-table': 'All rows are read, and the lock is held for that long.',
  fails: 'The server refuses the statement, or a later one because of it.',
  'not-repeatable': 'A second run does not do what the first did, or what stopped half-way stays in the way.',
  'corrupts-index': 'An index no longer finds the rows that it should.',
  'slows-queries': 'Queries take longer from then on.',
  bloats: 'A table or index takes far more room than its rows need.',
  'not-understood': 'What a statement does cannot be told from its text.',
}

/** The tools that rules name in their `sources`, as their authors write them. What is missing is written as it is. */
const tools: Readonly<Record<string, string>> = {
  squawk: 'squawk',
  strong_migrations: 'strong_migrations',
  online_migrations: 'online_migrations',
  eugene: 'eugene',
  pgfence: 'pgfence',
  atlas: 'Atlas',
  'postgres-language-server': 'Postgres Language Server',
  'safe-pg-migrations': 'safe-pg-migrations',
  'pg-schema-diff': 'pg-schema-diff',
  migrationpilot: 'MigrationPilot',
  pgsafe: 'pgsafe',
}

/** `docs/rules/by-hazard.md` and `docs/rules/coming-from.md`. */
export function ruleIndexes(rules: readonly Rule[]): readonly Output[] {
  return [
    { path: 'docs/rules/by-hazard.md', text: byHazard([...rules, ...builtInRules]) },
    { path: 'docs/rules/coming-from.md', text: comingFrom(rules) },
  ]
}

function byHazard(rules: readonly (Rule | BuiltInRule)[]): string {
  const sections = Object.entries(hazards).flatMap(([hazard, meaning]) => {
    const rows = rules.filter((rule) => rule.hazards.some((one) => one === hazard)).map(row)
    return rows.length === 0 ? [] : [`## ${hazard}`, meaning, table(['rule', 'severity', 'what it reports'], rows)]
  })
  const none = rules.filter((rule) => rule.hazards.length === 0).map(row)
  const rest = none.length === 0 ? [] : ['## Nothing of these', table(['rule', 'severity', 'what it reports'], none)]
  return page(
    '# Rules by hazard',
    'What would happen, and the rules that see it coming. [All rules](index.md).',
    ...sections,
    ...rest,
  )
}

function row(rule: Rule | BuiltInRule): readonly string[] {
  return [link(rule.id), rule.severity, prose(rule.summary)]
}

function link(id: string): string {
  return `[${id}](${id}.md)`
}

/** Ids of other tools and the rules that report the same here. */
function comingFrom(rules: readonly Rule[]): string {
  const pairs = rules.flatMap(({ id, sources }) => sources.map((source) => ({ rule: id, ...named(source) })))
  const known = [...new Set(pairs.map(({ tool }) => tool))].filter((tool) => tool !== 'lockstep')
  const ordered = [
    ...Object.keys(tools).filter((tool) => known.includes(tool)),
    ...known.filter((tool) => !(tool in tools)).toSorted(),
  ]
  const sections = ordered.flatMap((tool) => [
    `## ${tools[tool] ?? tool}`,
    peerTable(pairs.filter((pair) => pair.tool === tool)),
    ...withoutRule(tool),
  ])
  const elsewhere = new Set(pairs.filter(({ tool }) => tool !== 'lockstep').map(({ rule }) => rule))
  const alone = rules.map(({ id }) => id).filter((id) => !elsewhere.has(id))
  return page(
    '# Coming from another tool',
    'What the checks of other tools are called here. One check there may be several rules here, because what is safe to ' +
      'do instead differs. [All rules](index.md).',
    ...sections,
    ...(alone.length === 0
      ? []
      : ['## Only here', 'No tool above has these:', alone.map((id) => `- ${link(id)}`).join('\n')]),
  )
}

interface Pair {
  readonly rule: string
  readonly tool: string
  readonly id: string
}

function named(source: string): Omit<Pair, 'rule'> {
  const colon = source.indexOf(':')
  return { tool: source.slice(0, colon), id: source.slice(colon + 1) }
}

function withoutRule(tool: string): readonly string[] {
  const checks = checksWithoutRule[tool]
  if (checks === undefined) return []
  const rows = checks.map(([ids, why]) => [
    ids
      .split(' ')
      .map((id) => `\`${id}\``)
      .join(', '),
    why,
  ])
  return ['No rule here:', table(['there', 'why'], rows)]
}

function peerTable(pairs: readonly Pair[]): string {
  const ids = [...new Set(pairs.map(({ id }) => id))].toSorted()
  const rows = ids.map((id) => {
    const here = [...new Set(pairs.filter((pair) => pair.id === id).map(({ rule }) => rule))].toSorted()
    return [`\`${id}\``, here.map(link).join(', ')]
  })
  return table(['there', 'here'], rows)
}

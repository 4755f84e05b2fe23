import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import { runsOn } from '../../scripts/measure/measurements-file.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { FixInput, FixPlan, NewText } from '../../src/fixes/fix.ts'
import { isFixable } from '../../src/fixes/mend.ts'
import { planFixes } from '../../src/fixes/plan-fixes.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import type { Layout } from '../../src/layouts/layout.ts'
import { native } from '../../src/layouts/native.ts'
import { plain } from '../../src/layouts/plain.ts'
import { lint } from '../../src/lint/lint.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { ParsedMigration, SourceFile } from '../../src/model/migration.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import type { Rule, RuleExample } from '../../src/rules/rule.ts'
import { fingerprint } from '../../src/verify/fingerprint.ts'
import { ownObjects } from '../support/differences.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'

beforeAll(() => postgres.load())

interface Project {
  readonly layout: Layout
  readonly inTransaction: boolean
  readonly files: readonly SourceFile[]
  readonly judged: ReadonlySet<string>
}

/** What an example has given and does wrong, as files: of the native layout where it must not be bare SQL. */
function projectOf(example: RuleExample): Project {
  const inTransaction = example.transaction ?? true
  const { given, judged } = exampleHistory(example, 'bad')
  const hasDirectives = [...given, ...judged].some(({ source }) => /^-- migrate:/m.test(source.text))
  const layout = inTransaction || hasDirectives ? native : plain
  const files = [...given, ...judged].map(({ source, id }) => {
    const isFile = /^-- migrate:/m.test(source.text)
    const path = `${id}_example.sql`
    return file(path, layout === native && !isFile ? `-- migrate:up\n${source.text}\n` : source.text)
  })
  const ids = judged.map(({ id }) => (layout === native ? id : `${id}_example`))
  return { layout, inTransaction, files, judged: new Set(ids) }
}

function file(path: string, text: string): SourceFile {
  return { path, text, sha256: createHash('sha256').update(text).digest('hex') }
}

function read(
  { layout, files, inTransaction }: Project,
  changed: ReadonlyMap<string, NewText>,
): readonly ParsedMigration[] {
  const others = files.filter(({ path }) => !changed.has(path))
  const all = [...others, ...[...changed].map(([path, { text }]) => file(path, text))]
  const sorted = all.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const { migrations, problems } = layout.read(sorted, {
    knownRules: rules.map(({ id }) => id),
    knownGates: gates.map(({ id }) => id),
    ...(layout === plain ? { inTransaction } : {}),
  })
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '))
  return migrations.map((migration) => parseMigration(migration, postgres))
}

async function fixed(
  project: Project,
  rule: Rule,
): Promise<{ readonly plan: FixPlan; readonly found: readonly Finding[] }> {
  const migrations = read(project, new Map())
  const judge: FixInput['judge'] = (history, report) =>
    lint({ history, report, rules: [rule], dialect: postgres, target: serverMajor() })
  const { findings } = judge(migrations, project.judged)
  const plan = await planFixes({
    state: { files: new Map(), migrations, findings },
    asked: project.judged,
    writer: project.layout.writer,
    mustKeep: () => undefined,
    namesBeside: () => project.files.map(({ path }) => path),
    textOf: (path) => project.files.find((file) => file.path === path)?.text,
    read: (changed) => Promise.resolve(read(project, changed)),
    judge,
  })
  return { plan, found: findings.filter((finding) => finding.rule === rule.id && isFixable(finding)) }
}

/** The schema that the files lead to; undefined where the server refuses one. */
async function schemaOf(migrations: readonly ParsedMigration[]): Promise<string | undefined> {
  const database = await createDatabase()
  const connection = await database.connect()
  try {
    for (const { up, upSql } of migrations) {
      const alone =
        upSql.statements.length === 1 || !up.transaction || upSql.statements.some((one) => one.needsNoTransaction)
      if (alone) for (const { sql } of upSql.statements) await connection.query(sql)
      else await connection.run(`begin;${up.sql};commit;`)
    }
  } catch {
    return undefined
  }
  return JSON.stringify(ownObjects(await fingerprint(connection)))
}

const examples = rules.flatMap((rule) =>
  rule.examples.map((example, index) => ({ id: `${rule.id} ${index + 1}`, rule, example })),
)

describe('a rule’s own bad examples', () => {
  test('some are mended in place, and some by cutting', async () => {
    const kinds = new Set<string>()
    for (const { rule, example } of examples) {
      const { plan } = await fixed(projectOf(example), rule)
      for (const finding of plan.fixed) kinds.add(finding.fix?.kind ?? 'in place')
    }
    expect([...kinds].toSorted()).toEqual(['in place', 'next-migration', 'own-migration', 'own-transaction'])
  })

  test.each(examples.filter(({ example }) => runsOn(example, serverMajor())))(
    '$id: what is mended is no longer reported, and ends in the same schema',
    async ({ rule, example }) => {
      const project = projectOf(example)
      const { plan, found } = await fixed(project, rule)
      const left = plan.left.filter(({ finding }) => finding.rule === rule.id)
      expect(plan.report.findings.filter((one) => one.rule === rule.id && isFixable(one))).toHaveLength(left.length)
      expect(plan.fixed.length + left.length).toBeGreaterThanOrEqual(found.length > 0 ? 1 : 0)
      if (plan.fixed.length === 0) return
      const before = await schemaOf(read(project, new Map()))
      const after = await schemaOf(read(project, plan.files))
      if (example.fails === undefined) expect(before).toBeDefined()
      if (before !== undefined) expect(after).toBe(before)
    },
  )
})

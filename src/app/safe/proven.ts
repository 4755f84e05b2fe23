import { ToolkitError } from '../../core/errors.ts'
import { positionAt } from '../../core/span.ts'
import { listOf, plural } from '../../core/text.ts'
import type { Finding } from '../../model/finding.ts'
import type { Migration, ParsedMigration } from '../../model/migration.ts'
import type { Level } from '../../model/proof.ts'
import type { WayBack } from '../../run/way-back.ts'
import { shortfall } from '../../verify/trust.ts'
import type { Shortfall } from '../../verify/trust.ts'
import { withBaseline } from '../baseline.ts'
import type { Context } from '../context.ts'
import { storedProofs } from '../proofs.ts'
import type { StoredProof } from '../proofs.ts'

/**
 * What `up --safe` asks before anything runs: lint has no errors in what is pending, and each pending migration has a
 * downgrade that is proven to the level that the configuration asks for, or declares that it has none.
 *
 * @throws ToolkitError `lint-failed`, `proof-missing`, `proof-broken`
 */
export async function refuseUnsafe(
  context: Context,
  history: readonly ParsedMigration[],
  pending: ReadonlySet<string>,
  target: number,
  warn: (message: string) => void,
): Promise<void> {
  // Loaded here: a run that is not safe has no need of all the rules.
  const { baselineFile, lintHistory } = await import('../answers/lint.ts')
  const report = lintHistory(context, history, context.loaded.config.target ?? target, { report: pending })
  const file = baselineFile(context)
  const { findings } = file === undefined ? report : withBaseline(report, file, pending)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw lintFailed(errors)
  const stored = await storedProofs(context, history)
  const wanted = context.loaded.config.verify.level
  const waiting = history.filter(({ id }) => pending.has(id))
  const answers = waiting.map((migration) => unproven(migration, stored.get(migration.id), wanted))
  const [first, ...more] = answers.filter((answer) => answer !== undefined)
  if (first === undefined) return warnOfServers(waiting, stored, target, warn)
  throw new ToolkitError({
    code: first.broken ? 'proof-broken' : 'proof-missing',
    message: `${first.text} Nothing was changed.`,
    ...(more.length === 0 ? {} : { details: more.map(({ text }) => text).join('\n'), sentences: true }),
    hint: first.broken
      ? 'Mend the downgrade, then: migrate verify — or declare in the file that there is none: -- migrate:down none because …'
      : 'Prove the downgrades with: migrate verify — or declare in a file that there is none: -- migrate:down none because …',
  })
}

/** What `down` asks of each migration before anything runs: a function that throws `proof-missing` or `proof-broken`. */
export function unprovenDownRefusal(
  context: Context,
  history: readonly Migration[],
  target: number,
  warn: (message: string) => void,
): (back: WayBack) => Promise<void> {
  let proofs: Promise<ReadonlyMap<string, StoredProof>> | undefined
  return async ({ applied, migration, from }) => {
    if (migration === undefined || from === 'journal') {
      const message = `The downgrade of ${applied.id} (${applied.name}) is only in the journal: no proof speaks of it. Nothing was changed.`
      const hint =
        'Restore its file and its proof (migrate verify) — or revert it as the journal has it with: migrate down --unproven'
      throw new ToolkitError({ code: 'proof-missing', message, hint })
    }
    const stored = await (proofs ??= storedProofs(context, history))
    const found = unproven(migration, stored.get(migration.id), context.loaded.config.verify.level)
    if (found === undefined) return warnOfServers([migration], stored, target, warn)
    throw new ToolkitError({
      code: found.broken ? 'proof-broken' : 'proof-missing',
      message: `${found.text} Nothing was changed.`,
      hint: downHint(found.broken),
    })
  }
}

function downHint(broken: boolean): string {
  const first = broken ? 'Mend it, then: migrate verify' : 'Prove it with: migrate verify'
  return `${first} — or revert it as it is with: migrate down --unproven`
}

/** A proof counts on another major version too, but whoever runs it is told. */
function warnOfServers(
  migrations: readonly Migration[],
  stored: ReadonlyMap<string, StoredProof>,
  target: number,
  warn: (message: string) => void,
): void {
  const others = migrations.flatMap(({ id }) => {
    const major = /^PostgreSQL (\d+)/.exec(stored.get(id)?.proof?.server ?? '')?.[1]
    return major === undefined || Number(major) === target ? [] : [{ id, major }]
  })
  if (others.length === 0) return
  const majors = [...new Set(others.map(({ major }) => major))].toSorted()
  const ids = others.map(({ id }) => id)
  const shown = ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : listOf(ids)
  warn(
    `proven on PostgreSQL ${listOf(majors)}, while this server is ${target}: ${shown}. Prove them there with: migrate verify --all --target ${target}`,
  )
}

/** Why a migration's downgrade is not to be trusted; undefined where it is, or where it is declared to have none. */
function unproven(migration: Migration, stored: StoredProof | undefined, wanted: Level): Shortfall | undefined {
  const title = `${migration.id} (${migration.name})`
  if (migration.down.kind === 'missing') return { broken: false, text: `${title} has no down section.` }
  if (stored?.proof === undefined) {
    if (migration.down.kind === 'none') return undefined
    const why = stored?.problem === undefined ? '' : ` ${stored.problem}`
    return { broken: false, text: `The downgrade of ${title} was never verified.${why}` }
  }
  if (stored.problem !== undefined)
    return migration.down.kind === 'none'
      ? undefined
      : { broken: false, text: `The proof of ${title} is stale. ${stored.problem}` }
  const short = shortfall(stored.proof, wanted)
  return short === undefined ? undefined : { ...short, text: `The downgrade of ${title} ${short.text}` }
}

function lintFailed(errors: readonly Finding[]): ToolkitError {
  const [first] = errors
  const lines = errors.map(({ file, span, rule, message }) => {
    const { line, column } = positionAt(file.text, span.start)
    return `${file.path}:${line}:${column} ${rule}: ${message}`
  })
  return new ToolkitError({
    code: 'lint-failed',
    message: `Lint finds ${plural(errors.length, 'error')} in what is pending. Nothing was changed.`,
    details: lines.join('\n'),
    sentences: true,
    hint: 'See what to write instead with: migrate lint. An exception needs a reason: -- migrate:allow <rule> because …',
    ...(first === undefined ? {} : { at: { path: first.file.path, ...positionAt(first.file.text, first.span.start) } }),
  })
}

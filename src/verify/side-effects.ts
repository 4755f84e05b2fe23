import { ToolkitError } from '../core/errors.ts'
import { positionAt } from '../core/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { ParsedMigration, Section, SourceFile } from '../model/migration.ts'
import type { SideEffect } from '../model/side-effect.ts'

export interface SideEffectPolicy {
  /** The scratch server is thrown away as a whole, so that what its databases share goes with it. */
  readonly throwAway: boolean
  /** `--allow-side-effects`. */
  readonly allowed: boolean
  /** The command that asks, for what the refusal says to type; `verify` when absent. */
  readonly command?: string
}

/**
 * Refuses what would act outside the scratch database, before anything runs: of each migration of the history up to the
 * last one asked for its upgrade, and of those asked for the downgrade too. What all databases of a server share may be
 * changed on a server that is thrown away.
 *
 * @throws ToolkitError `side-effect-refused`
 */
export function refuseSideEffects(
  dialect: Dialect,
  history: readonly ParsedMigration[],
  ids: readonly string[],
  policy: SideEffectPolicy,
): void {
  if (policy.allowed && policy.throwAway) return
  const asked = new Set(ids)
  const last = history.findLastIndex(({ id }) => asked.has(id))
  const found = history.slice(0, last + 1).flatMap((migration) =>
    sectionsOf(migration, asked.has(migration.id)).flatMap(({ source, section }) =>
      dialect
        .sideEffects(section.sql, section.span.start)
        .filter(({ reach }) => reach === 'outside' || !policy.throwAway)
        .map((effect) => ({ source, effect })),
    ),
  )
  const [first, ...more] = found
  if (first === undefined) return
  throw new ToolkitError({
    code: 'side-effect-refused',
    message: `${first.effect.what} Nothing was run.`,
    at: placeOf(first.source, first.effect),
    ...(more.length === 0 ? {} : { details: more.map(({ source, effect }) => lineOf(source, effect)).join('\n') }),
    hint: hintFor(first.effect, policy),
  })
}

function sectionsOf(
  { up, down, source }: ParsedMigration,
  withDown: boolean,
): readonly { readonly source: SourceFile; readonly section: Section }[] {
  const sections = withDown && down.kind === 'sql' ? [up, down.section] : [up]
  return sections.map((section) => ({ source: section.source ?? source, section }))
}

function hintFor({ reach }: SideEffect, { throwAway, allowed, command = 'verify' }: SideEffectPolicy): string {
  if (reach === 'cluster')
    return 'Other databases of the server at --shadow-url would see it. Take a server that is thrown away: leave --shadow-url out, or --shadow local.'
  if (throwAway) return `Where you know what it does: migrate ${command} --allow-side-effects`
  return allowed
    ? '--allow-side-effects does not count for a server at --shadow-url: leave that out, or --shadow local.'
    : `Where you know what it does, on a server that is thrown away: migrate ${command} --shadow local --allow-side-effects`
}

function placeOf({ path, text }: SourceFile, { span }: SideEffect): NonNullable<ToolkitError['at']> {
  return { path, ...positionAt(text, span.start) }
}

function lineOf(source: SourceFile, effect: SideEffect): string {
  const { path, line, column } = placeOf(source, effect)
  return `${path}:${line}:${column} ${effect.what}`
}

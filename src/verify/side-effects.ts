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

/** What a command is about to run on a scratch server. */
export interface ToRun {
  readonly upgrades: readonly ParsedMigration[]
  readonly downgrades?: readonly ParsedMigration[]
  /** Files that fill the tables. */
  readonly seeds?: readonly SourceFile[]
}

/**
 * Refuses what would act outside the scratch database, before anything runs. What all databases of a server share may be
 * changed on a server that is thrown away.
 *
 * @throws ToolkitError `side-effect-refused`
 */
export function refuseSideEffects(dialect: Dialect, run: ToRun, policy: SideEffectPolicy): void {
  if (policy.allowed && policy.throwAway) return
  const found = textsOf(run).flatMap(({ source, sql, offset }) =>
    dialect
      .sideEffects(sql, offset)
      .filter(({ reach }) => reach === 'outside' || !policy.throwAway)
      .map((effect) => ({ source, effect })),
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

interface Text {
  readonly source: SourceFile
  readonly sql: string
  /** Where it begins in the source, in characters. */
  readonly offset: number
}

function textsOf({ upgrades, downgrades = [], seeds = [] }: ToRun): readonly Text[] {
  return [
    ...upgrades.map(({ up, source }) => textOf(up, source)),
    ...downgrades.flatMap(({ down, source }) => (down.kind === 'sql' ? [textOf(down.section, source)] : [])),
    ...seeds.map((source) => ({ source, sql: source.text, offset: 0 })),
  ]
}

function textOf({ source, sql, span }: Section, file: SourceFile): Text {
  return { source: source ?? file, sql, offset: span.start }
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

import { relative, resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { postgres } from '../dialects/postgres/postgres.ts'
import { gates } from '../gates/registry.gen.ts'
import { layouts } from '../layouts/registry.gen.ts'
import { builtInRules } from '../lint/built-in.ts'
import type { ParsedMigration, SourceFile } from '../model/migration.ts'
import { rules as catalogue } from '../rules/registry.gen.ts'
import type { Rule } from '../rules/rule.ts'
import { customRulesOf } from './custom-rules.ts'
import type { Environment } from './database-url.ts'
import { readHistory } from './history.ts'
import { loadConfig } from './load-config.ts'
import type { LoadedConfig } from './load-config.ts'
import { readSources, readSourcesIfAny } from './source-files.ts'

/** What the toolkit is made from. Everything is optional for programs; the CLI passes its flags and its process. */
export interface ToolkitOptions {
  /** The directory that relative paths start from. */
  readonly cwd: string
  readonly env: Environment
  /** A configuration file; false: none; undefined: looked for in `cwd`. */
  readonly config?: string | false | undefined
  readonly dir?: string | undefined
  readonly layout?: string | undefined
  readonly url?: string | undefined
  readonly log: Log
}

/** The options with the configuration and the dialect: what every answer starts from. */
export interface Context extends ToolkitOptions {
  readonly loaded: LoadedConfig
  readonly dialect: Dialect
  /** Every rule that there is: those of the catalogue and those of the configuration. */
  readonly rules: readonly Rule[]
  /** Every rule id that `-- migrate:allow` and the configuration may name. */
  readonly knownRules: readonly string[]
  /** The directory of the migrations, as it is shown in messages: relative to `cwd` where it is below. */
  readonly directory: string
}

/** The newest server whose effects are measured: assumed where no other is named. */
export const newestMajor: number = postgres.versions.at(-1) ?? 18

/** @throws ToolkitError `config-unreadable`, `config-invalid` */
export async function createContext(options: ToolkitOptions): Promise<Context> {
  const loaded = await loadConfig(options.cwd, options.config)
  const directory = options.dir ?? (relative(options.cwd, resolve(loaded.root, loaded.config.dir)) || '.')
  const custom = customRulesOf(loaded.config.lint.customRules, idsOf([...catalogue, ...builtInRules]))
  const rules = [...catalogue, ...custom]
  const knownRules = idsOf([...rules, ...builtInRules])
  return { ...options, loaded, dialect: postgres, rules, knownRules, directory }
}

function idsOf(rules: readonly { readonly id: string }[]): readonly string[] {
  return rules.map(({ id }) => id)
}

/**
 * The major version that statements are judged for.
 *
 * @throws ToolkitError `command-invalid` for one whose effects nobody measured
 */
export function targetOf(context: Context, asked: number | undefined): number {
  const { versions } = context.dialect
  if (asked === undefined) return context.loaded.config.target ?? newestMajor
  if (versions.includes(asked)) return asked
  throw new ToolkitError({
    code: 'command-invalid',
    message: `--target does not take ${asked}: what statements do is known for PostgreSQL ${versions[0]} to ${newestMajor}.`,
    hint: `Name the version nearest to your server, for example: --target ${asked > newestMajor ? newestMajor : versions[0]}`,
  })
}

/** The migrations of the directory, read and understood. */
export async function directoryHistory(context: Context): Promise<readonly ParsedMigration[]> {
  const { files } = await readSources([context.directory], context.cwd)
  return historyOf(context, files, { bare: 'refused' })
}

/** The same, where an empty or missing directory is no error: the journal keeps every way back. */
export async function directoryHistoryIfAny(context: Context): Promise<readonly ParsedMigration[]> {
  const files = await readSourcesIfAny(context.directory, context.cwd)
  return files.length === 0 ? [] : historyOf(context, files, { bare: 'refused' })
}

/** Files as migrations, read and understood. */
export function historyOf(
  context: Context,
  files: readonly SourceFile[],
  options: {
    readonly inTransaction?: boolean | undefined
    readonly layout?: string | undefined
    readonly bare?: 'allowed' | 'refused'
  } = {},
): Promise<readonly ParsedMigration[]> {
  return readHistory({
    files,
    layouts,
    layout: options.layout ?? context.layout ?? context.loaded.config.layout,
    bare: options.bare ?? 'allowed',
    dialect: context.dialect,
    options: {
      knownRules: context.knownRules,
      knownGates: gates.map(({ id }) => id),
      ...(options.inTransaction === undefined ? {} : { inTransaction: options.inTransaction }),
    },
  })
}

import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { postgres } from '../dialects/postgres/postgres.ts'
import { gates } from '../gates/registry.gen.ts'
import { layouts } from '../layouts/registry.gen.ts'
import { builtInRules } from '../lint/built-in.ts'
import type { Layout } from '../layouts/layout.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { ruleIds } from '../rules/ids.gen.ts'
import type { Rule } from '../rules/rule.ts'
import { customRulesOf } from './custom-rules.ts'
import { cacheStart } from './cache-place.ts'
import { Cache } from './cache/cache.ts'
import type { Environment } from './database-url.ts'
import { findDirectory } from './find-directory.ts'
import { readHistory } from './history.ts'
import type { HistoryInput } from './history.ts'
import { defaultConfig, loadConfig } from './load-config.ts'
import type { LoadedConfig } from './load-config.ts'
import { readSources, readSourcesIfAny } from './source-files.ts'
import type { SourceSet } from './source-files.ts'

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
  /** The address past a pooler, for what changes the database. */
  readonly directUrl?: string | undefined
  /** The label that the database must have. */
  readonly label?: string | undefined
  /** The role that sessions take in the database. */
  readonly role?: string | undefined
  /** Whether what is found out about unchanged files is kept for the next run; false when absent. */
  readonly cache?: boolean | undefined
  /** Whether `lint` of a long history may start a second thread; false when absent. */
  readonly threads?: boolean | undefined
  readonly log: Log
}

/** The options with the configuration and the dialect: what every answer starts from. */
export interface Context extends ToolkitOptions {
  readonly loaded: LoadedConfig
  readonly dialect: Dialect
  /** Rules of the configuration, beside those of the catalogue. */
  readonly customRules: readonly Rule[]
  /** Every rule id that `-- migrate:allow` and the configuration may name. */
  readonly knownRules: readonly string[]
  /** The directory of the migrations, as it is shown in messages: relative to `cwd` where it is below. */
  readonly directory: string
}

/** The newest server whose effects are measured: assumed where no other is named. */
export const newestMajor: number = postgres.versions.at(-1) ?? 18

/** @throws ToolkitError `config-unreadable`, `config-invalid` */
export async function createContext(options: ToolkitOptions): Promise<Context> {
  return contextWith(options, await loadConfig(options.cwd, options.config))
}

/**
 * The same for a configuration that is there already.
 *
 * @throws ToolkitError `config-invalid` for rules of its own
 */
export function contextWith(options: ToolkitOptions, loaded: LoadedConfig): Context {
  const directory = options.dir ?? (relative(options.cwd, resolve(loaded.root, loaded.config.dir)) || '.')
  const ownRules = [...ruleIds, ...idsOf(builtInRules)]
  const customRules = customRulesOf(loaded.config.lint.customRules, ownRules)
  const knownRules = [...ownRules, ...idsOf(customRules)]
  return { ...options, loaded, dialect: postgres, customRules, knownRules, directory }
}

function idsOf(rules: readonly { readonly id: string }[]): readonly string[] {
  return rules.map(({ id }) => id)
}

/**
 * The major version that statements are judged for: the one that was asked for, else that of the configuration, else
 * that of the `server` that was looked at, else the newest.
 *
 * @throws ToolkitError `command-invalid` for one whose effects nobody measured
 */
export function targetOf(context: Context, asked: number | undefined, server?: number): number {
  const { versions } = context.dialect
  const wanted = asked ?? context.loaded.config.target
  if (wanted === undefined && server !== undefined && !versions.includes(server)) {
    throw new ToolkitError({
      code: 'command-invalid',
      message: `The server is PostgreSQL ${server}: what statements do is known for PostgreSQL ${versions[0]} to ${newestMajor}.`,
      hint: `Say which version to judge for instead: --target ${server > newestMajor ? newestMajor : versions[0]}`,
    })
  }
  if (asked === undefined) return wanted ?? server ?? newestMajor
  if (versions.includes(asked)) return asked
  throw new ToolkitError({
    code: 'command-invalid',
    message: `--target does not take ${asked}: what statements do is known for PostgreSQL ${versions[0]} to ${newestMajor}.`,
    hint: `Name the version nearest to your server, for example: --target ${asked > newestMajor ? newestMajor : versions[0]}`,
  })
}

/** What earlier runs found out; undefined where nothing is to be kept. */
export function openCache(context: Context): Cache | undefined {
  if (context.cache !== true || !context.loaded.config.lint.cache) return undefined
  const start = cacheStart(context.loaded.root, context.env)
  return start === undefined ? undefined : new Cache(start)
}

/** The migrations of the directory, read and understood; `run`: those that our runner runs. */
export async function directoryHistory(
  context: Context,
  purpose: 'read' | 'run',
  options: Pick<HistoryInput, 'store' | 'unread'> = {},
): Promise<readonly ParsedMigration[]> {
  const directory = purpose === 'run' ? directoryToRun(context) : migrationsDirectory(context)
  return historyOf(context, await sourcesOf(context, [directory]), { ...options, purpose })
}

/** The same, where an empty or missing directory is no error: the journal keeps every way back. */
export async function directoryHistoryIfAny(
  context: Context,
  purpose: 'read' | 'run',
): Promise<readonly ParsedMigration[]> {
  const set = await readSourcesIfAny(context.directory, context.cwd, readers(context))
  return set === undefined ? [] : historyOf(context, set, { purpose })
}

/** Files and directories, read as far as the layout that is asked for, or any, wants. */
export function sourcesOf(context: Context, paths: readonly string[], layout?: string): Promise<SourceSet> {
  return readSources(paths, context.cwd, readers(context, layout))
}

export function readers(context: Context, wanted: string | undefined = wantedLayout(context)): readonly Layout[] {
  const known = layouts.filter(({ id }) => id === wanted)
  return known.length > 0 ? known : layouts
}

/** The layout that was asked for; undefined: it is detected. */
export function wantedLayout({ layout, loaded }: Context): string | undefined {
  return layout ?? loaded.config.layout
}

/**
 * The directory of the migrations: the one that was named, else the default, else the only one in which a tool finds
 * its own.
 *
 * @throws ToolkitError `directory-missing` when there are several such directories
 */
export function migrationsDirectory(context: Context): string {
  const { directory, log } = context
  const found = elsewhere(context)
  if (found !== undefined) log.info({ directory: found }, `there is no directory "${directory}"; took "${found}"`)
  return found ?? directory
}

/**
 * The directory that was named, else the default: nothing runs from one that was only found.
 *
 * @throws ToolkitError `directory-missing` that names what was found, where the default is not there
 */
function directoryToRun(context: Context): string {
  const { directory } = context
  const found = elsewhere(context)
  if (found === undefined) return directory
  throw new ToolkitError({
    code: 'directory-missing',
    message: `There is no directory "${directory}", but there are migrations in "${found}".`,
    hint: `Nothing runs from a directory that nobody named: --dir ${found}, or "dir" in migrate.config.json.`,
  })
}

/** Where a tool finds its migrations, when no directory was named and the default is not there. */
function elsewhere(context: Context): string | undefined {
  const { dir, cwd, directory, loaded } = context
  const isNamed = dir !== undefined || loaded.config.dir !== defaultConfig.dir
  if (isNamed || existsSync(resolve(cwd, directory))) return undefined
  return findDirectory(readers(context), { root: loaded.root, cwd, missing: directory })
}

/** Files as migrations, read and understood. */
export function historyOf(
  context: Context,
  set: SourceSet,
  options: {
    readonly inTransaction?: boolean | undefined
    readonly layout?: string | undefined
  } & Partial<Pick<HistoryInput, 'purpose' | 'store' | 'unread' | 'readLong'>> = {},
): Promise<readonly ParsedMigration[]> {
  return readHistory({
    set,
    layouts,
    wanted: options.layout ?? wantedLayout(context),
    purpose: options.purpose ?? 'lint',
    dialect: context.dialect,
    store: options.store,
    unread: options.unread,
    readLong: options.readLong,
    cwd: context.cwd,
    env: context.env,
    options: {
      knownRules: context.knownRules,
      knownGates: gates.map(({ id }) => id),
      ...(options.inTransaction === undefined ? {} : { inTransaction: options.inTransaction }),
    },
  })
}

import { access, readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ToolkitError, messageOf } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import { importFile } from '../core/import-file.ts'
import { textField } from '../core/json.ts'
import type { Config } from './config.ts'

/** The configuration with the directory that its paths are relative to. */
export interface LoadedConfig {
  readonly config: Config
  readonly root: string
  readonly path: string | undefined
}

/** File names that are looked for, in this order. */
export const configFiles = [
  'migrate.config.js',
  'migrate.config.mjs',
  'migrate.config.ts',
  'migrate.config.json',
] as const

/** What holds without a configuration file. Written out so that the schema library is only loaded for a file. */
export const defaultConfig: Config = {
  dir: 'migrations',
  lint: { presets: ['recommended'], rules: {}, overrides: [], failOn: 'warning', cache: true, customRules: [] },
  run: {},
  journalSchema: 'migrate',
  safe: { schema: 'compare' },
  drift: { ignore: [], roles: 'shared' },
  verify: { level: 'D3' },
  queries: {},
  shadow: {},
}

/**
 * Loads the file named, or the first of `configFiles` in `cwd`; with neither, the defaults.
 *
 * @throws ToolkitError `config-unreadable`, `config-invalid`
 */
export async function loadConfig(cwd: string, wanted: string | false | undefined): Promise<LoadedConfig> {
  if (wanted === false) return { config: defaultConfig, root: cwd, path: undefined }
  const path = wanted === undefined ? await findConfig(cwd) : resolve(cwd, wanted)
  if (path === undefined) return { config: defaultConfig, root: cwd, path: undefined }
  const shown = relative(cwd, path)
  const value = await readConfig(path, shown)
  const { checkConfig } = await import('./config.ts')
  return { config: checkConfig(value, shown), root: dirname(path), path }
}

async function findConfig(cwd: string): Promise<string | undefined> {
  for (const name of configFiles) {
    const path = resolve(cwd, name)
    const exists = await access(path).then(
      () => true,
      () => false,
    )
    if (exists) return path
  }
  return undefined
}

/** Node's words for a directory name our own files. */
function programReason(error: unknown): string {
  return textField(error, 'code') === 'ERR_UNSUPPORTED_DIR_IMPORT' ? 'it is a directory' : messageOf(error)
}

async function readConfig(path: string, shown: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'))
    const module = await importFile(pathToFileURL(path).href)
    return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
  } catch (error) {
    throw new ToolkitError({
      code: 'config-unreadable',
      message:
        path.endsWith('.json') && textField(error, 'code') === 'ENOENT'
          ? `There is no configuration "${shown}".`
          : `The configuration "${shown}" cannot be read: ${path.endsWith('.json') ? fileReason(error) : programReason(error)}`,
      hint:
        path.endsWith('.ts') && textField(error, 'code') === 'ERR_UNKNOWN_FILE_EXTENSION'
          ? 'Node 22.18 and newer read TypeScript. Until then, write it as migrate.config.mjs.'
          : 'Name another with --config FILE, or leave configurations aside with --no-config.',
      cause: error,
    })
  }
}

import { Command, Option } from 'commander'
import type { Answer } from '../app/answer.ts'
import type { Toolkit } from '../app/toolkit.ts'
import { parseBytes } from '../core/bytes.ts'
import { exitCodes } from '../core/error-codes.ts'
import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import type { Terminal } from './terminal.ts'

/** Where a command puts how it ended. */
export interface Run {
  exitCode: number
}

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly run: Run
}

/** Flags that every command takes. */
export interface CommonFlags {
  readonly config?: string | false
  readonly dir?: string
  readonly layout?: string
  readonly url?: string
  readonly directUrl?: string
  readonly label?: string
  readonly json?: boolean
  readonly format?: string
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly color?: boolean
  readonly cache?: boolean
}

/** A command with the flags that all have; `formats` are the values of `--format` beside `terminal` and `json`. */
export function newCommand(
  name: string,
  summary: string,
  formats: readonly string[] | readonly Option[] = [],
): Command {
  const command = new Command(name)
    .summary(summary)
    .option('--dir <directory>', 'directory of the migrations (default: "migrations")')
    .option('--layout <id>', 'how migrations lie on disk (default: detected)')
    .option('--config <file>', 'configuration file (default: migrate.config.js, .mjs, .ts or .json)')
    .option('--no-config', 'leave configuration files aside')
    .option('--json', 'the same as --format json')
    .option('--quiet', 'only the answer, nothing beside it')
    .option('--verbose', 'say more on stderr')
    .option('--no-color', 'no colours (also: NO_COLOR)')
  for (const option of formatOptions(formats)) command.addOption(option)
  return command
}

/** `--format` with these values beside the usual ones; or the options that a command has instead. */
function formatOptions(formats: readonly (string | Option)[]): readonly Option[] {
  const own = formats.filter((format) => typeof format !== 'string')
  if (own.length > 0) return own
  const known = ['terminal', 'json', ...formats.filter((format) => typeof format === 'string')]
  return [
    new Option('--format <format>', `form of the answer: ${known.join(', ')}`).argParser(oneOf('--format', known)),
  ]
}

/** Adds `--url`, for commands that need a database. */
export function withUrl(command: Command): Command {
  return command.option(
    '--url <url>',
    'the database: postgres://… or pglite://PATH (also: DATABASE_URL, PG* variables)',
  )
}

/** Adds `--role`. */
export function withRole(command: Command): Command {
  return command.option('--role <name>', 'take this role there: what is made belongs to it (also: MIGRATE_ROLE)')
}

/** Adds `--url`, `--role` and `--label`, for commands whose answer is about one database. */
export function withTarget(command: Command): Command {
  return withRole(withUrl(command)).option(
    '--label <name>',
    'refuse a database with another label (also: MIGRATE_LABEL)',
  )
}

/** Adds these and `--direct-url`, for commands that change the database. */
export function withTargetUrls(command: Command): Command {
  return withDirectUrl(withTarget(command))
}

export function withDirectUrl(command: Command): Command {
  return command.option(
    '--direct-url <url>',
    'the server itself, where --url leads to a transaction pooler (also: MIGRATE_DIRECT_URL)',
  )
}

/** A parser for options with a fixed set of values. */
export function oneOf<const T extends string>(flag: string, known: readonly T[]): (value: string) => T {
  return (value) => {
    const found = known.find((one) => one === value)
    if (found !== undefined) return found
    throw new ToolkitError({
      code: 'command-invalid',
      message: `${flag} does not take "${value}".`,
      hint: suggestion(value, known),
    })
  }
}

/** A parser for whole numbers from `least` up; `example` is what a right use looks like. */
export function wholeNumber(
  flag: string,
  least: number,
  example = `${flag} ${Math.max(least, 3)}`,
): (value: string) => number {
  return (value) => {
    if (/^\d+$/.test(value) && Number(value) >= least) return Number(value)
    throw new ToolkitError({
      code: 'command-invalid',
      message: `${flag} takes a whole number from ${least} up, not "${value}".`,
      hint: `For example: ${example}`,
    })
  }
}

/** A parser for options that may be given several times. */
export function repeatable(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

/** A parser for sizes; what is checked stays as it was written. */
export function sizeOf(flag: string): (value: string) => string {
  return (value) => {
    try {
      parseBytes(value)
      return value
    } catch {
      throw new ToolkitError({
        code: 'command-invalid',
        message: `${flag} takes a size, not "${value}".`,
        hint: `Write a number and a unit: ${flag} 512MB, ${flag} 200GB.`,
      })
    }
  }
}

/** The toolkit for a command's flags. Loaded when a command runs, so that `--help` starts at once. */
export async function toolkitFor(
  flags: CommonFlags & { readonly role?: string | undefined },
  { terminal }: CommandContext,
): Promise<Toolkit> {
  const { createToolkit } = await import('../app/toolkit.ts')
  return createToolkit({
    cwd: terminal.cwd,
    env: terminal.env,
    config: flags.config,
    dir: flags.dir,
    layout: flags.layout,
    url: flags.url,
    directUrl: flags.directUrl,
    label: flags.label,
    role: flags.role,
    cache: flags.cache,
    threads: true,
    log: await logFor(flags, terminal),
  })
}

async function logFor(flags: CommonFlags, terminal: Terminal): Promise<import('../core/log.ts').Log> {
  if (flags.verbose !== true) return (await import('../core/log.ts')).silentLog
  const { createLog } = await import('./log.ts')
  return createLog('debug', (line) => terminal.err(line))
}

/** Prints an answer in the form that was asked for and records how the process ends. */
export function give(answer: Answer, flags: CommonFlags, { terminal, run }: CommandContext): void {
  const json = flags.json === true || flags.format === 'json'
  if (json) terminal.out(`${JSON.stringify(answer.json, null, 2)}\n`)
  else terminal.out(answer.text(terminal.style('stdout', flags.color === false ? false : undefined)))
  run.exitCode = exitCodes[answer.exit]
}

import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Collector } from '../../capture/collector.ts'
import { leftOutReasons } from '../../capture/left-out.ts'
import { contractText } from '../../capture/contract-text.ts'
import { ToolkitError } from '../../core/errors.ts'
import { plural } from '../../core/text.ts'
import type { ReleaseContract } from '../../model/captured.ts'
import type { Answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { captureDatabase } from '../capture/from-database.ts'
import { captureFiles, captureJsonl } from '../capture/from-files.ts'
import { captureLogs } from '../capture/from-logs.ts'
import { headerOf, releaseOf } from '../capture/header.ts'
import type { Header, HeaderSources } from '../capture/header.ts'
import { expandFiles } from '../capture/expand.ts'
import type { CaptureRequest } from '../capture/request.ts'
import { captureText } from '../capture/show.ts'
import { contractsDirectory } from '../release-contracts.ts'
import { writeOutput } from '../write-output.ts'

/** Writes down the statements of a release, from wherever they are to be had. Changes nothing in a database. */
export async function answerCapture(context: Context, request: CaptureRequest): Promise<Answer> {
  checkSources(request)
  await context.dialect.load()
  const { dialect, loaded } = context
  const collector = new Collector({ dialect, journalSchema: loaded.config.journalSchema, values: request.values })
  const sources = await collect(context, request, collector)
  const { migrationFrom, isOurs, ...header } = await headerOf(context, request, sources)
  const contract: ReleaseContract = { ...header, statements: collector.statements() }
  const leftOut = collector.leftOut()
  if (contract.statements.length === 0) throw nothingCaptured(collector)
  const output = outputOf(context, request, { ...header, isOurs })
  const text = contractText(contract)
  const changed = await write(context, request, output, text)
  return {
    exit: 'ok',
    json: { version: 1, output, ...header, migrationFrom, statements: contract.statements.length, leftOut },
    text: ({ width }) => captureText({ output, changed, contract, migrationFrom, leftOut }, width),
  }
}

async function collect(context: Context, request: CaptureRequest, collector: Collector): Promise<HeaderSources> {
  const contracts = captureJsonl(context, request.fromJsonl, collector)
  // Said before a log is read for minutes.
  releaseOf(request, contracts)
  captureFiles(context, request.fromFiles, collector)
  const database = request.fromDatabase
    ? await captureDatabase(context, rolesOf(context, request), collector)
    : undefined
  await captureLogs(context, request, collector)
  return { contracts, database }
}

function rolesOf({ loaded }: Context, { roles }: CaptureRequest): readonly string[] {
  const configured = loaded.config.queries.role
  return roles.length === 0 && configured !== undefined ? [configured] : roles
}

function checkSources({ fromDatabase, fromFiles, fromLog, fromJsonl }: CaptureRequest): void {
  if (fromDatabase || fromFiles.length + fromLog.length + fromJsonl.length > 0) return
  throw new ToolkitError({
    code: 'command-invalid',
    message: 'Where the queries are to be taken from was not said.',
    hint: 'Give --from-jsonl, --from-files, --from-log or --from-database; several are joined.',
  })
}

function outputOf(
  context: Context,
  { output }: CaptureRequest,
  { release, isOurs }: Pick<Header, 'release' | 'isOurs'>,
): string {
  if (output !== undefined) return output
  if (isOurs || context.loaded.config.queries.dir !== undefined)
    return join(contractsDirectory(context), `${release}.jsonl`)
  throw new ToolkitError({
    code: 'command-invalid',
    message: 'The migrations are those of another tool, which may take a directory in theirs for a migration.',
    hint: 'Name a directory for captured releases: "queries": { "dir": "queries" } in the configuration; or a file with --output.',
  })
}

/** Whether the file changed. @throws ToolkitError `file-exists`, `output-unwritable` */
async function write({ cwd }: Context, request: CaptureRequest, output: string, text: string): Promise<boolean> {
  const path = resolve(cwd, output)
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8') === text) return false
    const joined = expandFiles(request.fromJsonl, cwd, '.jsonl').some(
      (file) => relative(resolve(cwd, file), path) === '',
    )
    if (!joined && !request.overwrite) throw alreadyThere(output)
  }
  await writeOutput(path, output, text)
  return true
}

function alreadyThere(output: string): ToolkitError {
  return new ToolkitError({
    code: 'file-exists',
    message: `"${output}" is there already, with other queries in it.`,
    hint: `Join both with --from-jsonl ${output}, or write it anew with --overwrite.`,
  })
}

function nothingCaptured(collector: Collector): ToolkitError {
  const reasons = collector.leftOut()
  return new ToolkitError({
    code: 'queries-unavailable',
    message: `Nothing was captured: of ${plural(collector.taken, 'text')} none is a query that names something of the schema.`,
    hint: 'Capture when the application has run, as the role that it connects with.',
    ...(reasons.length === 0
      ? {}
      : { details: reasons.map(({ reason, count }) => `${count} ${leftOutReasons[reason]}`).join('\n') }),
  })
}

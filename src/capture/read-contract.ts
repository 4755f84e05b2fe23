import type { Place } from '../core/span.ts'
import { captureSources } from '../model/captured.ts'
import type { CapturedParameter, CapturedStatement, ReleaseContract } from '../model/captured.ts'
import { contractMark } from './contract-text.ts'
import { Fields, invalid, valueOfLine } from './fields.ts'
import { mergeStatements } from './merge.ts'

export type ContractHeader = Omit<ReleaseContract, 'statements'>

/**
 * Reads a file of captured statements. The file of a hook may begin anew with a header, once for each process that wrote
 * to it; all of one file speak of one release.
 *
 * @throws ToolkitError `queries-invalid` with the line
 */
export function readContract(text: string, path: string): ReleaseContract {
  const statements: CapturedStatement[] = []
  let header: ContractHeader | undefined
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const at: Place = { path, line: index + 1, column: 1 }
    const value = valueOfLine(line, at)
    if (header === undefined || isHeader(value)) header = sameRelease(header, headerOf(value, at), at)
    else statements.push(statementOf(value, at))
  }
  if (header === undefined) throw invalid({ path, line: 1, column: 1 }, 'the file is empty')
  return { ...header, statements: mergeStatements(statements) }
}

function isHeader(value: unknown): value is { readonly lockstep: unknown } {
  return typeof value === 'object' && value !== null && 'lockstep' in value
}

function headerOf(value: unknown, at: Place): ContractHeader {
  if (!isHeader(value))
    throw invalid(at, 'it does not begin with {"lockstep":"queries",…}, so it is not a file of ours')
  if (value.lockstep !== contractMark.lockstep) throw invalid(at, '"lockstep" is not "queries"')
  const version = 'version' in value ? value.version : undefined
  if (version !== contractMark.version) throw wrongVersion(version, at)
  const fields = new Fields(value, at, headerFields)
  if (fields.texts('source').some((one) => !isSource(one))) throw fields.wrong('source', sourcesText)
  return {
    release: fields.text('release'),
    migration: fields.textOrNull('migration'),
    role: fields.textOrNull('role'),
    searchPath: fields.textOrNull('searchPath'),
  }
}

function wrongVersion(version: unknown, at: Place): Error {
  const newer = typeof version === 'number' && version > contractMark.version
  const why = `its version is ${JSON.stringify(version) ?? 'missing'}, and this program knows version ${contractMark.version}`
  return newer
    ? invalid(at, why, 'Use the version of this program that wrote the file, or a newer one.')
    : invalid(at, why)
}

function sameRelease(before: ContractHeader | undefined, now: ContractHeader, at: Place): ContractHeader {
  if (before === undefined || before.release === now.release) return before ?? now
  throw invalid(
    at,
    `it is of release "${now.release}", and the lines above are of "${before.release}"`,
    'Let each release write to a file of its own.',
  )
}

function statementOf(value: unknown, at: Place): CapturedStatement {
  const fields = new Fields(value, at, statementFields)
  const from = captureSources.find((one) => one === fields.raw('from'))
  if (from === undefined) throw fields.wrong('from', sourcesText)
  return {
    sql: fields.text('sql'),
    parameters: fields.list('parameters').map((one) => parameterOf(one, at)),
    calls: fields.countOrNull('calls'),
    from,
    ...(fields.has('place') ? { place: fields.text('place') } : {}),
    ...(fields.has('repaired') ? { repaired: fields.texts('repaired') } : {}),
  }
}

function parameterOf(value: unknown, at: Place): CapturedParameter {
  const fields = new Fields(value, at, ['type', 'values'])
  const type = fields.textOrNull('type')
  if (!fields.has('values')) return { type }
  const values = fields.list('values').map((one) => {
    if (one === null || typeof one === 'string') return one
    throw fields.wrong('values', 'a list of texts and nulls')
  })
  return { type, values }
}

function isSource(text: string): boolean {
  return captureSources.some((one) => one === text)
}

const sourcesText = `one of ${captureSources.join(', ')}`
const headerFields = ['lockstep', 'version', 'release', 'migration', 'role', 'searchPath', 'source']
const statementFields = ['sql', 'parameters', 'calls', 'from', 'place', 'repaired']

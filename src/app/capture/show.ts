import type { LeftOut } from '../../capture/left-out.ts'
import { leftOutReasons } from '../../capture/left-out.ts'
import { formatCount, plural, wrap } from '../../core/text.ts'
import { captureSources } from '../../model/captured.ts'
import type { ReleaseContract } from '../../model/captured.ts'
import type { Header } from './header.ts'

export interface Captured {
  readonly output: string
  readonly changed: boolean
  readonly contract: ReleaseContract
  readonly migrationFrom: Header['migrationFrom']
  readonly leftOut: readonly LeftOut[]
}

/** What was captured, what the contract says of itself, and what is not in it. */
export function captureText(captured: Captured, width: number): string {
  const { output, changed, contract, leftOut } = captured
  const { release, statements } = contract
  const lines = [
    `${changed ? 'Wrote' : 'Nothing changed in'} ${output}: release ${release}, ${plural(statements.length, 'statement')}${sourcesText(contract)}.`,
    `  schema       ${migrationText(captured)}`,
    `  role         ${contract.role ?? 'not known: privileges cannot be checked; name it with --role'}`,
    `  search_path  ${contract.searchPath ?? 'not known: that of the checking session counts; --search-path sets it'}`,
    ...repairedLines(contract),
    ...(leftOut.length === 0 ? [] : ['Left out:', ...leftOut.flatMap(leftOutLines)]),
  ]
  return `${lines.map((line) => wrapped(line, width)).join('\n')}\n`
}

function sourcesText({ statements }: ReleaseContract): string {
  const counts = captureSources
    .map((source) => ({ source, count: statements.filter(({ from }) => from === source).length }))
    .filter(({ count }) => count > 0)
  return ` (${counts.map(({ source, count }) => `${formatCount(count)} from ${source}`).join(', ')})`
}

function migrationText({ contract, migrationFrom }: Captured): string {
  const from = {
    option: 'as --at says',
    journal: "the newest in the database's journal",
    files: 'as the files say',
    directory: 'the newest in the directory',
  }
  if (migrationFrom === null) return 'of which migration is not known; --at ID sets it'
  return `after ${contract.migration ?? ''}, ${from[migrationFrom]}`
}

function repairedLines({ statements }: ReleaseContract): readonly string[] {
  const repaired = statements.filter((statement) => statement.repaired !== undefined)
  if (repaired.length === 0) return []
  const counts = new Map<string, number>()
  for (const change of repaired.flatMap((statement) => statement.repaired ?? []))
    counts.set(change, (counts.get(change) ?? 0) + 1)
  return ['Changed:', ...[...counts].map(([change, count]) => `  ${formatCount(count).padStart(5)}  ${change}`)]
}

/** Only what was not understood may be missing in the contract; of that it is said where it stands. */
function leftOutLines({ reason, count, examples }: LeftOut): readonly string[] {
  const line = `  ${formatCount(count).padStart(5)}  ${leftOutReasons[reason]}`
  const isLoss = reason === 'not-understood' || reason === 'constants'
  return isLoss ? [line, ...examples.map((example) => `         ${example}`)] : [line]
}

/** Further lines stand below the words of the first. */
function wrapped(line: string, width: number): string {
  const start = /^\s*(?:\S+\s{2,})?/.exec(line)?.[0] ?? ''
  const [first = '', ...more] = wrap(line.slice(start.length), Math.max(width, 40) - start.length).split('\n')
  return [start + first, ...more.map((rest) => ' '.repeat(start.length) + rest)].join('\n')
}

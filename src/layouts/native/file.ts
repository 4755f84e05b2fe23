import type { Down, Migration, Section, SourceFile } from '../../model/migration.ts'
import { findDirectives, type Directive } from '../../sql/directives.ts'
import { firstCode, hasCode } from '../../sql/lexer.ts'
import { knownName, type DirectiveName } from '../directives/names.ts'
import { Problems } from '../directives/problems.ts'
import type { LayoutOptions, LayoutProblem } from '../layout.ts'
import { newDraft, type Draft, type SectionStart } from './draft.ts'
import { readChange, readCheck, readGate, readPhase, readRequires } from './header.ts'
import { readBackfill, readDown, readDownLoses, readFileAllow, readStatementAllow, readUp } from './sections.ts'

const readers: Readonly<Record<DirectiveName, (directive: Directive, draft: Draft) => void>> = {
  up: readUp,
  down: readDown,
  'down-loses': readDownLoses,
  backfill: readBackfill,
  change: readChange,
  phase: readPhase,
  gate: readGate,
  requires: readRequires,
  check: readCheck,
  allow: readStatementAllow,
  'allow-file': readFileAllow,
}

export interface FileReading {
  /** Undefined where there is no id or no up section. */
  readonly migration: Migration | undefined
  readonly problems: readonly LayoutProblem[]
}

/** Reads one file of the native layout. */
export function readFile(file: SourceFile, options: LayoutOptions): FileReading {
  const problems = new Problems(file)
  const draft = newDraft(file, options, problems)
  const identity = identityOf(file, problems)
  for (const directive of findDirectives(file.text)) {
    const name = knownName(directive, problems)
    if (name !== undefined) readers[name](directive, draft)
  }
  const up = upSection(draft)
  const down = downOf(draft)
  checkHeader(draft)
  if (identity === undefined || up === undefined) return { migration: undefined, problems: problems.list }
  return { migration: migrationOf(identity, draft, up, down), problems: problems.list }
}

interface Identity {
  readonly id: string
  readonly name: string
}

function identityOf({ path }: SourceFile, problems: Problems): Identity | undefined {
  const fileName = path.split(/[\\/]/).at(-1) ?? path
  const match = /^(\d+)_(.+)\.sql$/.exec(fileName)
  const [, id, name] = match ?? []
  if (id !== undefined && name !== undefined) return { id, name }
  problems.add(
    'migration-name-invalid',
    0,
    `The name "${fileName}" is not <digits>_<name>.sql.`,
    'Name it like 20261101093000_add_users.sql; the digits order the migrations.',
  )
  return undefined
}

function migrationOf({ id, name }: Identity, draft: Draft, up: Section, down: Down): Migration {
  const { file, backfill, change, phase, gates, requires, checks, allows, downLoses } = draft
  return {
    id,
    name,
    source: file,
    up,
    down,
    ...(backfill === undefined ? {} : { backfill }),
    ...(change === undefined ? {} : { change }),
    ...(phase === undefined ? {} : { declaredPhase: phase }),
    gates,
    requires,
    ...(checks.length === 0 ? {} : { checks }),
    allows,
    downLoses,
    // `migrate up` waits for each lock in short attempts.
    runnerSets: ['lock_timeout'],
    runnerDoes: ['resets-settings', 'resumes'],
  }
}

function upSection(draft: Draft): Section | undefined {
  const { up, file, problems } = draft
  if (up === undefined) {
    // A misspelt directive is the likelier mistake, and is said already.
    if (!problems.list.some(({ code }) => code === 'directive-unknown'))
      problems.add('migration-empty', 0, 'There is no up section.', 'Write -- migrate:up above the statements.')
    return undefined
  }
  const { start } = up.directive.span
  const end = (draft.down?.directive.span ?? draft.noDown?.span)?.start ?? file.text.length
  const section = sectionText(up, end, file)
  if (!hasCode(file.text, section.span.start, section.span.end))
    problems.add(
      'migration-empty',
      start,
      'The up section has no statement.',
      'Write the SQL of the upgrade below -- migrate:up.',
    )
  return section
}

/** A down section without a statement, as templates leave it, is no way back; it must not pass for one. */
function downOf(draft: Draft): Down {
  const { down, noDown, file, problems } = draft
  if (noDown !== undefined) {
    const stray = firstCode(file.text, noDown.span.end, file.text.length)
    if (stray !== undefined)
      problems.add(
        'directive-invalid',
        stray,
        'A statement stands below down none.',
        'Leave it out, or write -- migrate:down without none.',
      )
    return { kind: 'none', ...noDown }
  }
  if (down === undefined) return { kind: 'missing', expected: true }
  const section = sectionText(down, file.text.length, file)
  return hasCode(file.text, section.span.start, section.span.end)
    ? { kind: 'sql', section }
    : { kind: 'missing', expected: true }
}

/** What stands above the first section would run in no direction. */
function checkHeader({ up, downAboveUp, file, problems }: Draft): void {
  if (up === undefined || downAboveUp) return
  const stray = firstCode(file.text, 0, up.directive.span.start)
  if (stray !== undefined)
    problems.add('directive-invalid', stray, 'A statement stands above -- migrate:up.', 'Move it into the up section.')
}

/** From the line below the directive to the next section. */
function sectionText({ directive, transaction }: SectionStart, end: number, { text }: SourceFile): Section {
  const newline = text.indexOf('\n', directive.span.end)
  const start = newline === -1 ? end : Math.min(newline + 1, end)
  return { span: { start, end }, sql: text.slice(start, end), transaction }
}

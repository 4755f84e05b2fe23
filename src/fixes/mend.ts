import { filesOf } from '../lint/source-of.ts'
import type { Finding, FindingFix } from '../model/finding.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { replacementOf } from '../model/replacement.ts'
import type { LayoutWriter, MigrationPart, TextOf } from '../layouts/layout.ts'
import { cut } from './cut.ts'
import type { CutPart } from './cut.ts'
import { divideDown } from './divide-down.ts'
import type { FixInput, FixState, Mending } from './fix.ts'

/** Whether a machine may know how to mend it. */
export function isFixable({ rewrite, fix }: Finding): boolean {
  return rewrite !== undefined || fix !== undefined
}

/** What mends one finding, not proved yet. */
export function mend(finding: Finding, state: FixState, input: FixInput): Mending {
  const migration = state.migrations.find(({ id }) => id === finding.migration)
  if (migration === undefined) return { reason: 'its migration is gone' }
  if (filesOf(migration).some(({ recorded }) => recorded !== undefined))
    return { reason: 'its SQL is made by a program' }
  const kept = input.mustKeep(migration)
  if (kept !== undefined) return { reason: kept }
  const text = replacementOf(finding)
  if (text !== undefined) {
    const { file, within } = finding
    const whole = file.text.slice(0, within.start) + withBreaks(text, file.text) + file.text.slice(within.end)
    return { files: [{ path: file.path, text: whole }], added: 0, migration }
  }
  const { writer } = input
  if (finding.fix === undefined) return { reason: 'nobody knows how' }
  return 'never' in writer
    ? { reason: writer.never }
    : divided(finding, finding.fix, migration, { state, input, writer })
}

/** With the line breaks of the file. */
function withBreaks(sql: string, text: string): string {
  return text.includes('\r\n') ? sql.replaceAll(/\r?\n/g, '\r\n') : sql
}

interface Place {
  readonly state: FixState
  readonly input: FixInput
  readonly writer: LayoutWriter
}

function divided(finding: Finding, fix: FindingFix, migration: ParsedMigration, place: Place): Mending {
  const { state, input, writer } = place
  const textOf: TextOf = (path) => state.files.get(path)?.text ?? input.textOf(path)
  const sql =
    fix.kind === 'own-transaction' && fix.sql !== undefined ? withBreaks(fix.sql, finding.file.text) : undefined
  const how: FindingFix = sql === undefined ? fix : { kind: 'own-transaction', sql }
  const found = cut(migration, finding, how, { writer, textOf })
  if ('reason' in found) return found
  const before = state.migrations.slice(0, state.migrations.indexOf(migration))
  const downs = divideDown(migration, before, found.parts, writer)
  if (downs === 'not certain') return { reason: 'which part of its downgrade belongs to which part is not certain' }
  const names = newNames(migration, found.parts.length - 1, place)
  if (names === undefined) return { reason: `no id is free behind ${migration.id}` }
  const parts = found.parts.map((part, index) => partOf(migration, part, downs?.[index], names[index - 1]))
  return { files: writer.write(parts, textOf), added: names.length, migration }
}

function partOf(
  from: ParsedMigration,
  { up, transaction, phase }: CutPart,
  down: MigrationPart['down'],
  as: MigrationPart['as'],
): MigrationPart {
  return {
    from,
    up,
    transaction,
    ...(as === undefined ? {} : { as }),
    ...(down === undefined ? {} : { down }),
    ...(phase === undefined ? {} : { phase }),
  }
}

/** Ids right behind a migration's, with names that nothing has: `add_title_2`. */
function newNames(
  migration: ParsedMigration,
  count: number,
  { state, input, writer }: Place,
): readonly NonNullable<MigrationPart['as']>[] | undefined {
  const names: NonNullable<MigrationPart['as']>[] = []
  const { path, text } = migration.source
  const root = rootName(migration, input)
  // A folder lies beside other folders, as a file does beside other files.
  const own = writer.inFolders === true ? path.replace(/[\\/][^\\/]*$/, '') : path
  const depth = writer.inFolders === true ? -2 : -1
  const taken = [...input.namesBeside(own), ...[...state.files.keys()].map((name) => name.split('/').at(depth) ?? name)]
  const ending = root.slice(root.lastIndexOf('/') + 1)
  const isTaken = (number: number): boolean =>
    state.migrations.some(({ name }) => name === `${root}_${number}`) ||
    (writer.inOneFile === true && text.includes(`${root}_${number}`)) ||
    taken.some((name) => name.replace(/(?:\.up|\.down)?\.sql$/, '').endsWith(`${ending}_${number}`))
  let { id } = migration
  let number = 2
  while (names.length < count) {
    const next = writer.idAfter(id, taken)
    if (next === undefined) return undefined
    while (isTaken(number)) number += 1
    names.push({ id: next, name: `${root}_${number}` })
    id = next
    number += 1
  }
  return names
}

/** A part that is cut again is called after the whole. */
function rootName({ id, name }: ParsedMigration, { state }: FixInput): string {
  return state.migrations.some((one) => one.id === id) ? name : name.replace(/_\d+$/, '')
}

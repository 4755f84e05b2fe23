import type { Directive, DirectiveWord } from '../../sql/directives.ts'
import { readAllow } from '../directives/allow.ts'
import { reasonOf } from '../directives/reason.ts'
import { sectionOf, type Draft, type SectionStart } from './draft.ts'
import { readOptions } from './options.ts'

/** `-- migrate:up [transaction:false]` */
export function readUp(directive: Directive, draft: Draft): void {
  if (draft.up !== undefined)
    return refuse(directive, draft, 'up is written twice.', 'A file is one migration with one up section.')
  draft.up = sectionStart(directive, draft)
}

/** `-- migrate:down [transaction:false]` or `-- migrate:down none because <reason>` */
export function readDown(directive: Directive, draft: Draft): void {
  const [first, ...rest] = directive.words
  if (sectionOf(draft) === 'down')
    return refuse(directive, draft, 'down is written twice.', 'A file is one migration with one down section.')
  if (draft.up === undefined) {
    draft.downAboveUp = true
    return refuse(directive, draft, 'down stands above up.', 'Write the up section first.')
  }
  if (first?.text !== 'none') {
    draft.down = sectionStart(directive, draft)
    return
  }
  const reason = reasonOf(rest)
  if (reason === undefined)
    refuse(directive, draft, 'down none gives no reason.', 'Write -- migrate:down none because <reason>')
  draft.noDown = { reason: reason ?? '', span: directive.span }
}

/** `-- migrate:down-loses table.column …`, or `table` for all of it. */
export function readDownLoses(directive: Directive, draft: Draft): void {
  if (sectionOf(draft) !== 'down')
    return refuse(directive, draft, 'down-loses stands outside the down section.', 'Write it below -- migrate:down.')
  if (directive.words.length === 0)
    return refuse(directive, draft, 'down-loses names nothing.', 'Write -- migrate:down-loses table.column')
  for (const { text, start } of directive.words) {
    if (/^[^.]+(\.[^.]+){0,2}$/.test(text)) draft.downLoses.push(text)
    else
      draft.problems.add(
        'directive-invalid',
        start,
        `"${text}" is neither a table nor a column.`,
        'Write table.column.',
      )
  }
}

const backfillForm = '-- migrate:backfill table:users key:id'

/** `-- migrate:backfill table:users key:id [batch:1000]` */
export function readBackfill(directive: Directive, draft: Draft): void {
  if (sectionOf(draft) === 'down')
    return refuse(
      directive,
      draft,
      'backfill stands in the down section.',
      'Write it above the statement of the up section.',
    )
  if (draft.backfill !== undefined)
    return refuse(directive, draft, 'backfill is written twice.', 'A file is one backfill.')
  const options = readOptions(directive, directive.words, draft.problems, ['table', 'key', 'batch'])
  if (options === undefined) return
  const table = options.get('table')?.text
  const key = options.get('key')?.text
  if (table === undefined || key === undefined) {
    const missing = table === undefined ? 'table' : 'key'
    return refuse(directive, draft, `backfill lacks its ${missing}.`, `Write ${backfillForm}`)
  }
  const batch = readBatch(options.get('batch'), draft)
  if (batch === 'invalid') return
  draft.backfill = { table, key, ...(batch === undefined ? {} : { batch }), span: directive.span }
}

/** `-- migrate:allow <rule> because <reason>` above a statement. */
export function readStatementAllow(directive: Directive, draft: Draft): void {
  if (sectionOf(draft) === 'header')
    return refuse(
      directive,
      draft,
      'allow stands above no statement.',
      'Write it above the statement, or write -- migrate:allow-file.',
    )
  readFileAllow(directive, draft)
}

/** `-- migrate:allow-file <rule> because <reason>`, anywhere. */
export function readFileAllow(directive: Directive, draft: Draft): void {
  const allow = readAllow(directive, draft.options.knownRules, draft.problems)
  if (allow !== undefined) draft.allows.push(allow)
}

function readBatch(word: DirectiveWord | undefined, { problems }: Draft): number | undefined | 'invalid' {
  if (word === undefined) return undefined
  // Up to nine digits: a whole number that fits PostgreSQL's integer.
  if (/^[1-9]\d{0,8}$/.test(word.text)) return Number(word.text)
  problems.add(
    'directive-invalid',
    word.start,
    `"${word.text}" is not a number of rows.`,
    'Write a whole number such as batch:1000.',
  )
  return 'invalid'
}

function sectionStart(directive: Directive, draft: Draft): SectionStart {
  const asked = draft.options.inTransaction ?? true
  const options = readOptions(directive, directive.words, draft.problems, ['transaction'])
  const word = options?.get('transaction')
  if (word === undefined) return { directive, transaction: asked }
  if (word.text !== 'true' && word.text !== 'false')
    draft.problems.add(
      'directive-invalid',
      word.start,
      `"${word.text}" is neither true nor false.`,
      'Write transaction:false.',
    )
  return { directive, transaction: word.text !== 'false' }
}

function refuse({ span }: Directive, { problems }: Draft, message: string, hint: string): void {
  problems.add('directive-invalid', span.start, message, hint)
}

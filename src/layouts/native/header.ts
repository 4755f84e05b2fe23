import { suggestion } from '../../core/text.ts'
import { phases } from '../../model/migration.ts'
import type { Directive } from '../../sql/directives.ts'
import { sectionOf, type Draft } from './draft.ts'
import { readOptions } from './options.ts'

/** `-- migrate:change users-email` */
export function readChange(directive: Directive, draft: Draft): void {
  const [change, ...rest] = directive.words
  if (!isHeader(directive, draft)) return
  if (change === undefined || rest.length > 0)
    return refuse(
      directive,
      draft,
      'change takes one word: the name of the evolution.',
      'Write -- migrate:change users-email',
    )
  if (draft.change !== undefined) return repeated(directive, draft)
  draft.change = change.text
}

/** `-- migrate:phase contract` */
export function readPhase(directive: Directive, draft: Draft): void {
  const [word, ...rest] = directive.words
  if (!isHeader(directive, draft)) return
  if (word === undefined || rest.length > 0)
    return refuse(directive, draft, 'phase takes one word.', `Known: ${phases.join(', ')}.`)
  const phase = phases.find((known) => known === word.text)
  if (phase === undefined) {
    draft.problems.add(
      'directive-invalid',
      word.start,
      `There is no phase "${word.text}".`,
      suggestion(word.text, phases),
    )
    return
  }
  if (draft.phase !== undefined) return repeated(directive, draft)
  draft.phase = phase
}

/** `-- migrate:gate soak duration:7d` */
export function readGate(directive: Directive, draft: Draft): void {
  const [gate, ...rest] = directive.words
  const { problems, options } = draft
  if (!isHeader(directive, draft)) return
  if (gate === undefined)
    return refuse(directive, draft, 'gate names no gate.', `Known: ${options.knownGates.join(', ')}.`)
  if (!options.knownGates.includes(gate.text)) {
    problems.add(
      'gate-unknown',
      gate.start,
      `There is no gate "${gate.text}".`,
      suggestion(gate.text, options.knownGates),
    )
    return
  }
  const read = readOptions(directive, rest, problems)
  if (read === undefined) return
  const values = Object.fromEntries([...read].map(([key, { text }]) => [key, text]))
  draft.gates.push({ gate: gate.text, options: values, span: directive.span })
}

/** `-- migrate:requires 20261101093000 …` */
export function readRequires(directive: Directive, draft: Draft): void {
  if (!isHeader(directive, draft)) return
  if (directive.words.length === 0)
    return refuse(directive, draft, 'requires names no migration.', 'Write -- migrate:requires 20261101093000')
  for (const { text, start } of directive.words) {
    if (/^\d+$/.test(text)) draft.requires.push(text)
    else
      draft.problems.add(
        'directive-invalid',
        start,
        `"${text}" is not the id of a migration.`,
        'Write the digits that its file name starts with.',
      )
  }
}

/** `-- migrate:check select count(*) = 0 from books where title is null` */
export function readCheck(directive: Directive, draft: Draft): void {
  const { words } = directive
  const [first, last] = [words[0], words.at(-1)]
  if (!isHeader(directive, draft)) return
  if (first === undefined || last === undefined)
    return refuse(
      directive,
      draft,
      'check asks nothing.',
      'Write a query that gives true: -- migrate:check select count(*) = 0 from books where title is null',
    )
  const sql = draft.file.text.slice(first.start, last.end).replace(/;\s*$/, '')
  draft.checks.push({ sql, span: { start: first.start, end: last.end } })
}

function isHeader(directive: Directive, draft: Draft): boolean {
  const section = sectionOf(draft)
  if (section === 'header') return true
  refuse(directive, draft, `${directive.name.text} stands in the ${section} section.`, 'Write it above -- migrate:up.')
  return false
}

function repeated(directive: Directive, draft: Draft): void {
  refuse(directive, draft, `${directive.name.text} is written twice.`, 'Leave one of them out.')
}

function refuse({ span }: Directive, { problems }: Draft, message: string, hint: string): void {
  problems.add('directive-invalid', span.start, message, hint)
}

import type { ChangeTable, CreateTable, StorageOption } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const autovacuumDisabled: Rule = defineRule({
  id: 'autovacuum-disabled',
  summary: 'A table without autovacuum grows and gets slow: nothing removes its dead rows or renews its statistics.',
  severity: 'warning',
  hazards: ['bloats'],
  looksAt: ['change-table', 'create-table'],
  sources: ['migrationpilot:MP066'],
  why: `Every UPDATE and DELETE leaves a dead row that only VACUUM removes, and autovacuum runs it; it renews the statistics of the planner too. Switched off for a table, both stay undone until somebody does them by hand, and when the transaction ids run out the server vacuums the table all the same, at a time that nobody chose. Where autovacuum runs too often or too seldom, its thresholds can be set for the table.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books set (autovacuum_enabled = false);',
      good: 'alter table books set (autovacuum_vacuum_scale_factor = 0.01);',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table visits (id bigint primary key) with (autovacuum_enabled = off, fillfactor = 80);',
      good: `alter table books set (autovacuum_enabled = false);
alter table books reset (autovacuum_enabled);`,
    },
  ],
  *check(fact, context) {
    const off = (fact.options ?? []).find(isOff)
    if (off === undefined || ('temporary' in fact && fact.temporary) || isSwitchedOnAgain(fact, off, context)) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: `Nothing removes the dead rows of ${table} any more${off.name.startsWith('toast.') ? ', in its TOAST table' : ''}: it grows with every UPDATE and DELETE.`,
      instead: `alter table ${table} set (autovacuum_vacuum_scale_factor = 0.01);`,
    }
  },
})

const falseWords: ReadonlySet<string> = new Set(['false', 'off', 'no', '0', 'f', 'n'])

function isOff({ name, value }: StorageOption): boolean {
  return (name === 'autovacuum_enabled' || name === 'toast.autovacuum_enabled') && falseWords.has(value)
}

/** For the time of one migration: a bulk load. */
function isSwitchedOnAgain(fact: ChangeTable | CreateTable, off: StorageOption, context: RuleContext): boolean {
  return context.later.some((later) => {
    if (later.kind !== 'change-table' || nameText(later.table) !== nameText(fact.table)) return false
    if (later.action === 'reset-options') return true
    return (later.options ?? []).some((option) => option.name === off.name && !isOff(option))
  })
}

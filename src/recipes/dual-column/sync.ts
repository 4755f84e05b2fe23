import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { besides, lines } from './sql.ts'

/**
 * Triggers that keep two columns of one table the same. BEFORE ROW triggers fire in the order of their names, so the
 * names start with `zzz_`: what the table's other triggers write is copied as well. They compare in WHEN, which the
 * server evaluates without calling PL/pgSQL: a write after which the columns agree, such as a backfill's, costs next to
 * nothing and needs no setting that switches the triggers off.
 */
export interface Sync {
  readonly install: string
  readonly remove: string
}

export interface TwoWays {
  readonly table: Name
  readonly prefix: string
  readonly from: string
  readonly to: string
  /** The default that both columns have; undefined where there is none, or where `to` has none yet. */
  readonly fallback: string | undefined
  /** SQL that is true where two values differ. */
  differ(left: string, right: string): string
}

/**
 * Both directions, for two columns that hold the same value. An INSERT: the side that is not the default was written.
 * An UPDATE: the side that changed was written, the new one where both did; a row that was never copied is copied.
 */
export function twoWays(sync: TwoWays): Sync {
  const from = quoteName(sync.from)
  const to = quoteName(sync.to)
  const differ = sync.differ(`new.${from}`, `new.${to}`)
  const insert = triggerNames(sync.table, `${sync.prefix}_insert`)
  const update = triggerNames(sync.table, `${sync.prefix}_update`)
  const body = (condition: string): string =>
    `  if ${condition} then\n    new.${from} := new.${to};\n  else\n    new.${to} := new.${from};\n  end if;`
  const written = sync.fallback === undefined ? `new.${to} is not null` : sync.differ(`new.${to}`, sync.fallback)
  return {
    install: lines(
      triggerFunction(insert.function, body(written)),
      triggerFunction(update.function, body(sync.differ(`new.${to}`, `old.${to}`))),
      trigger(insert, sync.table, 'insert', differ),
      trigger(update, sync.table, 'update', differ),
    ),
    remove: removal([insert, update], sync.table),
  }
}

export interface OneWay {
  readonly table: Name
  readonly prefix: string
  readonly to: string
  /** The value of `to`, from the columns of `new`. */
  readonly value: string
  /** SQL that is true where `to` does not have the value yet. */
  readonly stale: string
}

/** One direction: `to` always has the value that follows from the row's other columns. */
export function oneWay(sync: OneWay): Sync {
  const names = triggerNames(sync.table, sync.prefix)
  return {
    install: lines(
      triggerFunction(names.function, `  new.${quoteName(sync.to)} := ${sync.value};`),
      trigger(names, sync.table, 'insert or update', sync.stale),
    ),
    remove: removal([names], sync.table),
  }
}

interface TriggerNames {
  readonly trigger: string
  readonly function: string
}

function triggerNames(table: Name, name: string): TriggerNames {
  return { trigger: quoteName(`zzz_${name}`), function: nameText(besides(table, `zzz_${name}`)) }
}

function triggerFunction(name: string, body: string): string {
  return `create function ${name}() returns trigger language plpgsql as $$\nbegin\n${body}\n  return new;\nend\n$$;`
}

function trigger(names: TriggerNames, table: Name, event: string, when: string): string {
  return lines(
    `create trigger ${names.trigger} before ${event} on ${nameText(table)}`,
    `  for each row when (${when})`,
    `  execute function ${names.function}();`,
  )
}

function removal(all: readonly TriggerNames[], table: Name): string {
  return lines(
    all.map((names) => `drop trigger ${names.trigger} on ${nameText(table)};`),
    all.map((names) => `drop function ${names.function}();`),
  )
}

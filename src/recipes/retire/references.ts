import type { Name } from '../../model/name.ts'
import { quoteName } from '../../model/name.ts'
import type { Table } from '../../model/schema.ts'
import { foreignKeySql } from '../dual-column/carried.ts'
import { impossible } from '../dual-column/impossible.ts'
import { allowing, alterTable, dropConstraint } from '../dual-column/sql.ts'

/** Statements that let go of what retired rows point at, and that point there again. */
export interface References {
  readonly drop: readonly string[]
  readonly restore: readonly string[]
  /** Why it is done, for the step; nothing where there is nothing to do. */
  readonly why: readonly string[]
}

const refusesWhole =
  'rows may have lost what they point at while they were retired, and then the way back has to refuse as a whole'

/**
 * The foreign keys of what is retired, which goes on pointing at other tables: its rows would keep theirs from being
 * deleted, or be deleted with them.
 *
 * @throws ToolkitError `plan-impossible` for one that cannot be written again as it is
 */
export function referencesOf(at: Name, table: Table, isMeant: (columns: readonly string[]) => boolean): References {
  const keys = [...table.constraints.values()].flatMap((one) =>
    one.type === 'foreign-key' && isMeant(one.columns) ? [one] : [],
  )
  const unusual = keys.find(({ saysMore, valid, enforced }) => saysMore === true || !valid || !enforced)
  if (unusual !== undefined) {
    throw impossible(
      `Foreign key ${quoteName(unusual.name)} is not valid for every row, or has options that a plan cannot repeat.`,
      'Drop it in a migration before the plan.',
    )
  }
  return {
    drop: keys.map(({ name }) => dropConstraint(at, name)),
    restore: keys.map((key) =>
      allowing(
        'add-foreign-key-validated',
        refusesWhole,
        alterTable(at, `add constraint ${quoteName(key.name)} ${foreignKeySql(key)}`),
      ),
    ),
    why:
      keys.length === 0
        ? []
        : [
            'Its foreign keys go, so that retired rows neither keep others from being deleted nor are deleted with them; that locks the referenced tables for the same moment.',
          ],
  }
}

import type { CatalogueState } from './catalogue-state.ts'

/** What has to be read again of sources that need not be read at every stop. */
export interface Changes {
  /** Relations of which something changed, those that are gone included. */
  readonly relations: ReadonlySet<number>
  /** Catalogues in which rows came, went or were written anew. */
  readonly catalogues: ReadonlySet<string>
}

/**
 * Catalogues whose rows may be updated without another name or text for anything but the relations that they belong to.
 * An update of any other may rename what the texts of all relations mention: a schema, a type, a label, a role.
 */
const own: ReadonlySet<string> = new Set([
  'pg_class',
  'pg_attribute',
  'pg_attrdef',
  'pg_constraint',
  'pg_index',
  'pg_rewrite',
  'pg_depend',
  'pg_shdepend',
  'pg_description',
  'pg_inherits',
  'pg_partitioned_table',
  'pg_policy',
  'pg_sequence',
  'pg_statistic',
  'pg_statistic_ext',
  'pg_statistic_ext_data',
  'pg_trigger',
])

/** What comes or goes there can make a class of operators the default of a type, which is then left out of definitions. */
const defaults: ReadonlySet<string> = new Set(['pg_opclass', 'pg_cast'])

/** Pure: what can differ between two states of one database. Unknown counts and first looks mean everything. */
export function changesBetween(before: CatalogueState | undefined, now: CatalogueState): Changes | 'everything' {
  if (before?.counts === undefined || now.counts === undefined || before.members !== now.members) return 'everything'
  const catalogues = new Set<string>()
  for (const [catalogue, counts] of now.counts) {
    const were = before.counts.get(catalogue)
    const updated = counts.updated !== were?.updated
    const other = counts.inserted !== were?.inserted || counts.deleted !== were.deleted
    if ((updated && !own.has(catalogue)) || (other && defaults.has(catalogue))) return 'everything'
    if (updated || other) catalogues.add(catalogue)
  }
  return { relations: changedRelations(before, now), catalogues }
}

function changedRelations(before: CatalogueState, now: CatalogueState): ReadonlySet<number> {
  const changed = new Set<number>()
  for (const [oid, { object, ofExtension, signature }] of now.relations) {
    const was = before.relations.get(oid)
    if (was?.signature !== signature || was.object !== object || was.ofExtension !== ofExtension) changed.add(oid)
  }
  for (const oid of before.relations.keys()) if (!now.relations.has(oid)) changed.add(oid)
  return changed
}

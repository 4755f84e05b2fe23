import { columnSources } from './columns.ts'
import { constraintSources } from './constraints.ts'
import { databaseSources } from './database.ts'
import { foreignSources } from './foreign.ts'
import { functionSources } from './functions.ts'
import { operatorSources } from './operators.ts'
import { privilegeSources } from './privileges.ts'
import { remarkSources } from './remarks.ts'
import { replicationSources } from './replication.ts'
import { settingSource } from './settings.ts'
import type { CatalogueSource } from './source.ts'
import { tableSources } from './tables.ts'
import { textSearchSources } from './text-search.ts'
import { typeSources } from './types.ts'

/** Everything that a fingerprint tells, for one major version of the server. */
export function catalogueSources(major: number): readonly CatalogueSource[] {
  return [
    ...tableSources,
    ...columnSources(major),
    ...constraintSources(major),
    ...functionSources,
    ...typeSources,
    ...databaseSources(major),
    ...replicationSources(major),
    ...foreignSources,
    ...operatorSources,
    ...textSearchSources,
    ...privilegeSources,
    ...remarkSources,
    settingSource,
  ]
}

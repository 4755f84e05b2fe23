import type { SetSetting } from '../../model/fact.ts'
import type { Catalogue } from './catalogue.ts'

/** SET search_path: where bare names are looked up from here on. */
export function setSetting(catalogue: Catalogue, fact: SetSetting): void {
  if (fact.setting !== 'search_path') return
  if (fact.value === undefined) {
    catalogue.resetSearchPath()
    return
  }
  const schemas = fact.value.split(',').map(schemaName)
  // "$user" names a schema of the role, which migrations do not have as a rule.
  catalogue.searchPath = schemas.filter((schema) => schema !== '' && schema !== '$user')
}

function schemaName(written: string): string {
  const trimmed = written.trim()
  const quoted = /^(["'])(.*)\1$/s.exec(trimmed)
  return quoted?.[2] ?? trimmed
}

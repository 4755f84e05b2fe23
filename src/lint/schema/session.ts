import type { SettingInForce } from '../../rules/rule.ts'
import type { Catalogue } from './catalogue.ts'

/** Where bare names are looked up from here on. Undefined: no statement says it any more. */
export function setSearchPath(catalogue: Catalogue, setting: SettingInForce | undefined): void {
  if (setting?.computed === true) return
  if (setting?.value === undefined) {
    catalogue.resetSearchPath()
    return
  }
  const schemas = setting.value.split(',').map(schemaName)
  // "$user" names a schema of the role, which migrations do not have as a rule.
  catalogue.searchPath = schemas.filter((schema) => schema !== '' && schema !== '$user')
}

function schemaName(written: string): string {
  const trimmed = written.trim()
  const quoted = /^(["'])(.*)\1$/s.exec(trimmed)
  return quoted?.[2] ?? trimmed
}

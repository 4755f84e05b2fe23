/** What the letters of a list of privileges mean; the server has no name for a letter alone. */
const privilegeNames: Readonly<Record<string, string>> = {
  a: 'insert',
  r: 'select',
  w: 'update',
  d: 'delete',
  D: 'truncate',
  x: 'references',
  t: 'trigger',
  X: 'execute',
  U: 'usage',
  C: 'create',
  c: 'connect',
  T: 'temporary',
  s: 'set',
  A: 'alter system',
  m: 'maintain',
}

/** Of everybody: the part before `=` is empty. */
const everybody = 'public'
export const noPrivileges = 'none'

/**
 * Privileges by role, where they are not the ordinary ones: `select, update with grant option`. A role that has lost all
 * that it has ordinarily is told with `none`. Who granted them is not told.
 */
export function unusualPrivileges(list: readonly string[], ordinary: readonly string[]): ReadonlyMap<string, string> {
  const now = byRole(list)
  const usual = byRole(ordinary)
  const roles = [...new Set([...now.keys(), ...usual.keys()])]
  return new Map(
    roles
      .map((role) => [role, now.get(role) ?? noPrivileges, usual.get(role) ?? noPrivileges] as const)
      .filter(([, is, was]) => is !== was)
      .map(([role, is]) => [role, is]),
  )
}

function byRole(list: readonly string[]): ReadonlyMap<string, string> {
  const letters = new Map<string, Map<string, boolean>>()
  for (const entry of list) {
    const { role, privileges } = parse(entry)
    const known = letters.get(role) ?? new Map<string, boolean>()
    for (const [letter, grantable] of privileges) known.set(letter, grantable || known.get(letter) === true)
    letters.set(role, known)
  }
  return new Map([...letters].map(([role, privileges]) => [role, text(privileges)]))
}

function text(privileges: ReadonlyMap<string, boolean>): string {
  const words = [...privileges].map(
    ([letter, grantable]) => (privilegeNames[letter] ?? letter) + (grantable ? ' with grant option' : ''),
  )
  return words.length === 0 ? noPrivileges : words.toSorted().join(', ')
}

// As in `"my role"=arw/owner`: a name in quotes where it has odd characters, letters, a star for WITH GRANT OPTION.
function parse(entry: string): { role: string; privileges: readonly (readonly [string, boolean])[] } {
  const found = /^(?:"((?:[^"]|"")*)"|([^="]*))=([^/]*)/.exec(entry)
  const name = (found?.[1]?.replaceAll('""', '"') ?? found?.[2] ?? '').trim()
  const letters = [...(found?.[3] ?? '').matchAll(/([a-zA-Z])(\*?)/g)]
  return {
    role: name === '' ? everybody : name,
    privileges: letters.map(([, letter = '', star]) => [letter, star === '*'] as const),
  }
}

import type { RuleContext } from './rule.ts'

/** The section begins with the settings that pg_dump writes: it is meant to be run in a session of its own. */
export function isDump({ statements }: RuleContext): boolean {
  return statements
    .slice(0, 20)
    .some(({ facts }) =>
      facts.some((fact) => fact.kind === 'set-setting' && fact.setting === 'standard_conforming_strings'),
    )
}

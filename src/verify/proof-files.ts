import { createHash } from 'node:crypto'
import type { Dialect } from '../dialects/dialect.ts'
import type { ParsedMigration, Section } from '../model/migration.ts'
import type { Proof } from '../model/proof.ts'

/** Whether a stored proof speaks of the files as they are now. */
export type ProofState = 'valid' | 'stale' | 'missing'

/** SHA-256 of what a section means, in hexadecimal: comments and white space do not count. */
export function sectionHash(dialect: Dialect, section: Section): string {
  return createHash('sha256').update(dialect.meaning(section.sql)).digest('hex')
}

/** The text of `proofs/<id>.json`. */
export function proofText(proof: Proof): string {
  return `${JSON.stringify(proof, null, 2)}\n`
}

/** Reads `proofs/<id>.json`; undefined when the text is no proof of this version, which counts as having none. */
export function parseProof(text: string): Proof | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isProof(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Compares the hashes in a proof with the migration as it is now. */
export function proofState(proof: Proof | undefined, migration: ParsedMigration, dialect: Dialect): ProofState {
  if (proof === undefined) return 'missing'
  const down = migration.down.kind === 'sql' ? sectionHash(dialect, migration.down.section) : null
  const same = proof.id === migration.id && proof.up === sectionHash(dialect, migration.up) && proof.down === down
  return same ? 'valid' : 'stale'
}

function isProof(value: unknown): value is Proof {
  if (typeof value !== 'object' || value === null) return false
  const field = (name: string): unknown => Reflect.get(value, name)
  const texts = ['id', 'up', 'before', 'after', 'server', 'shadow', 'tool'].every(
    (name) => typeof field(name) === 'string',
  )
  const level = [null, 'D0', 'D1', 'D2'].some((known) => known === field('level'))
  const lists = Array.isArray(field('levels')) && Array.isArray(field('losses'))
  return (
    field('version') === 1 && texts && level && lists && (field('down') === null || typeof field('down') === 'string')
  )
}

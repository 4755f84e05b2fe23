import type { Direction, ParsedMigration } from '../model/migration.ts'
import type { SectionLocks } from '../model/statement-locks.ts'
import { type MeasureSectionOptions, measureSection } from './measure-section.ts'
import { runSection } from './run-section.ts'
import type { Carry } from './stairway.ts'

/** Measures the first upgrade of a climb and its downgrade; the second upgrade does the same as the first. */
export class LockMeter {
  readonly migration: ParsedMigration
  readonly #options: MeasureSectionOptions
  readonly #sections = new Map<Direction, SectionLocks>()

  constructor(migration: ParsedMigration, options: MeasureSectionOptions) {
    this.migration = migration
    this.#options = options
  }

  readonly carry: Carry = async (connection, section, parsed) => {
    const direction: Direction = section === this.migration.up ? 'up' : 'down'
    if (this.#sections.has(direction)) return runSection(connection, section, parsed)
    this.#sections.set(direction, await measureSection(connection, section, parsed, this.#options))
  }

  /** Empty for a direction that did not run to its end. */
  section(direction: Direction): SectionLocks {
    return this.#sections.get(direction) ?? { statements: [], costs: [] }
  }
}

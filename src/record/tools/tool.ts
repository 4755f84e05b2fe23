import type { Direction } from '../../model/migration.ts'
import type { ProgramPosition } from '../../model/recording.ts'
import type { Without } from '../protocol.ts'

/** Notes what is sent; without a place the innermost call of the program is taken. */
export type Sink = (sql: string, parameters: readonly unknown[], at?: ProgramPosition) => void

export interface Program {
  /** What the migration's module exports. */
  readonly module: unknown
  readonly direction: Direction
  /** Whether the tool is told to run migrations in transactions at all. */
  readonly inTransaction: boolean
  readonly send: Sink
  /** Where the program is now. */
  readonly place: () => ProgramPosition | undefined
  /** The migration says that it runs outside a transaction. */
  readonly leaveTransaction: () => void
}

/** Runs one direction of one migration, as its tool would; says so where there is none. */
export type Runner = (program: Program) => Promise<Without | undefined>

/** Makes a runner from what the project has installed; `load` gives what a package exports, by its name. */
export type RunnerOf = (load: (name: string) => Promise<unknown>) => Promise<Runner>

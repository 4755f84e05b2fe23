import type { Name } from '../name.ts'
import type { Expression } from '../type.ts'
import type { FactBase, TableFact, Using } from './base.ts'

export interface CreateFunction extends FactBase, Using {
  readonly kind: 'create-function'
  readonly function: Name
  readonly procedure: boolean
  readonly replace: boolean
  readonly language: string
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  /** Types of the input arguments, without length or precision, which a function's signature does not have. */
  readonly argumentTypes: readonly string[]
  /** Names of the input arguments; '' for one without. */
  readonly argumentNames: readonly string[]
  /** How many of the last arguments have a default. */
  readonly defaults: number
  /** The last argument takes any number of values. */
  readonly variadic: boolean
  /** What it gives: `integer`, `setof text`, `(id integer, name text)` for OUT arguments and TABLE; '' for a procedure without. */
  readonly returns: string
  readonly securityDefiner: boolean
  /** Types of its arguments and of what it gives. */
  readonly types: readonly Name[]
  /** `SET search_path`. */
  readonly setsSearchPath: boolean
  /** The body is SQL of its own (`RETURN …`, `BEGIN ATOMIC …`), whose names are looked up when it is created. */
  readonly parsedBody: boolean
  /**
   * Names in a body that is a text of SQL or PL/pgSQL, key words among them, each once: `title`, and `new.title` for a
   * qualified one. Absent where there is no such text.
   */
  readonly words?: readonly string[]
}
/** ALTER FUNCTION, PROCEDURE or ROUTINE with options. */
export interface AlterFunction extends FactBase {
  readonly kind: 'alter-function'
  readonly function: Name
  /** Of several of the name; absent where the statement gives none. */
  readonly argumentTypes?: readonly string[]
  /** Undefined where the statement does not say. */
  readonly volatility?: CreateFunction['volatility']
  /** Undefined where the statement does not say. */
  readonly securityDefiner?: boolean
  readonly setsSearchPath: boolean
}
export interface CreateTrigger extends TableFact {
  readonly kind: 'create-trigger'
  readonly trigger: string
  readonly function: Name
  readonly timing: 'before' | 'after' | 'instead of'
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  /** Columns that it names: in UPDATE OF and in WHEN. Absent where there are none. */
  readonly columns?: readonly string[]
  /** Columns of UPDATE OF alone. Absent: an update of any column fires it. */
  readonly updateOf?: readonly string[]
  readonly when?: Expression
  readonly rowLevel: boolean
  readonly replace: boolean
}
export interface SetTriggerState extends TableFact {
  readonly kind: 'set-trigger-state'
  /** Undefined for ALL or USER. */
  readonly trigger?: string
  /** `all` reaches the triggers that check foreign keys too. */
  readonly scope: 'one' | 'user' | 'all'
  readonly state: 'enable' | 'disable' | 'enable-always' | 'enable-replica'
}

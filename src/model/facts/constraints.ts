import type { ConstraintDefinition } from '../constraint.ts'
import type { Name } from '../name.ts'
import type { PartitionBound } from '../partition.ts'
import type { TableFact } from './base.ts'

export interface AddConstraint extends TableFact {
  readonly kind: 'add-constraint'
  readonly constraint: ConstraintDefinition
  /** `ALTER TABLE ONLY`: not in its partitions. */
  readonly only?: true
}
export interface ValidateConstraint extends TableFact {
  readonly kind: 'validate-constraint'
  readonly constraint: string
}
export interface DropConstraint extends TableFact {
  readonly kind: 'drop-constraint'
  readonly constraint: string
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RenameConstraint extends TableFact {
  readonly kind: 'rename-constraint'
  readonly constraint: string
  readonly to: string
}
export interface AlterConstraint extends TableFact {
  readonly kind: 'alter-constraint'
  readonly constraint: string
  /** True or false for `[NOT] ENFORCED` (PostgreSQL 18), undefined where only deferrability changes. */
  readonly enforced?: boolean
  /** True or false for `[NOT] DEFERRABLE` and `INITIALLY …`, undefined where only the enforcement changes. */
  readonly deferrable?: boolean
}

export interface AttachPartition extends TableFact {
  readonly kind: 'attach-partition'
  readonly partition: Name
  readonly isDefault: boolean
  readonly bound: PartitionBound
}
export interface DetachPartition extends TableFact {
  readonly kind: 'detach-partition'
  readonly partition: Name
  readonly concurrently: boolean
  readonly finalize: boolean
}

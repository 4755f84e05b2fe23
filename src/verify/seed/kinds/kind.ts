import type { SeedType } from '../tables.ts'

/** What values of one kind of types look like, as text that the server reads. The same index gives the same value. */
export interface ValueKind {
  /** Whether it knows the type. */
  fits(type: SeedType): boolean
  /** Values at which programs and casts break: empty, longest, ends of what the type holds, rare characters. */
  unusual(type: SeedType, name: string): readonly string[]
  /** Another value for each index from 1 on. */
  ordinary(type: SeedType, index: number, name: string): string
}

import { verdictsText } from './ask.ts'
import type { Held } from './decide.ts'

/** Why a migration is not applied, in one line. */
export function heldText(held: Held): string {
  switch (held.reason) {
    case 'gate':
      return verdictsText(held.verdicts)
    case 'phase':
      return `its phase, ${held.phase}, was not asked for`
    case 'limit':
      return 'beyond what was asked for'
    case 'dependency':
      return `waits for ${held.on}, ${dependencyText[held.because]}`
  }
}

const dependencyText = {
  requires: 'which it requires',
  change: 'an earlier step of the same change',
  tables: 'which touches the same tables, or hides what it touches',
} as const

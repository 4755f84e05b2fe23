import { folderOf } from '../reading/paths.ts'
import { numberAfter } from './ids.ts'
import { besideFolder } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter, MigrationPart } from '../layout.ts'

/** What lies in the folder of a migration. */
export interface FolderFiles {
  readonly up: string
  readonly down?: string
  /** The file that says that both run outside a transaction. */
  readonly outside?: { readonly file: string; readonly text: string }
}

/** One folder a migration, called by its number and name; a number may have hyphens in it. */
export function foldersWriter({ up, down, outside }: FolderFiles): LayoutWriter {
  return {
    inFolders: true,
    idAfter: (id, taken) => {
      const next = numberAfter(digitsOf(id), taken.map(digitsOf))
      return next === undefined ? undefined : withHyphens(next, numberOf(id))
    },
    write: eachPart((part) => {
      const folder = folderOfPart(part)
      return [
        { path: `${folder}/${up}`, text: part.up },
        ...(down === undefined || part.down === undefined ? [] : [{ path: `${folder}/${down}`, text: part.down.sql }]),
        ...(outside === undefined || part.transaction
          ? []
          : [{ path: `${folder}/${outside.file}`, text: outside.text }]),
      ]
    }),
  }
}

function folderOfPart({ from, as }: MigrationPart): string {
  return as === undefined ? folderOf(from.source.path) : besideFolder(from, `${as.id}_${as.name}`)
}

function numberOf(name: string): string {
  return /^\d[\d-]*/.exec(name)?.[0] ?? ''
}

function digitsOf(name: string): string {
  return numberOf(name).replaceAll('-', '')
}

/** `20261101093100` like `2026-11-01-093059`. */
function withHyphens(digits: string, like: string): string {
  let at = 0
  return [...like].map((character) => (character === '-' ? '-' : (digits[at++] ?? ''))).join('') + digits.slice(at)
}

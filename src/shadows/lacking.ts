import { listOf } from '../core/text.ts'
import type { RunningServer, ShadowOptions } from './shadow.ts'

/** Why a server that runs is not the one that is wanted; undefined where it is. */
export function lacking({ major, extensions }: ShadowOptions, server: RunningServer): string | undefined {
  const { description, facts } = server
  if (major !== undefined && major !== Math.floor(facts.versionNumber / 10_000))
    return `${description} is not PostgreSQL ${major}`
  return lackingExtensions(description, extensions, (name) => name in facts.extensions)
}

/** The same of extensions alone: `local PostgreSQL 18.4 has no extension postgis`. */
export function lackingExtensions(
  description: string,
  wanted: readonly string[] = [],
  has: (name: string) => boolean,
): string | undefined {
  const missing = wanted.filter((name) => !has(name))
  return missing.length === 0 ? undefined : `${description} has no extension ${listOf(missing)}`
}

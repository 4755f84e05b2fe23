import type { SourceFile } from '../../model/migration.ts'

/** One change of `sqitch.plan`, in order. */
export interface PlannedChange {
  readonly name: string
  /** The script's name without its extension: `name@tag` where the change was reworked after that tag. */
  readonly script: string
}

const change = /^[ \t]*(?:\+[ \t]*)?([^\s@+#%:[\]-][^\s@[\]]*)(?=[ \t]|$)/
const tag = /^[ \t]*@(\S+)/

/** The changes of a plan. Lines that remove a change (`-`) and pragmas (`%`) are left out. */
export function readPlan({ text }: SourceFile): readonly PlannedChange[] {
  const lines = text.split(/\r?\n/).map((line) => ({
    name: change.exec(line)?.[1],
    tag: tag.exec(line)?.[1],
  }))
  return lines.flatMap(({ name }, index) => {
    if (name === undefined) return []
    const again = lines.findIndex((line, other) => other > index && line.name === name)
    const until = again === -1 ? [] : lines.slice(index, again)
    const reworkedAfter = until.find((line) => line.tag !== undefined)?.tag
    return { name, script: again === -1 ? name : `${name}@${reworkedAfter ?? ''}` }
  })
}

/** The names of the changes of a plan, again for each time that one is reworked. */
export function changeNames(plan: string): readonly string[] {
  return plan.split(/\r?\n/).flatMap((line) => change.exec(line)?.[1] ?? [])
}

/**
 * A plan in which the first of `names`, which is there once, is followed by the others: each requires the one before it
 * and was planned when, by whom and for what the first was.
 */
export function withPlanned(plan: string, names: readonly string[]): string {
  const [first, ...others] = names
  return plan
    .split('\n')
    .flatMap((line) => {
      const found = change.exec(line)
      if (found === null || found[1] !== first) return [line]
      const planned = line.slice(found[0].length).replace(/^[ \t]*\[[^\]]*\]/, '')
      return [line, ...others.map((name, index) => `${name} [${names[index] ?? ''}]${planned}`)]
    })
    .join('\n')
}

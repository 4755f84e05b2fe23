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

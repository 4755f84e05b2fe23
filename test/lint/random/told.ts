import { nameText } from '../../../src/model/name.ts'
import type { Schema } from '../../../src/model/schema.ts'
import { notTold } from '../catalogue-of.ts'
import type { Whole } from './play.ts'

/** Both without what the model says that the history does not tell: columns of some tables, types of some columns. */
export function asFarAsTold(
  schema: Schema,
  server: Whole,
  model: Whole,
): { readonly server: Whole; readonly model: Whole } {
  const inPart = schema.tables().flatMap(({ name, moreColumns }) => (moreColumns === true ? [name] : []))
  const beginnings = inPart.flatMap((name) => {
    const [bare, quoted] = [`${name.schema}.${name.name} `, nameText(name).replaceAll('"', '')]
    return [bare, `column ${quoted}.`, `default ${quoted}.`]
  })
  const isKnown = (line: string): boolean => !beginnings.some((beginning) => line.startsWith(beginning))
  const withoutParts = (whole: Whole): Whole => ({
    ...whole,
    columns: whole.columns.filter(isKnown),
    notNulls: whole.notNulls.filter(isKnown),
    objects: whole.objects.filter(isKnown),
  })
  const own = withoutParts(model)
  const untold = own.columns.filter((line) => untoldType.test(line))
  const columns = withoutParts(server).columns.map((line) => untold.find((other) => isSame(line, other)) ?? line)
  return { server: { ...withoutParts(server), columns }, model: own }
}

const untoldType = new RegExp(` \\${notTold}(?: |$)`)

/** Whether a line of the server is that of the model, whatever the type is. */
function isSame(line: string, untold: string): boolean {
  const at = untold.search(untoldType)
  return line.startsWith(untold.slice(0, at + 1)) && line.endsWith(untold.slice(at + 2))
}

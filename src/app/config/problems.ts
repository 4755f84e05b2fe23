import { z } from 'zod'
import { suggestion } from '../../core/text.ts'

/** One line for each thing that is wrong, with its place and for a misspelt key the one that was meant. */
export function problemLines(
  issue: z.core.$ZodIssue,
  shape: z.ZodType,
  above: readonly PropertyKey[] = [],
): readonly string[] {
  const path = [...above, ...issue.path]
  const where = path.map(String).join('.')
  if (issue.code === 'invalid_union')
    return meantForm(issue.errors).flatMap((inner) => problemLines(inner, shape, path))
  if (issue.code === 'invalid_value' && typeof issue.input === 'string')
    return [`${where}: there is no "${issue.input}". ${suggestion(issue.input, issue.values.map(String))}`]
  if (issue.code !== 'unrecognized_keys') return [where === '' ? issue.message : `${where}: ${issue.message}`]
  return issue.keys.map((key) => {
    const full = where === '' ? key : `${where}.${key}`
    return `unknown key "${full}". ${suggestion(key, keysAt(shape, path))}`
  })
}

/** Of the forms that a value may have, the one that it comes nearest to: the one that is wrong further in, else the first. */
function meantForm(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  return forms.find((issues) => issues.some(({ path }) => path.length > 0)) ?? forms[0] ?? []
}

/** The keys that may stand at `path`. */
function keysAt(whole: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let shape = whole
  for (const key of path) {
    const inner: z.ZodType = unwrap(shape)
    const next: unknown = inner instanceof z.ZodArray ? inner.element : shapeOf(inner)[String(key)]
    if (!(next instanceof z.ZodType)) return []
    shape = next
  }
  return Object.keys(shapeOf(unwrap(shape)))
}

function shapeOf(type: z.ZodType): Readonly<Record<string, unknown>> {
  return type instanceof z.ZodObject ? type.shape : {}
}

function unwrap(shape: z.ZodType): z.ZodType {
  if (shape instanceof z.ZodPrefault || shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) {
    const inner: unknown = shape.unwrap()
    return inner instanceof z.ZodType ? unwrap(inner) : shape
  }
  return shape
}

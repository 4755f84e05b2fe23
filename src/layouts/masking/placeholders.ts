import type { Span } from '../../core/span.ts'
import { nextToken } from '../../sql/lexer.ts'
import type { Mask } from './mask.ts'

/** `${name}`, as Flyway, Liquibase, goose and envsubst replace it. */
export function maskDollarBraces(mask: Mask, within: Span = mask.span): void {
  maskAll(mask, within, /\$\{[^{}\n]+\}/g)
}

/** `$NAME`, as goose replaces it beside `${NAME}`; a dollar sign behind it makes it a dollar quote. */
export function maskDollarNames(mask: Mask, within: Span): void {
  maskAll(mask, within, /(?<![\w$])\$[A-Za-z_]\w*(?![\w$])/g)
}

/** `:NAME` in capital letters, as graphile-migrate replaces it. */
export function maskCapitals(mask: Mask): void {
  maskAll(mask, mask.span, /(?<!:):[A-Z][A-Z0-9_]+\b/g)
}

/** `{{ name }}` is a name; what controls the template (`{{ if … }}`, `{% … %}`, comments) is not sent. Strings keep it. */
export function maskTemplates(mask: Mask): void {
  const { file, span } = mask
  if (!/\{\{|\{%/.test(file.text)) return
  for (let token = nextToken(file.text, span.start, span.end); token !== undefined;) {
    const found = token.kind === 'symbol' ? templateAt(file.text, token.start) : undefined
    const at = found === undefined ? token.end : token.start + found.length
    if (found !== undefined && isName.test(found) && !isControl.test(found)) mask.name(token.start, at)
    else if (found !== undefined) mask.blank(token.start, at)
    token = nextToken(file.text, at, span.end)
  }
}

const isName = /^\{\{-?\s*[.$]?\w[\w.]*\s*-?\}\}$/
const isControl = /^\{\{-?\s*(?:end|else|break|continue)\s*-?\}\}$/

function templateAt(text: string, start: number): string | undefined {
  return /^(?:\{\{[^{}]*\}\}|\{%[^{}]*%\})/.exec(text.slice(start, start + maxTemplate))?.[0]
}

/** Characters of a template that are looked for. */
const maxTemplate = 2000

function maskAll(mask: Mask, { start: from, end }: Span, pattern: RegExp): void {
  for (const match of mask.file.text.slice(from, end).matchAll(pattern)) {
    const start = from + match.index
    mask.name(start, start + match[0].length)
  }
}

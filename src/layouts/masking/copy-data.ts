import type { Mask } from './mask.ts'

/** `COPY … FROM stdin;` at the end of a line. */
const copyFromStdin = /^[ \t]*copy\b[^;]*?\bfrom\s+stdin\b[^;\n]*;[^\S\n]*\n/gim

/** The rows below `COPY … FROM stdin;`, up to the line `\.`, are no SQL. Without that line nothing is overwritten. */
export function maskCopyData(mask: Mask): void {
  const { file, span } = mask
  if (!/\bstdin\b/i.test(file.text)) return
  const text = file.text.slice(0, span.end)
  copyFromStdin.lastIndex = span.start
  for (let match = copyFromStdin.exec(text); match !== null; match = copyFromStdin.exec(text)) {
    const start = match.index + match[0].length
    const end = /^\\\.[^\S\n]*$/m.exec(text.slice(start))
    if (end === null) continue
    mask.blank(start, start + end.index + end[0].length)
    copyFromStdin.lastIndex = start + end.index
  }
}

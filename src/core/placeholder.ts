/**
 * Text that a tool replaces before the server sees it, such as `${schema}`, written as a name of the same length: every
 * character that a lower-case SQL name cannot hold moves to the private use area of Unicode, which SQL takes as letters.
 */
export function asName(placeholder: string): string {
  return placeholder.replaceAll(/[^a-z0-9_]/g, (character) => {
    const code = character.charCodeAt(0)
    return code < size ? String.fromCharCode(first + code) : character
  })
}

/** The text with every such name as it was written. */
export function asWritten(text: string): string {
  return text.replaceAll(/[\ue000-\ue0ff]/g, (character) => String.fromCharCode(character.charCodeAt(0) - first))
}

/** The first character of the private use area that stands for another, and how many of them do. */
const first = 0xe000
const size = 0x100

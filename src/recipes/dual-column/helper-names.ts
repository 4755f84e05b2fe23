/** PostgreSQL cuts identifiers at 63 bytes; what is longer is cut here so that it stays unique. */
const maxBytes = 63
/** Room for the longest suffix that helper objects get, such as `_not_null_check`. */
const maxPrefix = 40

/** The beginning of the names of all helper objects of a change: `books-title` → `books_title`. */
export function helperPrefix(change: string): string {
  return fitted(change.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'), maxPrefix)
}

/** `name` with `suffix`, cut in the middle where the server would cut at the end. */
export function suffixed(name: string, suffix: string): string {
  return `${fitted(name, maxBytes - Buffer.byteLength(suffix))}${suffix}`
}

/** `name`, with a number where `taken` has it already. */
export function unused(name: string, taken: (name: string) => boolean): string {
  if (!taken(name)) return name
  for (let number = 2; ; number += 1) {
    const candidate = suffixed(name, String(number))
    if (!taken(candidate)) return candidate
  }
}

function fitted(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name
  const mark = `_${checksum(name)}`
  let kept = name
  while (Buffer.byteLength(kept) > bytes - mark.length) kept = [...kept].slice(0, -1).join('')
  return `${kept}${mark}`
}

/** Six letters and digits that depend on every character (FNV-1a, 32 bits). */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(36).padStart(6, '0').slice(-6)
}

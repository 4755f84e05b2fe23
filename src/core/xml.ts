/**
 * An element. Values of attributes and text are escaped; characters that XML 1.0 has no way to write become U+FFFD, so
 * that no name in a migration makes the document unreadable.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
  if (content.length === 0) return `<${name}${written.join('')}/>`
  return `<${name}${written.join('')}>\n${content.join('\n')}\n</${name}>`
}

/** An element that holds text and nothing else. */
export function textElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string,
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
  return `<${name}${written.join('')}>${text(content)}</${name}>`
}

export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

function text(value: string): string {
  return allowed(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

/** Line ends and tabs in an attribute are read back as spaces unless they are written as references. */
function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
}

/** The `Char` of XML 1.0, section 2.2. */
function allowed(value: string): string {
  return value.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}

const hidden = '***'

/**
 * A URL that may be shown: passwords are replaced, in the user part and in the query. Works on text that is no valid
 * URL as well, where it rather hides too much.
 */
export function redactUrl(url: string): string {
  return url.replace(/:(?!\/\/).*@/s, `:${hidden}@`).replaceAll(/([?&][^=&]*password=)[^&#]*/gi, `$1${hidden}`)
}

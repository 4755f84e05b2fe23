import { repositoryPath } from '../core/repository-path.ts'
import type { Finding, LintReport } from '../model/finding.ts'

/** The full address of a rule's page; undefined where the pages are not hosted anywhere and the rule names none. */
export function pageAddress({ docsUrl }: LintReport, docs: Finding['docs']): string | undefined {
  if (docs === undefined) return undefined
  if (/^https?:\/\//.test(docs)) return docs
  return docsUrl === undefined ? undefined : `${docsUrl.replace(/\/$/, '')}/${docs}`
}

/** The same as a reference in the sense of RFC 3986. */
export function pathUri(path: string): string {
  return repositoryPath(path).split('/').map(encodeURIComponent).join('/')
}

import type { Finding } from '../model/finding.ts'

/** Findings by the path of their file, in the order of the report. */
export function byFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const files = new Map<string, Finding[]>()
  for (const finding of findings) {
    const others = files.get(finding.file.path)
    if (others === undefined) files.set(finding.file.path, [finding])
    else others.push(finding)
  }
  return files
}

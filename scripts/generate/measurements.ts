import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Measurements = Readonly<Record<string, never>>
export function readMeasurements(root: string): Measurements {
  const file = join(root, 'docs/measurements.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
export function measuredTable(_measurements: Measurements, _rule: string, _example: number): string {
  return 'Not measured.'
}

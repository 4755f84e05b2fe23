import { readFileSync } from 'node:fs'
import { parseJson, textField } from './json.ts'
import { packageRoot } from './package-root.ts'

const packageJson = parseJson(readFileSync(new URL('package.json', packageRoot), 'utf8'))

/** The version of this package. */
export const toolVersion: string = textField(packageJson, 'version') ?? 'unknown'

/** `lockstep 0.1.0`: what proofs and the journal say they were written by. */
export const toolName: string = `${textField(packageJson, 'name')} ${toolVersion}`

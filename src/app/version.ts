import { createRequire } from 'node:module'

const packageJson: { readonly name: string; readonly version: string } = createRequire(import.meta.url)('../../package.json')

/** The version of this package. */
export const version: string = packageJson.version

/** `lockstep 0.1.0`: what proofs and the journal say they were written by. */
export const toolName: string = `${packageJson.name} ${version}`

/** The forms that `lint` has. Without the reporters themselves: the command line lists them when it starts. */
export { reporterIds } from '../reporters/ids.gen.ts'

/** The forms that `verify` has. */
export const verifyFormats = ['terminal', 'json', 'junit', 'markdown'] as const
export type VerifyFormat = (typeof verifyFormats)[number]

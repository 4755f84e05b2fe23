/** The forms that `lint` has. Without the reporters themselves: the command line lists them when it starts. */
export { reporterIds } from '../reporters/ids.gen.ts'

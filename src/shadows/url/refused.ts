import { ToolkitError } from '../../core/errors.ts'

/** A server that was named must not be used. */
export function refused(message: string): ToolkitError {
  return new ToolkitError({
    code: 'shadow-refused',
    message,
    hint: 'Name an empty database of a server for tests, with a user that has CREATEDB; or leave --shadow-url out.',
  })
}

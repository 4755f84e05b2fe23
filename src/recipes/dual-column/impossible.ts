import { ToolkitError } from '../../core/errors.ts'

/** The error of a plan that something stands in the way of. */
export function impossible(message: string, hint: string): ToolkitError {
  return new ToolkitError({ code: 'plan-impossible', message, hint })
}

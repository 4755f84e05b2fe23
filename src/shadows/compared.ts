import { hides } from './hides.ts'
import type { RunningServer, ShadowOptions, ShadowServer } from './shadow.ts'

/** The server with what its difference to the target may hide. */
export function compared<S extends RunningServer>(server: S, options: ShadowOptions): S & ShadowServer {
  const { target = { known: 'nothing' }, extensions = [] } = options
  return { ...server, hides: hides({ shadow: server.facts, sessions: server.sessions, target, extensions }) }
}

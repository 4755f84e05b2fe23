import type { Client } from 'pg'

/** The number that stands where a session would name its version of the protocol. */
const cancelRequestCode = 80_877_102

/**
 * Asks the server to cancel what `session` runs, as psql does: a connection that sends the key of the session instead
 * of logging in, so that it needs no free place on the server. `helper` has the same address and was never connected.
 * Whether the request was heeded is never answered: the server just hangs up.
 */
export async function requestCancel(session: Client, helper: Client): Promise<void> {
  const request = Buffer.alloc(16)
  request.writeInt32BE(request.length, 0)
  request.writeInt32BE(cancelRequestCode, 4)
  request.writeInt32BE(keyPart(session, 'processID'), 8)
  request.writeInt32BE(keyPart(session, 'secretKey'), 12)
  let sent = false
  // Called when the connection stands, TLS and all.
  const startup = (): void => {
    sent = true
    helper.connection.stream.write(request)
  }
  Object.assign(helper.connection, { startup })
  helper.on('error', () => undefined)
  try {
    await helper.connect()
  } catch (error) {
    if (!sent) throw error
  } finally {
    helper.end().catch(() => undefined)
  }
}

/** What the server gave the session when it began. */
function keyPart(session: Client, name: 'processID' | 'secretKey'): number {
  const value: unknown = Reflect.get(session, name)
  return typeof value === 'number' ? value : 0
}

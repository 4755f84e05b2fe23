import { silentLog } from '../../src/core/log.ts'
import { local } from '../../src/shadows/local.ts'

/** Started by a test in a process of its own: starts a server, says where it is, and waits to be killed. */
const [, , cacheDirectory = '', major = ''] = process.argv
const server = await local.start({ cacheDirectory, major: Number(major), searchIn: ['test/matrix'], log: silentLog })
const database = await server.createDatabase()
process.stdout.write(`${database.url}\n`)
setInterval(() => undefined, 1000)

import { silentLog } from '../../src/core/log.ts'
import { testcontainers } from '../../src/shadows/testcontainers.ts'

/** Started by a test in a process of its own: starts a server in a container, and forgets about it. */
await testcontainers.start({ cacheDirectory: '.cache', major: 18, log: silentLog })
process.stdout.write('started\n')

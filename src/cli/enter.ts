import { loadAhead } from '../app/load-ahead.ts'

// `pg` finds out whether it runs at Cloudflare by making a Response where there is no `navigator`, for which Node 20 loads
// all of its HTTP client (35 ms). Newer versions have one.
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { userAgent: `Node.js/${process.version}` } })
// A password on the command line is for everybody on the machine to read. The shell's history keeps it all the same.
if (process.argv.some((word) => /:\/\/[^/?#]*:[^/?#]*@|password=/i.test(word))) process.title = 'migrate'
try {
  loadAhead({ words: process.argv.slice(2), cwd: process.cwd(), env: process.env })
} catch {
  // Of a directory that is gone the command itself speaks.
}

void import('./main.ts').then(({ start }) => start())

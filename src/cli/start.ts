import { setFlagsFromString } from 'node:v8'
import { loadAhead } from '../app/load-ahead.ts'

// V8 11 (Node 20) optimises the parser after two statements, which takes 180 ms and pays after thousands of files; and
// it optimises our own code so early that much is done twice: a third of the processor time of 700 files.
if (process.versions.v8.startsWith('11.'))
  setFlagsFromString('--wasm-tiering-budget=1000000000 --interrupt-budget=600000')
// `pg` finds out whether it runs at Cloudflare by making a Response where there is no `navigator`, for which Node 20 loads
// all of its HTTP client (35 ms). Newer versions have one.
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { userAgent: `Node.js/${process.version}` } })
// A password on the command line is for everybody on the machine to read. The shell's history keeps it all the same.
if (process.argv.some((word) => /:\/\/[^/?#]*:[^/?#]*@|password=/i.test(word))) process.title = 'migrate'
loadAhead({ words: process.argv.slice(2), cwd: process.cwd(), env: process.env })

await import('./main.ts')

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { asNodeDoes } from './start/as-node-does.ts'
import { codeFile } from './start/code-place.ts'
import { KeptCode } from './start/kept-code.ts'
import { loadKept } from './start/load-kept.ts'

// The second thread of lint. What V8 made of that command serves here, too, and is left as it is.
const chunks = join(import.meta.dirname, '../chunks')
const entry = join(chunks, 'enter-thread.cjs')
if (asNodeDoes()) createRequire(entry)(entry)
else loadKept(entry, new KeptCode(codeFile({ chunks, command: 'lint', env: process.env })))

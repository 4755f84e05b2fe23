import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { exitCodes } from '../core/error-codes.ts'
import { asNodeDoes } from './start/as-node-does.ts'
import { codeFile } from './start/code-place.ts'
import { KeptCode } from './start/kept-code.ts'
import { loadKept } from './start/load-kept.ts'

// V8 optimises the parser after a few statements, one function of it for 70 ms (Node 20) to 300 ms (Node 24) beside what
// is waited for, and what that gains is made up for after 20,000 statements. PGlite, which other commands may start, gains
// more, and is optimised late.
// V8 11 (Node 20) optimises our own code so early, too, that much is done twice: a third of the processor time of 700
// files. Only versions that are known to have these flags: others would complain on stderr. Before anything
// is compiled: code that was kept is only taken where the flags are the same.
const [v8] = process.versions.v8.split('.').map(Number)
const onlyParses = /^(?:lint|up|down|status)$/.test(process.argv[2] ?? '')
if (v8 !== undefined && v8 >= 11 && v8 <= 13)
  setFlagsFromString(onlyParses ? '--liftoff-only' : '--wasm-tiering-budget=1000000000')
if (v8 === 11) setFlagsFromString('--interrupt-budget=600000')

/** All but this file, which the build joins by itself, lies there. */
const entry = join(import.meta.dirname, '../chunks/enter.cjs')

if (asNodeDoes()) createRequire(entry)(entry)
else {
  const kept = new KeptCode(codeFile({ chunks: join(entry, '..'), command: process.argv[2], env: process.env }))
  loadKept(entry, kept)
  process.on('exit', (code) => {
    // What was asked wrongly, or broke, is no example of what the next run needs.
    if (code !== exitCodes.usage && code !== exitCodes.bug) kept.keep()
  })
}

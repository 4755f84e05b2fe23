import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import type { KeptCode } from './kept-code.ts'

/**
 * Loads a joined file and those that it asks for as Node would, but for V8's code, which may be kept from an earlier run.
 * Each is among the modules of Node: whoever else asks for it, such as `import 'lockstep'` in a configuration, gets the
 * same one.
 */
export function loadKept(entry: string, kept: KeptCode): void {
  const directory = dirname(entry)
  const native = createRequire(entry)
  const load = (file: string): unknown => {
    const known = native.cache[file]
    if (known !== undefined) return known.exports
    const module = new Module(file)
    module.filename = file
    native.cache[file] = module
    const run: unknown = compile(file, kept).runInThisContext()
    if (typeof run === 'function')
      Reflect.apply(run, module.exports, [module.exports, requireFrom, module, file, directory])
    module.loaded = true
    return module.exports
  }
  // All joined files lie beside each other; anything else is for Node to find, and what imports files of others to load.
  const requireFrom = Object.assign(
    (name: string): unknown => (/^\.\/(?!native\.)/.test(name) ? load(join(directory, name)) : native(name)),
    { resolve: native.resolve, cache: native.cache },
  )
  load(entry)
}

const head = '(function (exports, require, module, __filename, __dirname) { '
const tail = '\n})'

function compile(file: string, kept: KeptCode): Script {
  const bytes = readFileSync(file)
  return kept.compile(
    file,
    bytes,
    (code) =>
      new Script(head + bytes.toString() + tail, {
        filename: file,
        columnOffset: -head.length,
        ...(code === undefined ? {} : { cachedData: code }),
      }),
  )
}

import childProcess from 'node:child_process'
import datagram from 'node:dgram'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import process from 'node:process'
import workers from 'node:worker_threads'
import { apply, isObject, set } from './reflect.ts'

/**
 * Shuts the ways out of this process, so that a program that brings its own connection meets an error and no database:
 * sockets (of every client that is written for Node), other programs, threads with modules of their own, and native
 * addons. esbuild alone may be started: loaders of TypeScript do.
 */
export function shutWaysOut(): void {
  const refuse = (): never => {
    throw new Error('Migrations are read here, not run: no connection is made and no program is started.')
  }
  set(net.Socket.prototype, 'connect', refuse)
  set(datagram, 'createSocket', refuse)
  for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
    const original = childProcess[name]
    set(childProcess, name, function (this: unknown, command: unknown, ...rest: readonly unknown[]): unknown {
      return isCompiler(command) ? apply(original, this, [command, ...rest]) : refuse()
    })
  }
  const threads = new Proxy(workers.Worker, {
    construct: (target, args: readonly unknown[]) => {
      const made: unknown = isCompiler(args[0]) ? Reflect.construct(target, args) : refuse()
      return isObject(made) ? made : refuse()
    },
  })
  set(workers, 'Worker', threads)
  set(process, 'dlopen', refuse)
  syncBuiltinESMExports()
}

function isCompiler(command: unknown): boolean {
  return typeof command === 'string' && esbuild.test(command)
}

/** Its program, and the module of it that threads run. */
const esbuild = /[\\/]node_modules[\\/](?:.*[\\/])?(?:esbuild(?:\.exe)?|esbuild[\\/]lib[\\/]main\.js)$/

import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * A name for this process that no other ever has, to be put on what it makes: `host pid-namespace pid start`. What a
 * process that was killed has left is told by it from what a living one uses.
 */
export function ownerName(): string {
  return [...place(), process.pid, startOf(process.pid) ?? 'unknown'].join(' ')
}

/** Whether the process that has this name is gone. Of another machine or container that cannot be told: then it is not. */
export function isGone(owner: string): boolean {
  const [host, namespace, pid, start] = owner.trim().split(' ')
  const [ownHost, ownNamespace] = place()
  if (host !== ownHost || namespace !== ownNamespace || !/^\d+$/.test(pid ?? '')) return false
  return !isAlive(Number(pid)) || (startOf(Number(pid)) ?? 'unknown') !== start
}

function place(): readonly [string, string] {
  return [hostname().replaceAll(' ', '_') || 'unnamed', namespaceOf()]
}

/** Where processes have numbers of their own: containers share directories sometimes, and never numbers. */
function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return process.platform
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When it was started, in ticks since the machine was: the numbers of processes are given again. Only Linux says it. */
function startOf(pid: number): string | undefined {
  try {
    // The name of the program stands in parentheses, and may hold spaces and parentheses itself.
    const [, afterName = ''] = /^.*\)\s(.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return afterName.split(' ')[19]
  } catch {
    return undefined
  }
}

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { isGone, ownerName } from '../../src/shadows/owner.ts'

/** The name of this process, with parts of another. */
function named(parts: {
  readonly host?: string
  readonly namespace?: string
  readonly pid?: string
  readonly start?: string
}): string {
  const [host = '', namespace = '', pid = '', start = ''] = ownerName().split(' ')
  const all = { host, namespace, pid, start, ...parts }
  return [all.host, all.namespace, all.pid, all.start].join(' ')
}

test('a process that lives is not gone, and one that has ended is', () => {
  const ended = String(spawnSync(process.execPath, ['--version']).pid)
  expect([isGone(ownerName()), isGone(named({ pid: ended }))]).toEqual([false, true])
})

test('a number that was given again does not make the former process live', () => {
  expect(isGone(named({ start: '1' }))).toBe(true)
})

test('of other machines, containers and nonsense nothing is claimed', () => {
  const ended = String(spawnSync(process.execPath, ['--version']).pid)
  const others = [named({ host: 'elsewhere', pid: ended }), named({ namespace: 'pid:[1]', pid: ended }), '', 'x y z']
  expect(others.map(isGone)).toEqual([false, false, false, false])
})

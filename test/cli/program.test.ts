import { expect, test } from 'vitest'
import { buildProgram } from '../../src/cli/program.ts'
import { processTerminal } from '../../src/cli/terminal.ts'

const namesWith = (word?: string): readonly string[] =>
  buildProgram(processTerminal(), { exitCode: 0 }, word).commands.map((command) => command.name())

test('a word that names a command gives that one alone, and any other all of them', () => {
  const all = namesWith()
  expect(all.length).toBeGreaterThan(15)
  expect(all.map((name) => namesWith(name))).toEqual(all.map((name) => [name]))
  for (const word of ['help', '--help', 'liint', 'toString', '']) expect(namesWith(word)).toEqual(all)
})
